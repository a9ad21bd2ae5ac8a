"""What is remembered for a second, and what is not while it changes."""

import pytest

from models.kernel.vault import Vault
from models.tenancy import tenants
from models.tenancy.tenants import Directory


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, in seconds, which the test moves."""
    now = [0.0]
    monkeypatch.setattr(tenants, "monotonic_s", lambda: now[0])
    return now


@pytest.fixture
def directory() -> Directory:
    return Directory(Vault("secret"), lambda _: 0, ttl_s=1.0)


def test_what_is_remembered_is_known_for_a_second(directory: Directory, at: list[float]) -> None:
    directory.remember("a", 1)
    assert (directory.cached("a"), directory.cached("b")) == (1, None)
    at[0] = 1.0
    assert directory.cached("a") == 1
    at[0] = 1.1
    assert directory.cached("a") is None


def test_what_is_about_to_change_is_read_anew_for_a_second(directory: Directory, at: list[float]) -> None:
    """A reader beside a change that is not committed yet must not keep what was before it."""
    directory.remember("a", "old")
    directory.doubt("a")
    assert directory.cached("a") is None
    directory.remember("a", "old")
    directory.remember("b", "other")
    assert (directory.cached("a"), directory.cached("b")) == (None, "other")
    at[0] = 1.1
    directory.remember("a", "new")
    assert directory.cached("a") == "new"


def test_all_can_be_forgotten(directory: Directory, at: list[float]) -> None:
    directory.remember("a", 1)
    directory.doubt("b")
    directory.forget()
    directory.remember("b", 2)
    assert (directory.cached("a"), directory.cached("b")) == (None, 2)
