"""What is remembered for a second."""

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


def test_all_can_be_forgotten(directory: Directory, at: list[float]) -> None:
    directory.remember("a", 1)
    directory.forget()
    assert directory.cached("a") is None
