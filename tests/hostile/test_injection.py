"""The hostile texts of `injection.py` in every text of every operation of the vendors' APIs, on both databases."""

from collections.abc import Iterator

import pytest

from tests.contract.probes import RAW, site
from tests.hostile.injection import NOT_KEPT, NOT_NAMED, SEARCHES, Probe, watched
from tests.support.databases import drop_postgres, fresh_postgres


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def probe(request: pytest.FixtureRequest) -> Iterator[Probe]:
    url = "sqlite://" if request.param == "sqlite" else fresh_postgres("injection", tables=False)
    try:
        with site(url) as place, watched(place) as statements:
            made = Probe(place, statements)
            assert len(made.private) > 300
            place.play(made)
        yield made
    finally:
        if request.param == "postgres":
            drop_postgres(url)


def test_every_text_is_kept_as_it_was_sent_or_refused(probe: Probe) -> None:
    assert not probe.faults, f"{len(probe.faults)} of {probe.sent}:\n" + "\n".join(probe.faults)


def test_every_operation_was_called(probe: Probe) -> None:
    assert probe.seen == set(RAW)
    assert probe.sent > 2_500


def test_every_search_was_tried_with_wildcards(probe: Probe) -> None:
    assert probe.searched >= SEARCHES


def test_every_exception_is_needed(probe: Probe) -> None:
    assert probe.exceptions == {*NOT_NAMED, *NOT_KEPT}
