"""Deleting users and accounts: what goes, what stays, who may come back."""

from typing import Any

import pytest

from tests.api.saasquatch.conftest import SaasquatchTenant, make_tenant
from tests.api.saasquatch.test_referral import buy, refer
from tests.support.client import Client, segment
from tests.support.refusals import assert_refused
from troth.app import Server


def account(tenant: SaasquatchTenant, account_id: str, query: str = "") -> Any:
    return tenant.delete(f"/open/account/{segment(account_id)}{query}")


class TestUser:
    def test_a_deleted_user_is_gone_with_codes_and_rewards(self, tenant: SaasquatchTenant) -> None:
        refer(tenant)
        buy(tenant)
        link = tenant.get("/account/ana/user/ana/shareurls").json()["shareLinks"]["cleanShareLink"]
        assert tenant.delete(tenant.user_path("ana")).status_code == 204
        assert tenant.get(tenant.user_path("ana")).json()["rsCode"] == "RS042"
        assert_refused(tenant.get("/open/code/ANA", auth=None), 404, "REFERRAL_CODE_NOT_FOUND")
        assert tenant.get("/reward?accountId=ana").json() == []
        assert tenant.get("/users").json()["totalCount"] == 1
        assert_refused(tenant.delete(tenant.user_path("ana")), 404, "USER_NOT_FOUND")
        assert link.startswith("http://localhost:8080/l/")

    def test_the_other_party_keeps_the_referral_and_its_reward(self, tenant: SaasquatchTenant) -> None:
        referral = refer(tenant)
        buy(tenant)
        tenant.advance(5_000)
        tenant.delete(tenant.user_path("ana"))
        left = tenant.get(f"/referrals/{referral['id']}").json()
        assert left["referrerUser"] is None
        assert left["referredUser"]["id"] == "ben"
        assert left["referrerReward"] is None
        assert left["referredReward"]["discountPercent"] == 10
        assert left["dateUserModified"] > referral["dateUserModified"]
        assert "ana" not in str(left).lower()

    def test_a_referral_whose_referrer_is_gone_has_no_code_and_no_link(self, tenant: SaasquatchTenant) -> None:
        referral = refer(tenant)
        tenant.delete(tenant.user_path("ana"))
        buy(tenant)
        left = tenant.get(f"/referrals/{referral['id']}").json()
        assert (left["referralCodeUsed"], left["shareLinkUsed"]) == (None, None)
        (converted,) = tenant.events("referral.converted")
        shown = [converted["data"][name] for name in ("referrer", "referralCodeUsed", "shareLinkUsed")]
        assert shown == [None, None, None]

    def test_a_deletion_has_no_balance_event(self, tenant: SaasquatchTenant) -> None:
        refer(tenant)
        buy(tenant)
        before = len(tenant.events("user.reward.balance.changed"))
        tenant.delete(tenant.user_path("ana"))
        assert len(tenant.events("user.reward.balance.changed")) == before

    def test_the_account_is_kept_unless_said_otherwise(self, tenant: SaasquatchTenant) -> None:
        tenant.user("u", "a")
        tenant.delete(tenant.user_path("u", "a"))
        assert tenant.get(tenant.user_path("u", "a")).json()["rsCode"] == "RS042"
        tenant.user("u", "a")
        tenant.user("v", "a")
        tenant.delete(tenant.user_path("u", "a") + "?preserveEmptyAccount=false")
        assert tenant.get(tenant.user_path("u", "a")).json()["rsCode"] == "RS042"
        tenant.delete(tenant.user_path("v", "a") + "?preserveEmptyAccount=false")
        assert tenant.get(tenant.user_path("v", "a")).json()["rsCode"] == "RS041"

    def test_without_do_not_track_a_user_may_come_back(self, tenant: SaasquatchTenant) -> None:
        tenant.user("u", firstName="Ana")
        tenant.delete(tenant.user_path("u"))
        assert tenant.user("u")["firstName"] is None

    def test_do_not_track_bars_the_user_from_that_account_only(
        self, tenant: SaasquatchTenant, other_tenant: SaasquatchTenant
    ) -> None:
        tenant.user("u", "a")
        assert tenant.delete(tenant.user_path("u", "a") + "?doNotTrack=true").status_code == 204
        for method in ("PUT", "POST"):
            answer = tenant.call(method, tenant.user_path("u", "a"), json={"id": "u", "accountId": "a"})
            assert (answer.status_code, answer.json()["rsCode"]) == (403, "RS050")
        assert tenant.user("u", "b")["id"] == "u"
        assert other_tenant.user("u", "a")["id"] == "u"

    def test_what_is_kept_of_a_barred_user_is_a_hash(self, tenant: SaasquatchTenant) -> None:
        from models.saasquatch.tables import DoNotTrackMark

        tenant.user("ana@example.org")
        tenant.delete(tenant.user_path("ana@example.org") + "?doNotTrack=true")
        unit = tenant.unit()
        with unit.transaction() as session:
            marks = session.scalars(unit.scoped(DoNotTrackMark)).all()
        assert len(marks) == 1
        assert len(marks[0].digest) == 64

    @pytest.mark.parametrize(
        "query", ["doNotTrack=maybe", "preserveEmptyAccount=1", "doNotTrack=true&doNotTrack=false"]
    )
    def test_bad_parameters_delete_nothing(self, tenant: SaasquatchTenant, query: str) -> None:
        tenant.user("u")
        assert_refused(tenant.delete(f"{tenant.user_path('u')}?{query}"), 400, "query parameter ")
        assert tenant.get(tenant.user_path("u")).status_code == 200

    def test_another_tenants_user_is_out_of_reach(
        self, tenant: SaasquatchTenant, other_tenant: SaasquatchTenant
    ) -> None:
        tenant.user("u")
        assert_refused(other_tenant.delete(other_tenant.user_path("u")), 404, "ACCOUNT_NOT_FOUND")
        assert tenant.get(tenant.user_path("u")).status_code == 200


class TestWhatWasSaid:
    def test_no_name_is_left_with_the_other_party(self, tenant: SaasquatchTenant) -> None:
        refer(tenant)
        tenant.delete(tenant.user_path("ana"))
        assert tenant.get(tenant.user_path("ben")).json()["referredByCodes"] == []

    def test_events_about_a_user_are_deleted_after_30_days(self, tenant: SaasquatchTenant) -> None:
        from troth.outbox.units import OutboxUnits

        tenant.user("ana", firstName="Ana", lastName="Stone", email="ana@example.org")
        units, sandbox = OutboxUnits(tenant.server.runtime), tenant.server.runtime.main
        units.prune(sandbox)
        assert "ana@example.org" in str(tenant.events())
        tenant.advance(30 * 86_400_000 + 1)
        units.prune(sandbox)
        assert tenant.events() == []

    def test_events_that_are_not_delivered_yet_stay(self, tenant: SaasquatchTenant) -> None:
        from troth.outbox.units import OutboxUnits

        tenant.post("/subscription", json={"endpointUrl": "https://hooks.example.org/in"})
        tenant.user("ana")
        tenant.advance(40 * 86_400_000)
        OutboxUnits(tenant.server.runtime).prune(tenant.server.runtime.main)
        assert {event["type"] for event in tenant.events()} == {"user.created", "coupon.created"}

    def test_idempotency_keys_go_when_they_are_free_again(self, tenant: SaasquatchTenant) -> None:
        from models.saasquatch.tables import IdempotencyKey
        from troth.outbox.units import OutboxUnits

        tenant.user("u")
        tenant.post(
            f"{tenant.user_path('u')}/events",
            json={"userId": "u", "accountId": "u", "idempotencyKey": "key-0000001", "events": [{"key": "x"}]},
        )
        tenant.advance(86_400_000)
        OutboxUnits(tenant.server.runtime).prune(tenant.server.runtime.main)
        unit = tenant.unit()
        with unit.transaction() as session:
            assert session.scalars(unit.scoped(IdempotencyKey)).all() == []


class TestAccount:
    def test_all_its_users_go(self, tenant: SaasquatchTenant) -> None:
        tenant.user("u", "a")
        tenant.user("v", "a")
        tenant.user("w", "b")
        assert account(tenant, "a").status_code == 204
        assert tenant.get("/users").json()["totalCount"] == 1
        assert account(tenant, "a").json()["rsCode"] == "RS041"

    def test_do_not_track_marks_all_of_them(self, tenant: SaasquatchTenant) -> None:
        tenant.user("u", "a")
        tenant.user("v", "a")
        account(tenant, "a", "?doNotTrack=true")
        for user in ("u", "v"):
            assert_refused(
                tenant.put(tenant.user_path(user, "a"), json={"id": user, "accountId": "a"}), 403, "DO_NOT_TRACK"
            )
        assert tenant.user("x", "a")["id"] == "x"

    def test_its_referrals_stay_without_it(self, tenant: SaasquatchTenant) -> None:
        referral = refer(tenant)
        account(tenant, "ben")
        assert tenant.get(f"/referrals/{referral['id']}").json()["referredUser"] is None
        tenant.user("ben")
        assert tenant.post(f"/open/code/ANA{tenant.user_path('ben').removeprefix('/open')}").status_code == 200

    def test_an_account_holds_1000_users(self, server: Server, client: Client) -> None:
        from sqlalchemy import insert

        from models.saasquatch.tables import User

        tenant = make_tenant(server, client)
        tenant.user("first", "a")
        row = {
            "account_id": "a",
            "tenant_id": tenant.tenant.id,
            "image_url": "",
            "referral_source": "UNKNOWN",
            "referable": True,
            "created_ms": 1,
            "modified_ms": 1,
            "custom_fields": {},
            "segments": [],
            "referred_by_codes": [],
            "search": "",
            "balance_version": 0,
        }
        with server.runtime.storage.session() as session, session.begin():
            session.execute(insert(User), [{**row, "id": f"u{n}"} for n in range(998)])
        assert tenant.put(tenant.user_path("last", "a"), json={"id": "last", "accountId": "a"}).status_code == 200
        full = tenant.put(tenant.user_path("more", "a"), json={"id": "more", "accountId": "a"})
        assert (full.status_code, full.json()["rsCode"]) == (400, "RS013")
        assert tenant.user("first", "a", firstName="Ana")["firstName"] == "Ana"
