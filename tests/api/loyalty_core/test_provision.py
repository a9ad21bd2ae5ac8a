"""Organizations as scenario files make them: badges, surveys and answers, which no call makes."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from models.kernel.connection import LazyConnection
from models.loyalty_core.members.tables import Badge
from models.loyalty_core.organization.tables import Survey
from models.loyalty_core.settings import organization_id
from tests.api.loyalty_core.conftest import Club
from tests.api.loyalty_core.engine import action, campaign, effect, event_type, tracked
from tests.support.client import Client
from tests.support.tenants import fresh_alias
from troth.app import Server
from troth.mock.scenarios import ScenarioError, load_scenario

SURVEY = {"survey_id": 1, "name": "Would you recommend us?"}
BADGE = {"badge_key": "explorer", "name": "Explorer"}


class Files:
    """Scenario files of one organization."""

    def __init__(self, server: Server, client: Client, folder: Path) -> None:
        self.server, self.client, self.folder, self.alias = server, client, folder, fresh_alias()
        self.token = f"lc_{self.alias}"

    def load(self, **live: Any) -> None:
        file = self.folder / "scenario.yaml"
        file.write_text(
            yaml.safe_dump(
                {
                    "projects": [
                        {
                            "api": "loyalty_core",
                            "project": self.alias,
                            "name": "Coffee",
                            "live": {"alias": self.alias, "credentials": {"api_token": self.token}, **live},
                        }
                    ]
                }
            )
        )
        runtime = self.server.runtime
        with runtime.storage.session() as session, session.begin():
            load_scenario(runtime, session, file, fixed_keys=True)

    @property
    def club(self) -> Club:
        runtime = self.server.runtime
        runtime.directory.forget()
        with runtime.storage.session() as session:
            tenant = runtime.directory.tenant(LazyConnection.of(session), "loyalty_core", self.alias)
        assert tenant is not None
        assert organization_id(tenant, runtime.directory) > 0
        return Club(self.server, self.client, tenant, self.token)

    def score(self, survey: int = 1) -> tuple[str, int, float | None]:
        """(name, answers, score)."""
        answer = self.client.request(
            "GET", f"/loyalty-core/api/v1/stats/surveys/{survey}/nps", headers={"Authorization": f"Bearer {self.token}"}
        )
        assert answer.status_code == 200, answer.text
        result = answer.json()["result"]
        return result["name"], result["answerCount"], result["score"]


@pytest.fixture
def files(server: Server, client: Client, tmp_path: Path) -> Files:
    return Files(server, client, tmp_path)


def rows(club: Club, kind: Any) -> list[Any]:
    unit = club.unit()
    with unit.transaction() as session:
        return list(session.scalars(unit.scoped(kind).order_by(kind.id)).all())


class TestSurveys:
    def test_members_of_the_same_file_answer(self, files: Files) -> None:
        files.load(
            populate={"members": 5, "transactions": 20},
            surveys=[
                {**SURVEY, "answers": {f"HC-00000{n}": score for n, score in ((1, 9), (2, 10), (3, 8), (4, 2))}},
                {"survey_id": 2**53 - 1, "name": "é" * 255},
            ],
        )
        assert files.score() == ("Would you recommend us?", 4, 25)
        assert files.score(2**53 - 1) == ("é" * 255, 0, None)

    def test_loading_again_adds_answers_and_changes_names_and_scores(self, files: Files) -> None:
        files.load()
        for loyalty_member_id in ("ana", "77"):
            files.club.member(loyalty_member_id)
        files.load(surveys=[{**SURVEY, "answers": {"ana": 3}}])
        [before] = rows(files.club, Survey)
        files.club.advance(10)
        files.load(surveys=[{**SURVEY, "name": "New", "answers": {"ana": 9, 77: 0}}])
        assert files.score() == ("New", 2, 0)
        [after] = rows(files.club, Survey)
        assert before.created_ms == after.created_ms
        files.load(surveys=[{**SURVEY, "answers": {77: 9}}])
        files.load()
        assert files.score() == (SURVEY["name"], 2, 100)

    def test_each_organization_has_its_own(self, files: Files, server: Server, client: Client, tmp_path: Path) -> None:
        other = Files(server, client, tmp_path)
        for one, name in ((files, "Mine"), (other, "Theirs")):
            one.load(surveys=[{"survey_id": 1, "name": name}])
        assert (files.score()[0], other.score()[0]) == ("Mine", "Theirs")

    @pytest.mark.parametrize(
        ("surveys", "reason"),
        [
            ("x", "not a list"),
            (None, "not a list"),
            (["x"], "survey_id and a name"),
            ([{"survey_id": 1}], "survey_id and a name"),
            ([{"name": "x"}], "survey_id and a name"),
            ([{**SURVEY, "question": "x"}], "nothing else"),
            *(([{**SURVEY, "survey_id": bad}], "whole number") for bad in (0, -1, "1", 1.5, True, None, 2**53)),
            *(([{**SURVEY, "name": bad}], "name of the survey 1") for bad in ("", "x" * 256, 5, None)),
            *(([{**SURVEY, "answers": bad}], "mapping") for bad in ([], "x", None, 5)),
            *(([{**SURVEY, "answers": {"ana": bad}}], "0 to 10") for bad in (-1, 11, "9", 9.0, True, None)),
            ([{**SURVEY, "answers": {"nobody": 5}}], "nobody, who is no member"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_is_loaded(self, files: Files, surveys: Any, reason: str) -> None:
        files.load()
        files.club.member("ana")
        for name in ("new", "known"):
            with pytest.raises(ScenarioError, match=reason):
                (files if name == "known" else Files(files.server, files.client, files.folder)).load(
                    badges=[BADGE],
                    surveys=[{"survey_id": 7, "name": "Good"}, *surveys] if isinstance(surveys, list) else surveys,
                )
        assert rows(files.club, Survey) == rows(files.club, Badge) == []


class TestBadges:
    def test_they_can_be_minted(self, files: Files) -> None:
        files.load(badges=[BADGE, {"badge_key": "é" * 255, "name": "x"}])
        club = files.club
        event_type(club)
        action(club, campaign(club, "app-review"), effect("mint-badge", badgeKey="explorer"))
        [done] = tracked(club, club.member(), eventType="app-review")
        assert done["data"] == {
            "badgeId": rows(club, Badge)[0].id,
            "badgeKey": "explorer",
            "name": "Explorer",
            "minted": True,
        }
        assert [row["data"]["badgeKey"] for row in club.events("badge-minted")] == ["explorer"]

    def test_loading_again_adds_and_renames(self, files: Files) -> None:
        files.load(badges=[BADGE])
        for _ in range(2):
            files.load(badges=[{**BADGE, "name": "New"}, {"badge_key": "regular", "name": "Regular"}])
        files.load()
        assert [(row.badge_key, row.name) for row in rows(files.club, Badge)] == [
            ("explorer", "New"),
            ("regular", "Regular"),
        ]

    @pytest.mark.parametrize(
        ("badges", "reason"),
        [
            ("x", "not a list"),
            (None, "not a list"),
            (["x"], "badge_key and a name"),
            ([{"name": "x"}], "badge_key and a name"),
            ([{**BADGE, "picture": "x"}], "nothing else"),
            *(([{**BADGE, "badge_key": bad}], "not a badge_key") for bad in ("", "x" * 256, 5, None)),
            *(([{**BADGE, "name": bad}], "not a name") for bad in ("", "x" * 256, 5, None)),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_is_loaded(self, files: Files, badges: Any, reason: str) -> None:
        files.load()
        with pytest.raises(ScenarioError, match=reason):
            files.load(badges=[BADGE, *badges] if isinstance(badges, list) else badges)
        assert rows(files.club, Badge) == []
