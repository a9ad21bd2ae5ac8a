"""Share links of a user."""

import pytest

from tests.api.saasquatch.conftest import SaasquatchTenant
from tests.support.refusals import assert_refused

ENGAGEMENT = {"EMBED", "POPUP", "HOSTED", "MOBILE", "EMAIL", "UNKNOWN"}


@pytest.fixture(autouse=True)
def _user(tenant: SaasquatchTenant) -> None:
    tenant.user("u", "a", firstName="Ana")


@pytest.mark.parametrize("path", ["/account/a/user/u/shareurls", "/open/account/a/user/u/shareurls"])
class TestShareUrls:
    def test_there_are_66_links_all_different(self, tenant: SaasquatchTenant, path: str) -> None:
        links = tenant.get(path).json()["shareLinks"]
        assert set(links) == ENGAGEMENT | {"cleanShareLink"}
        urls = [url for group in ENGAGEMENT for url in links[group].values()]
        assert len(set(urls)) == 66
        assert links["cleanShareLink"] == links["UNKNOWN"]["UNKNOWN"]
        assert links["EMBED"]["FACEBOOK"].rpartition("/")[2][:2] == "mw"
        assert links["POPUP"]["PINTEREST"].rpartition("/")[2][:2] == "Rz"
        assert len({url[-8:] for url in urls}) == 1

    def test_filters_leave_groups_and_media_out(self, tenant: SaasquatchTenant, path: str) -> None:
        one = tenant.get(f"{path}?engagementMedium=EMAIL&shareMedium=DIRECT").json()["shareLinks"]
        assert set(one) == {"cleanShareLink", "EMAIL"}
        assert set(one["EMAIL"]) == {"DIRECT"}
        assert len(tenant.get(f"{path}?shareMedium=SMS").json()["shareLinks"]) == 7

    def test_the_program_is_optional_and_must_exist(self, tenant: SaasquatchTenant, path: str) -> None:
        assert tenant.get(f"{path}?programId=referral-program").json() == tenant.get(path).json()
        assert_refused(tenant.get(f"{path}?programId=nope"), 404, "PROGRAM_NOT_FOUND")

    @pytest.mark.parametrize("query", ["engagementMedium=FAX", "shareMedium=email", "programId="])
    def test_bad_parameters_are_refused(self, tenant: SaasquatchTenant, path: str, query: str) -> None:
        assert_refused(tenant.get(f"{path}?{query}"), 400, "query parameter ")

    def test_unknown_users_are_404(self, tenant: SaasquatchTenant, other_tenant: SaasquatchTenant, path: str) -> None:
        assert tenant.get(path.replace("/u/", "/x/")).json()["rsCode"] == "RS042"
        assert other_tenant.get(path).json()["rsCode"] == "RS041"
