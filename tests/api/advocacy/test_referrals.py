"""Referral codes, the visitors and the orders that come through them."""

import re
from typing import Any

import httpx2
import pytest
from sqlalchemy import func, select

from models.advocacy.referral_views import share_url
from models.advocacy.settings import parse_settings
from models.advocacy.tables import Conversion, ReferralClick, ReferralCode
from models.kernel.settings import BadSettings
from tests.api.advocacy.conftest import Business, error_of, make_business
from tests.support.client import Client, segment
from troth.app import Server

INVALID, MISSING, CLASH = (400, "VALIDATION_ERROR"), (404, "NOT_FOUND"), (409, "CONFLICT")
ODD_CODES = ["AAAAAAA", "AAAAAAAAA", "x" * 64, " ", "%", "' OR 1=1 --", "\N{SNOWMAN}"]


def track(business: Business, code: str, visitor_id: str = "visitor-1", **options: Any) -> httpx2.Response:
    return business.post("/referrals/track", json={"code": code, "visitorId": visitor_id}, **options)


def convert(
    business: Business, code: str, order_id: str = "order-1", order_value: float = 79.9, **options: Any
) -> httpx2.Response:
    body = {"code": code, "orderId": order_id, "orderValue": order_value}
    return business.post("/referrals/convert", json=body, **options)


def stats(business: Business, code: str) -> tuple[int, int, float]:
    """Clicks, conversions and revenue."""
    answer = business.get(f"/referrals/{segment(code)}/stats").json()
    assert list(answer) == ["clicks", "conversions", "revenue"]
    return answer["clicks"], answer["conversions"], answer["revenue"]


def change_code(business: Business, code: str, **columns: Any) -> None:
    """What no call of the API does to a code."""
    unit = business.unit()
    with unit.transaction() as session:
        row = session.get_one(ReferralCode, (business.tenant.id, code))
        for name, value in columns.items():
            setattr(row, name, value)


class TestList:
    def test_every_advocate_has_one_newest_first(self, business: Business, other_business: Business) -> None:
        made = [business.advocate(f"a{n}@example.org") for n in range(3)]
        other_business.advocate()
        listed = business.get("/referrals").json()
        assert list(listed) == ["referrals"]
        assert listed["referrals"] == [
            {
                "code": advocate["referralCode"],
                "advocateId": advocate["id"],
                "url": f"https://shop.example.org/?ref={advocate['referralCode']}",
                "status": "active",
                "clicks": 0,
                "conversions": 0,
                "revenue": 0,
                "createdAt": advocate["createdAt"],
            }
            for advocate in made[::-1]
        ]

    def test_is_empty_without_advocates(self, business: Business) -> None:
        assert business.get("/referrals?page=5&status=x").json() == {"referrals": []}

    def test_figures_and_status_stand_beside_each(self, business: Business) -> None:
        code = business.advocate()["referralCode"]
        track(business, code)
        convert(business, code, order_value=12.5)
        change_code(business, code, status="disabled")
        (listed,) = business.get("/referrals").json()["referrals"]
        shown = [listed[name] for name in ("status", "clicks", "conversions", "revenue")]
        assert shown == ["disabled", 1, 1, 12.5]

    @pytest.mark.parametrize(
        ("site_url", "url"),
        [
            ("https://shop.example.org", "https://shop.example.org?ref=CODE"),
            ("https://shop.example.org/de/?utm=a#top", "https://shop.example.org/de/?utm=a&ref=CODE#top"),
            (None, None),
        ],
    )
    def test_the_link_leads_to_the_site(
        self, server: Server, client: Client, site_url: str | None, url: str | None
    ) -> None:
        business = make_business(server, client, site_url=site_url)
        code = business.advocate()["referralCode"]
        (listed,) = business.get("/referrals").json()["referrals"]
        assert listed["url"] == (url and url.replace("CODE", code))

    def test_needs_a_key(self, business: Business) -> None:
        assert error_of(business.get("/referrals", key=None))[:2] == (401, "UNAUTHORIZED")


@pytest.mark.parametrize(
    ("site_url", "url"),
    [
        ("https://a.org/?", "https://a.org/?ref=C"),
        ("https://a.org/?x&", "https://a.org/?x&ref=C"),
        ("https://a.org/b&", "https://a.org/b&?ref=C"),
        ("https://a.org/#f?x", "https://a.org/?ref=C#f?x"),
        ("https://a.org/?x=%23#", "https://a.org/?x=%23&ref=C#"),
        ("http://[::1]:80/?a=1", "http://[::1]:80/?a=1&ref=C"),
    ],
)
def test_a_link_keeps_query_and_fragment(site_url: str, url: str) -> None:
    assert share_url(site_url, "C") == url


class TestStats:
    def test_in_upper_or_lower_case(self, business: Business) -> None:
        code = business.advocate()["referralCode"]
        track(business, code)
        assert stats(business, code) == stats(business, code.lower()) == stats(business, code.capitalize()) == (1, 0, 0)

    def test_of_a_disabled_code_stay_readable(self, business: Business) -> None:
        code = business.advocate()["referralCode"]
        track(business, code)
        change_code(business, code, status="disabled")
        assert stats(business, code) == (1, 0, 0)

    @pytest.mark.parametrize("code", ODD_CODES)
    def test_an_odd_code_is_just_unknown(self, business: Business, code: str) -> None:
        assert error_of(business.get(f"/referrals/{segment(code)}/stats")) == (*MISSING, None)

    def test_letters_of_other_alphabets_are_not_folded(self, business: Business) -> None:
        code = business.advocate()["referralCode"]
        unit = business.unit()
        with unit.transaction() as session:
            session.add(
                ReferralCode(
                    tenant_id=business.tenant.id,
                    code="SSSSSSSS",
                    advocate_id="adv_long",
                    status="active",
                    clicks=0,
                    conversions=0,
                    revenue_minor=0,
                    created_ms=1,
                )
            )
        assert stats(business, "ssssssss") == (0, 0, 0)
        for odd in ("\N{LATIN SMALL LETTER LONG S}" * 8, "\N{LATIN SMALL LETTER SHARP S}" * 4):
            assert error_of(business.get(f"/referrals/{segment(odd)}/stats"))[:2] == MISSING
            assert error_of(track(business, odd)) == (*MISSING, "code")
        assert stats(business, code) == (0, 0, 0)

    def test_another_business_cannot(self, business: Business, other_business: Business) -> None:
        code = business.advocate()["referralCode"]
        assert error_of(other_business.get(f"/referrals/{code}/stats")) == (*MISSING, None)

    def test_track_and_convert_are_no_codes(self, business: Business) -> None:
        """The addresses of the other calls win over `{code}`, and behind them a code may stand."""
        for name in ("track", "convert"):
            refused = business.get(f"/referrals/{name}")
            assert error_of(refused) == (405, "NOT_FOUND", None)
            assert refused.headers["allow"] == "POST"
            answer = business.get(f"/referrals/{name}/stats")
            assert error_of(answer) == (*MISSING, None)
            assert "referral code" in answer.json()["error"]["message"]

    def test_add_up_with_what_they_count(self, business: Business) -> None:
        codes = [business.advocate(f"a{n}@example.org")["referralCode"] for n in range(2)]
        orders = [
            (0, "o1", 10),
            (1, "o2", 0),
            (0, "o3", 0.1),
            (0, "o4", 0.2),
            (0, "o1", 10),
            (1, "o1", 10),
            (1, "o5", 1_000_000_000),
            (0, "o6", 12.345),
            (1, "o7", 19.99),
        ]
        for n, order, value in orders:
            convert(business, codes[n], order, value)
        for n, visitor in [(0, "v1"), (0, "v2"), (1, "v1"), (0, "v1"), (0, "V1"), (1, "v1"), (1, "v3")]:
            track(business, codes[n], visitor)
        assert [stats(business, code) for code in codes] == [(3, 3, 10.3), (2, 3, 1_000_000_019.99)]
        unit = business.unit()
        with unit.transaction() as session:
            for code in codes:
                row = session.get_one(ReferralCode, (business.tenant.id, code))
                clicks = session.scalar(
                    select(func.count()).where(
                        ReferralClick.tenant_id == business.tenant.id, ReferralClick.code == code
                    )
                )
                count, revenue = session.execute(
                    select(func.count(), func.sum(Conversion.order_value_minor)).where(
                        Conversion.tenant_id == business.tenant.id, Conversion.code == code
                    )
                ).one()
                assert (row.clicks, row.conversions, row.revenue_minor) == (clicks, count, revenue)


class TestTrack:
    def test_a_visitor_counts_once_for_good(self, business: Business) -> None:
        code = business.advocate()["referralCode"]
        for _ in range(3):
            answer = track(business, code)
            assert (answer.status_code, answer.json()) == (200, {"tracked": True})
        assert stats(business, code) == (1, 0, 0)
        track(business, code.lower())
        assert stats(business, code) == (1, 0, 0)
        track(business, code, "visitor-2")
        assert stats(business, code) == (2, 0, 0)
        assert [event["type"] for event in business.events()] == ["advocate.joined"]

    def test_a_visitor_counts_for_each_code(self, business: Business) -> None:
        codes = [business.advocate(f"a{n}@example.org")["referralCode"] for n in range(2)]
        for code in codes:
            track(business, code)
        assert [stats(business, code) for code in codes] == [(1, 0, 0)] * 2

    @pytest.mark.parametrize("visitor_id", ["v", "é" * 128, "😀" * 128, " ", "' OR 1=1 --"])
    def test_takes_any_name_of_a_visitor(self, business: Business, visitor_id: str) -> None:
        code = business.advocate()["referralCode"]
        assert track(business, code, visitor_id).status_code == track(business, code, visitor_id).status_code == 200
        assert stats(business, code) == (1, 0, 0)

    @pytest.mark.parametrize("code", ODD_CODES)
    def test_an_odd_code_is_just_unknown(self, business: Business, code: str) -> None:
        assert error_of(track(business, code)) == (*MISSING, "code")

    def test_a_disabled_code_counts_nothing(self, business: Business) -> None:
        code = business.advocate()["referralCode"]
        track(business, code)
        change_code(business, code, status="disabled")
        for visitor in ("visitor-1", "visitor-2"):
            assert error_of(track(business, code, visitor)) == (*MISSING, "code")
        assert stats(business, code) == (1, 0, 0)

    def test_another_business_cannot(self, business: Business, other_business: Business) -> None:
        code = business.advocate()["referralCode"]
        assert error_of(track(other_business, code)) == (*MISSING, "code")
        assert stats(business, code) == (0, 0, 0)

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "code"),
            ({"visitorId": "v"}, "code"),
            ({"code": "", "visitorId": ""}, "code"),
            ({"code": None, "visitorId": "v"}, "code"),
            ({"code": "x" * 65, "visitorId": "v"}, "code"),
            ({"code": "A"}, "visitorId"),
            ({"code": "A", "visitorId": 5}, "visitorId"),
            ({"code": "A", "visitorId": ""}, "visitorId"),
            ({"code": "A", "visitorId": "x" * 129}, "visitorId"),
        ],
    )
    def test_names_the_first_fault(self, business: Business, body: object, field: str) -> None:
        assert error_of(business.post("/referrals/track", json=body)) == (*INVALID, field)

    def test_under_a_key_the_first_answer_comes_again(self, business: Business) -> None:
        code = business.advocate()["referralCode"]
        key = {"Idempotency-Key": "k"}
        assert track(business, code, headers=key).json() == track(business, code, headers=key).json()
        assert error_of(track(business, code, "visitor-2", headers=key))[:2] == CLASH
        assert stats(business, code) == (1, 0, 0)

    def test_a_read_only_key_counts_nothing(self, business: Business) -> None:
        code = business.advocate()["referralCode"]
        reader = business.read_only_key()
        assert error_of(track(business, code, key=reader))[:2] == (403, "FORBIDDEN")
        assert error_of(convert(business, code, key=reader))[:2] == (403, "FORBIDDEN")
        shown = business.get(f"/referrals/{code}/stats", key=reader)
        assert shown.json() == {"clicks": 0, "conversions": 0, "revenue": 0}


class TestConvert:
    def test_pays_the_advocate_of_the_code(self, business: Business) -> None:
        ana = business.advocate()
        answer = convert(business, ana["referralCode"].lower())
        assert answer.status_code == 200, answer.text
        conversion = answer.json()["conversion"]
        assert re.fullmatch(r"cnv_[a-z0-9]{20}", conversion["id"])
        assert {name: conversion[name] for name in conversion if name not in ("id", "createdAt")} == {
            "code": ana["referralCode"],
            "advocateId": ana["id"],
            "orderId": "order-1",
            "orderValue": 79.9,
            "pointsAwarded": 100,
            "status": "confirmed",
        }
        assert answer.json()["pointsAwarded"] == 100
        after = business.get(f"/advocates/{ana['id']}").json()["advocate"]
        assert (after["points"], after["lifetimePoints"]) == (100, 100)
        assert stats(business, ana["referralCode"]) == (0, 1, 79.9)

    def test_has_an_event(self, business: Business) -> None:
        ana = business.advocate()
        conversion = convert(business, ana["referralCode"], order_value=80).json()["conversion"]
        paid, converted = business.events()[1:]
        assert (paid["type"], converted["type"]) == ("points.changed", "referral.converted")
        assert {name: paid["data"][name] for name in ("advocate_id", "type", "amount", "balance_after")} == {
            "advocate_id": ana["id"],
            "type": "referral_conversion",
            "amount": 100,
            "balance_after": 100,
        }
        assert converted["data"] == {
            "conversion_id": conversion["id"],
            "code": ana["referralCode"],
            "advocate_id": ana["id"],
            "order_id": "order-1",
            "order_value": 80,
            "points_awarded": 100,
        }

    def test_a_repeat_shows_what_there_is_and_pays_nothing(self, business: Business) -> None:
        ana = business.advocate()
        first = convert(business, ana["referralCode"]).json()
        events = business.events()
        for code in (ana["referralCode"], ana["referralCode"].lower()):
            again = convert(business, code)
            assert (again.status_code, again.json()) == (200, {"conversion": first["conversion"], "pointsAwarded": 0})
        assert business.points(ana["id"]) == 100
        assert stats(business, ana["referralCode"]) == (0, 1, 79.9)
        assert business.events() == events

    def test_an_order_with_other_data_clashes(self, business: Business) -> None:
        ana, bo = business.advocate("ana@example.org"), business.advocate("bo@example.org")
        convert(business, ana["referralCode"])
        events = business.events()
        assert error_of(convert(business, ana["referralCode"], order_value=79.91)) == (*CLASH, "orderId")
        assert error_of(convert(business, bo["referralCode"])) == (*CLASH, "orderId")
        assert (business.points(ana["id"]), business.points(bo["id"])) == (100, 0)
        assert [stats(business, a["referralCode"]) for a in (ana, bo)] == [(0, 1, 79.9), (0, 0, 0)]
        assert business.events() == events

    def test_an_order_counts_in_its_own_business(self, business: Business, other_business: Business) -> None:
        ana, other = business.advocate(), other_business.advocate()
        assert convert(business, ana["referralCode"]).json()["pointsAwarded"] == 100
        assert convert(other_business, other["referralCode"]).json()["pointsAwarded"] == 100
        assert error_of(convert(other_business, ana["referralCode"], "order-2")) == (*MISSING, "code")
        assert (business.points(ana["id"]), other_business.points(other["id"])) == (100, 100)

    @pytest.mark.parametrize("points", [0, 1, 1_000_000])
    def test_pays_what_the_business_has_set(self, server: Server, client: Client, points: int) -> None:
        business = make_business(server, client, referral_points=points)
        ana = business.advocate()
        answer = convert(business, ana["referralCode"]).json()
        assert (answer["pointsAwarded"], answer["conversion"]["pointsAwarded"]) == (points, points)
        assert business.points(ana["id"]) == points
        assert len(business.events("points.changed")) == (1 if points else 0)
        assert len(business.events("referral.converted")) == 1

    @pytest.mark.parametrize(
        "value",
        [
            0,
            0.0,
            -0.0,
            0.01,
            0.07,
            0.29,
            1.1,
            8.2,
            9.95,
            33,
            33.3,
            79.99,
            1e2,
            1234567.89,
            999_999_999.99,
            1_000_000_000,
        ],
    )
    def test_money_is_exact(self, business: Business, value: float) -> None:
        """Among them values whose product with 100 is not whole in binary (8.2, 0.29)."""
        code = business.advocate()["referralCode"]
        first = convert(business, code, order_value=value).json()
        assert first["conversion"]["orderValue"] == value
        assert convert(business, code, order_value=value).json() == {**first, "pointsAwarded": 0}
        assert stats(business, code) == (0, 1, value)

    @pytest.mark.parametrize("value", [0.001, 1.005, 12.345, 1e-7, 999_999.999, 79.900_001])
    def test_more_than_two_decimals_are_refused(self, business: Business, value: float) -> None:
        code = business.advocate()["referralCode"]
        assert error_of(convert(business, code, order_value=value)) == (*INVALID, "orderValue")
        assert error_of(convert(business, "NOBODYS2", order_value=value)) == (*INVALID, "orderValue")
        assert stats(business, code) == (0, 0, 0)
        assert len(business.events()) == 1

    def test_zeros_behind_the_point_do_not_count(self, business: Business) -> None:
        code = business.advocate()["referralCode"]
        json = {"Content-Type": "application/json"}
        for text in ("12.5", "12.50", "12.500", "1.25e1", "1250E-2"):
            content = f'{{"code": "{code}", "orderId": "o", "orderValue": {text}}}'
            answer = business.post("/referrals/convert", content=content, headers=json)
            assert answer.json()["conversion"]["orderValue"] == 12.5
        assert stats(business, code) == (0, 1, 12.5)

    def test_revenue_stays_what_can_be_shown(self, business: Business) -> None:
        code = business.advocate()["referralCode"]
        most = 90_071_992_547_409
        change_code(business, code, revenue_minor=(most - 10) * 100)
        assert error_of(convert(business, code, order_value=10.01)) == (*INVALID, "orderValue")
        assert convert(business, code, order_value=10).status_code == 200
        assert stats(business, code)[2] == most
        assert business.get("/referrals").json()["referrals"][0]["revenue"] == most
        assert convert(business, code, "order-2", 0).status_code == 200

    @pytest.mark.parametrize("order_id", ["o", "é" * 128, "😀" * 128, " ", "Order-1"])
    def test_takes_any_id_of_an_order(self, business: Business, order_id: str) -> None:
        code = business.advocate()["referralCode"]
        convert(business, code)
        answers = [convert(business, code, order_id).json() for _ in range(2)]
        assert [answer["pointsAwarded"] for answer in answers] == [100, 0]
        assert answers[0]["conversion"]["orderId"] == order_id
        assert stats(business, code)[1] == 2

    @pytest.mark.parametrize("code", ODD_CODES)
    def test_an_odd_code_is_just_unknown(self, business: Business, code: str) -> None:
        assert error_of(convert(business, code)) == (*MISSING, "code")

    def test_a_disabled_code_pays_nothing(self, business: Business) -> None:
        ana = business.advocate()
        convert(business, ana["referralCode"])
        change_code(business, ana["referralCode"], status="disabled")
        for order in ("order-1", "order-2"):
            assert error_of(convert(business, ana["referralCode"], order)) == (*MISSING, "code")
        assert business.points(ana["id"]) == 100
        assert stats(business, ana["referralCode"])[1] == 1

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "code"),
            ({"orderId": "", "orderValue": -1}, "code"),
            ({"code": "", "orderId": "o", "orderValue": 1}, "code"),
            ({"code": "x" * 65, "orderId": "o", "orderValue": 1}, "code"),
            ({"code": 5, "orderId": "o", "orderValue": 1}, "code"),
            ({"code": "A", "orderValue": 1}, "orderId"),
            ({"code": "A", "orderId": "", "orderValue": 1}, "orderId"),
            ({"code": "A", "orderId": "x" * 129, "orderValue": 1}, "orderId"),
            ({"code": "A", "orderId": None, "orderValue": 1}, "orderId"),
            ({"code": "A", "orderId": "o"}, "orderValue"),
            ({"code": "A", "orderId": "o", "orderValue": -0.01}, "orderValue"),
            ({"code": "A", "orderId": "o", "orderValue": 1_000_000_000.01}, "orderValue"),
            ({"code": "A", "orderId": "o", "orderValue": 10**30}, "orderValue"),
            ({"code": "A", "orderId": "o", "orderValue": "5"}, "orderValue"),
            ({"code": "A", "orderId": "o", "orderValue": True}, "orderValue"),
            ({"code": "A", "orderId": "o", "orderValue": None}, "orderValue"),
        ],
    )
    def test_names_the_first_fault(self, business: Business, body: object, field: str) -> None:
        assert error_of(business.post("/referrals/convert", json=body)) == (*INVALID, field)

    def test_under_a_key_the_first_answer_comes_again(self, business: Business) -> None:
        ana = business.advocate()
        key = {"Idempotency-Key": "k"}
        first, again = (convert(business, ana["referralCode"], headers=key) for _ in range(2))
        assert (again.json(), again.headers["idempotency-replayed"]) == (first.json(), "true")
        assert (again.json()["pointsAwarded"], business.points(ana["id"])) == (100, 100)
        assert error_of(convert(business, ana["referralCode"], "order-2", headers=key))[:2] == CLASH

    def test_no_visitor_need_have_come_before(self, business: Business) -> None:
        code = business.advocate()["referralCode"]
        assert convert(business, code, order_value=0).json()["pointsAwarded"] == 100
        assert stats(business, code) == (0, 1, 0)


@pytest.mark.parametrize(
    "site_url",
    [
        "http://[x",
        'https://a"b<>.org/',
        "https://x.org/{x}|^",
        "ftp://x.org",
        "https://x.org/%zz",
        "https://x.org/#a#b",
    ],
)
def test_a_site_whose_links_would_be_no_uris_is_refused(site_url: str) -> None:
    with pytest.raises(BadSettings, match="site_url"):
        parse_settings({"site_url": site_url})
