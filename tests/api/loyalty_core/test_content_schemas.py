"""Content schemas and their versions."""

import json
from typing import Any

from models.loyalty_core.organization.json_schemas import DEPTH_MAX, PATTERNS_MAX
from tests.api.loyalty_core.conftest import Club, coded, refusal
from tests.support.client import segment

TEXT = '{"type": "object", "properties": {"headline": {"type": "string"}}}'
OTHER = '{"type": "object", "required": ["headline"]}'
NEW = {"name": "Offer", "type": 1, "active": True, "schema": TEXT}
DRAFT = "http://json-schema.org/draft-0{}/schema#"


def new_schema(club: Club, **members: Any) -> dict[str, Any]:
    return club.made("/content-schemas", **{**NEW, **members})


def nested(depth: int) -> str:
    """A JSON Schema of so many levels."""
    return '{"not":' * (depth - 1) + "{}" + "}" * (depth - 1)


class TestCreate:
    def test_what_is_created_is_there(self, club: Club) -> None:
        answer = club.post("/content-schemas", json=NEW)
        assert answer.status_code == 201
        made = answer.json()
        assert {name: made[name] for name in made if not name.endswith("At")} == {
            **NEW,
            "contentSchemaId": 1,
            "organizationId": club.id,
            "description": None,
            "pictureUrl": None,
            "contentSchemaVersionId": 1,
        }
        assert made["createdAt"] == made["updatedAt"]
        assert club.get("/content-schemas/1").json() == club.get("/content-schemas/1/versions/1").json() == made
        assert club.events() == []

    def test_all_that_can_be_said_is_kept(self, club: Club) -> None:
        said = {
            "name": "é" * 255,
            "description": "😀" * 4096,
            "pictureUrl": "x" * 2048,
            "type": -(2**31),
            "active": False,
            "schema": ' {"description" : "ü \\u00fc \\u0000 😀"}\n',
        }
        assert said.items() <= new_schema(club, **said).items()
        assert said.items() <= club.get("/content-schemas/1").json().items()

    def test_a_wrong_or_missing_member_is_named(self, club: Club) -> None:
        made = new_schema(club)
        wrong: dict[str, list[Any]] = {
            "name": [None, "", "x" * 256],
            "type": [None, "1", 2**31, 1.5],
            "active": [None, "yes"],
            "description": ["x" * 4097],
            "pictureUrl": ["x" * 2049],
            "schema": [None, "", {"type": "object"}, "x" * 262_145],
        }
        for name, values in wrong.items():
            for value in values:
                answers = [club.post("/content-schemas", json={**NEW, name: value})]
                if value is not None:  # a change may leave out every member
                    answers.append(club.patch("/content-schemas/1", json={name: value}))
                for answer in answers:
                    status, message = refusal(answer)
                    assert (status, name in message) == (400, True), (name, str(value)[:9])
        for missing in NEW:
            status, message = refusal(
                club.post("/content-schemas", json={name: NEW[name] for name in NEW if name != missing})
            )
            assert (status, missing in message) == (400, True)
        assert club.get("/content-schemas?includeLastSchema=true").json() == [made]


class TestTexts:
    """What is a JSON Schema, and what is none; creating and changing judge alike."""

    GOOD = (
        "{}",
        '{"kind": "of your own"}',
        '{"$ref": "#"}',
        '{"$defs": {"a": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"}',
        '{"$ref": "https://json-schema.org/draft/2020-12/schema"}',
        '{"pattern": "^(?=.*\\\\p{L})[^,]{2,50}$"}',
        f'{{"$schema": "{DRAFT.format(4)}", "minimum": 1, "exclusiveMinimum": true}}',
        f'{{"$schema": "{DRAFT.format(6)}", "exclusiveMinimum": 1}}',
        f'{{"$schema": "{DRAFT.format(7)}", "items": [{{}}]}}',
        '{"$schema": "https://json-schema.org/draft/2019-09/schema", "items": [{}]}',
        nested(DEPTH_MAX),
        json.dumps({"patternProperties": {str(number): {} for number in range(PATTERNS_MAX)}}),
        '{"description": "' + "x" * (262_144 - 19) + '"}',
    )
    BAD = (
        ("nonsense", "it is not JSON"),
        ('{"a": 1', "line 1 column 8"),
        ('{"minimum": NaN}', "it is not JSON"),
        ("\\ud800", "not JSON"),
        ('{"title": "\\ud800"}', "it is not JSON"),
        ('{"minimum": 1} {}', "it is not JSON"),
        ("true", "it is not a JSON object"),
        ("[]", "it is not a JSON object"),
        ("null", "it is not a JSON object"),
        ('"{}"', "it is not a JSON object"),
        ('{"type": "objekt"}', 'at /type: "objekt"'),
        ('{"properties": {"a/b~c": {"minLength": -1}}}', "at /properties/a~1b~0c/minLength: -1"),
        ('{"items": [{}]}', "at /items"),
        ('{"exclusiveMinimum": true}', "at /exclusiveMinimum"),
        ('{"pattern": "["}', "at /pattern"),
        (f'{{"$schema": "{DRAFT.format(4)}", "required": []}}', "at /required"),
        ('{"enum": [1], "anyOf": []}', "at /anyOf"),
        (f'{{"$schema": "{DRAFT.format(3)}"}}', "Unknown meta-schema"),
        ('{"$schema": "http://127.0.0.1:1/s"}', "Unknown meta-schema"),
        ('{"$schema": 5}', "at /$schema"),
        ('{"$ref": "http://127.0.0.1:1/s"}', "cannot fetch"),
        ('{"$ref": "file:///etc/hosts"}', "cannot fetch"),
        ('{"$ref": "other.json"}', "other.json"),
        ('{"$ref": "#/$defs/nowhere"}', "/$defs/nowhere"),
        ('{"$id": "::"}', "::"),
        (nested(DEPTH_MAX + 1), f"deeper than {DEPTH_MAX} levels"),
        ("[" * 100_000, "it is not JSON"),
        ('{"a":' * 5_000, "it is not JSON"),
        (
            json.dumps({"patternProperties": {str(number): {} for number in range(PATTERNS_MAX + 1)}}),
            f"more than {PATTERNS_MAX} patterns",
        ),
        (json.dumps({"allOf": [{"pattern": "a"}] * (PATTERNS_MAX + 1)}), f"more than {PATTERNS_MAX} patterns"),
        ('{"pattern": "(a{900}){100}"}', "more than 1500 places"),
        ('{"pattern": "' + "(" * 50_000 + '"}', "at /pattern"),
    )

    def test_json_schemas(self, club: Club) -> None:
        new_schema(club, schema='{"title": "Before."}')
        for version, text in enumerate(self.GOOD, 1):
            assert new_schema(club, schema=text)["schema"] == text
            changed = club.patch("/content-schemas/1", json={"schema": text}).json()
            assert (changed["schema"], changed["contentSchemaVersionId"]) == (text, 2 * version + 1)

    def test_what_is_none_is_refused_and_changes_nothing(self, club: Club) -> None:
        made = new_schema(club)
        for text, expected in self.BAD:
            for answer in (
                club.post("/content-schemas", json={**NEW, "schema": text}),
                club.patch("/content-schemas/1", json={"name": "New", "schema": text}),
            ):
                status, message = refusal(answer)
                assert (status, message.startswith("The schema is not a JSON Schema: "), expected in message) == (
                    400,
                    True,
                    True,
                ), message
                assert len(message) < 700
        assert club.get("/content-schemas", params={"includeLastSchema": "true"}).json() == [made]


class TestVersions:
    def test_another_schema_is_a_new_version(self, club: Club) -> None:
        first = new_schema(club)
        second = new_schema(club, name="Another")
        changed = club.patch("/content-schemas/1", json={"schema": OTHER, "name": "New"}).json()
        assert changed == {
            **first,
            "name": "New",
            "schema": OTHER,
            "contentSchemaVersionId": 3,
            "updatedAt": changed["updatedAt"],
        }
        assert changed["updatedAt"] > first["updatedAt"]
        assert club.get("/content-schemas/1").json() == club.get("/content-schemas/1/versions/3").json() == changed
        assert club.get("/content-schemas/1/versions/1").json() == {
            **changed,
            "schema": TEXT,
            "contentSchemaVersionId": 1,
        }
        assert club.get("/content-schemas/2").json() == second
        back = club.patch("/content-schemas/1", json={"schema": TEXT}).json()
        assert (back["schema"], back["contentSchemaVersionId"]) == (TEXT, 4)

    def test_the_same_json_is_none(self, club: Club) -> None:
        made = new_schema(club)
        for same in (
            TEXT,
            json.dumps(json.loads(TEXT), indent=3),
            '{"properties":{"headline":{"type":"string"}},"type":"\\u006fbject"}',
        ):
            changed = club.patch("/content-schemas/1", json={"schema": same}).json()
            assert changed == {**made, "updatedAt": changed["updatedAt"]}
        assert refusal(club.get("/content-schemas/1/versions/2"))[0] == 404

    def test_true_and_one_differ(self, club: Club) -> None:
        new_schema(club, schema='{"const": 1}')
        assert (
            club.patch("/content-schemas/1", json={"schema": '{"const": true}'}).json()["contentSchemaVersionId"] == 2
        )

    def test_what_is_left_out_stays(self, club: Club) -> None:
        made = new_schema(club, description="Of summer.", pictureUrl="https://x")
        changed = club.patch("/content-schemas/1", json={"active": False, "type": 7}).json()
        assert changed == {**made, "active": False, "type": 7, "updatedAt": changed["updatedAt"]}
        untouched = club.patch("/content-schemas/1", json={"contentSchemaId": 9, "contentSchemaVersionId": 9}).json()
        assert untouched == {**changed, "updatedAt": untouched["updatedAt"]}
        assert club.patch("/content-schemas/1", json={"description": ""}).json()["description"] == ""

    def test_a_version_is_one_of_its_schema(self, club: Club) -> None:
        new_schema(club)
        new_schema(club)
        assert refusal(club.get("/content-schemas/1/versions/2")) == (404, "The content schema 1 has no version 2.")
        assert refusal(club.get("/content-schemas/3/versions/2")) == (404, "There is no content schema 3.")


class TestDelete:
    def test_it_goes_with_its_versions(self, club: Club) -> None:
        new_schema(club)
        other = new_schema(club)
        club.patch("/content-schemas/1", json={"schema": OTHER})
        answer = club.delete("/content-schemas/1")
        assert (answer.status_code, answer.json()) == (200, True)
        for path in ("/content-schemas/1", "/content-schemas/1/versions/1", "/content-schemas/1/versions/3"):
            assert refusal(club.get(path)) == (404, "There is no content schema 1.")
        assert (
            refusal(club.delete("/content-schemas/1"))[0]
            == refusal(club.patch("/content-schemas/1", json={}))[0]
            == 404
        )
        assert club.get("/content-schemas", params={"includeLastSchema": "true"}).json() == [other]
        again = new_schema(club)
        assert (again["contentSchemaId"], again["contentSchemaVersionId"]) == (3, 4)


class TestFinding:
    def test_a_text_that_is_no_number_of_one_is_unknown(self, club: Club) -> None:
        new_schema(club)
        for unknown in (
            "x",
            "0",
            "-1",
            "01",
            "+1",
            " 1",
            "1.0",
            "1e0",
            "٢",
            "1_0",
            "9" * 18,
            "9" * 30,
            "x" * 255,
            "null",
        ):
            path = f"/content-schemas/{segment(unknown)}"
            for answer in (
                club.get(path),
                club.patch(path, json={"schema": OTHER}),
                club.delete(path),
                club.get(f"{path}/versions/1"),
            ):
                assert refusal(answer) == (404, f"There is no content schema {unknown}.")
            assert refusal(club.get(f"/content-schemas/1/versions/{segment(unknown)}")) == (
                404,
                f"The content schema 1 has no version {unknown}.",
            )
        assert coded(club.get(f"/content-schemas/{'1' * 256}")) == (400, "VALIDATION_FAILED")

    def test_what_is_another_organizations_is_not_there(self, club: Club, other_club: Club) -> None:
        for _ in range(2):
            theirs = new_schema(other_club)
        mine = new_schema(club)
        for answer in (
            club.get("/content-schemas/2"),
            club.patch("/content-schemas/2", json={"name": "Mine"}),
            club.delete("/content-schemas/2"),
            club.get("/content-schemas/2/versions/2"),
            club.get("/content-schemas/1/versions/2"),
        ):
            assert refusal(answer)[0] == 404
        assert club.delete("/content-schemas/1").json() is True
        assert other_club.get("/content-schemas/2").json() == theirs
        assert other_club.get("/content-schemas/1").json()["schema"] == mine["schema"]

    def test_rows_have_their_text_when_it_is_asked_for(self, club: Club) -> None:
        made = [new_schema(club), new_schema(club, schema=OTHER)]
        made[0] = club.patch("/content-schemas/1", json={"schema": '{"minLength": 1}'}).json()
        assert club.get("/content-schemas?includeLastSchema=true").json() == made
        bare = [{name: row[name] for name in row if name != "schema"} for row in made]
        assert (
            club.get("/content-schemas").json() == club.get("/content-schemas?includeLastSchema=false").json() == bare
        )

    def test_pages_orders_and_filters(self, club: Club) -> None:
        for name, kind, active in (("b", 2, True), ("C", 1, False), ("a", 2, False)):
            new_schema(club, name=name, type=kind, active=active)

        def names(**query: Any) -> str:
            return "".join(row["name"] for row in club.get("/content-schemas", params=query).json())

        assert [names(), names(order="id,desc"), names(order="createdAt,desc"), names(order="createdAt")] == [
            "bCa",
            "aCb",
            "aCb",
            "bCa",
        ]
        assert [names(order="name"), names(order="name,desc"), names(order="type"), names(order="type,desc")] == [
            "Cab",
            "baC",
            "Cba",
            "abC",
        ]
        club.patch("/content-schemas/1", json={"description": "changed"})
        assert [names(order="updatedAt"), names(order="updatedAt,desc")] == ["Cab", "baC"]
        assert [
            names(type=2),
            names(type=3),
            names(active="true"),
            names(active="false"),
            names(type=2, active="false"),
        ] == ["ba", "", "b", "Ca", "a"]
        assert [names(limit=2), names(limit=2, page=1), names(limit=2, page=2, includeLastSchema="true")] == [
            "bC",
            "a",
            "",
        ]
        for bad in (
            "order=schema",
            "order=active",
            "type=x",
            "type=2147483648",
            "active=maybe",
            "includeLastSchema=1x",
            "limit=26",
            "page=-1",
        ):
            assert coded(club.get(f"/content-schemas?{bad}")) == (400, "VALIDATION_FAILED")
