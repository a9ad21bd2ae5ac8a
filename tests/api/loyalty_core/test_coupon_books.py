"""Coupon books: making, changing and finding them, what they say in each language, and their codes."""

from typing import Any

import httpx2
import pytest

from tests.api.loyalty_core.conftest import ACCOUNT, LEDGER, PROGRAM, Club, assert_wrong, coded, refusal
from tests.api.loyalty_core.test_content_schemas import new_schema

NEW: dict[str, Any] = {
    "name": "Iced coffee",
    "type": "discount",
    "publishingStatus": "published",
    "requiredPointsConfig": {},
}
UNKNOWN = (0, -1, 99, 2**63 - 1)


def new_book(club: Club, codes: int = 0, **members: Any) -> dict[str, Any]:
    """A published book with codes c1, c2, ..."""
    book = club.made("/coupon-books", **{**NEW, **members})
    if codes:
        add(club, *(f"c{n + 1}" for n in range(codes)))
    return book


def add(club: Club, *codes: str, book: int = 1) -> list[dict[str, Any]]:
    answer = club.post(f"/coupon-books/{book}/coupons", json={"codes": list(codes)})
    assert answer.status_code == 201, answer.text
    made: list[dict[str, Any]] = answer.json()["codes"]
    return made


def put(club: Club, book: int = 1, **members: Any) -> httpx2.Response:
    return club.put(f"/coupon-books/{book}", json={"requiredPointsConfig": {}, **members})


def get(club: Club, book: int = 1, **query: Any) -> dict[str, Any]:
    found: dict[str, Any] = club.get(f"/coupon-books/{book}", params=query).json()["couponBook"]
    return found


class TestCreate:
    def test_what_is_left_out_has_its_default(self, club: Club) -> None:
        answer = club.post("/coupon-books", json=NEW)
        assert answer.status_code == 201
        book = answer.json()["couponBook"]
        assert {name: book[name] for name in book if not name.endswith("At")} == {
            "couponBookId": 1,
            "organizationId": club.id,
            "loyaltyProgramId": None,
            "externalId": None,
            "rankingIndex": None,
            "audienceKeys": [],
            "name": "Iced coffee",
            "description": None,
            "subtitle": None,
            "pictureUrl": None,
            "detailPictureUrl": None,
            "customAttributes": {},
            "condition": {},
            "type": "discount",
            "discountAmount": None,
            "discountType": None,
            "tags": [],
            "tiers": [],
            "publishingStatus": "published",
            "validFromDate": None,
            "validToDate": None,
            "maxAssignedPerMember": None,
            "maxAssignedPerCoupon": None,
            "maxCouponCount": None,
            "defaultLocale": "en",
            "assignmentRequiredPoints": 0,
            "usageRequiredPoints": 0,
            "contentSchemaId": None,
            "contentSchemaVersionId": None,
            "locale": "en",
            "content": {},
            "extraFields": {},
            "isDefaultLocale": True,
            "requiredPointsConfig": {"ledgerId": None, "ledgerAccountId": None},
            "couponCount": 0,
            "assignedCount": 0,
            "usedCount": 0,
        }
        assert book["createdAt"] == book["updatedAt"]
        assert get(club) == book
        assert club.events() == []

    def test_takes_what_is_within_the_limits(self, club: Club) -> None:
        club.know(audiences=["é" * 255, *(f"a{n}" for n in range(99))], tiers=["é" * 255])
        least = {
            "externalId": "",
            "rankingIndex": 0,
            "audienceKeys": [],
            "name": "x",
            "description": "",
            "subtitle": "",
            "pictureUrl": "",
            "detailPictureUrl": "",
            "customAttributes": {},
            "condition": {},
            "type": "x",
            "discountAmount": 0,
            "discountType": "",
            "tags": [],
            "tiers": [],
            "publishingStatus": "draft",
            "maxAssignedPerMember": 0,
            "maxAssignedPerCoupon": 0,
            "maxCouponCount": 0,
            "defaultLocale": "x",
            "assignmentRequiredPoints": 0,
            "usageRequiredPoints": 0,
            "locale": "x",
            "content": {},
            "isDefaultLocale": True,
            "requiredPointsConfig": {},
        }
        most = {
            "loyaltyProgramId": PROGRAM,
            "externalId": "é" * 255,
            "rankingIndex": 2**31 - 1,
            "audienceKeys": ["é" * 255] + [f"a{n}" for n in range(99)],
            "name": "é" * 255,
            "description": "x" * 4096,
            "subtitle": "x" * 1024,
            "pictureUrl": "x" * 2048,
            "detailPictureUrl": "x" * 2048,
            "customAttributes": {"ü": [None, 1e22]},
            "condition": {"expression": "member.active"},
            "type": "é" * 255,
            "discountAmount": 99999999999.9999,
            "discountType": "é" * 255,
            "tags": ["é" * 255] + [f"t{n}" for n in range(99)],
            "tiers": ["é" * 255],
            "publishingStatus": "disabled",
            "validFromDate": "2026-01-01T00:00:00.000Z",
            "validToDate": "2026-01-01T00:00:00.000Z",
            "maxAssignedPerMember": 2**31 - 1,
            "maxAssignedPerCoupon": 2**31 - 1,
            "maxCouponCount": 2**31 - 1,
            "defaultLocale": "x" * 35,
            "assignmentRequiredPoints": 18446744073709,
            "usageRequiredPoints": 18446744073709,
            "locale": "x" * 35,
            "content": {"ü": [None, 1e22]},
            "isDefaultLocale": True,
            "requiredPointsConfig": {"ledgerId": LEDGER, "ledgerAccountId": ACCOUNT},
        }
        for said in (least, most):
            book = new_book(club, **said)
            expected = {
                **said,
                "requiredPointsConfig": {"ledgerId": None, "ledgerAccountId": None, **said["requiredPointsConfig"]},
            }
            assert expected.items() <= book.items()
            assert get(club, book["couponBookId"]) == book
            changed = put(club, book["couponBookId"], **said, extraFields={"ü": 1}).json()["couponBook"]
            assert changed == {**book, "extraFields": {"ü": 1}, "updatedAt": changed["updatedAt"]}

    def test_a_wrong_or_missing_member_is_named(self, club: Club) -> None:
        before = new_book(club)
        text, count = [5, "x" * 256], [-1, 1.5, "1", 2**31]
        points = [-1, 1.5, 18446744073710]
        wrong: dict[str, list[Any]] = {
            "loyaltyProgramId": ["1", 1.5, 2**63],
            "externalId": text,
            "rankingIndex": count,
            "audienceKeys": ["x", [""], [None], ["x"] * 101],
            "name": [*text, "", None],
            "description": ["x" * 4097],
            "subtitle": ["x" * 1025],
            "pictureUrl": ["x" * 2049],
            "detailPictureUrl": ["x" * 2049],
            "customAttributes": [[]],
            "condition": ["true", {"expression": ""}, {"expression": "x" * 4097}, {"expression": 1}],
            "discountAmount": [-0.1, 100000000001, "1"],
            "discountType": text,
            "tags": [[""], ["x"] * 101],
            "tiers": [[""], [1]],
            "publishingStatus": [None, "", "open"],
            "validFromDate": ["", "2026-01-01"],
            "validToDate": [5],
            "maxAssignedPerMember": count,
            "maxAssignedPerCoupon": count,
            "maxCouponCount": count,
            "defaultLocale": ["", "x" * 36],
            "assignmentRequiredPoints": points,
            "usageRequiredPoints": points,
            "contentSchemaId": ["1"],
            "contentSchemaVersionId": ["1"],
            "locale": ["", "x" * 36],
            "content": [[]],
            "isDefaultLocale": ["yes"],
            "requiredPointsConfig": [None, [], {"ledgerId": "1"}, {"ledgerAccountId": "1"}],
        }
        for name, values in wrong.items():
            for value in values:
                answers = [club.post("/coupon-books", json={**NEW, name: value})]
                if value is not None:  # a change may leave out most of what a new book needs
                    answers.append(put(club, **{name: value}))
                for answer in answers:
                    status, message = refusal(answer)
                    assert (status, name in message) == (400, True), (name, value, message)
        for missing in NEW:
            assert_wrong(club.post("/coupon-books", json={name: NEW[name] for name in NEW if name != missing}), missing)
        assert_wrong(club.post("/coupon-books", json={**NEW, "type": ""}), "type")
        assert_wrong(club.put("/coupon-books/1", json={}), "requiredPointsConfig")
        assert club.get("/coupon-books").json()["results"] == [before]

    def test_what_it_names_has_to_be_there(self, club: Club, other_club: Club) -> None:
        new_schema(other_club)
        new_book(club)
        named = {"loyaltyProgramId": 2, "contentSchemaId": 1, "requiredPointsConfig": {"ledgerId": 2}}
        for members in (
            *({name: value} for name, value in named.items()),
            {"requiredPointsConfig": {"ledgerAccountId": 2}},
            {"contentSchemaId": 2**63 - 1},
        ):
            assert (
                refusal(club.post("/coupon-books", json={**NEW, **members}))[0]
                == refusal(put(club, **members))[0]
                == 404
            ), members
        assert club.get("/coupon-books").json()["totalCount"] == 1

    def test_rules_between_members(self, club: Club) -> None:
        before = new_book(club)
        for members, reason in (
            ({"validFromDate": "2026-02-02T00:00:00Z", "validToDate": "2026-02-01T00:00:00Z"}, "validToDate"),
            ({"validFromDate": "2026-06-30T23:59:60Z"}, "23:59:60"),
            ({"condition": {"expression": "member."}}, "expression"),
            ({"defaultLocale": "de", "locale": "fr", "isDefaultLocale": True}, "defaultLocale"),
            ({"contentSchemaVersionId": 1}, "contentSchemaId"),
        ):
            for answer in (club.post("/coupon-books", json={**NEW, **members}), put(club, **members)):
                status, message = refusal(answer)
                assert (status, reason in message) == (400, True), message
        assert get(club) == before

    def test_a_discount_has_four_decimals(self, club: Club) -> None:
        amounts = (0.1, 12.3456, 3, 3.0, 0.0001, 0)
        assert [new_book(club, discountAmount=amount)["discountAmount"] for amount in amounts] == list(amounts)
        for amount in (0.00004, 12.34567):
            expected = (400, f"/discountAmount: The amount {amount} must have at most four decimal places.")
            assert (
                refusal(club.post("/coupon-books", json={**NEW, "discountAmount": amount}))
                == refusal(put(club, discountAmount=amount))
                == expected
            )
        assert (get(club)["discountAmount"], club.get("/coupon-books").json()["totalCount"]) == (0.1, len(amounts))

    def test_labels_are_kept_once(self, club: Club) -> None:
        club.know(audiences=["k"], tiers=["t"])
        book = new_book(club, tags=["b", "a", "b"], tiers=["t", "t"], audienceKeys=["k", "k"])
        assert (book["tags"], book["tiers"], book["audienceKeys"]) == (["b", "a"], ["t"], ["k"])


class TestUpdate:
    def test_what_is_left_out_stays(self, club: Club) -> None:
        made = new_book(
            club,
            tags=["a"],
            customAttributes={"a": 1, "b": 2},
            condition={"expression": "true"},
            content={"h": 1},
            requiredPointsConfig={"ledgerId": LEDGER},
            maxCouponCount=3,
        )
        changed = put(club, name="New", type="other").json()["couponBook"]
        assert changed == {
            **made,
            "name": "New",
            "updatedAt": changed["updatedAt"],
            "requiredPointsConfig": {"ledgerId": None, "ledgerAccountId": None},
        }
        assert changed["updatedAt"] > made["updatedAt"]
        replaced = put(club, customAttributes={"b": 3}, condition={}, tags=["c"]).json()["couponBook"]
        assert (replaced["customAttributes"], replaced["condition"], replaced["tags"]) == ({"b": 3}, {}, ["c"])
        assert get(club) == replaced

    def test_null_takes_away(self, club: Club) -> None:
        new_schema(club, schema='{"required": ["h"]}')
        ana = club.member()
        set_members = {
            "loyaltyProgramId": PROGRAM,
            "externalId": "e",
            "rankingIndex": 3,
            "description": "d",
            "subtitle": "s",
            "pictureUrl": "p",
            "detailPictureUrl": "q",
            "discountAmount": 2.5,
            "discountType": "fixed",
            "validFromDate": "2020-01-01T00:00:00.000Z",
            "validToDate": "2021-01-01T00:00:00.000Z",
            "maxAssignedPerMember": 0,
            "maxAssignedPerCoupon": 0,
            "maxCouponCount": 1,
            "contentSchemaId": 1,
            "contentSchemaVersionId": 1,
        }
        made = new_book(
            club,
            1,
            **set_members,
            content={"h": 1},
            requiredPointsConfig={"ledgerId": LEDGER, "ledgerAccountId": ACCOUNT},
        )
        assert made.items() >= set_members.items()
        assignment = {"memberId": ana["memberId"]}
        assert coded(club.post("/coupon-books/1/assign", json=assignment)) == (409, "COUPON_BOOK_OVER")
        nothing, points = dict.fromkeys(set_members), {"ledgerId": None, "ledgerAccountId": None}
        changed = put(club, **nothing, requiredPointsConfig=points, content={}).json()["couponBook"]
        assert changed == {
            **made,
            **nothing,
            "couponCount": 1,
            "requiredPointsConfig": points,
            "content": {},
            "updatedAt": changed["updatedAt"],
        }
        assert get(club) == changed
        assert club.post("/coupon-books/1/assign", json=assignment).status_code == 200
        assert new_book(club, **nothing).items() >= nothing.items()

    def test_a_schema_that_is_taken_away_has_no_version(self, club: Club) -> None:
        new_schema(club)
        new_book(club, contentSchemaId=1)
        assert refusal(put(club, contentSchemaId=None, contentSchemaVersionId=1)) == (
            400,
            "/contentSchemaVersionId: contentSchemaVersionId requires contentSchemaId.",
        )
        assert put(club, contentSchemaVersionId=None).json()["couponBook"]["contentSchemaVersionId"] == 1
        assert (
            put(club, contentSchemaId=None).json()["couponBook"].items()
            >= {"contentSchemaId": None, "contentSchemaVersionId": None}.items()
        )
        assert club.delete("/content-schemas/1").status_code in (200, 204)

    def test_statuses_follow_one_another(self, club: Club) -> None:
        for number, (first, then, status) in enumerate(
            (
                ("draft", "published", 200),
                ("draft", "disabled", 200),
                ("draft", "archived", 200),
                ("draft", "draft", 200),
                ("published", "disabled", 200),
                ("disabled", "published", 200),
                ("published", "draft", 409),
                ("disabled", "draft", 409),
                ("disabled", "archived", 200),
                ("archived", "published", 409),
                ("archived", "draft", 409),
                ("archived", "archived", 200),
            ),
            1,
        ):
            before = new_book(club, publishingStatus=first)
            answer = put(club, number, publishingStatus=then)
            assert answer.status_code == status, (first, then)
            assert get(club, number)["publishingStatus"] == (then if status == 200 else first)
            if status != 200:
                assert get(club, number) == before

    def test_an_archived_book_does_not_change(self, club: Club) -> None:
        new_book(club, 1)
        put(club, publishingStatus="archived")
        before = get(club)
        expected = (409, "The coupon book 1 is archived.")
        assert (
            refusal(put(club, name="x"))
            == refusal(club.put("/coupon-books/1/coupons/1", json={"code": "x"}))
            == expected
        )
        assert refusal(club.post("/coupon-books/1/coupons", json={"codes": ["x"]})) == expected
        assert get(club) == before


class TestContent:
    def test_it_falls_back_to_the_default_locale(self, club: Club) -> None:
        new_book(club, content={"h": "Hello"})
        german = put(club, locale="de", content={"h": "Hallo"}, extraFields={"x": 1}).json()["couponBook"]
        assert (german["locale"], german["content"], german["extraFields"], german["isDefaultLocale"]) == (
            "de",
            {"h": "Hallo"},
            {"x": 1},
            False,
        )
        for query, locale, said in (
            ({}, "en", "Hello"),
            ({"locale": "de"}, "de", "Hallo"),
            ({"locale": "fr"}, "en", "Hello"),
            ({"locale": "DE"}, "en", "Hello"),
        ):
            [row] = club.get("/coupon-books", params=query).json()["results"]
            assert row == get(club, **query)
            assert (row["locale"], row["content"], row["isDefaultLocale"]) == (locale, {"h": said}, locale == "en")

    def test_the_default_can_move(self, club: Club) -> None:
        new_book(club, locale="de", content={"h": 1})
        assert (get(club)["defaultLocale"], get(club)["locale"]) == ("de", "de")
        put(club, locale="fr", content={"h": 2}, isDefaultLocale=True)
        assert (get(club)["defaultLocale"], get(club)["content"], get(club, locale="de")["content"]) == (
            "fr",
            {"h": 2},
            {"h": 1},
        )
        put(club, defaultLocale="it")
        assert (get(club)["locale"], get(club)["content"], get(club)["isDefaultLocale"]) == ("it", {}, True)
        other = new_book(club, locale="de", content={"h": 1}, isDefaultLocale=False)
        assert (other["defaultLocale"], other["isDefaultLocale"], other["content"]) == ("en", False, {"h": 1})

    def test_parts_of_it_stay(self, club: Club) -> None:
        new_book(club, content={"h": 1})
        put(club, extraFields={"a": 1})
        put(club, name="x")
        assert (get(club)["content"], get(club)["extraFields"]) == ({"h": 1}, {"a": 1})
        put(club, content={})
        assert (get(club)["content"], get(club)["extraFields"]) == ({}, {"a": 1})

    def test_there_are_a_hundred_locales_at_most(self, club: Club) -> None:
        new_book(club, content={"h": 0})
        for number in range(99):
            assert put(club, locale=f"l{number}", extraFields={"n": number}).status_code == 200
        assert refusal(put(club, locale="x", content={})) == (
            400,
            "The coupon book 1 has content in 100 locales already.",
        )
        assert put(club, locale="l98", content={"h": 1}).json()["couponBook"]["extraFields"] == {"n": 98}

    def test_it_follows_its_content_schema(self, club: Club) -> None:
        new_schema(club, schema='{"required": ["h"], "properties": {"h": {"type": "string"}}}')
        club.patch("/content-schemas/1", json={"schema": '{"required": ["g"]}'})
        assert new_book(club, contentSchemaId=1, content={"g": 1})["contentSchemaVersionId"] == 2
        new_book(club, contentSchemaId=1, contentSchemaVersionId=1, content={"h": ""})
        for book, content, reason in ((1, {"h": ""}, "/g: is required"), (2, {"h": 5}, "/h: must be a string, not 5")):
            before = get(club, book)
            status, message = refusal(put(club, book, content=content))
            assert (status, reason in message) == (400, True), message
            assert get(club, book) == before
        assert coded(club.post("/coupon-books", json={**NEW, "contentSchemaId": 1, "content": {}})) == (
            400,
            "CONTENT_INVALID",
        )
        assert (
            put(club, 2, contentSchemaVersionId=2, content={"g": 1}).json()["couponBook"]["contentSchemaVersionId"] == 2
        )

    def test_what_a_locale_has_has_to_match_a_schema_that_the_book_begins_to_follow(self, club: Club) -> None:
        new_schema(club, schema='{"required": ["h"]}')
        new_book(club, content={"g": 1})
        put(club, locale="de", content={"h": 2})
        before = get(club)
        wrong = (400, "/contentSchemaId: The content is not as its schema wants it: /h: is required.")
        assert refusal(put(club, contentSchemaId=1)) == wrong
        assert get(club) == before
        assert put(club, contentSchemaId=1, content={"h": 1}).json()["couponBook"]["contentSchemaVersionId"] == 1
        club.patch("/content-schemas/1", json={"schema": '{"required": ["g"]}'})
        before = get(club)
        assert put(club, **before).json()["couponBook"] == before, "a new version changes nothing of a book"
        for change in ({"contentSchemaVersionId": 2}, {"contentSchemaId": 1}):
            [pointer] = change
            for locale in ({}, {"locale": "de"}):
                assert refusal(put(club, **change, **locale)) == (
                    400,
                    f"/{pointer}: The content is not as its schema wants it: /g: is required.",
                )
        assert get(club) == before

    def test_locales_follow_another_version_one_after_the_other(self, club: Club) -> None:
        """A call writes one locale: the others are held against the version when they are written next."""
        new_schema(club, schema='{"required": ["h"]}')
        new_book(club, contentSchemaId=1, content={"h": 1})
        put(club, locale="de", content={"h": 2})
        club.patch("/content-schemas/1", json={"schema": '{"required": ["g"]}'})
        assert put(club, contentSchemaVersionId=2, content={"g": 1}).status_code == 200
        assert coded(put(club, locale="de", content={"h": 3})) == (400, "CONTENT_INVALID")
        assert put(club, locale="de", content={"g": 2}).json()["couponBook"]["contentSchemaVersionId"] == 2

    def test_content_that_is_there_can_be_sent_back(self, club: Club) -> None:
        """A book without content has none that could match: what a read answers changes nothing, as everywhere."""
        new_schema(club, schema='{"required": ["h"]}')
        new_book(club, contentSchemaId=1)
        before = get(club)
        assert before["content"] == {}
        assert put(club, **before).json()["couponBook"] == before
        changed = put(club, **{**before, "extraFields": {"x": 1}}).json()["couponBook"]
        assert (changed["content"], changed["extraFields"]) == ({}, {"x": 1})
        assert put(club, **changed).json()["couponBook"] == changed
        assert coded(put(club, locale="de", content={})) == (400, "CONTENT_INVALID")
        assert coded(put(club, content={"g": 1})) == (400, "CONTENT_INVALID")
        assert put(club, content={"h": 1}).json()["couponBook"]["content"] == {"h": 1}

    def test_versions_and_schemas_that_cannot_be_had(self, club: Club) -> None:
        for active in (True, False):
            new_schema(club, active=active)
        new_book(club)
        assert refusal(put(club, contentSchemaId=1, contentSchemaVersionId=2)) == (
            404,
            "/contentSchemaVersionId: The content schema 1 has no version 2.",
        )
        assert refusal(put(club, contentSchemaId=2)) == (409, "/contentSchemaId: The content schema 2 is not active.")
        put(club, contentSchemaId=1)
        club.patch("/content-schemas/1", json={"active": False})
        assert put(club, contentSchemaId=1, name="x").status_code == 200

    def test_a_schema_in_use_is_not_deleted(self, club: Club) -> None:
        for _ in range(2):
            new_schema(club)
        new_book(club, contentSchemaId=1)
        assert refusal(club.delete("/content-schemas/1")) == (409, "The coupon book 1 uses the content schema 1.")
        assert club.get("/content-schemas/1").status_code == 200
        put(club, contentSchemaId=2)
        assert club.delete("/content-schemas/1").json() is True
        assert coded(club.delete("/content-schemas/2")) == (409, "CONTENT_SCHEMA_IN_USE")


class TestFinding:
    def test_an_unknown_book_is_not_found(self, club: Club, other_club: Club) -> None:
        new_book(other_club, 1)
        for unknown in (*UNKNOWN, 1):
            path = f"/coupon-books/{unknown}"
            for answer in (
                club.get(path),
                put(club, unknown),
                club.get(f"{path}/coupons"),
                club.post(f"{path}/coupons", json={"codes": ["x"]}),
                club.get(f"{path}/coupons/1"),
                club.put(f"{path}/coupons/1", json={"code": "x"}),
                *(
                    club.post(f"{path}{verb}", json={"memberId": 1})
                    for verb in ("/use", "/assign", "/coupons/1/use", "/coupons/1/assign")
                ),
            ):
                assert refusal(answer) == (404, f"There is no coupon book {unknown}.")
        assert coded(club.get(f"/coupon-books/{2**63}")) == (400, "VALIDATION_FAILED")
        assert refusal(club.get("/coupon-books/x"))[0] == 404
        assert get(other_club)["couponCount"] == 1

    def test_each_filter_leaves_out_what_does_not_match(self, club: Club) -> None:
        club.know(audiences=["k1", "k2"])
        new_book(club, name="Alpha", tags=["a", "b"], loyaltyProgramId=PROGRAM, audienceKeys=["k1"])
        new_book(
            club, name="Beta", tags=["b"], publishingStatus="draft", description="50%_ÄRGER", audienceKeys=["k2", "k1"]
        )
        new_book(club, name="Gamma", externalId="EXT-9", subtitle="below", publishingStatus="archived")

        def names(**query: Any) -> str:
            return "".join(row["name"][0] for row in club.get("/coupon-books", params=query).json()["results"])

        assert [names(loyaltyProgramId=PROGRAM), names(loyaltyProgramId=9)] == ["A", ""]
        assert [
            names(tags="a"),
            names(tags="b"),
            names(tags="a,x"),
            names(tags="A"),
            names(tags="a,b", status="draft"),
        ] == ["A", "AB", "A", "", "B"]
        assert [names(status=status) for status in ("draft", "published", "disabled", "archived")] == [
            "B",
            "A",
            "",
            "G",
        ]
        assert [names(audiences="k1"), names(audiences="k2,k3"), names(audiences="k3")] == ["AB", "B", ""]
        assert [
            names(search="ÄRGER"),
            names(search="0%_ä"),
            names(search="ext-"),
            names(search="BELOW"),
            names(search="a_p"),
            names(search="amma"),
            names(search="  ärger beta 50%  "),
            names(search="beta alpha"),
        ] == ["B", "B", "G", "G", "", "G", "B", ""]
        put(club, 1, tags=["c"], audienceKeys=[])
        assert [names(tags="a"), names(tags="c"), names(audiences="k1")] == ["", "A", "B"]

    def test_pages_and_orders(self, club: Club) -> None:
        for name, ranking, first, last in (("b", 2, None, 3), ("C", 1, 2, None), ("a", 2, 1, 2)):
            dates = {"validFromDate": first, "validToDate": last}
            new_book(
                club,
                name=name,
                rankingIndex=ranking,
                **{key: f"2026-01-0{day}T00:00:00Z" for key, day in dates.items() if day},
            )

        def names(**query: Any) -> str:
            return "".join(row["name"] for row in club.get("/coupon-books", params=query).json()["results"])

        assert [names(), names(order="id,desc"), names(order="couponBookId,desc"), names(order="createdAt,desc")] == [
            "bCa",
            "aCb",
            "aCb",
            "aCb",
        ]
        assert [
            names(order="name"),
            names(order="name,desc"),
            names(order="rankingIndex"),
            names(order="rankingIndex,desc"),
        ] == ["Cab", "baC", "Cba", "abC"]
        assert [
            names(order="validFromDate"),
            names(order="validFromDate,desc"),
            names(order="validToDate"),
            names(order="validToDate,desc"),
        ] == ["aCb", "bCa", "abC", "Cba"]
        put(club, 1, subtitle="changed")
        assert [names(order="updatedAt"), names(order="updatedAt,desc")] == ["Cab", "baC"]
        assert [names(limit=2), names(limit=2, page=1), names(limit=2, page=2)] == ["bC", "a", ""]
        assert club.get("/coupon-books", params={"limit": 1, "page": 3}).json() == {
            "totalCount": 3,
            "page": 3,
            "limit": 1,
            "results": [],
        }
        for bad in (
            "order=type",
            "status=open",
            "loyaltyProgramId=x",
            "search=",
            f"search={'x' * 256}",
            "tags=",
            f"tags={'x' * 1025}",
            f"locale={'x' * 36}",
            "audiences=",
            "limit=26",
            "limit=0",
            "page=-1",
        ):
            assert coded(club.get(f"/coupon-books?{bad}")) == (400, "VALIDATION_FAILED"), bad


class TestCoupons:
    def test_codes_are_added_in_the_order_given(self, club: Club) -> None:
        new_book(club)
        made = add(club, "b", "a", "ü" * 255)
        assert [(row["couponId"], row["code"]) for row in made] == [(1, "b"), (2, "a"), (3, "ü" * 255)]
        assert {name: made[0][name] for name in made[0] if not name.endswith("At")} == {
            "couponId": 1,
            "couponBookId": 1,
            "organizationId": club.id,
            "code": "b",
            "assignedCount": 0,
            "usedCount": 0,
        }
        assert club.get("/coupon-books/1/coupons/1").json() == {"couponCode": made[0]}
        assert club.get("/coupon-books/1/coupons").json() == {"totalCount": 3, "page": 0, "limit": 10, "results": made}
        assert get(club)["couponCount"] == 3

    def test_a_code_is_once_in_a_book(self, club: Club) -> None:
        new_book(club, 1)
        new_book(club)
        reason = "The coupon book 1 has a coupon with the code c1 already."
        assert refusal(club.post("/coupon-books/1/coupons", json={"codes": ["x", "c1"]})) == (
            409,
            f"/codes/1: {reason}",
        )
        assert coded(club.post("/coupon-books/1/coupons", json={"codes": ["x", "x"]})) == (400, "VALIDATION_FAILED")
        assert [row["code"] for row in add(club, "C1", "x")] == ["C1", "x"]
        assert add(club, "c1", book=2)[0]["couponBookId"] == 2
        assert refusal(club.put("/coupon-books/1/coupons/2", json={"code": "c1"})) == (409, f"/code: {reason}")
        assert club.put("/coupon-books/1/coupons/2", json={"code": "C1"}).status_code == 200

    def test_a_book_has_no_more_than_its_limit(self, club: Club) -> None:
        new_book(club, maxCouponCount=2)
        assert refusal(club.post("/coupon-books/1/coupons", json={"codes": ["a", "b", "c"]})) == (
            409,
            "/codes: The coupon book 1 has 0 coupons and may have 2.",
        )
        add(club, "a", "b")
        assert coded(club.post("/coupon-books/1/coupons", json={"codes": ["c"]})) == (409, "COUPON_COUNT_LIMIT_REACHED")
        put(club, maxCouponCount=3)
        add(club, "c")

    @pytest.mark.parametrize("codes", [None, [], "x", [""], ["x" * 256], [5], [None], [f"c{n}" for n in range(1001)]])
    def test_codes_are_one_to_a_thousand_texts_that_differ(self, club: Club, codes: Any) -> None:
        new_book(club)
        assert coded(club.post("/coupon-books/1/coupons", json={"codes": codes})) == (400, "VALIDATION_FAILED")
        assert get(club)["couponCount"] == 0

    def test_a_thousand_at_once(self, club: Club) -> None:
        new_book(club, 1000)
        assert get(club)["couponCount"] == 1000

    def test_a_code_is_changed_while_nobody_has_it(self, club: Club) -> None:
        book = new_book(club, 2)
        answer = club.put("/coupon-books/1/coupons/1", json={"code": "new"})
        assert (answer.status_code, answer.json()) == (200, {"couponBook": {**book, "couponCount": 2}})
        changed = club.get("/coupon-books/1/coupons/1").json()["couponCode"]
        assert changed["code"] == "new"
        assert changed["updatedAt"] > changed["createdAt"]
        club.put("/coupon-books/1/coupons/1", json={"code": "new"})
        assert club.get("/coupon-books/1/coupons/1").json()["couponCode"] == changed
        club.made("/coupon-books/1/assign", memberId=club.member()["memberId"])
        assert refusal(club.put("/coupon-books/1/coupons/1", json={"code": "other"})) == (
            409,
            "/code: The coupon 1 was given out with its code.",
        )
        assert club.put("/coupon-books/1/coupons/1", json={"code": "new"}).status_code == 200
        for bad in (None, "", "x" * 256, 5):
            assert coded(club.put("/coupon-books/1/coupons/2", json={"code": bad})) == (400, "VALIDATION_FAILED")
        assert coded(club.put("/coupon-books/1/coupons/2", json={})) == (400, "VALIDATION_FAILED")

    def test_a_coupon_is_one_of_its_book(self, club: Club) -> None:
        new_book(club, 1)
        new_book(club)
        add(club, "x", book=2)
        for unknown in (*UNKNOWN, 2):
            expected = (404, f"The coupon book 1 has no coupon {unknown}.")
            assert refusal(club.get(f"/coupon-books/1/coupons/{unknown}")) == expected
            assert refusal(club.put(f"/coupon-books/1/coupons/{unknown}", json={"code": "y"})) == expected

    def test_pages_and_orders(self, club: Club) -> None:
        new_book(club)
        for code in ("b", "C", "a"):
            add(club, code)
        club.put("/coupon-books/1/coupons/1", json={"code": "d"})

        def codes(**query: Any) -> str:
            return "".join(row["code"] for row in club.get("/coupon-books/1/coupons", params=query).json()["results"])

        assert [
            codes(),
            codes(order="id,desc"),
            codes(order="createdAt,desc"),
            codes(order="code"),
            codes(order="code,desc"),
        ] == ["dCa", "aCd", "aCd", "Cad", "daC"]
        assert [
            codes(order="updatedAt"),
            codes(order="updatedAt,desc"),
            codes(limit=2, page=1),
            codes(limit=2, page=2),
        ] == ["Cad", "daC", "a", ""]
        for bad in ("order=assignedCount", "limit=26", "page=-1"):
            assert coded(club.get(f"/coupon-books/1/coupons?{bad}")) == (400, "VALIDATION_FAILED")


def test_reading_and_writing_take_their_roles(club: Club) -> None:
    new_book(club, 1)
    reader, writer = club.further_token("coupons:read", "benefits:write"), club.further_token("coupons:write")
    for path in ("", "/1", "/1/coupons", "/1/coupons/1"):
        assert [club.get(f"/coupon-books{path}", token=token).status_code for token in (reader, writer)] == [200, 403]
    assert [club.post("/coupon-books", json=NEW, token=token).status_code for token in (reader, writer)] == [403, 201]
    assert [club.post("/coupon-usages/1/revert", token=token).status_code for token in (reader, writer)] == [403, 404]
