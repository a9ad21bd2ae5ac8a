"""What is kept of tenants' configuration between units of work."""

import pytest

from models.tenancy import configuration
from models.tenancy.configuration import Configuration

KEY = (7, "campaigns")


@pytest.fixture
def now() -> list[float]:
    """The time, in seconds, which the test moves."""
    return [0.0]


@pytest.fixture
def kept(now: list[float]) -> Configuration:
    return Configuration(kept_s=1.0, now_s=lambda: now[0])


def test_a_part_is_kept_for_a_second(kept: Configuration, now: list[float]) -> None:
    kept.keep(KEY, kept.version(KEY), "old")
    assert kept.get(KEY) == "old"
    now[0] = 1.0
    assert kept.get(KEY) is None


def test_what_was_read_before_a_change_is_not_kept(kept: Configuration) -> None:
    version = kept.version(KEY)
    kept.changed(KEY)
    kept.keep(KEY, version, "old")
    assert kept.get(KEY) is None


def test_entries_are_kept_as_long_as_their_part(kept: Configuration, now: list[float]) -> None:
    kept.keep_entries(kept.entries(KEY), {1: "one"})
    now[0] = 0.9
    kept.keep_entries(kept.entries(KEY), {2: "two"})
    assert kept.entries(KEY).values == {1: "one", 2: "two"}
    now[0] = 1.0
    assert kept.entries(KEY).values == {}


def test_entries_that_were_read_beside_a_change_are_not_found_after_it(kept: Configuration) -> None:
    """A unit asks for the entries, another one changes one of them and commits, and the first one keeps what it has
    read.
    """
    before = kept.entries(KEY)
    kept.changed(KEY)
    kept.keep_entries(before, {1: "old"})
    assert kept.entries(KEY).values == {}


def test_a_part_keeps_only_so_many_entries(kept: Configuration, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(configuration, "ENTRIES_MAX", 2)
    kept.keep_entries(kept.entries(KEY), {1: "one", 2: "two"})
    kept.keep_entries(kept.entries(KEY), {3: "three"})
    assert kept.entries(KEY).values == {1: "one", 2: "two"}
