"""The grammar of expressions, as docs/expressions.md shows it (a test compares the two)."""

GRAMMAR = r"""
?start: expression

?expression: disjunction
           | IF expression "then" expression "else" expression -> conditional

?disjunction: conjunction
            | conjunction ("or" conjunction)+                  -> disjunction

?conjunction: negation
            | negation ("and" negation)+                       -> conjunction

?negation: comparison
         | NOT negation                                        -> negation

?comparison: sum
           | sum COMPARISON sum                                -> binary
           | sum IN sum                                        -> binary
           | sum NOT IN sum                                    -> not_in

?sum: product
    | sum PLUS product                                         -> binary
    | sum MINUS product                                        -> binary

?product: operand
        | product FACTOR operand                               -> binary

?operand: NUMBER                                               -> number
        | signed

?signed: atom
       | MINUS NUMBER                                          -> negative
       | MINUS signed                                          -> negation

?atom: STRING                                                  -> string
     | TRUE                                                    -> true
     | FALSE                                                   -> false
     | NULL                                                    -> null
     | OPEN [expression ("," expression)*] "]"                 -> items
     | NAME step*                                              -> path
     | NAME "(" [argument ("," argument)*] ")"                 -> call
     | "(" expression ")"

?argument: expression
         | NAME "=>" expression                                -> lambda

?step: "." NAME                                                -> member
     | OPEN STRING "]"                                         -> member
     | OPEN NUMBER "]"                                         -> place

IF: "if"
NOT: "not"
IN: "in"
TRUE: "true"
FALSE: "false"
NULL: "null"
OPEN: "["
PLUS: "+"
MINUS: "-"
FACTOR: "*" | "/" | "%"
COMPARISON: "==" | "!=" | "<=" | ">=" | "<" | ">"
NAME: /[A-Za-z_][A-Za-z0-9_]*/
NUMBER: /(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/
STRING: /"([^"\\\x00-\x1f]|\\.)*"|'([^'\\\x00-\x1f]|\\.)*'/

%ignore /[ \t\r\n]+/
"""
"""Lark's form (LALR): `?` takes a rule with one part away, `[...]` may be absent, `-> name` is who builds the node."""
