"""Users: upsert, look-up, list, block."""

import hashlib

import pytest

from tests.api.saasquatch.conftest import SaasquatchTenant
from tests.support.refusals import assert_refused


class TestCreationDate:
    def test_a_user_who_is_created_may_be_older_and_one_who_exists_stays_as_old(self, tenant: SaasquatchTenant) -> None:
        assert tenant.user("u", dateCreated=1_500_000_000_000)["dateCreated"] == 1_500_000_000_000
        assert tenant.user("u", dateCreated=1_400_000_000_000)["dateCreated"] == 1_500_000_000_000
        assert tenant.user("v")["dateCreated"] > 1_700_000_000_000
        assert [row["id"] for row in tenant.get("/users").json()["users"]] == ["u", "v"]


class TestUpsert:
    def test_a_new_user_has_a_code_and_links(self, tenant: SaasquatchTenant) -> None:
        user = tenant.user("ana@example.org", "acme", firstName="Ana", lastName="Stone", email="ana@example.org")
        assert user["referralCodes"] == {"referral-program": "ANASTONE"}
        assert user["referable"] is True
        assert user["segments"] == []
        assert tenant.get(tenant.user_path("ana@example.org", "acme")).json() == user

    def test_members_left_out_keep_their_value(self, tenant: SaasquatchTenant) -> None:
        tenant.user("u", firstName="Ana", locale="en_US", customFields={"plan": "gold", "seats": 4})
        changed = tenant.user("u", lastName="Stone", customFields={"seats": None, "vip": True})
        assert (changed["firstName"], changed["lastName"], changed["locale"]) == ("Ana", "Stone", "en_US")
        assert changed["customFields"] == {"plan": "gold", "vip": True}

    def test_posting_creates_with_201_and_tolerates_an_existing_user(self, tenant: SaasquatchTenant) -> None:
        body = {"id": "u", "accountId": "u", "firstName": "Ana"}
        assert tenant.post(tenant.user_path("u"), json=body).status_code == 201
        again = tenant.post(tenant.user_path("u"), json={**body, "firstName": "Anna"})
        assert again.status_code == 201
        assert again.json()["firstName"] == "Anna"
        assert tenant.get("/users").json()["totalCount"] == 1

    def test_segment_operations_apply_in_order(self, tenant: SaasquatchTenant) -> None:
        assert tenant.user("u", segments=["a", "b"])["segments"] == ["a", "b"]
        assert tenant.user("u", segments=["~a", "c", "b"])["segments"] == ["b", "c"]
        assert tenant.user("u", segments=["~*", "z", "~y"])["segments"] == ["z"]

    @pytest.mark.parametrize(
        ("member", "value", "code"),
        [
            ("email", "a@b.c", "RS023"),
            ("email", "@example.org", "RS023"),
            ("email", "ana@example.o", "RS023"),
            ("locale", "english", "RS039"),
            ("locale", "en-US", "RS039"),
            ("referralCodes", {"referral-program": ""}, "RS034"),
            ("referralCodes", {"referral-program": "A" * 16}, "RS034"),
            ("referralCodes", {"referral-program": "AB-C"}, "RS034"),
            ("cookies", "!!!", "RS052"),
            ("cookies", "eyJhIjo", "RS052"),
            ("shareLinks", {"referral-program": "https://go.example.org/ana"}, "RS053"),
        ],
    )
    def test_bad_members_are_refused_with_the_vendors_code(
        self, tenant: SaasquatchTenant, member: str, value: object, code: str
    ) -> None:
        answer = tenant.put(tenant.user_path("u"), json={"id": "u", "accountId": "u", member: value})
        assert (answer.status_code, answer.json()["rsCode"]) == (400, code)
        assert_refused(tenant.get(tenant.user_path("u")), 404, "ACCOUNT_NOT_FOUND")

    def test_ids_of_body_and_path_must_agree(self, tenant: SaasquatchTenant) -> None:
        answer = tenant.put(tenant.user_path("u", "a"), json={"id": "u", "accountId": "b"})
        assert_refused(answer, 400, "BAD_REQUEST")
        assert tenant.get("/users").json()["totalCount"] == 0

    def test_fields_and_extra_fields(self, tenant: SaasquatchTenant) -> None:
        tenant.user("u", email="ana@example.org")
        only = tenant.get(tenant.user_path("u") + "?fields=id,emailHash,nothing").json()
        assert only == {"id": "u", "emailHash": hashlib.md5(b"ana@example.org").hexdigest()}
        extra = tenant.get(tenant.user_path("u") + "?extraFields=dateBlocked").json()
        assert extra["dateBlocked"] is None
        assert "emailHash" not in extra
        assert_refused(tenant.get(tenant.user_path("u") + "?fields=id&extraFields=dateBlocked"), 400, "BAD_REQUEST")


class TestAwkwardIds:
    @pytest.mark.parametrize(
        "user_id", ["ana@example.org", "a/b", "100%", "a b", "ä/ö%2F", "a?b#c", "日本", "a" * 255, "a+b", "'; --"]
    )
    def test_ids_of_any_text_work(self, tenant: SaasquatchTenant, user_id: str) -> None:
        user = tenant.user(user_id, user_id, firstName="X")
        assert (user["id"], user["accountId"]) == (user_id, user_id)
        assert tenant.get(tenant.user_path(user_id)).json()["id"] == user_id
        assert tenant.get("/users").json()["users"][0]["id"] == user_id
