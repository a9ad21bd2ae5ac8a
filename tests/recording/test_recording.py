"""The script over all operations is answered as recorded in `recorded.txt`: bytes, statuses, headers, and the rows of
all tables.

A change of behaviour comes with a new recording (`python -m tests.recording --write tests/recording/recorded.txt`), and
the difference is reviewed with the change.
"""

import pytest

from tests.recording import comparison
from tests.recording.contracts import all_operations
from tests.recording.script import record

CHOSEN = "advocacy.listQuests"


@pytest.fixture(scope="module")
def played() -> list[str]:
    """As if a second of wall time had passed before each call.

    `recorded.txt` is written without that, and must be the same.
    """
    return record(cold=True).lines


def test_the_answers_are_those_recorded(played: list[str]) -> None:
    found = comparison.difference(comparison.read(comparison.RECORDED), played)
    assert not found, f"\n{found}"


def test_each_operation_succeeds_and_is_refused_in_the_script(played: list[str]) -> None:
    found = comparison.missing(played)
    assert not found, "the script of tests/recording lacks:\n  " + "\n  ".join(found)


def test_an_operation_that_is_left_out_is_named() -> None:
    lines = comparison.read(comparison.RECORDED)
    assert comparison.missing(line for line in lines if not line.startswith(f"{CHOSEN} ")) == [
        f"{CHOSEN}: no success",
        f"{CHOSEN}: no refusal",
    ]
    assert comparison.missing(line for line in lines if not line.startswith(f"{CHOSEN} ") or " | 200 | " in line) == [
        f"{CHOSEN}: no refusal"
    ]
    assert len(comparison.missing([])) == 2 * len(all_operations())
    assert comparison.missing([*lines, f"{CHOSEN} GET /x | 500 | 0 | "]) == [f"{CHOSEN}: 500"]


def test_a_difference_shows_both_lines() -> None:
    before = ["a | 200 | 1", "b | 200 | 2", "c | 200 | 3"]
    found = comparison.difference(before, [before[0], "b | 404 | 2", before[2]])
    assert found.startswith(
        "--- recorded\tfrom line 2\n+++ now\tfrom line 2\n@@ -1 +1 @@\n-b | 200 | 2\n+b | 404 | 2\n"
    )
    assert comparison.difference(before, before) == ""
    assert f"and {2 * 500 + 3 - comparison.SHOWN_MAX} more lines" in comparison.difference(["x"] * 9_000, ["y"] * 9_000)
