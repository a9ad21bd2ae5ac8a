"""Public addresses: following share links, and the keys of the server."""

import base64
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson
import pytest

from models.kernel.clock import DAY_MS, SECOND_MS
from models.saasquatch.codes.media import MATRIX
from models.saasquatch.tables import Code
from tests.api.saasquatch.conftest import PROGRAM, SaasquatchTenant, make_tenant
from tests.support.client import Client
from tests.support.refusals import assert_refused
from troth.app import Server


def links(tenant: SaasquatchTenant, user_id: str = "ana") -> dict[str, Any]:
    answer = tenant.get(f"/account/{user_id}/user/{user_id}/shareurls")
    assert answer.status_code == 200, answer.text
    return answer.json()["shareLinks"]


def path_of(tenant: SaasquatchTenant, url: str) -> str:
    assert url.startswith(tenant.server.runtime.public_url + "/l/")
    return url.removeprefix(tenant.server.runtime.public_url)


def follow(tenant: SaasquatchTenant, url: str, method: str = "GET", prefix: str = "") -> str:
    """Where a share link leads."""
    answer = tenant.client.request(method, prefix + path_of(tenant, url), follow_redirects=False)
    assert (answer.status_code, answer.content) == (302, b""), answer.text
    return answer.headers["location"]


def clicks(tenant: SaasquatchTenant) -> dict[str, int]:
    unit = tenant.unit()
    with unit.transaction() as session:
        return {code.code: code.clicks for code in session.scalars(unit.scoped(Code))}


class TestFollow:
    def test_it_leads_to_the_landing_page_with_the_code(self, tenant: SaasquatchTenant) -> None:
        tenant.user("ana", firstName="Ana")
        location = follow(tenant, links(tenant)["EMBED"]["FACEBOOK"])
        assert location.startswith("https://shop.example.org/welcome?from=friend&")
        query = dict(parse_qsl(urlsplit(location).query))
        cookie = query.pop("_saasquatch")
        assert query == {
            "from": "friend",
            "rsCode": "ANA",
            "rsShareMedium": "FACEBOOK",
            "rsEngagementMedium": "EMBED",
            "utm_source": "referral",
            "utm_medium": "facebook",
            "utm_campaign": "referral-program",
        }
        decoded = orjson.loads(base64.urlsafe_b64decode(cookie + "=" * (-len(cookie) % 4)))
        assert decoded == {
            "app.referralsaasquatch.com": {
                f"{tenant.alias}_CODE": {
                    "codes": {"referral-program": "ANA"},
                    "codesExp": {"ANA": (tenant.now_ms + 30 * DAY_MS) // SECOND_MS},
                }
            }
        }

    def test_what_the_page_is_handed_credits_the_code_when_it_comes_back(self, tenant: SaasquatchTenant) -> None:
        tenant.user("ana", firstName="Ana")
        query = dict(parse_qsl(urlsplit(follow(tenant, links(tenant)["cleanShareLink"])).query))
        tenant.user("bob", cookies=query["_saasquatch"])
        referral = tenant.get("/referrals").json()["referrals"][0]
        assert (referral["referralCodeUsed"], referral["referredUser"]["id"]) == ("ANA", "bob")
        tenant.advance(30 * DAY_MS + SECOND_MS)
        tenant.user("cyd", cookies=query["_saasquatch"])
        assert tenant.get("/referrals").json()["totalCount"] == 1

    def test_all_media_are_told_apart(self, tenant: SaasquatchTenant) -> None:
        tenant.user("ana")
        urls = links(tenant)
        for engagement, row in MATRIX.items():
            for share in row:
                query = dict(parse_qsl(urlsplit(follow(tenant, urls[engagement][share])).query))
                assert (query["rsEngagementMedium"], query["rsShareMedium"]) == (engagement, share)
        assert list(clicks(tenant).values()) == [66]

    def test_a_head_request_counts_no_click(self, tenant: SaasquatchTenant) -> None:
        tenant.user("ana", firstName="Ana")
        path = links(tenant)["cleanShareLink"].removeprefix(tenant.server.runtime.public_url)
        looked = tenant.client.request("HEAD", path)
        assert (looked.status_code, "rsCode=ANA" in looked.headers["location"]) == (302, True)
        assert clicks(tenant) == {"ANA": 0}
        assert follow(tenant, links(tenant)["cleanShareLink"]) == looked.headers["location"]
        assert clicks(tenant) == {"ANA": 1}

    def test_each_click_counts_on_its_own_code(self, tenant: SaasquatchTenant) -> None:
        tenant.user("ana", firstName="Ana")
        tenant.user("bob", firstName="Bob")
        for _ in range(2):
            follow(tenant, links(tenant)["cleanShareLink"])
        follow(tenant, links(tenant, "bob")["MOBILE"]["SMS"])
        assert clicks(tenant) == {"ANA": 2, "BOB": 1}

    def test_it_answers_below_the_prefix_of_the_api_and_to_head(self, tenant: SaasquatchTenant) -> None:
        tenant.user("ana")
        url = links(tenant)["cleanShareLink"]
        location = follow(tenant, url)
        assert follow(tenant, url, prefix="/saasquatch") == location
        assert follow(tenant, url, method="HEAD") == location

    @pytest.mark.parametrize(
        ("landing_url", "start"),
        [
            ("https://shop.example.org", "https://shop.example.org?rsCode=ANA&"),
            ("https://shop.example.org/a?b=1;c&d=%20#part", "https://shop.example.org/a?b=1;c&d=%20&rsCode=ANA&"),
            (
                "https://shop.example.org/?x=1&utm_source=own",
                "https://shop.example.org/?x=1&utm_source=own&rsCode=ANA&",
            ),
            ("https://shop.example.org/käse?ä=ö", "https://shop.example.org/k%C3%A4se?%C3%A4=%C3%B6&rsCode=ANA&"),
        ],
    )
    def test_the_landing_pages_own_address_stays(
        self, server: Server, client: Client, landing_url: str, start: str
    ) -> None:
        tenant = make_tenant(server, client, programs=[PROGRAM | {"landing_url": landing_url}])
        tenant.user("ana", firstName="Ana")
        location = follow(tenant, links(tenant)["cleanShareLink"])
        assert location.startswith(start)
        assert urlsplit(location).fragment == urlsplit(landing_url).fragment
        assert location.count("utm_source=") == 1

    def test_a_link_leads_to_the_page_of_its_own_program(self, server: Server, client: Client) -> None:
        tenant = make_tenant(
            server, client, programs=[PROGRAM, PROGRAM | {"id": "second", "landing_url": "https://second.example.org/"}]
        )
        tenant.user("ana")
        url = tenant.get("/account/ana/user/ana/shareurls?programId=second").json()["shareLinks"]["cleanShareLink"]
        assert follow(tenant, url).startswith("https://second.example.org/?rsCode=")


class TestOwnerGone:
    PAGE = PROGRAM["landing_url"]

    def test_a_blocked_users_link_leads_to_the_bare_page_and_counts_nothing(self, tenant: SaasquatchTenant) -> None:
        tenant.user("ana", firstName="Ana")
        url = links(tenant)["cleanShareLink"]
        assert tenant.post("/account/ana/user/ana/block").status_code == 200
        assert follow(tenant, url) == self.PAGE
        assert clicks(tenant) == {"ANA": 0}
        assert tenant.post("/account/ana/user/ana/unblock").status_code == 200
        assert "rsCode=ANA" in follow(tenant, url)
        assert clicks(tenant) == {"ANA": 1}

    @pytest.mark.parametrize("path", ["/open/account/ana/user/ana", "/open/account/ana"])
    def test_a_deleted_users_link_leads_to_the_bare_page(self, tenant: SaasquatchTenant, path: str) -> None:
        tenant.user("ana")
        url = links(tenant)["cleanShareLink"]
        assert tenant.delete(path).status_code == 204
        assert follow(tenant, url) == self.PAGE

    def test_nobody_inherits_the_link_with_the_code(self, tenant: SaasquatchTenant) -> None:
        tenant.user("ana", firstName="Ana")
        url = links(tenant)["cleanShareLink"]
        assert tenant.delete(tenant.user_path("ana")).status_code == 204
        tenant.user("ann", firstName="Ana")
        assert list(clicks(tenant)) == ["ANA"]
        assert follow(tenant, url) == self.PAGE


class TestUnknown:
    def test_a_link_that_was_never_made_is_a_404(self, tenant: SaasquatchTenant) -> None:
        answer = tenant.client.request("GET", "/l/mzNOSUCH00")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "NOT_FOUND")

    def test_a_medium_that_does_not_exist_is_a_404(self, tenant: SaasquatchTenant) -> None:
        tenant.user("ana", firstName="Ana")
        path = path_of(tenant, links(tenant)["cleanShareLink"])
        assert_refused(tenant.client.request("GET", path.replace("/l/mz", "/l/zz")), 404, "NOT_FOUND")
        assert_refused(tenant.client.request("GET", path.replace("/l/mz", "/l/MZ")), 404, "NOT_FOUND")
        assert clicks(tenant) == {"ANA": 0}

    def test_the_token_of_a_file_is_no_share_link_and_the_reverse(self, tenant: SaasquatchTenant) -> None:
        tenant.user("ana")
        token = path_of(tenant, links(tenant)["cleanShareLink"])[5:]
        made = tenant.post("/export", json={"type": "USER"}).json()
        location = tenant.get(f"/export/{made['id']}/download").headers["location"]
        file_token = urlsplit(location).path.split("/")[2]
        assert_refused(tenant.client.request("GET", f"/l/mz{file_token}"), 404, "NOT_FOUND")
        assert_refused(
            tenant.client.request("GET", f"/files/{token}/exports/{tenant.alias}/{made['id']}.csv"), 404, "NOT_FOUND"
        )

    @pytest.mark.parametrize("path", ["/l/m", "/l/mz", "/l/mz%20x", "/l/" + "a" * 5000, "/l/mz%00"])
    def test_odd_addresses_are_refused(self, tenant: SaasquatchTenant, path: str) -> None:
        assert tenant.client.request("GET", path).status_code in (400, 404)

    def test_only_reading_is_allowed(self, tenant: SaasquatchTenant) -> None:
        answer = tenant.client.request("POST", "/l/mzNOSUCH00")
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
        assert answer.json()["error"]["code"] == "METHOD_NOT_ALLOWED"


def test_the_keys_of_the_server_are_public(client: Client) -> None:
    answer = client.request("GET", "/.well-known/jwks.json")
    assert answer.status_code == 200
    assert answer.json()["keys"][0]["alg"] == "RS256"
    assert client.request("GET", "/saasquatch/.well-known/jwks.json").json() == answer.json()
