"""Expressions between text and nodes; the language itself is tested in tests/unit/test_expressions.py."""

from typing import Any

import pytest

from tests.api.loyalty_core.conftest import Club, coded, refusal

PARSE, FROM_AST = "/rules/expressions/parse", "/rules/expressions/from-ast"
ONE = {"type": "literal", "value": 1}
TEXTS = [
    "null",
    "true",
    "-1.5",
    '"é\\n"',
    "[]",
    "[1, [a]]",
    'member.profile["home town"][0]',
    "not a",
    "-a",
    "a + b * (c - 1)",
    "a in [1, 2] and b not in c or d >= 2",
    "if a then b else if c then d else e",
    'any(order.items, item => item.sku == "A" and count(item.tags, tag => tag == "x") > 0)',
    "min(1, 2, 3)",
    "now()",
]


def parsed(club: Club, *texts: str, **members: Any) -> Any:
    answer = club.post(PARSE, json={"inputs": [{"expression": text} for text in texts], **members})
    assert answer.status_code == 200, answer.text
    assert list(answer.json()) == ["nodes"]
    return answer.json()["nodes"]


def shown(club: Club, *nodes: Any, **members: Any) -> Any:
    answer = club.post(FROM_AST, json={"inputs": [{"node": node} for node in nodes], **members})
    assert answer.status_code == 200, answer.text
    assert list(answer.json()) == ["nodes"]
    return answer.json()["nodes"]


class TestParse:
    def test_each_text_becomes_a_node_in_its_order(self, club: Club) -> None:
        assert parsed(club, "a.b", "1", "a.b") == [
            {"type": "path", "steps": ["a", "b"]},
            ONE,
            {"type": "path", "steps": ["a", "b"]},
        ]
        assert parsed(club) == []

    def test_annotations_are_shown_on_request(self, club: Club) -> None:
        assert parsed(club, " 1", annotate=True) == [
            {**ONE, "position": {"line": 1, "column": 2}, "valueType": "number"}
        ]
        assert parsed(club, "1", annotate=False) == parsed(club, "1") == [ONE]

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("a ==\n  )", "line 2, column 3: ) is not expected here"),
            (" ", "line 1, column 2: the text ends too early"),
            ("a $", "line 1, column 3: this character is not expected here"),
            ("nope(1)", "line 1, column 1: there is no function nope, but sum, count, average, "),
            ("-" * 31 + "a", "line 1, column 31: it is nested deeper than 30 levels"),
        ],
    )
    def test_a_bad_text_is_refused_with_its_place(self, club: Club, text: str, expected: str) -> None:
        answer = club.post(PARSE, json={"inputs": [{"expression": "1"}, {"expression": text}, {"expression": ")"}]})
        status, message = refusal(answer)
        assert (status, message.startswith(f"/inputs/1/expression: {expected}")) == (400, True), message

    def test_there_are_limits_of_length_depth_and_number(self, club: Club) -> None:
        assert parsed(club, "1" + " " * 4095) == [ONE]
        assert len(parsed(club, *["1"] * 25)) == 25
        deep = "[" * 29 + "1" + "]" * 29
        assert parsed(club, deep, annotate=True)[0]["type"] == "list"
        for body in (
            {},
            [],
            {"inputs": None},
            {"inputs": {}},
            {"inputs": ["1"]},
            {"inputs": [{}]},
            {"inputs": [{"expression": None}]},
            {"inputs": [{"expression": 1}]},
            {"inputs": [{"expression": ""}]},
            {"inputs": [{"expression": "1" + " " * 4096}]},
            {"inputs": [{"expression": "1"}] * 26},
            {"inputs": [], "annotate": "yes"},
        ):
            assert coded(club.post(PARSE, json=body)) == (400, "VALIDATION_FAILED"), body

    @pytest.mark.parametrize("text", ["(" * 4096, "not " * 1023 + "a", "-" * 4095 + "1", "[" * 2047 + "1" + "]" * 2047])
    def test_deep_texts_are_refused(self, club: Club, text: str) -> None:
        assert coded(club.post(PARSE, json={"inputs": [{"expression": text}]})) == (400, "EXPRESSION_INVALID")

    def test_characters_beyond_ascii(self, club: Club) -> None:
        assert parsed(club, '"😀é"') == [{"type": "literal", "value": "😀é"}]
        assert "NUL" in refusal(club.post(PARSE, json={"inputs": [{"expression": '"\\u0000"'}]}))[1]


class TestFromAst:
    def test_each_node_becomes_a_text_in_its_order(self, club: Club) -> None:
        assert shown(club, ONE, {"type": "path", "steps": ["a", "b c", 0]}) == [
            {"expression": "1", "node": None},
            {"expression": 'a["b c"][0]', "node": None},
        ]
        assert shown(club) == []

    def test_annotations_are_of_the_text_that_is_answered(self, club: Club) -> None:
        node = {
            "type": "unary",
            "operator": "not",
            "operand": {**ONE, "position": {"line": 9, "column": 9}, "valueType": "array"},
        }
        assert shown(club, node, annotate=True) == [
            {
                "expression": "not 1",
                "node": {
                    "type": "unary",
                    "operator": "not",
                    "position": {"line": 1, "column": 1},
                    "valueType": "boolean",
                    "operand": {**ONE, "position": {"line": 1, "column": 5}, "valueType": "number"},
                },
            }
        ]

    def test_what_is_parsed_comes_back(self, club: Club) -> None:
        for annotate in (False, True):
            nodes = parsed(club, *TEXTS, annotate=annotate)
            assert [one["expression"] for one in shown(club, *nodes)] == TEXTS
            assert [one["node"] for one in shown(club, *nodes, annotate=True)] == parsed(club, *TEXTS, annotate=True)
        assert parsed(club, *[one["expression"] for one in shown(club, *parsed(club, *TEXTS))]) == parsed(club, *TEXTS)

    @pytest.mark.parametrize(
        ("node", "expected"),
        [
            ({"type": "literal"}, ": value is missing"),
            ({"type": "literal", "value": 2**53}, "/value: whole numbers are at most 9007199254740991"),
            ({"type": "path", "steps": ["in"]}, "/steps/0: a path begins with a name"),
            ({"type": "unary", "operator": "+", "operand": ONE}, "/operator: operator is one of -, not"),
            (
                {"type": "list", "items": [ONE, {"type": "call", "function": "nope", "arguments": []}]},
                "/items/1/function: there is no function nope",
            ),
            ({"type": "lambda", "parameter": "a", "body": ONE}, ": a lambda is an argument"),
            ({"type": "logical", "operator": "and", "operands": [ONE]}, "/operands: operands is a list of at least 2"),
        ],
    )
    def test_a_bad_node_is_refused_with_its_pointer(self, club: Club, node: Any, expected: str) -> None:
        status, message = refusal(club.post(FROM_AST, json={"inputs": [{"node": ONE}, {"node": node}]}))
        assert status == 400
        assert message.startswith(f"/inputs/1/node{expected}")

    def test_there_are_limits_of_length_depth_and_number(self, club: Club) -> None:
        deep: Any = ONE
        for _ in range(29):
            deep = {"type": "list", "items": [deep]}
        assert shown(club, deep)[0]["expression"] == "[" * 29 + "1" + "]" * 29
        assert (
            "nested deeper"
            in refusal(
                club.post(FROM_AST, json={"inputs": [{"node": {"type": "unary", "operator": "-", "operand": deep}}]})
            )[1]
        )
        assert shown(club, {"type": "literal", "value": "x" * 4094})[0]["expression"] == '"' + "x" * 4094 + '"'
        for body in (
            {},
            {"inputs": None},
            {"inputs": [ONE]},
            {"inputs": [{"node": None}]},
            {"inputs": [{"node": []}]},
            {"inputs": [{"node": {}}]},
            {"inputs": [{"node": {"type": "x"}}]},
            {"inputs": [{"node": {"type": "literal", "value": []}}]},
            {"inputs": [{"node": {"type": "literal", "value": "x" * 4095}}]},
            {"inputs": [{"node": {"type": "path", "steps": []}}]},
            {"inputs": [{"node": {"type": "path", "steps": ["a", -1]}}]},
            {"inputs": [{"node": {"type": "path", "steps": ["a", None]}}]},
            {"inputs": [{"node": {"type": "unary", "operator": "-", "operand": 5}}]},
            {"inputs": [{"node": {"type": "call", "function": "min", "arguments": [ONE] * 21}}]},
            {"inputs": [{"node": ONE}] * 26},
            {"inputs": [], "annotate": 1},
        ):
            assert refusal(club.post(FROM_AST, json=body))[0] == 400, body


def test_reading_the_campaigns_is_enough(club: Club) -> None:
    reader, writer = club.further_token("campaigns:read"), club.further_token("campaigns:write", "members:read")
    for path in (PARSE, FROM_AST):
        assert club.post(path, json={"inputs": []}, token=reader).status_code == 200
        assert refusal(club.post(path, json={"inputs": []}, token=writer))[0] == 403
    assert club.events() == []
