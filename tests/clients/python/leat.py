"""A client of its own asks for a token; somebody joins with Ana's code, buys, and has credits."""

from uuid import UUID

from leat_client import AuthenticatedClient, Client
from leat_client.api.authorization import issue_access_token
from leat_client.api.contacts import create_contact, get_contact
from leat_client.api.credit_receptions import create_credit_reception
from leat_client.api.referrals import get_referral_program_settings, list_referrals
from leat_client.api.shops import list_shops
from leat_client.models import (
    AccessToken,
    ContactAnswer,
    CreditReceptionAnswer,
    CreditReceptionInputType0,
    GetContactResponse400,
    ListReferralsStatus,
    LoyaltyTransactionsEvent,
    NewContactAnswer,
    NewContactInput,
    ReferralList,
    ReferralProgramSettingsAnswer,
    ReferralProgramSettingsType0,
    ShopList,
    TokenRequest,
    TokenRequestGrantType,
)
from support import address, of

CLIENT, SECRET = 1001, "demo_client_secret_leat_troth_mock"


def main() -> None:
    with Client(base_url=address("leat")) as anybody:
        asked = TokenRequest(TokenRequestGrantType.CLIENT_CREDENTIALS, CLIENT, SECRET)
        token = of(AccessToken, issue_access_token.sync(client=anybody, body=asked))
    with AuthenticatedClient(base_url=address("leat"), token=token.access_token) as client:
        settings = of(ReferralProgramSettingsAnswer, get_referral_program_settings.sync(client=client))
        program = of(ReferralProgramSettingsType0, settings.data)
        event = of(LoyaltyTransactionsEvent, program.completion_event)
        assert event.data.number_of_transactions > 1

        joining = NewContactInput(email="kim.of.python@example.org", referral_code="ANAST7NE")
        kim = of(NewContactAnswer, create_contact.sync(client=client, body=joining)).data.uuid
        pending = of(ReferralList, list_referrals.sync(client=client, status=ListReferralsStatus.PENDING))
        assert kim in [referral.referred_contact.uuid for referral in pending.data]

        shop = of(ShopList, list_shops.sync(client=client)).data[0]
        bought = CreditReceptionInputType0(unit_value=12.5, contact_uuid=str(kim), shop_uuid=str(shop.uuid))
        received = of(CreditReceptionAnswer, create_credit_reception.sync(client=client, body=bought)).data
        contact = of(ContactAnswer, get_contact.sync(str(kim), client=client)).data
        assert contact.credit_balance.balance == received.credits_
        assert contact.tier is None

        unknown = of(GetContactResponse400, get_contact.sync(str(UUID(int=0)), client=client))
        assert unknown.code == 55031


main()
