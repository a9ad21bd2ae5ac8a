"""Whole numbers in texts of callers, of any length."""

import pytest
import typer

from models.kernel.problems import RequestProblem
from models.kernel.whole_numbers import read_whole
from models.loyalty_core.organization.schema_references import _at
from models.saasquatch.codes.codes import _next_number
from troth.cli.control import parsed
from troth.mock.triggers import TriggerError, find_trigger, with_overrides
from troth.request.json_text import decode_json

MANY = "9" * 5_000
"""Python raises for more than 4,300 digits."""


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("007", 7),
        ("100", 100),
        ("101", None),
        ("1000", None),
        ("0" * 5_000 + "7", 7),
        (MANY, None),
        ("", None),
        ("-1", None),
        ("+1", None),
        (" 1", None),
        ("1.0", None),
        ("²", None),
        ("٣", None),
    ],
)
def test_a_number_is_plain_digits_up_to_a_limit(text: str, number: int | None) -> None:
    assert read_whole(text, 100) == number


@pytest.mark.parametrize("body", [f'{{"a": {MANY}}}', f"-{MANY}", "9" * 4_301])
def test_a_body_with_too_many_digits_is_refused_in_plain_words(body: str) -> None:
    with pytest.raises(RequestProblem, match="is not valid JSON: an integer has more than 4,300 digits") as refused:
        decode_json(body.encode())
    assert "sys." not in str(refused.value)


def test_a_step_of_a_pointer_with_many_digits_leads_nowhere() -> None:
    assert _at({"a": [1]}, f"/a/{MANY}") is None
    assert _at({"a": [1]}, "/a/0") == 1


def test_an_index_with_many_digits_of_an_override_is_refused() -> None:
    with pytest.raises(TriggerError, match="there is no"):
        with_overrides(find_trigger("referral.converted", "saasquatch"), {f"events.{MANY}.key": 1})


def test_an_option_that_holds_a_number_with_many_digits_ends_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises((SystemExit, typer.Exit)):
        parsed("--body", f'{{"a": {MANY}}}')
    assert "--body holds a number with too many digits" in capsys.readouterr().err


def test_raised_digits_behind_a_code_are_no_number() -> None:
    assert _next_number(["ANA²", "ANA"], 3) == 2
