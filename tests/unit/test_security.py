"""Which credential of several decides, and what is reported when none does."""

from typing import Any

import pytest

from handlers.http import Principal
from models.kernel.problems import Forbidden, NotFound, Unauthenticated
from troth.request.security import Security

TENANT: Any = object()


def scheme(result: Any):
    def check(*_: Any) -> Any:
        if isinstance(result, type):
            raise result
        return None if result is None else Principal(TENANT, result)

    return check


SCHEMES: Any = {
    "good": scheme("good"),
    "other": scheme("other"),
    "absent": scheme(None),
    "wrong": scheme(Unauthenticated),
    "weak": scheme(Forbidden),
    "lost": scheme(NotFound),
}


def ask(*alternatives: list[str], tenant: Any = TENANT) -> Any:
    requirements = [{name: [] for name in names} for names in alternatives]
    return Security(requirements, SCHEMES).principal(None, tenant, None, None).subject  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("alternatives", "subject"),
    [
        ([["good"]], "good"),
        ([["good"], ["other"]], "good"),
        ([["absent"], ["other"]], "other"),
        ([["wrong"], ["other"]], "other"),
        ([["weak"], ["good"]], "good"),
        ([["good", "other"]], "other"),
        ([["good", "absent"], ["other"]], "other"),
        ([], None),
        ([["absent"], []], None),
        ([["wrong"], []], None),
        ([[], ["good"]], None),
    ],
)
def test_the_first_alternative_that_succeeds_wins(alternatives: list[list[str]], subject: str | None) -> None:
    assert ask(*alternatives) == subject


@pytest.mark.parametrize(
    ("alternatives", "problem"),
    [
        ([["absent"]], Unauthenticated),
        ([["wrong"]], Unauthenticated),
        ([["weak"]], Forbidden),
        ([["absent"], ["absent"]], Unauthenticated),
        ([["wrong"], ["weak"]], Forbidden),
        ([["weak"], ["wrong"]], Forbidden),
        ([["good", "absent"]], Unauthenticated),
        ([["absent", "good"]], Unauthenticated),
        ([["good", "weak"]], Forbidden),
        ([["good", "wrong"]], Unauthenticated),
        ([["lost"]], NotFound),
    ],
)
def test_403_is_reported_before_401(alternatives: list[list[str]], problem: type[Exception]) -> None:
    with pytest.raises(problem):
        ask(*alternatives)


def test_without_a_tenant_nobody_is_let_in() -> None:
    for alternatives in ([], [[]], [["absent"], []]):
        with pytest.raises(Unauthenticated):
            ask(*alternatives, tenant=None)


def test_an_unknown_scheme_stops_the_start() -> None:
    with pytest.raises(KeyError):
        Security([{"nobody": []}], SCHEMES)
