"""The compiled request path decides as stock Connexion does, but for a list of named differences."""

import asyncio
import logging
from collections import Counter
from typing import Any

import pytest

from tests.contract import probe
from tests.contract.differences import DIFFERENCES
from tests.contract.differential_cases import Case, cases
from tests.support.asgi import RawAnswer, call

BASE = "/probe"


def verdict(method: str, answer: RawAnswer) -> tuple[str, Any]:
    """The status class, and what the handler was given or answered (a server below the application cuts HEAD's
    body).
    """
    content: Any = None
    if 200 <= answer.status < 300 and answer.body and method != "HEAD":
        try:
            content = answer.json()
        except ValueError:
            content = answer.body
    return f"{answer.status // 100}xx", content


async def _ask(app: Any, case: Case) -> tuple[str, Any]:
    try:
        target = BASE + case.target if not case.target.startswith("//") else case.target
        return verdict(case.method, await call(app, case.method, target, headers=case.headers, chunks=case.chunks))
    except Exception as error:
        return f"raised {type(error).__name__}", None


@pytest.fixture(scope="module")
def disagreements() -> dict[str, tuple[str, str, str]]:
    """Case ids to (stock's verdict, ours, both in full) where the two differ."""
    logging.disable(logging.CRITICAL)

    async def ask_all(stock: Any, compiled: Any) -> dict[str, tuple[str, str, str]]:
        found = {}
        for case in cases():
            theirs, ours = await _ask(stock, case), await _ask(compiled, case)
            if theirs != ours:
                star = "*" if theirs[0] == ours[0] else ""
                found[case.id] = (theirs[0] + star, ours[0] + star, f"stock {theirs}, compiled {ours}")
        return found

    with probe.stock() as stock, probe.compiled() as compiled:
        yield asyncio.run(ask_all(stock, compiled))
    logging.disable(logging.NOTSET)


def test_there_are_enough_cases_and_their_ids_are_unique() -> None:
    ids = Counter(case.id for case in cases())
    assert len(ids) >= 300
    assert [name for name, times in ids.items() if times > 1] == []


def test_every_disagreement_is_a_named_difference(disagreements: dict[str, tuple[str, str, str]]) -> None:
    named = {id_: (difference.stock, difference.troth) for difference in DIFFERENCES for id_ in difference.cases}
    unlisted = [
        f"  {id_!r:70} {full}"
        for id_, (stock, troth, full) in disagreements.items()
        if named.get(id_) != (stock, troth)
    ]
    assert not unlisted, (
        "The compiled path decides otherwise than stock Connexion in cases that tests/contract/differences.py does not\n"
        "list with these verdicts. Either the change is a defect, or it is meant: then name it there with its reason.\n"
        + "\n".join(unlisted)
    )


def test_every_named_difference_still_shows(disagreements: dict[str, tuple[str, str, str]]) -> None:
    gone = [
        f"  {difference.name}: {id_!r}"
        for difference in DIFFERENCES
        for id_ in difference.cases
        if id_ not in disagreements
    ]
    assert not gone, "These cases agree now (or are gone): take them off tests/contract/differences.py\n" + "\n".join(
        gone
    )


def test_every_difference_has_a_reason_and_its_cases_are_named_once() -> None:
    ids = Counter(id_ for difference in DIFFERENCES for id_ in difference.cases)
    assert [id_ for id_, times in ids.items() if times > 1] == []
    assert all(difference.reason and difference.cases for difference in DIFFERENCES)
