"""Answers are held against the contract before they are sent."""

from typing import Any

import pytest

from handlers.http import Answer, no_content, ok
from troth.request.answers import AnswerWriter, BrokenAnswer, serialise
from troth.request.schemas import SchemaSet

COUNT = {"type": "object", "required": ["count"], "properties": {"count": {"type": "integer"}}}
RESPONSES: dict[str, Any] = {
    "200": {"content": {"application/json": {"schema": COUNT}, "text/csv": {}}},
    "201": {"headers": {"Location": {"required": True}, "X-Next": {}}, "content": {"application/json": {"schema": {}}}},
    "204": {},
    "4XX": {"content": {"application/json": {"schema": COUNT}}},
    "404": {"content": {"application/json": {"schema": {}}}},
}


def check(answer: Answer, responses: dict[str, Any] = RESPONSES) -> None:
    writer = AnswerWriter(responses, SchemaSet({}), lambda node: node)
    for _ in range(2):  # the second check goes by what the first has found
        try:
            writer.check(answer)
        except BrokenAnswer:
            with pytest.raises(BrokenAnswer):
                writer.check(answer)
            raise


@pytest.mark.parametrize(
    "answer",
    [
        ok({"count": 1}),
        Answer(200, b"a,b", content_type="text/csv"),
        Answer(201, 1, headers={"LOCATION": "/x"}),
        no_content(),
        Answer(418, {"count": 1}),
        Answer(404, "anything"),
    ],
)
def test_what_the_contract_allows(answer: Answer) -> None:
    check(answer)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (ok({"count": "x"}), "200 /count"),
        (ok({}), "200 /"),
        (ok(None), "200 /"),
        (Answer(200, empty=True), "empty body"),
        (Answer(200, "x", content_type="text/plain"), "text/plain"),
        (Answer(202, {}), "status 202"),
        (Answer(500, {}), "status 500"),
        (Answer(201, 1), "lacks the header location"),
        (Answer(201, 1, headers={"X-Next": "b"}), "location"),
        (Answer(204, {}), "204"),
        (Answer(418, {}), "418"),
    ],
)
def test_what_it_does_not(answer: Answer, reason: str) -> None:
    with pytest.raises(BrokenAnswer, match=reason):
        check(answer)


def test_default_is_for_every_other_status() -> None:
    responses = {"200": {}, "default": {"content": {"application/json": {"schema": COUNT}}}}
    check(Answer(503, {"count": 1}), responses)
    with pytest.raises(BrokenAnswer):
        check(Answer(503, {}), responses)


def test_what_is_sent() -> None:
    assert serialise(ok({"é": [1, None, True]})) == '{"é":[1,null,true]}'.encode()
    assert serialise(ok({"é": [2**65]})) == f'{{"é":[{2**65}]}}'.encode()
    assert serialise(no_content()) == b""
    assert serialise(Answer(200, b"\xff", content_type="text/csv")) == b"\xff"
    assert serialise(Answer(200, "é", content_type="text/csv")) == "é".encode()


def test_what_json_cannot_say_is_not_sent() -> None:
    for value in ({1: 2}, object()):
        with pytest.raises(TypeError):
            serialise(ok(value))


@pytest.mark.parametrize("declared", ["200", "4XX", "default"])
def test_a_server_that_compiles_everything_finds_every_broken_schema(declared: str) -> None:
    broken = {declared: {"content": {"application/json": {"schema": {"type": "nothing that is"}}}}}
    writer = AnswerWriter(RESPONSES | broken, SchemaSet({}), lambda node: node)
    with pytest.raises(ValueError, match="nothing that is"):
        writer.compile()
    AnswerWriter(RESPONSES, SchemaSet({}), lambda node: node).compile()
