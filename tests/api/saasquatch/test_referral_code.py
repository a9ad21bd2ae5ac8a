"""Referral codes: generation, vanity codes, look-up, attribution."""

import httpx2
import pytest

from tests.api.saasquatch.conftest import PROGRAM, SaasquatchTenant, make_tenant
from tests.support.client import Client, segment
from tests.support.refusals import assert_refused
from troth.app import Server

SECOND = {
    "id": "partner-program",
    "name": "Partners",
    "landing_url": "https://shop.example.org/partners",
    "referrer_reward": {"type": "CREDIT", "unit": "POINT", "amount": 5},
}


@pytest.fixture
def two_programs(server: Server, client: Client) -> SaasquatchTenant:
    return make_tenant(
        server,
        client,
        programs=[PROGRAM, SECOND],
        settings={"allowReferralCodeEditOnUserUpsert": True, "primaryLinkDomain": "go.example.org"},
    )


class TestGeneration:
    def test_the_code_is_made_of_the_name_and_numbered_on_a_clash(self, tenant: SaasquatchTenant) -> None:
        codes = [
            tenant.user(f"u{n}", firstName="Ana-María", lastName="O'Stone")["referralCodes"]["referral-program"]
            for n in range(4)
        ]
        assert codes == ["ANAMARAOSTONE", "ANAMARAOSTONE2", "ANAMARAOSTONE3", "ANAMARAOSTONE4"]

    def test_a_long_name_is_cut_to_15(self, tenant: SaasquatchTenant) -> None:
        user = tenant.user("u", firstName="Bartholomew", lastName="Featherstonehaugh")
        assert user["referralCodes"]["referral-program"] == "BARTHOLOMEWFEAT"

    def test_a_number_takes_the_place_of_what_is_beyond_15(self, tenant: SaasquatchTenant) -> None:
        name = {"firstName": "Bartholomew", "lastName": "Featherstonehaugh"}
        users = [tenant.user(f"u{n}", **name) for n in range(12)]
        codes = [user["referralCodes"]["referral-program"] for user in users]
        assert codes == [
            "BARTHOLOMEWFEAT",
            *(f"BARTHOLOMEWFEA{number}" for number in range(2, 10)),
            *(f"BARTHOLOMEWFE{number}" for number in range(2, 5)),
        ]
        assert tenant.put(tenant.user_path("u9"), json=users[9]).status_code == 200

    @pytest.mark.parametrize(
        ("chosen", "code"),
        [("ANA007", "ANA2"), ("ANA999999999", "ANA1000000000"), ("ANA999999999999", "AN2"), ("ANAX", "ANA2")],
    )
    def test_chosen_codes_may_look_like_numbered_ones(self, tenant: SaasquatchTenant, chosen: str, code: str) -> None:
        tenant.user("first", firstName="Ana")
        tenant.user("chooses", referralCodes={"referral-program": chosen})
        assert tenant.user("second", firstName="Ana")["referralCodes"]["referral-program"] == code

    def test_a_user_without_a_name_gets_digits(self, tenant: SaasquatchTenant) -> None:
        code = tenant.user("u")["referralCodes"]["referral-program"]
        assert code.startswith("CODE")
        assert code[4:].isdigit()

    def test_each_program_has_its_own_code(self, two_programs: SaasquatchTenant) -> None:
        codes = two_programs.user("u", firstName="Ana")["referralCodes"]
        assert codes == {"referral-program": "ANA", "partner-program": "ANA2"}
        assert [event["data"]["code"] for event in two_programs.events("coupon.created")] == ["ANA", "ANA2"]


class TestCase:
    @pytest.mark.parametrize(("name", "other"), [("Ana Stone", "anaſtone"), ("Ines Fink", "ıneſﬁnk"), ("Ross", "roß")])
    def test_letters_that_only_become_those_of_a_code_in_capitals_are_not_them(
        self, tenant: SaasquatchTenant, name: str, other: str
    ) -> None:
        first, _, last = name.partition(" ")
        code = tenant.user("ana", firstName=first, lastName=last)["referralCodes"]["referral-program"]
        assert other.upper() == code
        assert tenant.get(f"/open/code/{code.lower()}", auth=None).json()["code"] == code
        for path in (
            f"/open/code/{segment(other)}",
            f"/code/{segment(other)}",
            f"/open/user?referralCode={segment(other)}",
        ):
            assert_refused(tenant.get(path), 404, "REFERRAL_CODE_NOT_FOUND")
        assert tenant.user("ben", referredByCodes=[other])["referredByCodes"] == []
        applied = tenant.post(f"/open/code/{segment(other)}/account/ben/user/ben", json={})
        assert_refused(applied, 404, "REFERRAL_CODE_NOT_FOUND")


class TestVanityCodes:
    def test_a_new_user_can_choose(self, tenant: SaasquatchTenant) -> None:
        user = tenant.user("u", firstName="Ana", referralCodes={"referral-program": "Free"})
        assert user["referralCodes"] == {"referral-program": "Free"}
        assert tenant.get("/open/code/FREE", auth=None).json()["code"] == "Free"

    def test_without_the_setting_an_existing_code_stays(self, tenant: SaasquatchTenant) -> None:
        tenant.user("u", firstName="Ana")
        assert tenant.user("u", referralCodes={"referral-program": "MINE"})["referralCodes"] == {
            "referral-program": "ANA"
        }
        assert_refused(tenant.get("/open/code/MINE", auth=None), 404, "REFERRAL_CODE_NOT_FOUND")

    def test_with_the_setting_the_old_code_becomes_secondary_and_goes_on_working(
        self, two_programs: SaasquatchTenant
    ) -> None:
        two_programs.user("u", firstName="Ana")
        changed = two_programs.user("u", referralCodes={"referral-program": "MINE"})
        assert changed["referralCodes"] == {"referral-program": "MINE", "partner-program": "ANA2"}
        assert two_programs.get("/open/code/ANA", auth=None).status_code == 200
        links = two_programs.get("/account/u/user/u/shareurls?programId=referral-program").json()["shareLinks"]
        back = two_programs.user("u", referralCodes={"referral-program": "ANA"})
        assert back["referralCodes"]["referral-program"] == "ANA"
        assert two_programs.get("/account/u/user/u/shareurls?programId=referral-program").json()["shareLinks"] != links

    def test_somebody_elses_code_is_refused_and_nothing_changes(self, two_programs: SaasquatchTenant) -> None:
        two_programs.user("u", firstName="Ana")
        answer = two_programs.put(
            two_programs.user_path("v"),
            json={"id": "v", "accountId": "v", "referralCodes": {"referral-program": "ana"}},
        )
        assert (answer.status_code, answer.json()["apiErrorCode"]) == (400, "REFERRAL_CODE_TAKEN")
        assert_refused(two_programs.get(two_programs.user_path("v")), 404, "ACCOUNT_NOT_FOUND")
        taken = two_programs.put(
            two_programs.user_path("u"), json={"id": "u", "accountId": "u", "referralCodes": {"partner-program": "ANA"}}
        )
        assert (taken.status_code, taken.json()["apiErrorCode"]) == (400, "REFERRAL_CODE_TAKEN")

    def test_an_unknown_program_is_refused(self, tenant: SaasquatchTenant) -> None:
        answer = tenant.put(
            tenant.user_path("u"), json={"id": "u", "accountId": "u", "referralCodes": {"nope": "MINE"}}
        )
        assert answer.status_code in (400, 404)

    def test_a_vanity_link_pairs_with_a_generated_code_and_the_reverse(self, two_programs: SaasquatchTenant) -> None:
        user = two_programs.user(
            "u",
            firstName="Ana",
            shareLinks={"referral-program": "https://go.example.org/ana"},
            referralCodes={"partner-program": "PARTNERANA"},
        )
        links = user["programShareLinks"]
        assert links["referral-program"]["cleanShareLink"] == "https://go.example.org/ana"
        assert links["referral-program"]["EMAIL"]["DIRECT"] == "https://go.example.org/ana?mP"
        assert user["referralCodes"] == {"referral-program": "ANA", "partner-program": "PARTNERANA"}
        assert links["partner-program"]["cleanShareLink"].startswith("http://localhost:8080/l/mz")

    @pytest.mark.parametrize(
        "link",
        [
            "https://GO.Example.org/ana",
            "HTTPS://go.example.org/ana",
            "https://go.example.org:443/ana",
            "https://go.example.org/%61na",
            "https://go.example.org/x/../ana",
            "https://go.example.org/./ana",
        ],
    )
    def test_two_spellings_of_a_link_are_one_link(self, two_programs: SaasquatchTenant, link: str) -> None:
        two_programs.user("u", shareLinks={"referral-program": "https://go.example.org/ana"})
        body = {"id": "v", "accountId": "v", "shareLinks": {"referral-program": link}}
        refused = two_programs.put(two_programs.user_path("v"), json=body)
        assert (refused.status_code, refused.json()["rsCode"]) == (400, "RS053")
        again = two_programs.user("u", shareLinks={"referral-program": link})
        assert again["programShareLinks"]["referral-program"]["cleanShareLink"] == "https://go.example.org/ana"

    def test_a_link_that_is_sent_again_stays(self, two_programs: SaasquatchTenant) -> None:
        sent = {"shareLinks": {"referral-program": "https://go.example.org/ana"}}
        two_programs.user("u", **sent)
        two_programs.user("u", **sent)
        found = two_programs.get(two_programs.user_path("u")).json()
        assert found["programShareLinks"]["referral-program"]["cleanShareLink"] == "https://go.example.org/ana"

    @pytest.mark.parametrize(
        ("before", "sent"),
        [
            ({"partner-program": "x"}, {"referral-program": "x"}),
            ({"partner-program": "x"}, {"referral-program": "x", "partner-program": "w"}),
            ({"referral-program": "y", "partner-program": "x"}, {"referral-program": "x", "partner-program": "y"}),
            ({"referral-program": "x"}, {"partner-program": "x"}),
        ],
    )
    def test_links_move_between_programs(
        self, two_programs: SaasquatchTenant, before: dict[str, str], sent: dict[str, str]
    ) -> None:
        def links(names: dict[str, str]) -> dict[str, str]:
            return {program: f"https://go.example.org/{name}" for program, name in names.items()}

        two_programs.user("u", shareLinks=links(before))
        answer = two_programs.user("u", shareLinks=links(sent))
        assert answer == two_programs.get(two_programs.user_path("u")).json()
        shown = {program: each["cleanShareLink"] for program, each in answer["programShareLinks"].items()}
        own = {program: link for program, link in shown.items() if link.startswith("https://go.example.org/")}
        assert own == links(sent)

    def test_a_link_for_two_programs_is_refused(self, two_programs: SaasquatchTenant) -> None:
        link = "https://go.example.org/x"
        body = {"id": "u", "accountId": "u", "shareLinks": {"referral-program": link, "partner-program": link}}
        answer = two_programs.put(two_programs.user_path("u"), json=body)
        assert (answer.status_code, answer.json()["rsCode"]) == (400, "RS053")
        assert "/shareLinks/partner-program: the link is given for two programs" in answer.json()["message"]

    def test_a_link_moves_to_a_new_code_of_its_user(self, two_programs: SaasquatchTenant) -> None:
        sent = {"shareLinks": {"referral-program": "https://go.example.org/ana"}}
        two_programs.user("u", firstName="Ana", **sent)
        for code in ("OTHER", "ANA"):
            two_programs.user("u", referralCodes={"referral-program": code}, **sent)
            found = two_programs.get(two_programs.user_path("u")).json()
            assert found["referralCodes"]["referral-program"] == code
            assert found["programShareLinks"]["referral-program"]["cleanShareLink"] == "https://go.example.org/ana"

    @pytest.mark.parametrize(
        ("link", "other"),
        [
            ("https://go.example.org/a", "https://go.example.org/A"),
            ("https://go.example.org/a", "https://go.example.org/a/"),
            ("https://go.example.org/a", "http://go.example.org/a"),
            ("https://go.example.org/a%2Fb", "https://go.example.org/a/b"),
            ("https://go.example.org/ä", "https://go.example.org/a"),
        ],
    )
    def test_links_that_lead_elsewhere_are_two_links(
        self, two_programs: SaasquatchTenant, link: str, other: str
    ) -> None:
        two_programs.user("u", shareLinks={"referral-program": link})
        two_programs.user("v", shareLinks={"referral-program": other})

    @pytest.mark.parametrize(
        "link", ["https://elsewhere.example/ana", "ftp://go.example.org/a", "go.example.org/a", ""]
    )
    def test_a_link_that_is_not_on_the_tenants_domain_is_refused(
        self, two_programs: SaasquatchTenant, link: str
    ) -> None:
        answer = two_programs.put(
            two_programs.user_path("u"), json={"id": "u", "accountId": "u", "shareLinks": {"referral-program": link}}
        )
        assert (answer.status_code, answer.json()["rsCode"]) == (400, "RS053")

    @pytest.mark.parametrize(
        "rest", ["go.example.org/a?x=1", "go.example.org/a?", "go.example.org/a#b", "me@go.example.org/a"]
    )
    def test_a_link_with_a_user_a_query_or_a_fragment_is_refused(
        self, two_programs: SaasquatchTenant, rest: str
    ) -> None:
        body = {"id": "u", "accountId": "u", "shareLinks": {"referral-program": f"https://{rest}"}}
        answer = two_programs.put(two_programs.user_path("u"), json=body)
        assert (answer.status_code, answer.json()["rsCode"]) == (400, "RS053")
        assert "without user, query and fragment" in answer.json()["message"]

    def test_somebody_elses_link_is_refused(self, two_programs: SaasquatchTenant) -> None:
        link = {"shareLinks": {"referral-program": "https://go.example.org/ana"}}
        two_programs.user("u", **link)
        answer = two_programs.put(two_programs.user_path("v"), json={"id": "v", "accountId": "v", **link})
        assert (answer.status_code, answer.json()["rsCode"]) == (400, "RS053")


class TestLookUp:
    def test_both_look_ups_answer_alike(self, tenant: SaasquatchTenant) -> None:
        tenant.user("u", firstName="Ana", lastName="Stone")
        found = tenant.get("/open/code/anastone", auth=None).json()
        assert found["code"] == "ANASTONE"
        assert found["referrerName"] == "Ana S"
        assert found["reward"] == {"type": "PCT_DISCOUNT", "discountPercent": 10}
        assert tenant.get("/code/ANASTONE").json() == found

    def test_the_owner_of_a_code_is_public_without_personal_data(self, tenant: SaasquatchTenant) -> None:
        tenant.user("u", "a", firstName="Ana", lastName="Stone", email="ana@example.org")
        assert tenant.get("/open/user?referralCode=ANASTONE", auth=None).json() == {
            "id": "u",
            "accountId": "a",
            "firstName": "Ana",
            "lastInitial": "S",
            "referralCode": "ANASTONE",
            "imageUrl": "",
        }
        assert_refused(tenant.get("/open/user", auth=None), 400, "query parameter referralCode: is required")

    def test_the_owner_of_a_secondary_code_is_shown_with_the_primary_one(self, server: Server, client: Client) -> None:
        tenant = make_tenant(server, client, settings={"allowReferralCodeEditOnUserUpsert": True})
        tenant.user("ana", referralCodes={"referral-program": "OLD"})
        tenant.user("ana", referralCodes={"referral-program": "NEW"})
        for code in ("OLD", "new"):
            assert tenant.get(f"/open/user?referralCode={code}", auth=None).json()["referralCode"] == "NEW"

    def test_unknown_blocked_and_foreign_codes_are_404(
        self, tenant: SaasquatchTenant, other_tenant: SaasquatchTenant
    ) -> None:
        tenant.user("u", firstName="Ana")
        assert_refused(other_tenant.get("/open/code/ANA", auth=None), 404, "REFERRAL_CODE_NOT_FOUND")
        assert tenant.post("/account/u/user/u/block").json() == {}
        for path in ("/open/code/ANA", "/open/user?referralCode=ANA"):
            answer = tenant.get(path, auth=None)
            assert (answer.status_code, answer.json()["apiErrorCode"]) == (404, "REFERRAL_CODE_NOT_FOUND")
        assert_refused(tenant.get("/code/ANA"), 404, "REFERRAL_CODE_NOT_FOUND")
        assert_refused(tenant.post("/account/u/user/u/block"), 403, "USER_ALREADY_BLOCKED")
        assert tenant.post("/account/u/user/u/unblock").json() == {}
        assert tenant.get("/open/code/ANA", auth=None).status_code == 200
        assert_refused(tenant.post("/account/u/user/u/unblock"), 403, "USER_NOT_BLOCKED")


class TestApply:
    def apply(self, tenant: SaasquatchTenant, code: str, user: str, account: str | None = None):
        return tenant.post(f"/open/code/{segment(code)}{tenant.user_path(user, account).removeprefix('/open')}")

    def why(self, answer: httpx2.Response) -> str:
        """What a refusal by the rules of referrals says."""
        body = answer.json()
        assert (answer.status_code, body["apiErrorCode"]) == (400, "REFERRAL_REFUSED"), body
        message: str = body["message"]
        return message

    def test_applying_a_code_makes_a_referral(self, tenant: SaasquatchTenant) -> None:
        tenant.user("ana", firstName="Ana", lastName="Stone")
        tenant.user("ben")
        assert self.apply(tenant, "ANASTONE", "ben").json()["code"] == "ANASTONE"
        assert tenant.get(tenant.user_path("ben")).json()["referredByCodes"] == ["ANASTONE"]
        started = tenant.events("referral.started")
        assert [(e["data"]["referrer"]["id"], e["data"]["referred"]["id"]) for e in started] == [("ana", "ben")]

    def test_an_account_is_referred_once(self, tenant: SaasquatchTenant) -> None:
        for user in ("ana", "eve"):
            tenant.user(user, firstName=user)
        tenant.user("ben", "team")
        tenant.user("bob", "team")
        assert self.apply(tenant, "ANA", "ben", "team").status_code == 200
        for user in ("ben", "bob"):
            assert self.why(self.apply(tenant, "EVE", user, "team")) == "The account has been referred already."
        assert tenant.get("/referrals").json()["totalCount"] == 1

    def test_nobody_refers_their_own_account(self, tenant: SaasquatchTenant) -> None:
        tenant.user("ana", "team", firstName="Ana")
        tenant.user("bob", "team")
        assert self.why(self.apply(tenant, "ANA", "ana", "team")) == "Nobody can refer their own account."
        assert self.why(self.apply(tenant, "ANA", "bob", "team")) == "Nobody can refer their own account."

    def test_a_user_who_is_not_referable_is_not_referred(self, tenant: SaasquatchTenant) -> None:
        tenant.user("ana", firstName="Ana")
        tenant.user("ben", referable=False)
        assert self.why(self.apply(tenant, "ANA", "ben")) == "The user cannot be referred."
        assert tenant.user("eve", referable=False, referredByCodes=["ANA"])["referredByCodes"] == []
        assert tenant.get("/referrals").json()["totalCount"] == 0

    def test_unknown_code_user_and_account_are_404(self, tenant: SaasquatchTenant) -> None:
        tenant.user("ana", "team", firstName="Ana")
        assert_refused(self.apply(tenant, "NOBODY", "ana", "team"), 404, "REFERRAL_CODE_NOT_FOUND")
        assert self.apply(tenant, "ANA", "nobody").json()["rsCode"] == "RS041"
        assert self.apply(tenant, "ANA", "nobody", "team").json()["rsCode"] == "RS042"

    def test_a_blocked_referrer_is_denied(self, tenant: SaasquatchTenant) -> None:
        tenant.user("ana", firstName="Ana")
        tenant.user("ben")
        tenant.post("/account/ana/user/ana/block")
        assert self.apply(tenant, "ANA", "ben").status_code == 200
        referral = tenant.get("/referrals").json()["referrals"][0]
        assert (referral["referrerModerationStatus"], referral["referredModerationStatus"]) == ("DENIED", "DENIED")
        assert referral["moderationStatus"] == "ACTIONED"
