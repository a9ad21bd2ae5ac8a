"""Audiences: some of the members, by a rule or a list."""

from collections.abc import Sequence
from typing import Any

import httpx2
import pytest

from models.kernel.clock import DAY_MS, MINUTE_MS, SECOND_MS
from models.kernel.statements import replaced
from models.loyalty_core.audiences import counts
from models.loyalty_core.audiences.audiences import find_audience, is_in, is_in_any
from models.loyalty_core.audiences.tables import COUNT_JOB, DAILY_JOB
from models.loyalty_core.members.event_context import member_context, member_contexts
from models.loyalty_core.members.tables import Member
from models.loyalty_core.members.views import find_member
from models.outbox.outbox import Job, schedule
from models.tenancy.configuration import Configuration
from models.uow import UnitOfWork
from tests.api.loyalty_core.conftest import Club, coded, refusal
from tests.api.loyalty_core.test_programs import new_program
from tests.support.statements import noted

ATTRIBUTE, LIST, NULL = "attribute-matcher", "list-matcher", "null-matcher"
ADULT = {"conditions": [{"attribute": "profile.age", "operator": "greaterThanOrEquals", "value": 18}]}
DATA = {
    "memberId": 7,
    "loyaltyMemberId": "ana",
    "memberType": None,
    "active": True,
    "createdAt": "2025-06-01T00:00:00.000Z",
    "tiers": ["gold", "mate"],
    "profile": {"age": 34, "name": "Ána", "country": "NO", "home town": "Bergen", "kids": 0},
    "customAttributes": {"a": {"b": [1, "x", None]}, "on": False},
}


def new_audience(club: Club, matcher: dict[str, Any] | None = None, **members: Any) -> dict[str, Any]:
    given = {} if matcher is None else {"matcher": matcher}
    return club.made(
        "/audiences",
        **{"active": True, "organizationId": club.id, "name": "Adults", "matcherType": ATTRIBUTE, **given, **members},
    )


def patch(club: Club, audience: int, **members: Any) -> httpx2.Response:
    return club.patch(f"/audiences/{audience}", json=members)


def patched(club: Club, audience: int, **members: Any) -> dict[str, Any]:
    answer = patch(club, audience, **members)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["audience"]
    return found


def get(club: Club, audience: int) -> dict[str, Any]:
    found: dict[str, Any] = club.get(f"/audiences/{audience}").json()["audience"]
    return found


def matched(club: Club, audiences: list[int], member: dict[str, Any]) -> list[int]:
    answer = club.post("/audiences/match", json={"audienceIds": audiences, "member": member})
    assert answer.status_code == 200, answer.text
    found: list[int] = answer.json()["audienceIds"]
    return found


def holds(club: Club, matcher: dict[str, Any], member: dict[str, Any] | None = None) -> bool:
    number = new_audience(club, matcher)["audienceId"]
    return matched(club, [number], DATA if member is None else member) == [number]


def in_audience(club: Club, audience: int, loyalty_member_id: str = "ana") -> bool:
    answer = club.get(f"/loyalty-members/{loyalty_member_id}/audiences/{audience}/match")
    assert answer.status_code == 200, answer.text
    found: bool = answer.json()["match"]
    return found


def jobs(club: Club) -> list[tuple[str, str]]:
    """What is to be counted."""
    unit = club.unit()
    with unit.transaction() as session:
        return [
            (job.kind, job.subject) for job in session.scalars(unit.scoped(Job).where(Job.kind.startswith("audience")))
        ]


def daily(club: Club) -> list[str]:
    """The jobs that count all audiences."""
    return [subject for kind, subject in jobs(club) if kind == DAILY_JOB]


def change_members(club: Club) -> None:
    """What the events of a member's change see to."""
    unit = club.unit()
    with unit.transaction():
        counts.members_changed(unit)


def begin(club: Club, audience: int, matcher: dict[str, Any]) -> None:
    """Begin a count under a new rule, and leave what the first slice does not count to the jobs."""
    unit = club.unit()
    with unit.transaction():
        row = replaced(find_audience(unit, audience), matcher_type=ATTRIBUTE, matcher=matcher)
        counts.begin_count(unit, row)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many members were looked at in each slice."""
    slices: list[int] = []

    def looked_at(uow: UnitOfWork, members: Sequence[Member]) -> list[dict[str, Any]]:
        slices.append(len(members))
        return member_contexts(uow, members)

    monkeypatch.setattr(counts, "member_contexts", looked_at)
    return slices


class TestCreate:
    def test_the_answer_is_the_audience_itself(self, club: Club) -> None:
        body = {
            "active": True,
            "organizationId": club.id,
            "name": "Adults",
            "description": "Grown-ups",
            "matcherType": ATTRIBUTE,
            "matcher": ADULT,
            "segmentKey": "Över 18",
        }
        answer = club.post("/audiences", json=body)
        assert answer.status_code == 201
        made = answer.json()
        assert {name: made[name] for name in made if not name.endswith("At")} == {
            **body,
            "audienceId": 1,
            "memberCount": 0,
        }
        assert made["createdAt"] == made["updatedAt"] == made["refreshedAt"]
        assert get(club, 1) == made
        assert club.events() == []

    def test_what_is_left_out_has_its_default(self, club: Club) -> None:
        made = new_audience(club)
        assert (made["segmentKey"], made["description"], made["matcher"], made["memberCount"]) == (
            "adults",
            None,
            {},
            0,
        )

    def test_what_only_the_server_keeps_is_ignored(self, club: Club) -> None:
        made = new_audience(club, memberCount=500, refreshedAt="2019-08-24T14:15:22Z", audienceId=9)
        assert (made["memberCount"], made["refreshedAt"], made["audienceId"]) == (0, made["createdAt"], 1)
        changed = patched(club, 1, memberCount=500, refreshedAt="2019-08-24T14:15:22Z")
        assert changed == {**made, "updatedAt": changed["updatedAt"]}

    def test_keys_are_unique_in_the_organization(self, club: Club, other_club: Club) -> None:
        assert [new_audience(club, name=name)["segmentKey"] for name in ("Gold", "gold", "€")] == [
            "gold",
            "gold-2",
            "audience",
        ]
        assert new_audience(club, segmentKey="x")["segmentKey"] == "x"
        taken = (409, "/segmentKey: Another audience has the segmentKey gold-2.")
        body = {"active": True, "organizationId": club.id, "name": "n", "matcherType": NULL, "segmentKey": "gold-2"}
        assert (
            refusal(club.post("/audiences", json=body))
            == refusal(patch(club, 1, segmentKey="gold-2", name="n"))
            == taken
        )
        assert (get(club, 1)["name"], club.get("/audiences").json()["totalCount"]) == ("Gold", 4)
        assert new_audience(other_club, segmentKey="gold-2")["segmentKey"] == "gold-2"

    @pytest.mark.parametrize(
        ("matcher_type", "sent", "kept"),
        [
            (ATTRIBUTE, {**ADULT, "memberIds": [1]}, ADULT),
            (LIST, {"memberIds": [1], "expression": "1 +", "match": "any"}, {"memberIds": [1]}),
            (NULL, {"memberIds": [1], **ADULT}, {}),
            (ATTRIBUTE, {"match": "any"}, {"match": "any"}),
        ],
    )
    def test_a_matcher_keeps_what_its_type_has(
        self, club: Club, matcher_type: str, sent: dict[str, Any], kept: dict[str, Any]
    ) -> None:
        assert new_audience(club, sent, matcherType=matcher_type)["matcher"] == kept
        assert patched(club, 1, matcher=sent)["matcher"] == get(club, 1)["matcher"] == kept

    def test_takes_what_is_within_the_limits(self, club: Club) -> None:
        many = [
            {"attribute": "profile." + "x" * 247, "operator": "in", "value": ["é" * 4096, 1.5, True] + [1] * 97}
        ] + ADULT["conditions"] * 99
        for said in (
            {"name": "x", "description": "", "segmentKey": "k", "active": False, "matcherType": NULL, "matcher": {}},
            {"name": "é" * 255, "description": "é" * 4096, "segmentKey": "é" * 255, "matcher": {"conditions": many}},
            {"matcher": {"expression": "1" + " " * 4095}, "segmentKey": "e"},
            {"matcherType": LIST, "matcher": {"memberIds": [1] * 9_999 + [2**63 - 1]}, "segmentKey": "l"},
        ):
            made = new_audience(club, **said)
            assert said.items() <= made.items()
            assert get(club, made["audienceId"]) == made
            assert patched(club, made["audienceId"], **said)["matcher"] == made["matcher"]

    def test_a_wrong_or_missing_member_is_named(self, club: Club) -> None:
        before = new_audience(club)
        new: dict[str, Any] = {"active": True, "organizationId": club.id, "name": "n", "matcherType": ATTRIBUTE}
        operators = [{"attribute": "a", "operator": operator, "value": 1} for operator in (None, "x", 1)]
        wrong: dict[str, list[Any]] = {
            "active": [None, "true"],
            "organizationId": [None, "1", 1.5],
            "name": [None, "", "x" * 256, 5],
            "description": ["x" * 4097],
            "matcherType": [None, "x"],
            "segmentKey": ["", "x" * 256, 1],
            "refreshedAt": ["yesterday"],
            "memberCount": [-1, "1"],
            "matcher": [
                [],
                {"match": "none"},
                {"expression": ""},
                {"expression": " " * 4096 + "1"},
                {"memberIds": [0]},
                {"memberIds": ["1"]},
                {"memberIds": [1] * 10_001},
                {"conditions": ADULT["conditions"] * 101},
                {"conditions": [{}]},
                *({"conditions": [one]} for one in operators),
                *({"conditions": [{"attribute": value, "operator": "exists"}]} for value in (None, "", "x" * 256, 1)),
                *(
                    {"conditions": [{"attribute": "a", "operator": "in", "value": value}]}
                    for value in ({}, [None], [[]], [1] * 101, ["x" * 4097])
                ),
            ],
        }
        bodies = [(name, {**new, name: value}) for name, values in wrong.items() for value in values]
        for name, body in bodies:
            answers = [club.post("/audiences", json=body)]
            if body[name] is not None:  # a change may leave out every member
                answers.append(club.patch("/audiences/1", json=body))
            for answer in answers:
                status, message = refusal(answer)
                assert (status, name in message) == (400, True), body
        for missing in new:
            status, message = refusal(
                club.post("/audiences", json={name: new[name] for name in new if name != missing})
            )
            assert (status, missing in message) == (400, True)
        assert club.get("/audiences").json()["results"] == [before]

    def test_matchers_that_cannot_be_are_refused(self, club: Club) -> None:
        before = new_audience(club, ADULT)
        cases: list[tuple[dict[str, Any], str]] = [
            (
                {"expression": "a ==\n )"},
                "/matcher/expression: The expression cannot be read: line 2, column 2: ) is not expected here.",
            ),
            (
                {"expression": "1", "conditions": []},
                "/matcher: A matcher must have conditions or an expression, not both.",
            ),
            *(
                (
                    {"conditions": [{"attribute": attribute, "operator": "exists"}]},
                    "/matcher/conditions/0: The condition 0 must have a path such as profile.country as its attribute.",
                )
                for attribute in ("a b", "a or b", "1", "x.", "a == 1", ".a", "in", "a(1)")
            ),
            (
                {"conditions": [{"attribute": "a", "operator": "equals"}]},
                "/matcher/conditions/0: The condition 0 requires a value with equals.",
            ),
            (
                {"conditions": [*ADULT["conditions"], {"attribute": "a", "operator": "notIn"}]},
                "/matcher/conditions/1: The condition 1 requires a value with notIn.",
            ),
            (
                {"conditions": [{"attribute": "a", "operator": "in", "value": 1}]},
                "/matcher/conditions/0: The condition 0 takes a list with in.",
            ),
            (
                {"conditions": [{"attribute": "a", "operator": "contains", "value": [1]}]},
                "/matcher/conditions/0: The condition 0 takes one value with contains.",
            ),
        ]
        for matcher, expected in cases:
            body = {
                "active": True,
                "organizationId": club.id,
                "name": "n",
                "matcherType": ATTRIBUTE,
                "matcher": matcher,
            }
            assert (
                refusal(club.post("/audiences", json=body))
                == refusal(patch(club, 1, matcher=matcher))
                == (400, expected)
            )
        assert club.get("/audiences").json()["results"] == [before]

    def test_another_organization_in_the_body_is_refused(self, club: Club, other_club: Club) -> None:
        before = new_audience(club)
        body = {"active": True, "organizationId": other_club.id, "name": "n", "matcherType": NULL}
        expected = (400, "/organizationId: organizationId must be that of the path.")
        assert (
            refusal(club.post("/audiences", json=body))
            == refusal(patch(club, 1, organizationId=other_club.id))
            == expected
        )
        assert club.get("/audiences").json()["results"] == [before]


class TestUpdate:
    def test_what_is_left_out_stays(self, club: Club) -> None:
        made = new_audience(club, ADULT, description="d")
        assert patched(club, 1) == made
        changed = patched(club, 1, name="n", active=False, description="", segmentKey="k", organizationId=club.id)
        assert changed == {
            **made,
            "name": "n",
            "active": False,
            "description": "",
            "segmentKey": "k",
            "updatedAt": changed["updatedAt"],
        }
        assert patched(club, 1, segmentKey="k")["segmentKey"] == get(club, 1)["segmentKey"] == "k"

    def test_a_matcher_is_replaced_as_a_whole(self, club: Club) -> None:
        new_audience(club, {**ADULT, "match": "any"})
        assert patched(club, 1, matcher={"expression": "true"})["matcher"] == {"expression": "true"}

    def test_another_type_keeps_nothing_of_the_old_matcher(self, club: Club) -> None:
        ana = club.member()["memberId"]
        new_audience(club, {"expression": "true"})
        assert in_audience(club, 1)
        changed = patched(club, 1, matcherType=LIST)
        assert (changed["matcher"], changed["memberCount"], in_audience(club, 1)) == ({}, 0, False)
        assert patched(club, 1, matcher={"memberIds": [ana]})["memberCount"] == 1
        assert patched(club, 1, matcherType=NULL)["memberCount"] == 0
        assert patched(club, 1, matcherType=ATTRIBUTE, matcher={"expression": "true"})["memberCount"] == 1


class TestCounts:
    def test_members_are_counted_when_an_audience_is_made_or_its_rule_changes(self, club: Club) -> None:
        for name, age in (("ana", 34), ("ben", 12), ("cid", 18)):
            club.member(name, profile={"age": age})
        made = new_audience(club, ADULT)
        assert (made["memberCount"], made["refreshedAt"]) == (2, made["createdAt"])
        assert [
            new_audience(club, {"memberIds": [1, 3, 3, 99]}, matcherType=LIST)["memberCount"],
            new_audience(club, matcherType=NULL)["memberCount"],
        ] == [2, 0]
        named = patched(club, 1, name="n")
        assert (named["memberCount"], named["refreshedAt"]) == (2, made["refreshedAt"])
        changed = patched(club, 1, matcher={"expression": "member.profile.age < 18"})
        assert (changed["memberCount"], changed["refreshedAt"]) == (1, changed["updatedAt"])

    def test_those_of_one_that_is_not_active_are_not_counted(self, club: Club, counted: list[int]) -> None:
        club.member()
        made = new_audience(club, {"expression": "true"}, active=False)
        assert (made["memberCount"], made["refreshedAt"]) == (None, None)
        patched(club, 1, matcher={"expression": "member.active"})
        change_members(club)
        club.advance(DAY_MS)
        assert (get(club, 1)["memberCount"], counted, jobs(club)) == (None, [], [])
        assert patched(club, 1, active=True)["memberCount"] == 1
        club.member("ben")
        off = patched(club, 1, active=False)
        change_members(club)
        club.advance(DAY_MS)
        assert (off["memberCount"], get(club, 1)["memberCount"]) == (1, 1)
        assert patched(club, 1, active=True)["memberCount"] == 2

    def test_a_count_ends_when_the_audience_is_not_active_any_more(
        self, club: Club, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(counts, "SLICE_MEMBERS_MAX", 1)
        for name in "abc":
            club.member(name)
        new_audience(club, matcherType=NULL)
        begin(club, 1, {"expression": "true"})
        patched(club, 1, active=False)
        club.advance(0)
        assert (get(club, 1)["memberCount"], jobs(club)) == (0, [])

    def test_they_are_counted_again_within_a_day_of_a_change_to_members(self, club: Club) -> None:
        made = new_audience(club, {"expression": "true"})
        nobody = new_audience(club, matcherType=NULL)
        listed = new_audience(club, {"memberIds": [1]}, matcherType=LIST)
        club.member()
        change_members(club)
        club.advance(DAY_MS // 2)
        club.member("ben")
        change_members(club)
        assert [get(club, 1), get(club, 3), len(daily(club))] == [made, listed, 1]
        club.advance(DAY_MS // 2)
        first = get(club, 1)
        assert (first["memberCount"], first["updatedAt"], first["refreshedAt"] > made["refreshedAt"]) == (
            2,
            made["updatedAt"],
            True,
        )
        assert get(club, 3) == {**listed, "memberCount": 1, "refreshedAt": first["refreshedAt"]}
        assert (get(club, 2), jobs(club)) == (nobody, [])
        club.member("cid")
        change_members(club)
        club.advance(DAY_MS)
        assert [get(club, number)["memberCount"] for number in (1, 2, 3)] == [3, 0, 1]

    def test_so_are_they_when_a_member_comes_into_a_program_without_tiers_or_leaves_it(self, club: Club) -> None:
        program = new_program(club)["loyaltyProgramId"]
        ana = club.member()["memberId"]
        new_audience(club, {"expression": f"{program} in member.loyaltyPrograms"})
        club.advance(DAY_MS)
        path = f"/members/{ana}/loyalty-programs/{program}"
        assert club.put(f"{path}/tier", json={}).status_code == 200
        club.advance(DAY_MS)
        assert get(club, 1)["memberCount"] == 1
        assert club.delete(path).status_code == 200
        club.advance(DAY_MS)
        assert (get(club, 1)["memberCount"], jobs(club)) == (0, [])

    def test_nothing_is_counted_while_no_member_changes(self, club: Club, counted: list[int]) -> None:
        for name in "abc":
            club.member(name, profile={"age": 20})
        for matcher in (ADULT, {"expression": "true"}, {"match": "any"}):
            new_audience(club, matcher)
        assert (jobs(club), counted) == ([], [3, 3, 3])
        before = [get(club, number) for number in (1, 2, 3)]
        club.advance(365 * DAY_MS)
        assert ([get(club, number) for number in (1, 2, 3)], jobs(club), counted) == (before, [], [3, 3, 3])

    def test_organizations_without_an_audience_to_count_have_nothing_to_do(self, club: Club, other_club: Club) -> None:
        new_audience(other_club, ADULT)
        for _ in range(2):
            change_members(club)
            assert jobs(club) == []
            new_audience(club, matcherType=NULL)

    def test_a_job_is_looked_up_once_while_it_is_to_come(self, club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(club.server.runtime.directory, "configuration", Configuration(kept_s=3_600))
        new_audience(club, {"expression": "true"})
        change_members(club)
        change_members(club)
        with noted(club.server.runtime.storage.engine) as seen:
            change_members(club)
        assert [text for text in seen if "FROM lc_audiences" in text] == []
        club.advance(DAY_MS)
        change_members(club)
        assert len(daily(club)) == 1

    def test_a_job_that_is_about_to_run_is_not_relied_on(self, club: Club) -> None:
        new_audience(club, {"expression": "true"})
        club.member()
        change_members(club)
        club.advance(DAY_MS - 2 * MINUTE_MS)
        change_members(club)
        assert len(daily(club)) == 1
        club.advance(MINUTE_MS + SECOND_MS)
        change_members(club)
        assert len(daily(club)) == 2
        club.advance(MINUTE_MS)
        assert (len(daily(club)), get(club, 1)["memberCount"]) == (1, 1)
        club.member("ben")
        club.advance(DAY_MS)
        assert (daily(club), get(club, 1)["memberCount"]) == ([], 2)

    def test_jobs_made_at_once_count_once(self, club: Club, counted: list[int]) -> None:
        new_audience(club, {"expression": "true"})
        club.member()
        change_members(club)
        unit = club.unit()
        with unit.transaction():
            for subject in ("2", "1"):
                schedule(unit, DAILY_JOB, subject, unit.now_ms + DAY_MS)
        assert len(daily(club)) == 3
        counted.clear()
        club.advance(DAY_MS)
        assert (daily(club), counted, get(club, 1)["memberCount"]) == ([], [1], 1)

    def test_all_audiences_are_counted_in_one_pass_of_slices(
        self, club: Club, counted: list[int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in "abcde":
            club.member(name, profile={"age": 20})
        for _ in range(3):
            new_audience(club, ADULT)
        new_audience(club, {"memberIds": [1, 5]}, matcherType=LIST)
        club.member("f", profile={"age": 20})
        for members_max, slices in ((1, [1] * 6 + [0]), (2, [2, 2, 2, 0]), (4, [4, 2]), (6, [6, 0]), (100, [6])):
            monkeypatch.setattr(counts, "SLICE_MEMBERS_MAX", members_max)
            before = get(club, 1)["refreshedAt"]
            change_members(club)
            counted.clear()
            club.advance(DAY_MS)
            assert counted == slices
            assert [get(club, number)["memberCount"] for number in (1, 2, 3, 4)] == [6, 6, 6, 2]
            assert all(get(club, number)["refreshedAt"] > before for number in (1, 2, 3, 4))
            assert jobs(club) == []

    def test_large_organizations_are_counted_in_slices(self, club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(counts, "SLICE_MEMBERS_MAX", 2)
        for name in "abcde":
            club.member(name, profile={"age": 20})
        made = new_audience(club, ADULT)
        assert (made["memberCount"], made["refreshedAt"] >= made["createdAt"]) == (5, True)
        assert get(club, 1) == made
        club.member("f", profile={"age": 20})
        changed = patched(club, 1, matcher={"expression": "member.loyaltyMemberId != 'a'"})
        assert (changed["memberCount"], changed["refreshedAt"] > made["refreshedAt"]) == (5, True)
        assert patched(club, 1, matcher={"expression": "member.loyaltyMemberId == 'f'"})["memberCount"] == 1
        assert (COUNT_JOB, "") not in jobs(club)

    def test_a_call_waits_for_so_many_slices_and_jobs_go_on(self, club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(counts, "SLICE_MEMBERS_MAX", 1)
        monkeypatch.setattr(counts, "CALL_SLICES_MAX", 0)
        for name in "abcde":
            club.member(name, profile={"age": 20})
        new_audience(club, ADULT)
        club.advance(0)
        assert get(club, 1)["memberCount"] == 5

    def test_a_change_of_the_rule_ends_the_count_that_is_under_way(
        self, club: Club, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(counts, "SLICE_MEMBERS_MAX", 1)
        for name in "abc":
            club.member(name)
        new_audience(club, matcherType=NULL)
        for matcher_type, matcher, count in (
            (NULL, {}, 0),
            (ATTRIBUTE, {"expression": "member.loyaltyMemberId != 'b'"}, 2),
        ):
            begin(club, 1, {"expression": "true"})
            assert (COUNT_JOB, "") in jobs(club)
            patched(club, 1, matcherType=matcher_type, matcher=matcher)
            club.advance(0)
            assert (get(club, 1)["memberCount"], jobs(club)) == (count, [])

    def test_counts_that_began_apart_go_on_together(
        self, club: Club, counted: list[int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(counts, "SLICE_MEMBERS_MAX", 2)
        for name in "abcdefg":
            club.member(name)
        for _ in range(2):
            new_audience(club, matcherType=NULL)
        begin(club, 1, {"expression": "true"})
        unit = club.unit()
        with unit.transaction():
            counts.continue_count(unit, "")
        begin(club, 2, {"expression": "member.memberId > 2"})
        counted.clear()
        club.advance(0)
        assert ([get(club, number)["memberCount"] for number in (1, 2)], jobs(club)) == ([7, 5], [])
        assert counted == [2, 2, 1]

    def test_a_pass_over_all_begins_again_with_what_was_under_way(
        self, club: Club, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(counts, "SLICE_MEMBERS_MAX", 2)
        for name in "abcde":
            club.member(name)
        new_audience(club, matcherType=NULL)
        begin(club, 1, {"expression": "true"})
        unit = club.unit()
        with unit.transaction():
            schedule(unit, DAILY_JOB, "1", unit.now_ms)
            counts.count_all(unit, "1")
        club.advance(0)
        assert (get(club, 1)["memberCount"], jobs(club)) == (5, [])


class TestRules:
    def test_a_condition_compares_an_attribute_with_a_value(self, club: Club) -> None:
        club.know(tiers=["gold", "gol"])
        for attribute, operator, value, wanted in (
            ("profile.age", "equals", 34, True),
            ("profile.age", "equals", 34.0, True),
            ("profile.age", "equals", "34", False),
            ("profile.gone", "equals", False, False),
            ("profile.kids", "equals", False, False),
            ("customAttributes.on", "equals", False, True),
            ("profile.age", "notEquals", 34, False),
            ("profile.gone", "notEquals", 34, True),
            ("profile.age", "lessThan", 34, False),
            ("profile.age", "lessThanOrEquals", 34, True),
            ("profile.age", "greaterThan", 33.5, True),
            ("profile.age", "greaterThanOrEquals", 35, False),
            ("profile.age", "greaterThan", "1", False),
            ("createdAt", "lessThan", "2026-01-01", True),
            ("profile.gone", "lessThan", 1, False),
            ("profile.country", "in", ["SE", "NO"], True),
            ("profile.country", "in", [], False),
            ("profile.country", "notIn", ["SE"], True),
            ("profile.gone", "notIn", ["SE"], True),
            ("profile.gone", "in", ["SE"], False),
            ("tiers", "contains", "gold", True),
            ("tiers", "contains", "gol", False),
            ("profile.name", "contains", "na", True),
            ("profile.gone", "contains", "a", False),
            ("tiers", "notContains", "gold", False),
            ("profile.gone", "notContains", "a", True),
            ("profile.name", "startsWith", "Á", True),
            ("profile.name", "startsWith", "á", False),
            ("profile.name", "endsWith", "na", True),
            ("profile.age", "startsWith", "3", False),
            ("profile.gone", "startsWith", "", False),
            ("profile.kids", "exists", None, True),
            ("profile.gone", "exists", None, False),
            ("memberType", "exists", None, False),
            ("memberType", "notExists", None, True),
            ("profile.age", "notExists", None, False),
            ('profile["home town"]', "equals", "Bergen", True),
            ("customAttributes.a.b[1]", "equals", "x", True),
            ("customAttributes.a.b", "contains", 1, True),
            ("tiers[0]", "equals", "gold", True),
            ("active", "equals", True, True),
            ("memberId", "equals", 7, True),
        ):
            condition = {"attribute": attribute, "operator": operator, **({} if value is None else {"value": value})}
            assert holds(club, {"conditions": [condition]}) is wanted, condition

    def test_all_conditions_have_to_hold_or_any(self, club: Club) -> None:
        true, false, broken = (
            {"attribute": "profile.age", "operator": "exists"},
            {"attribute": "profile.age", "operator": "notExists"},
            {"attribute": "profile.age", "operator": "startsWith", "value": "3"},
        )
        assert [
            holds(club, {"conditions": conditions}) for conditions in ([true, true], [true, false], [true, broken])
        ] == [True, False, False]
        assert [
            holds(club, {"match": "any", "conditions": conditions})
            for conditions in ([broken, true], [false, true], [false, broken])
        ] == [True, True, False]
        assert holds(club, {"match": "all", "conditions": [true, false]}) is False

    def test_a_matcher_that_asks_for_nothing_matches_nobody(self, club: Club) -> None:
        assert [
            holds(club, matcher)
            for matcher in ({}, {"conditions": []}, {"match": "all", "conditions": []}, {"match": "any"})
        ] == [False] * 4

    def test_an_expression_that_is_true_matches(self, club: Club) -> None:
        club.know(tiers=["gold"])
        for text, wanted in (
            ("true", True),
            ("member.profile.age >= 18 and 'gold' in member.tiers", True),
            ("member.profile.age", True),
            ("member.profile.kids", False),
            ("member.profile.age / 0", False),
            ("member.profile.name + 1", False),
            ("daysBetween(member.createdAt, now()) > 30", True),
            ("any(member.tiers, tier => startsWith(tier, 'ma'))", True),
        ):
            assert holds(club, {"expression": text}) is wanted, text

    def test_a_list_matches_its_members_and_a_null_matcher_nobody(self, club: Club) -> None:
        number = new_audience(club, {"memberIds": [7, 8]}, matcherType=LIST)["audienceId"]
        assert [matched(club, [number], member) for member in ({"memberId": 8}, {"memberId": 9}, {})] == [
            [number],
            [],
            [],
        ]
        nobody = new_audience(club, matcherType=NULL)["audienceId"]
        assert matched(club, [nobody], DATA) == []


class TestMatch:
    def test_answers_those_asked_for_that_match_in_their_order(self, club: Club, other_club: Club) -> None:
        theirs = [new_audience(other_club, {"expression": "true"})["audienceId"] for _ in range(5)]
        yes, no, off, also = (
            new_audience(club, {"expression": text}, active=active)["audienceId"]
            for text, active in (("true", True), ("false", True), ("true", False), ("true", True))
        )
        assert matched(club, [also, no, yes, off, also, 99, 0, *theirs], DATA) == [also, yes]
        assert matched(club, [], DATA) == []
        assert matched(club, [yes], {}) == [yes]

    def test_nothing_of_the_member_is_looked_up(self, club: Club) -> None:
        member = club.member(profile={"age": 34})
        number = new_audience(club, ADULT)["audienceId"]
        assert matched(club, [number], {"memberId": member["memberId"], "loyaltyMemberId": "ana"}) == []
        assert matched(club, [number], {"profile": {"age": 20}, "other": [1]}) == [number]
        assert club.get(f"/members/{member['memberId']}").json()["loyalMember"] == member

    def test_a_wrong_or_missing_member_is_named(self, club: Club) -> None:
        for body in (
            {},
            {"audienceIds": [1]},
            {"member": {}},
            {"audienceIds": None, "member": {}},
            {"audienceIds": [1], "member": None},
            {"audienceIds": ["1"], "member": {}},
            {"audienceIds": [1.5], "member": {}},
            {"audienceIds": [2**63], "member": {}},
            {"audienceIds": [1] * 101, "member": {}},
            {"audienceIds": [1], "member": []},
            {"audienceIds": [1], "member": {"memberId": "1"}},
            {"audienceIds": [1], "member": {"tiers": ["a"] * 101}},
        ):
            assert coded(club.post("/audiences/match", json=body)) == (400, "VALIDATION_FAILED"), body
        assert (
            matched(club, [1] * 100, {"memberType": None, "publicLoyaltyMemberId": None, "referralCode": "x" * 255})
            == []
        )


class TestMembers:
    def test_all_audiences_that_a_member_is_in_are_listed(self, club: Club, other_club: Club) -> None:
        ana = club.member(profile={"age": 34})["memberId"]
        club.member("ben")
        new_audience(other_club, {"expression": "true"})
        adults, listed = new_audience(club, ADULT), new_audience(club, {"memberIds": [ana]}, matcherType=LIST)
        new_audience(club, {"expression": "true"}, active=False)
        gold = new_audience(club, {"expression": "'member' in member.tiers and member.loyaltyPrograms[0] == 1"})
        assert club.get("/loyalty-members/ana/audiences").json() == {"audiences": [adults, listed, gold]}
        assert club.get("/loyalty-members/ben/audiences").json() == {"audiences": [gold]}
        assert [in_audience(club, number) for number in (1, 2, 3, 4)] == [True, True, False, True]
        assert [in_audience(club, number, "ben") for number in (1, 2, 3, 4)] == [False, False, False, True]

    def test_changes_of_a_member_are_seen_at_once(self, club: Club) -> None:
        number = club.member(profile={"age": 12})["memberId"]
        new_audience(club, ADULT)
        assert not in_audience(club, 1)
        assert club.patch(f"/members/{number}", json={"profile": {"age": 18}}).status_code == 200
        assert in_audience(club, 1)
        assert patched(club, 1, active=False)["active"] is False
        assert not in_audience(club, 1)
        assert club.get("/loyalty-members/ana/audiences").json() == {"audiences": []}

    def test_what_is_not_there(self, club: Club, other_club: Club) -> None:
        other_club.member("zoe")
        new_audience(other_club, ADULT)
        club.member()
        for path in (
            "/loyalty-members/zoe/audiences",
            "/loyalty-members/zoe/audiences/1/match",
            "/loyalty-members/zoe/audiences/99/match",
        ):
            assert refusal(club.get(path)) == (404, "There is no member zoe.")
        for unknown in (0, -1, 1, 2**63 - 1):
            assert refusal(club.get(f"/loyalty-members/ana/audiences/{unknown}/match")) == (
                404,
                f"There is no audience {unknown}.",
            )
        assert (
            refusal(club.get(f"/loyalty-members/{'x' * 256}/audiences"))[0]
            == refusal(club.get(f"/loyalty-members/ana/audiences/{2**63}/match"))[0]
            == 400
        )
        assert refusal(club.get("/loyalty-members/ANA/audiences"))[0] == 404

    def test_campaigns_ask_by_key_and_missions_by_number(self, club: Club, other_club: Club) -> None:
        number = club.member(profile={"age": 34})["memberId"]
        new_audience(other_club, {"expression": "true"}, segmentKey="theirs")
        new_audience(club, ADULT, segmentKey="adults")
        new_audience(club, {"expression": "true"}, segmentKey="off", active=False)
        new_audience(club, {"expression": "false"}, segmentKey="never")
        unit = club.unit()
        with unit.transaction():
            member = member_context(unit, find_member(unit, number))
            assert [
                is_in_any(unit, keys, member)
                for keys in (["adults"], ["never", "adults"], ["never"], ["off"], ["theirs"], ["Adults"], [])
            ] == [True, True] + [False] * 5
            assert [is_in(unit, audience, member) for audience in (1, 2, 3, 99)] == [True, False, False, False]


class TestFinding:
    def test_an_unknown_audience_is_not_found(self, club: Club, other_club: Club) -> None:
        theirs = new_audience(other_club)
        for unknown in (0, -1, 1, 2**63 - 1):
            expected = (404, f"There is no audience {unknown}.")
            assert (
                refusal(club.get(f"/audiences/{unknown}"))
                == refusal(patch(club, unknown, name="n"))
                == refusal(patch(club, unknown, matcherType=NULL))
                == expected
            )
        for wrong, status in ((2**63, 400), ("x", 404), ("1.5", 404)):
            assert (
                refusal(club.get(f"/audiences/{wrong}"))[0]
                == refusal(club.patch(f"/audiences/{wrong}", json={}))[0]
                == status
            )
        assert get(other_club, 1) == theirs

    def test_each_filter_leaves_out_what_does_not_match(self, club: Club) -> None:
        vip = new_audience(club, name="VIP Customers", description="The bést 100% of_all")
        listed = new_audience(club, name="Crew", matcherType=LIST, active=False)
        nobody = new_audience(club, name="Nobody", description="vip no more", matcherType=NULL)

        def rows(**query: Any) -> Any:
            return club.get("/audiences", params=query).json()["results"]

        assert rows() == rows(search="") == [vip, listed, nobody]
        assert [rows(matcherType=one) for one in (ATTRIBUTE, LIST, NULL)] == [[vip], [listed], [nobody]]
        assert [
            rows(search=text) for text in ("VIP customers", "vip", "BEST", "ip cus", "crew", "customers vip", "zzz")
        ] == [[vip], [vip, nobody], [vip], [vip], [listed], [], []]
        assert [rows(search=text) for text in ("100%", "f_a", "%", "_", "'", "/")] == [
            [vip],
            [vip],
            [vip],
            [vip],
            [],
            [],
        ]
        assert [rows(search="vip", matcherType=NULL), rows(search="crew", matcherType=NULL)] == [[nobody], []]
        assert club.get("/audiences", params={"search": "vip", "limit": 1, "page": 1}).json() == {
            "totalCount": 2,
            "page": 1,
            "limit": 1,
            "results": [nobody],
        }
        assert rows(search="é" * 255) == []
        assert rows(search="customers\nthe") == rows(search="nobody\nvip") == []
        patched(club, 2, name="Staff", description="x")
        assert [len(rows(search=text)) for text in ("crew", "staff")] == [0, 1]

    def test_pages_and_orders(self, club: Club) -> None:
        club.member(profile={"age": 20})
        new_audience(club, ADULT, name="c", segmentKey="z")
        new_audience(club, name="a", matcherType=NULL, segmentKey="y")
        new_audience(club, name="b", matcherType=LIST, segmentKey="x")
        patched(club, 3, active=False)

        def names(**query: Any) -> str:
            return "".join(row["name"] for row in club.get("/audiences", params=query).json()["results"])

        assert [
            names(),
            names(order="id,desc"),
            names(order="audienceId,asc"),
            names(order="createdAt"),
            names(order="createdAt,desc"),
        ] == ["cab", "bac", "cab", "cab", "bac"]
        assert [
            names(order="name"),
            names(order="name,desc"),
            names(order="segmentKey"),
            names(order="segmentKey,desc"),
        ] == ["abc", "cba", "bac", "cab"]
        assert [
            names(order="active"),
            names(order="active,desc"),
            names(order="matcherType"),
            names(order="matcherType,desc"),
        ] == ["bca", "acb", "cba", "abc"]
        assert [
            names(order="memberCount"),
            names(order="memberCount,desc"),
            names(order="refreshedAt"),
            names(order="refreshedAt,desc"),
        ] == ["abc", "cba", "cab", "bac"]
        assert [names(limit=2), names(limit=2, page=1), names(limit=2, page=2), names(page=2**31 - 1)] == [
            "ca",
            "b",
            "",
            "",
        ]
        patched(club, 1, matcher={"expression": "member.active"})
        assert [names(order="updatedAt"), names(order="updatedAt,desc"), names(order="refreshedAt")] == [
            "abc",
            "cba",
            "abc",
        ]
        for bad in (
            "order=matcher",
            "order=description",
            "matcherType=x",
            "limit=26",
            "page=-1",
            f"search={'x' * 256}",
        ):
            assert coded(club.get(f"/audiences?{bad}")) == (400, "VALIDATION_FAILED")


def test_a_reader_may_match_and_not_write_and_a_writer_may_write(club: Club) -> None:
    club.member()
    reader, writer = club.further_token("members:read"), club.further_token("members:write")
    body = {"active": True, "organizationId": club.id, "name": "n", "matcherType": NULL}
    assert club.post("/audiences", json=body, token=writer).status_code == 201
    assert club.patch("/audiences/1", json={}, token=writer).status_code == 200
    assert (
        refusal(club.post("/audiences", json=body, token=reader))[0]
        == refusal(club.patch("/audiences/1", json={}, token=reader))[0]
        == 403
    )
    matching = {"audienceIds": [1], "member": {}}
    assert club.post("/audiences/match", json=matching, token=reader).status_code == 200
    assert refusal(club.post("/audiences/match", json=matching, token=writer))[0] == 403
    for path in (
        "/audiences",
        "/audiences/1",
        "/loyalty-members/ana/audiences",
        "/loyalty-members/ana/audiences/1/match",
    ):
        assert club.get(path, token=reader).status_code == 200
        assert refusal(club.get(path, token=writer))[0] == 403
