"""Audiences and matchers changed at the same moment: on SQLite through a file, on PostgreSQL really at once."""

from collections import Counter

import pytest

from models.kernel.clock import DAY_MS
from models.loyalty_core.audiences import counts
from tests.api.loyalty_core.conftest import Club
from tests.api.loyalty_core.test_action_matchers import NEW as NEW_MATCHER
from tests.api.loyalty_core.test_audiences import change_members, get, jobs, new_audience
from tests.support.races import at_once, calling, racing

CALLS = 8


server, client = racing("audience_races", CALLS, fixed_clock=True)


def test_a_segment_key_goes_to_one_audience(club: Club) -> None:
    for number in range(CALLS // 2):
        new_audience(club, segmentKey=f"k{number}")
    body = {
        "active": True,
        "organizationId": club.id,
        "name": "n",
        "matcherType": "null-matcher",
        "segmentKey": "wanted",
    }
    replies = at_once(
        [
            *[calling(club, club.token, "POST", "/audiences", body)] * (CALLS // 2),
            *(
                calling(club, club.token, "PATCH", f"/audiences/{number}", {"segmentKey": "wanted"})
                for number in range(1, CALLS // 2 + 1)
            ),
        ]
    )
    statuses = Counter(status for status, _ in replies)
    assert (statuses[200] + statuses[201], statuses[409]) == (1, CALLS - 1)
    keys = [row["segmentKey"] for row in club.get("/audiences?limit=25").json()["results"]]
    assert keys.count("wanted") == 1
    assert len(set(keys)) == len(keys)


def test_members_who_change_at_once_have_the_audiences_counted_once(
    club: Club, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_audience(club, {"expression": "true"})
    club.member()
    at_once([lambda: change_members(club)] * CALLS)
    passes: list[int] = []
    begin = counts._go_on
    monkeypatch.setattr(counts, "_go_on", lambda uow, rows: (passes.append(len(rows)), begin(uow, rows))[1])
    club.advance(DAY_MS)
    assert (passes, get(club, 1)["memberCount"], jobs(club)) == ([1], 1, [])


def test_keys_of_one_name_are_numbered(club: Club) -> None:
    body = {"active": True, "organizationId": club.id, "name": "Gold", "matcherType": "null-matcher"}
    for path, sent, key in (
        ("/audiences", body, "segmentKey"),
        ("/matchers", {**NEW_MATCHER, "name": "Gold"}, "matcherKey"),
    ):
        replies = at_once([calling(club, club.token, "POST", path, sent)] * CALLS)
        assert [status for status, _ in replies] == [201] * CALLS
        assert {made[key] for _, made in replies} == {"gold", *(f"gold-{number}" for number in range(2, CALLS + 1))}


def test_rules_that_change_while_all_are_counted(club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counts, "SLICE_MEMBERS_MAX", 1)
    for name in "abc":
        club.member(name)
    for _ in range(2):
        new_audience(club, {"expression": "true"})

    def run_jobs() -> tuple[int, None]:
        club.advance(0)
        return 200, None

    for text, wanted in (("true", 3), ("false", 0), ("true", 3)):
        change_members(club)
        club.server.runtime.sandboxes[club.tenant.sandbox_id].clock.at_ms += DAY_MS
        works = [
            calling(club, club.token, "PATCH", f"/audiences/{number}", {"matcher": {"expression": text}})
            for number in (1, 2)
        ] * (CALLS // 2)
        assert [status for status, _ in at_once([*works, run_jobs])] == [200] * (CALLS + 1)
        club.advance(0)
        assert jobs(club) == []
        assert [get(club, number)["memberCount"] for number in (1, 2)] == [wanted] * 2
