"""Expressions: text, nodes, JSON and values."""

import re
import threading
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from pathlib import Path as File
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.loyalty_core.expressions import (
    EvaluationError,
    ExpressionError,
    check_expression,
    compile_expression,
    evaluate,
    evaluate_exactly,
    from_json,
    parse,
    show,
    to_json,
    truth,
)
from models.loyalty_core.expressions.functions import FUNCTIONS
from models.loyalty_core.expressions.grammar import GRAMMAR
from models.loyalty_core.expressions.inference import TYPES, infer
from models.loyalty_core.expressions.json_form import BINARY, LOGICAL, UNARY
from models.loyalty_core.expressions.nodes import (
    DEPTH_MAX,
    NODES_MAX,
    NUMBER_MAX,
    RESERVED,
    TEXT_CHARACTERS_MAX,
    Binary,
    Call,
    Conditional,
    Items,
    Lambda,
    Literal,
    Logical,
    Node,
    Path,
    Unary,
    walk,
)
from models.loyalty_core.expressions.signatures import SIGNATURES
from models.loyalty_core.expressions.values import STEPS_MAX, TEXT_MAX, Steps
from models.loyalty_core.problems import RuleViolation

NOW_MS = 1_768_478_400_000
"""2026-01-15T12:00:00Z."""
DOCUMENT = (File(__file__).parents[2] / "docs/expressions.md").read_text()

NO_INSTANTS = (
    "2026-W01-1",
    "20260101",
    "20260115T120000Z",
    "2026-01-15T12",
    "2026-01-15T12:00",
    "2026-01-15 12:00:00",
    "2026-01-15x12:00:00",
    "2026-01-15T120000Z",
    "2026-01-15T12:00:00,5Z",
    "2026-01-15T24:00:00Z",
    "2026-01-15T12:00:00+0100",
    "2026-01-15T12:00:00+01",
    "2026-01-15T12:00:00+01:60",
    "2026-01-15T12:00:60Z",
    "2026-01-15Z",
    "\u0662026-01-15",
    "",
)
"""Some are forms of ISO 8601, of which RFC 3339 has one."""

names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,4}", fullmatch=True).filter(lambda name: name not in RESERVED)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)
numbers = st.one_of(
    st.integers(-NUMBER_MAX, NUMBER_MAX), st.floats(allow_nan=False, allow_infinity=False), st.integers(-3, 9)
)
literals = st.builds(Literal, st.one_of(st.none(), st.booleans(), numbers, texts))
steps = st.one_of(
    names, texts, st.sampled_from(sorted(RESERVED)), st.integers(0, 5), st.sampled_from(["a", "b", "items"])
)
paths = st.builds(
    lambda first, rest: Path((first, *rest)), st.one_of(names, st.sampled_from("abc")), st.lists(steps, max_size=4)
)


def _calls(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    @st.composite
    def call(draw: Any) -> Node:
        name = draw(st.sampled_from(sorted(SIGNATURES)))
        signature = SIGNATURES[name]
        count = draw(st.integers(signature.least, min(signature.most, 3)))
        arguments = [draw(inner) for _ in range(count)]
        if count == 2 and (signature.each == "lambda" or (signature.each == "either" and draw(st.booleans()))):
            arguments[1] = Lambda(draw(st.one_of(names, st.sampled_from("abc"))), arguments[1])
        return Call(name, tuple(arguments))

    return call()


def _wider(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.one_of(
        st.builds(lambda items: Items(tuple(items)), st.lists(inner, max_size=3)),
        st.builds(Unary, st.sampled_from(UNARY), inner),
        st.builds(Binary, st.sampled_from(BINARY), inner, inner),
        st.builds(
            lambda operator, operands: Logical(operator, tuple(operands)),
            st.sampled_from(LOGICAL),
            st.lists(inner, min_size=2, max_size=3),
        ),
        st.builds(Conditional, inner, inner, inner),
        _calls(inner),
    )


nodes = st.recursive(st.one_of(literals, paths), _wider, max_leaves=14).filter(
    lambda node: len(show(node)) <= TEXT_CHARACTERS_MAX and max(depth for _, depth in walk(node)) <= DEPTH_MAX
)
json = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**63), 2**64 - 1),
        st.floats(allow_nan=False, allow_infinity=False),
        texts,
        st.integers(-3, 3),
        st.sampled_from(["2026-01-15T12:00:00Z", "2026-02-30", "12.5", "a"]),
    ),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["a", "b", "items", "é"]), inner, max_size=3)
    ),
    max_leaves=12,
)


def exact(node: Node) -> bytes:
    """A node with the types of its literals: Python holds 1, 1.0 and true for equal."""
    return orjson.dumps(to_json(node))


def value(text: str, **names: Any) -> Any:
    return evaluate(parse(text), names, now_ms=NOW_MS)


def used(text: str, **names: Any) -> int:
    """The steps that an evaluation takes."""
    counted = Steps()
    evaluate(parse(text), names, now_ms=NOW_MS, steps=counted)
    return counted.used


class Uncopied(dict[str, Any]):
    """Names of which none but those that are asked for are looked at."""

    def keys(self) -> Any:
        raise AssertionError("all names are read")

    __iter__ = items = keys


def fault(text: str) -> tuple[int | None, int | None, str]:
    with pytest.raises(ExpressionError) as raised:
        parse(text)
    assert raised.value.pointer is None
    return raised.value.line, raised.value.column, raised.value.reason


class TestText:
    @settings(max_examples=250, deadline=None)
    @given(nodes)
    def test_what_is_printed_parses_to_the_same(self, node: Node) -> None:
        text = show(node)
        parsed = parse(text)
        assert exact(parsed) == exact(node)
        assert parsed == node
        assert show(parsed) == text

    @settings(max_examples=150, deadline=None)
    @given(nodes)
    def test_json_reads_back_to_the_same(self, node: Node) -> None:
        sent = orjson.loads(exact(node))
        assert exact(from_json(sent)) == exact(node)
        annotated = to_json(parse(show(node)), annotate=True)
        assert exact(from_json(annotated)) == exact(node)

    @settings(max_examples=250, deadline=None)
    @given(
        st.one_of(
            st.text(max_size=30),
            st.lists(
                st.sampled_from(
                    [
                        "a",
                        ".",
                        "[",
                        "]",
                        "(",
                        ")",
                        "1",
                        "-",
                        "not ",
                        " in ",
                        "and ",
                        "or ",
                        "if ",
                        " then ",
                        " else ",
                        "==",
                        "<",
                        "=>",
                        "count",
                        ",",
                        '"',
                        "'x'",
                        "\n",
                        "\\",
                    ]
                ),
                max_size=16,
            ).map("".join),
        )
    )
    def test_any_text_is_an_expression_or_refused_with_a_place_in_it(self, text: str) -> None:
        try:
            node = parse(text)
        except ExpressionError as error:
            line, column = error.line or 0, error.column or 0
        else:
            line, column = node.line or 0, node.column or 0
            assert exact(parse(show(node))) == exact(node)
        assert 1 <= line <= text.count("\n") + 1
        assert 1 <= column <= len(text.split("\n")[line - 1]) + 1

    @pytest.mark.parametrize(
        ("text", "canonical"),
        [
            ("a  and\n\tb", "a and b"),
            ("'it\\'s'", '"it\'s"'),
            ('"\\u00e9\\n\\/"', '"é\\n/"'),
            ('"\\ud83d\\ude00"', '"😀"'),
            ("((a))", "a"),
            ("a+b*c", "a + b * c"),
            ("(a+b)*c", "(a + b) * c"),
            ("a-(b-c)", "a - (b - c)"),
            ("(a-b)-c", "a - b - c"),
            ("not(a and b)", "not (a and b)"),
            ("not a == b", "not a == b"),
            ("(not a) == b", "(not a) == b"),
            ("-(5)", "-(5)"),
            ("-5", "-5"),
            ("- -5", "--5"),
            ("a- -5", "a - -5"),
            ("a-5", "a - 5"),
            ("-a.b", "-a.b"),
            ("-(a+b)", "-(a + b)"),
            ('a["b"]', "a.b"),
            ("a['in']", 'a["in"]'),
            ("a['x y'][0]", 'a["x y"][0]'),
            ("2.50", "2.5"),
            ("1e3", "1000.0"),
            ("1E+2", "100.0"),
            ("(if a then b else c)+1", "(if a then b else c) + 1"),
            ("if a then b else if c then d else e", "if a then b else if c then d else e"),
            ("a not  in [1,'x']", 'a not in [1, "x"]'),
            ("index", "index"),
            ("android.orb", "android.orb"),
            ("sum(a,b=>b.c)", "sum(a, b => b.c)"),
            ("(a or b) or c", "(a or b) or c"),
            ("a or (b and c)", "a or b and c"),
            ("(a < b) == c", "(a < b) == c"),
            ("[]", "[]"),
            ("now()", "now()"),
            ("sum", "sum"),
            ("-0", "0"),
            ("-0.0", "-0.0"),
        ],
    )
    def test_canonical_text(self, text: str, canonical: str) -> None:
        assert show(parse(text)) == canonical
        assert exact(parse(canonical)) == exact(parse(text))

    @pytest.mark.parametrize(
        ("text", "line", "column", "reason"),
        [
            ("", 1, 1, "ends too early"),
            (" \n ", 2, 2, "ends too early"),
            ("1 +", 1, 4, "ends too early"),
            ("a and\n  and b", 2, 3, "and is not expected"),
            ("a $ b", 1, 3, "this character"),
            ('"abc', 1, 1, "this character"),
            ("a < b < c", 1, 7, "< is not expected"),
            ("1 2", 1, 3, "2 is not"),
            ("a.1", 1, 3, "1 is not"),
            ("a[-1]", 1, 3, "- is not"),
            ("a[1.5]", 1, 2, "whole number"),
            ("x => 1", 1, 3, "=> is not"),
            ("(x => 1)", 1, 4, "=> is not"),
            ("1.x", 1, 2, ". is not"),
            ("a.in", 1, 3, "in is not"),
            ("not", 1, 4, "ends"),
            ("01", 1, 2, "1 is not"),
            ("a[b]", 1, 3, "b is not"),
            ("f.g(1)", 1, 4, "( is not"),
            ("and", 1, 1, "and is not"),
            ("if a then b", 1, 12, "ends"),
            ("nope(1)", 1, 1, "no function nope"),
            ("1 + eval('x')", 1, 5, "no function eval"),
            ("__import__('os')", 1, 1, "no function __import__"),
            ("sum()", 1, 1, "takes 1 to 2"),
            ("now(1)", 1, 1, "takes 0 arguments"),
            ("lower(a, b)", 1, 1, "takes 1 arguments, not 2"),
            ("count(a, b)", 1, 1, "is a lambda"),
            ("filter(a)", 1, 1, "takes 2"),
            ("lower(x => 1)", 1, 1, "no lambda"),
            ("sum(x => 1, a)", 1, 1, "no lambda"),
            ("min(a, x => 1, b)", 1, 1, "no lambda"),
            ("contains(a, x => 1)", 1, 1, "no lambda"),
            ("9007199254740992", 1, 1, "at most 9007199254740991"),
            ("1 - 1" + "0" * 400, 1, 5, "at most"),
            ("1e999", 1, 1, "at most"),
            ('"\\x41"', 1, 1, "not an escape"),
            ('"\\ud800"', 1, 1, "surrogate"),
            ('"\\u0000"', 1, 1, "NUL"),
            ('"a\nb"', 1, 1, "this character"),
            ("a\u00a0b", 1, 2, "this character"),
        ],
    )
    def test_bad_text_is_refused_with_line_and_column(self, text: str, line: int, column: int, reason: str) -> None:
        found = fault(text)
        assert found[:2] == (line, column)
        assert reason in found[2]

    def test_there_are_limits_of_length_depth_and_nodes(self) -> None:
        assert parse(" " * (TEXT_CHARACTERS_MAX - 1) + "1") == Literal(1)
        assert fault(" " * TEXT_CHARACTERS_MAX + "1") == (1, 1, "it has more than 4096 characters")
        assert parse("-" * (DEPTH_MAX - 1) + "a") == parse("-(" * (DEPTH_MAX - 1) + "a" + ")" * (DEPTH_MAX - 1))
        assert fault("-" * DEPTH_MAX + "a") == (1, DEPTH_MAX + 1, f"it is nested deeper than {DEPTH_MAX} levels")
        listed = ",".join(["1"] * (NODES_MAX - 1))
        assert len(parse(f"[{listed}]").items) == NODES_MAX - 1  # type: ignore[attr-defined]
        assert "more than 500 nodes" in fault(f"[{listed},1]")[2]

    @pytest.mark.parametrize(
        "text",
        [
            "(" * 4096,
            "not " * 1024,
            "-" * 4096,
            "-" * 4095 + "1",
            "[" * 4096,
            "if " * 1365,
            "f(" * 2048,
            "1+" * 2047 + "1",
            "count(" * 600,
            "not " * 1023 + "a",
            "[" * 2047 + "1" + "]" * 2047,
            '"' + "\\" * 4094,
            "a[" * 2048,
            "if a then b else " * 200 + "c",
        ],
    )
    def test_deep_text_is_refused_and_nothing_else(self, text: str) -> None:
        assert fault(text)[0] == 1

    def test_brackets_may_be_as_deep_as_the_text_is_long(self) -> None:
        assert parse("(" * 2047 + "1" + ")" * 2047) == Literal(1)

    def test_compiled_ones_are_remembered(self) -> None:
        assert compile_expression("a + 1") is compile_expression("a + 1")
        with pytest.raises(ExpressionError):
            compile_expression("a +")

    def test_threads_parse_at_once(self) -> None:
        wanted = {text: exact(parse(text)) for text in ("a and b", "sum(a, b => b)", "if a then [1] else 'x'")}
        wrong: list[str] = []

        def work() -> None:
            wrong.extend(text for _ in range(100) for text, node in wanted.items() if exact(parse(text)) != node)

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wrong == []

    def test_requests_are_refused_with_line_and_column(self) -> None:
        check_expression("a == 1")
        with pytest.raises(RuleViolation, match=r"line 2, column 3: \) is not expected here"):
            check_expression("a ==\n  )")


class TestJson:
    @pytest.mark.parametrize(
        ("node", "pointer", "reason"),
        [
            (None, "", "object"),
            ([], "", "object"),
            ({}, "", "type is missing"),
            ({"type": "x"}, "/type", "type is one of"),
            ({"type": []}, "/type", "one of"),
            ({"type": "literal"}, "", "value is missing"),
            ({"type": "literal", "value": []}, "/value", "a literal is"),
            ({"type": "literal", "value": 2**53}, "/value", "at most"),
            ({"type": "literal", "value": float("inf")}, "/value", "finite"),
            ({"type": "literal", "value": "\0"}, "/value", "NUL"),
            ({"type": "literal", "value": "\ud800"}, "/value", "surrogate"),
            ({"type": "path", "steps": []}, "/steps", "at least 1"),
            ({"type": "path", "steps": "a"}, "/steps", "list"),
            ({"type": "path", "steps": [0]}, "/steps/0", "begins"),
            ({"type": "path", "steps": ["in"]}, "/steps/0", "begins"),
            ({"type": "path", "steps": ["a b"]}, "/steps/0", "begins"),
            ({"type": "path", "steps": ["a", -1]}, "/steps/1", "step"),
            ({"type": "path", "steps": ["a", True]}, "/steps/1", "step"),
            ({"type": "path", "steps": ["a", "\0"]}, "/steps/1", "NUL"),
            ({"type": "unary", "operator": "+", "operand": {}}, "/operator", "one of"),
            ({"type": "unary", "operator": "-"}, "", "operand is missing"),
            ({"type": "unary", "operator": "-", "operand": {}}, "/operand", "type is missing"),
            ({"type": "binary", "operator": "or", "left": {}, "right": {}}, "/operator", "one of"),
            (
                {"type": "logical", "operator": "or", "operands": [{"type": "literal", "value": 1}]},
                "/operands",
                "at least 2",
            ),
            (
                {"type": "logical", "operator": "or", "operands": [{"type": "literal", "value": 1}, 5]},
                "/operands/1",
                "object",
            ),
            (
                {"type": "conditional", "condition": {"type": "list", "items": [{"type": "?"}]}},
                "/condition/items/0/type",
                "one of",
            ),
            ({"type": "call", "function": "nope", "arguments": []}, "/function", "no function"),
            ({"type": "call", "function": 1, "arguments": []}, "/function", "text"),
            ({"type": "call", "function": "sum", "arguments": []}, "/function", "takes"),
            ({"type": "lambda", "parameter": "a", "body": {"type": "literal", "value": 1}}, "", "argument of a call"),
            (
                {
                    "type": "call",
                    "function": "count",
                    "arguments": [{"type": "list", "items": []}, {"type": "lambda", "parameter": "a b", "body": {}}],
                },
                "/arguments/1/parameter",
                "name",
            ),
            ({"type": "literal", "value": "x" * 4096}, "", "4096 characters"),
            ({"type": "list", "items": [{"type": "literal", "value": 1}] * 500}, "", "500 nodes"),
        ],
    )
    def test_bad_nodes_are_refused_with_a_pointer(self, node: Any, pointer: str, reason: str) -> None:
        with pytest.raises(ExpressionError) as raised:
            from_json(node)
        assert (raised.value.pointer, raised.value.line) == (pointer, None)
        assert reason in raised.value.reason

    def test_deep_nodes_are_refused(self) -> None:
        node: Any = {"type": "literal", "value": 1}
        for _ in range(DEPTH_MAX - 1):
            node = {"type": "unary", "operator": "not", "operand": node}
        assert show(from_json(node)) == "not " * (DEPTH_MAX - 1) + "1"
        for _ in range(5_000):
            node = {"type": "unary", "operator": "not", "operand": node}
        with pytest.raises(ExpressionError) as raised:
            from_json(node)
        assert raised.value.pointer == "/operand" * DEPTH_MAX

    def test_members_that_nodes_do_not_have_are_passed_over(self) -> None:
        assert from_json({"type": "literal", "value": 1, "x": 5, "position": None}) == Literal(1)

    def test_annotations_have_place_and_type(self) -> None:
        annotated = to_json(parse("a +\n  -b"), annotate=True)
        assert annotated == {
            "type": "binary",
            "operator": "+",
            "position": {"line": 1, "column": 1},
            "valueType": "number",
            "left": {"type": "path", "steps": ["a"], "position": {"line": 1, "column": 1}, "valueType": "any"},
            "right": {
                "type": "unary",
                "operator": "-",
                "position": {"line": 2, "column": 3},
                "valueType": "number",
                "operand": {"type": "path", "steps": ["b"], "position": {"line": 2, "column": 4}, "valueType": "any"},
            },
        }
        assert to_json(Literal(1), annotate=True) == {
            "type": "literal",
            "value": 1,
            "position": None,
            "valueType": "number",
        }

    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("null", "null"),
            ("true", "boolean"),
            ("1", "number"),
            ("'x'", "string"),
            ("[]", "array"),
            ("a", "any"),
            ("a + b", "any"),
            ("a + 'x'", "string"),
            ("1 + a", "number"),
            ("a * b", "number"),
            ("a and b", "boolean"),
            ("not a", "boolean"),
            ("-a", "number"),
            ("a < b", "boolean"),
            ("a in b", "boolean"),
            ("if a then 1 else 2", "number"),
            ("if a then 1 else null", "number"),
            ("if a then null else 'x'", "string"),
            ("if a then 1 else 'x'", "any"),
            ("count(a)", "number"),
            ("map(a, b => b)", "array"),
            ("now()", "string"),
            ("coalesce(a)", "any"),
            ("any(a)", "boolean"),
        ],
    )
    def test_types_are_inferred(self, text: str, kind: str) -> None:
        assert infer(parse(text)) == kind

    @settings(max_examples=200, deadline=None)
    @given(nodes, st.dictionaries(st.sampled_from("abc"), json, max_size=3))
    def test_a_type_that_is_inferred_is_the_values(self, node: Node, context: dict[str, Any]) -> None:
        try:
            result = evaluate(node, context, now_ms=NOW_MS)
        except EvaluationError:
            return
        kind = infer(node)
        kinds: dict[str, Any] = {
            "null": type(None),
            "boolean": bool,
            "number": (int, float),
            "string": str,
            "array": list,
            "any": object,
        }
        assert kind in TYPES
        assert result is None or (
            isinstance(result, kinds[kind]) and (kind != "number" or not isinstance(result, bool))
        )


class TestValues:
    @settings(max_examples=400, deadline=None)
    @given(nodes, st.dictionaries(st.sampled_from("abc"), json, max_size=3))
    def test_evaluation_gives_a_value_of_json_or_an_evaluation_error(self, node: Node, context: dict[str, Any]) -> None:
        before = orjson.dumps(context)
        try:
            result = evaluate(node, context, now_ms=NOW_MS)
        except EvaluationError:
            pass
        else:
            assert orjson.loads(orjson.dumps(result)) == result
            assert exact(Literal(truth(result)))
        assert orjson.dumps(context) == before

    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("1 + 2 * 3", 7),
            ("10 - 2 - 3", 5),
            ("7 % 3", 1),
            ("-7 % 3", 2),
            ("6 / 4", 1.5),
            ("-6 / 3", -2),
            ("1.5 * 2", 3.0),
            ("0.1 + 0.2", 0.3),
            ("-x.n", -4),
            ("--5", 5),
            ("'a' + 'b'", "ab"),
            ("null + 1", None),
            ("null * 'x'", None),
            ("-null", None),
            ("x.gone / 0", None),
            ("1 == 1.0", True),
            ("1 == true", False),
            ("0 == false", False),
            ("null == null", True),
            ("null == x.gone", True),
            ("null != 0", True),
            ("'1' == 1", False),
            ("[1, [2]] == [1.0, [2]]", True),
            ("[1] == [true]", False),
            ("x.o == x.o", True),
            ("x.o == x.p", False),
            ("x.list == [1, 2]", False),
            ("[1] == [1, 2]", False),
            ("1 < 2", True),
            ("2 <= 2", True),
            ("3 > 2.5", True),
            ("2 >= 3", False),
            ("'a' < 'b'", True),
            ("'B' < 'a'", True),
            ("1 < '2'", False),
            ("'1' >= 0", False),
            ("null < 1", False),
            ("null >= null", False),
            ("true < 2", False),
            ("[1] < [2]", False),
            ("1 in [1, 2]", True),
            ("1 in [true]", False),
            ("null in [null]", True),
            ("1 not in [1]", False),
            ("'b' in 'abc'", True),
            ("1 in 'a1'", False),
            ("'a' in x.o", True),
            ("'q' in x.o", False),
            ("1 in null", False),
            ("1 not in null", True),
            ("1 in 1", False),
            ("1 and 'x'", True),
            ("0 or ''", False),
            ("[] or null", False),
            ("not null", True),
            ("not 'a'", False),
            ("false and 1 / 0", False),
            ("true or 1 / 0", True),
            ("1 and 0 or 1", True),
            ("not 0 and 0", False),
            ("if 0 then 1 / 0 else 5", 5),
            ("if x.n then 1 else 1 / 0", 1),
            (
                "x",
                {
                    "n": 4,
                    "list": [1, 2, 3],
                    "o": {"a": 1},
                    "p": {"a": True},
                    "rows": [{"v": 1, "t": [1, 2]}, {"v": None}, 7, {"t": [3, [4]]}],
                    "t": "Ab",
                },
            ),
            ("x.list[0]", 1),
            ("x.list[9]", None),
            ("x[0]", None),
            ("x.t[0]", None),
            ("x.t.length", None),
            ("x.n.__class__", None),
            ("x.list.append", []),
            ("y.z", None),
            ("x.o['a']", 1),
            ("x.rows.v", [1]),
            ("x.rows.t", [1, 2, 3, [4]]),
            ("x.rows.gone", []),
            ("x.rows[0].v", 1),
            ("x.rows.t[1]", 2),
            ("[x.n, y, 'z']", [4, None, "z"]),
        ],
    )
    def test_operators_and_paths(self, text: str, wanted: Any) -> None:
        found = value(
            text,
            x={
                "n": 4,
                "list": [1, 2, 3],
                "o": {"a": 1},
                "p": {"a": True},
                "t": "Ab",
                "rows": [{"v": 1, "t": [1, 2]}, {"v": None}, 7, {"t": [3, [4]]}],
            },
        )
        assert orjson.dumps(found, option=orjson.OPT_SORT_KEYS) == orjson.dumps(wanted, option=orjson.OPT_SORT_KEYS)

    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("sum([1, null, 2.5])", 3.5),
            ("sum(null)", 0),
            ("sum([])", 0),
            ("sum(r, i => i.v)", 5),
            ("sum(r.v)", 5),
            ("count(r)", 3),
            ("count(null)", 0),
            ("count(r, i => i.v > 1)", 2),
            ("average([1, 2])", 1.5),
            ("average([2, null, 4])", 3),
            ("average([])", None),
            ("average(r, i => i.v)", 2.5),
            ("any([0, 1])", True),
            ("any([])", False),
            ("any(null)", False),
            ("any(r, i => i.v == 3)", True),
            ("any(['a'], i => i == 'a' or 1 / 0)", True),
            ("all([])", True),
            ("all([1, 0])", False),
            ("all(r, i => i.k)", True),
            ("all(r, i => i.v)", False),
            ("min([3, 1.5, null])", 1.5),
            ("max(3, null, 7)", 7),
            ("min(['b', 'a'])", "a"),
            ("min([])", None),
            ("min(null)", None),
            ("max(null, null)", None),
            ("max(r, i => i.v)", 3),
            ("min([5])", 5),
            ("map(filter(r, i => i.v), i => i.k)", ["a", "c"]),
            ("map(r, i => i.k)", ["a", "b", "c"]),
            ("map([[1], 2, null, [[3]]], i => i)", [1, 2, [3]]),
            ("map(null, i => 1)", []),
            ("first(r.k)", "a"),
            ("last(r.k)", "c"),
            ("first([])", None),
            ("last(null)", None),
            ("any(r, r => r.k == 'b')", True),
            ("map([1, 2], a => sum(map([10], b => a * b)))", [10, 20]),
            ("contains('abc', 'b')", True),
            ("contains([1], 1)", True),
            ("contains(null, 1)", False),
            ("startsWith('abc', 'ab')", True),
            ("startsWith(null, 'a')", False),
            ("endsWith('abc', 'bc')", True),
            ("endsWith('abc', null)", False),
            ("lower('ÅB')", "åb"),
            ("upper('ß')", "SS"),
            ("trim('  a ')", "a"),
            ("lower(null)", None),
            ("length('😀a')", 2),
            ("length(null)", None),
            ("text(1)", "1"),
            ("text(1.50)", "1.5"),
            ("text(true)", "true"),
            ("text(null)", None),
            ("text('x')", "x"),
            ("number('12')", 12),
            ("number('-1.5')", -1.5),
            ("number('x')", None),
            ("number('1e5')", None),
            ("number('0x1')", None),
            ("number(null)", None),
            ("number([])", None),
            ("number(7)", 7),
            ("number('٣')", None),
            ("abs(-3)", 3),
            ("abs(null)", None),
            ("floor(2.7)", 2),
            ("floor(-2.1)", -3),
            ("ceil(2.1)", 3),
            ("ceil(5)", 5),
            ("round(2.5)", 3),
            ("round(-2.5)", -3),
            ("round(0.4)", 0),
            ("round(1.005, 2)", 1.01),
            ("round(2.345, 1)", 2.3),
            ("round(7, 3)", 7),
            ("round(null)", None),
            ("coalesce(null, x.y, 0, 5)", 0),
            ("coalesce(null)", None),
            ("now()", "2026-01-15T12:00:00.000Z"),
            ("instant('2026-01-15')", "2026-01-15T00:00:00.000Z"),
            ("instant('2026-01-15T13:00:00+01:00') == now()", True),
            ("instant(null)", None),
            ("addMinutes(now(), 30)", "2026-01-15T12:30:00.000Z"),
            ("addHours(now(), -13)", "2026-01-14T23:00:00.000Z"),
            ("addDays(now(), 17)", "2026-02-01T12:00:00.000Z"),
            ("addMonths('2026-01-31', 1)", "2026-02-28T00:00:00.000Z"),
            ("addMonths('2026-01-31', -2)", "2025-11-30T00:00:00.000Z"),
            ("addYears('2024-02-29', 1)", "2025-02-28T00:00:00.000Z"),
            ("instant('2026-01-15t12:00:00.123456789z')", "2026-01-15T12:00:00.123Z"),
            ("instant('2026-01-15T12:00:00') == now()", True),
            ("instant('2026-01-15T06:30:00-05:30') == now()", True),
            ("addDays('2026-01-01', 1.5 * 2)", "2026-01-04T00:00:00.000Z"),
            ("addMonths('2026-01-01', r[0].v / 1.0)", "2026-03-01T00:00:00.000Z"),
            ("round(1.25, 2.0)", 1.25),
            ("round(-0.04, 1)", 0.0),
            ("text(round(-0.04, 1))", "0.0"),
            ("[0.0 * -1, -(1.5 - 1.5)]", [0.0, 0.0]),
            ("round(1.25, 0.5 * 2)", 1.3),
            ("addDays(null, 1)", None),
            ("addDays(now(), null)", None),
            ("minutesBetween(now(), addHours(now(), 2))", 120),
            ("hoursBetween(now(), addMinutes(now(), 119))", 1),
            ("daysBetween(now(), '2026-01-13')", -2),
            ("daysBetween(now(), null)", None),
            ("daysBetween(now(), addHours(now(), -47))", -1),
            ("year(now())", 2026),
            ("month(now())", 1),
            ("day(now())", 15),
            ("hour(now())", 12),
            ("minute(now())", 0),
            ("weekday(now())", 4),
            ("weekday('2026-01-18')", 7),
            ("year(null)", None),
        ],
    )
    def test_functions(self, text: str, wanted: Any) -> None:
        found = value(text, r=[{"k": "a", "v": 2}, {"k": "b"}, {"k": "c", "v": 3}])
        assert orjson.dumps(found) == orjson.dumps(wanted)

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("1 / 0", "zero"),
            ("1 % 0.0", "zero"),
            ("'a' * 2", "needs numbers, not a text"),
            ("1 + 'a'", "numbers"),
            ("true + 1", "not a boolean"),
            ("[] - 1", "not a list"),
            ("-'a'", "numbers"),
            ("x.o + 1", "not an object"),
            ("9007199254740991 + 1", "beyond"),
            ("-9007199254740991 - 1", "beyond"),
            ("x.big + 0", "beyond"),
            ("-x.big", "beyond"),
            ("x.big * 1.5", "beyond"),
            ("1e308 * 10", "out of bounds"),
            ("sum(5)", "sum: it needs a list, not a number"),
            ("any('abc')", "list"),
            ("count(x.o)", "list"),
            ("sum(['a'])", "numbers"),
            ("sum([true])", "numbers"),
            ("sum([9007199254740991, 1])", "beyond"),
            ("min([1, 'a'])", "only numbers or only texts"),
            ("min(1, true)", "only"),
            ("min('abc')", "list"),
            ("max([[1]])", "only"),
            ("lower(1)", "needs a text"),
            ("startsWith(1, 'a')", "text"),
            ("length([])", "text"),
            ("text([])", "takes no list"),
            ("text(x.o)", "takes no object"),
            ("text(x.big)", "beyond"),
            ("abs('a')", "numbers"),
            ("round(1e300)", "out of bounds"),
            ("floor(1e300)", "beyond"),
            ("round(1.5, 7)", "digits"),
            ("round(1.5, true)", "digits"),
            ("round(1.5, 0.5)", "digits"),
            ("round(1.5, 1e300)", "digits"),
            ("round(1.5, null)", "digits"),
            ("number('9999999999999999')", "beyond"),
            ("instant('x')", "no instant"),
            ("instant('2026-02-30')", "no instant"),
            *((f"instant('{text}')", "such as 2026-01-15T12:00:00Z or 2026-01-15") for text in NO_INSTANTS),
            ("instant(x.big * 1.0)", "beyond"),
            ("instant(1.5)", "between 1970"),
            ("instant('" + "9" * 100 + "')", "between 1970"),
            ("instant(true)", "not a boolean"),
            ("instant(-1)", "between 1970 and 9999"),
            ("instant('1969-12-31')", "no instant"),
            ("addDays(now(), 1.5)", "whole number"),
            ("addDays(now(), 9007199254740991)", "whole number"),
            ("addDays(now(), 9000000)", "between"),
            ("addMonths(now(), 10000000000)", "between"),
            ("addYears(now(), -100)", "between"),
            ("addYears(now(), 10000000000)", "whole"),
            ("hour([])", "list"),
            ("map(x.many, i => x.many)", "steps"),
            ("any(x.many, i => any(x.many, j => j == -1))", "steps"),
            ("x.long + x.long", "longer than"),
            ("lower(x.long)", "longer"),
            ("[x.many, x.many, x.many, x.many, x.many, x.many, x.many]", "too large"),
            ("map(x.few, i => [x.many])", "too large"),
            ("[x.text]", "too large"),
        ],
    )
    def test_what_has_no_value(self, text: str, reason: str) -> None:
        with pytest.raises(EvaluationError) as raised:
            value(
                text,
                x={
                    "o": {"a": 1},
                    "big": 2**60,
                    "many": list(range(9_000)),
                    "few": [1] * 9,
                    "long": "a" * (TEXT_MAX // 2 + 6_000),
                    "text": "a" * 2**22,
                },
            )
        assert reason in str(raised.value)

    def test_large_values_of_the_data_may_be_looked_at(self) -> None:
        assert value("x.id == 9007199254740991 or x.id > 9007199254740991", x={"id": 2**62}) is True
        assert value("length(x)", x="a" * 2**20) == 2**20
        assert value("count(x, i => i >= 0)", x=list(range(3_900))) == 3_900

    @pytest.mark.parametrize(
        ("text", "least"),
        [
            ("max(x.texts)", 3 * 6_000 // 64),
            ("min(x.texts[0], x.texts[1], 'b')", 2 * 6_000 // 64),
            ("x.part in x.text", 600 * 1_800 // 1_000),
            ("contains(x.text, x.part)", 600 * 1_800 // 1_000),
            ("x.texts[0] in 'short'", 6_000 // 64),
            ("x.texts[0] in x.named", 6_000 // 64),
            ("x.named == x.alike", 6_000 // 64),
            ("7 in x.fractions", 5 + 3 * 2),
            ("sum(x.fractions)", 4 + 3 * 3),
            ("floor(1.5)", 1 + 1 + 4),
            ("text(1.5)", 1 + 1 + 4),
            ("now()", 1 + 4),
            ("addMonths(null, 1)", 3 + 8),
        ],
    )
    def test_what_is_read_and_calculated_is_counted(self, text: str, least: int) -> None:
        data = {
            "texts": ["a" * 6_000 + end for end in "abc"],
            "text": "a" * 2_400,
            "part": "a" * 597 + "baa",
            "named": {"k" * 6_000: 1},
            "alike": {"k" * 6_000: 1},
            "fractions": [0.5, 1.5, 2.5],
        }
        assert used(text, x=data) >= least

    def test_a_result_that_is_too_large_is_counted(self) -> None:
        counted = Steps()
        with pytest.raises(EvaluationError, match="too large"):
            evaluate(parse("[x]"), {"x": "a" * 2**22}, now_ms=NOW_MS, steps=counted)
        assert counted.used > 10_000

    def test_a_search_in_a_short_text_takes_few_steps(self) -> None:
        assert used("'@example.org' in x", x="somebody.with.a.long.name@mail.example.org") < 10

    def test_items_do_not_copy_the_names_of_the_data(self) -> None:
        context = Uncopied(items=[1, 2, 3], factor=2)
        assert evaluate(parse("sum(items, item => item * factor)"), context, now_ms=NOW_MS) == 12

    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("map([1, 2], i => sum([10], i => i) + i)", [11, 12]),
            ("map([1, 2], i => sum([10, 20], j => i * j))", [30, 60]),
            ("[sum([1], x => x), x]", [1, "outside"]),
            ("map([null, 1], x => coalesce(x, 'none'))", ["none", 1]),
        ],
    )
    def test_a_name_means_the_innermost_item(self, text: str, wanted: Any) -> None:
        assert value(text, x="outside") == wanted

    def test_steps_are_counted_over_the_whole(self) -> None:
        items = list(range(50))
        assert value("count(x, i => count(x, j => i == j))", x=items) == 50
        with pytest.raises(EvaluationError, match=f"more than {STEPS_MAX} steps"):
            value("count(x, i => count(x, j => i == j + 0 + 0))", x=items)

    @settings(max_examples=300, deadline=None)
    @given(st.integers(0, 10**9), st.integers(0, 4), st.integers(-10_000, 10_000), st.integers(0, 3))
    def test_arithmetic_on_money_is_exact(self, units: int, places: int, factor: int, factor_places: int) -> None:
        amount, rate = Fraction(units, 10**places), Fraction(factor, 10**factor_places)
        data = {"total": float(amount), "rate": float(rate)}
        wanted = {
            "floor(total * rate)": floor(amount * rate),
            "ceil(total * rate)": ceil(amount * rate),
            "floor(total * rate * 100 + total)": floor(amount * rate * 100 + amount),
            "floor(total - rate)": floor(amount - rate),
            "total + rate - rate == total": True,
            "sum([total, rate, total]) == 2 * total + rate": True,
            "average([total, rate]) * 2 == total + rate": True,
            "max(total, rate) + min(total, rate) == total + rate": True,
        }
        found = {text: value(text, **data) for text in wanted}
        assert found == wanted

    def test_numbers_of_the_data_are_read_as_they_are_written(self) -> None:
        data = {"x": 1.15, "list": [0.1, 0.2]}
        assert (
            value("[x == 1.15, x * 100 == 115, 1.15 in [x], sum(list) == 0.3, max(list) == 0.2]", **data) == [True] * 5
        )
        assert value("number('0.1') + 0.2 == 0.3 and text(1.15 * 3) == '3.45'")

    @pytest.mark.parametrize(
        ("text", "wanted"),
        [("floor(10 / 3 * 3)", 10), ("ceil(1 / 3 * 3)", 1), ("floor(0.9999999999)", 0), ("1 / 3 * 3 == 1", False)],
    )
    def test_a_division_that_does_not_come_out_even_has_34_digits(self, text: str, wanted: Any) -> None:
        assert value(text) == wanted
        assert str(evaluate_exactly(parse("1 / 3"), {}, now_ms=NOW_MS)) == "0." + "3" * 34

    @settings(max_examples=300, deadline=None)
    @given(nodes, st.dictionaries(st.sampled_from("abc"), json, max_size=3))
    def test_what_is_calculated_is_never_a_float(self, node: Node, context: dict[str, Any]) -> None:
        for operator in ("+", "-", "*", "/", "%"):
            try:
                result = evaluate_exactly(Binary(operator, node, Literal(1.5)), context, now_ms=NOW_MS)
            except EvaluationError:
                continue
            assert result is None or isinstance(result, int | Decimal)

    @pytest.mark.parametrize(
        "text",
        [
            "1e308 * 10",
            "1e308 % 7",
            "floor(1e308)",
            "round(1e300)",
            "ceil(-1e200 * 1e100)",
            "x * 1.5",
            "-1e308 - 1e308",
        ],
    )
    def test_numbers_beyond_the_bounds_have_no_value(self, text: str) -> None:
        with pytest.raises(EvaluationError):
            value(text, x=10**4000)

    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("x > 1.5", True),
            ("x == 1.5", False),
            ("-1.5 in [x]", False),
            ("1e-300 * 1e-300", 0),
            ("1e308 + 1e-308", 1e308),
        ],
    )
    def test_numbers_of_any_size_can_be_compared_and_added(self, text: str, wanted: Any) -> None:
        assert value(text, x=10**4000) == wanted

    def test_truth(self) -> None:
        assert [truth(one) for one in (None, False, 0, 0.0, "", [], {})] == [False] * 7
        assert [truth(one) for one in (True, -1, 0.5, "0", [None], {"a": None})] == [True] * 6


class TestDocument:
    def test_it_shows_the_grammar(self) -> None:
        found = re.search(r"```lark\n(.*?)```", DOCUMENT, re.DOTALL)
        assert found is not None
        assert found[1].strip() == GRAMMAR.strip()

    def test_its_examples_are_true(self) -> None:
        found = re.search(r"```json\n(.*?)```\s+```\n(.*?)```", DOCUMENT, re.DOTALL)
        assert found is not None
        data = orjson.loads(found[1])
        examples = [line.rpartition("->")[::2] for line in found[2].splitlines()]
        assert len(examples) > 20
        for text, wanted in examples:
            assert orjson.dumps(evaluate(parse(text), data, now_ms=NOW_MS)) == orjson.dumps(orjson.loads(wanted)), text

    def test_it_lists_every_function(self) -> None:
        table = DOCUMENT.partition("## Functions")[2].partition("## Examples")[0]
        assert set(re.findall(r"`([A-Za-z]+)\(", table)) == set(SIGNATURES) == set(FUNCTIONS)

    def test_it_names_the_limits(self) -> None:
        limits = DOCUMENT.partition("## Limits")[2].partition("## Nodes")[0]
        for limit in (TEXT_CHARACTERS_MAX, NODES_MAX, DEPTH_MAX, STEPS_MAX, TEXT_MAX):
            assert re.search(rf"\b{limit}\b", limits), limit
