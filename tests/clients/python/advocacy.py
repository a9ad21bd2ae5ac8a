"""A new advocate with a customer behind her; an order by Ana's code pays Ana, who redeems a reward."""

from advocacy_client import AuthenticatedClient
from advocacy_client.api.advocates import create_advocate, get_advocate
from advocacy_client.api.referrals import convert_referral
from advocacy_client.api.rewards import redeem_reward
from advocacy_client.api.sso import create_customer_mapping, list_customer_mappings
from advocacy_client.models import (
    AdvocateAnswer,
    AdvocateCreate,
    ConversionAnswer,
    ConvertRequest,
    CustomerMappingAnswer,
    CustomerMappingCreate,
    CustomerMappingList,
    ErrorAnswer,
    RedeemRequest,
    RedemptionAnswer,
)
from support import address, of

KEY = "sk_live_DEMO0KEY0ADVOCACY0TROTH0MOCK"
ANA, REWARD = "adv_demo0000000000000001", "rwd_demo0000000000000001"


def main() -> None:
    with AuthenticatedClient(base_url=address("advocacy"), token=KEY) as client:
        wanted = AdvocateCreate(email="kim.of.python@example.org", name="Kim", metadata=None)
        kim = of(AdvocateAnswer, create_advocate.sync(client=client, body=wanted)).advocate
        assert (kim.name, kim.points, kim.metadata.additional_properties) == ("Kim", 0, {})
        mapped = CustomerMappingCreate(advocate_id=kim.id, external_customer_id="customer-of-python")
        made = of(CustomerMappingAnswer, create_customer_mapping.sync(client=client, body=mapped)).mapping
        listed = of(CustomerMappingList, list_customer_mappings.sync(client=client))
        assert made in listed.mappings

        before = of(AdvocateAnswer, get_advocate.sync(ANA, client=client)).advocate.points
        order = ConvertRequest(code="ANAST2NE", order_id="order-of-python", order_value=49.9)
        first = of(ConversionAnswer, convert_referral.sync(client=client, body=order, idempotency_key="of-python-1"))
        again = of(ConversionAnswer, convert_referral.sync(client=client, body=order, idempotency_key="of-python-1"))
        assert again == first
        paid = of(AdvocateAnswer, get_advocate.sync(ANA, client=client)).advocate.points
        assert paid > before
        of(RedemptionAnswer, redeem_reward.sync(REWARD, client=client, body=RedeemRequest(advocate_id=ANA)))
        assert of(AdvocateAnswer, get_advocate.sync(ANA, client=client)).advocate.points < paid

        refused = of(ErrorAnswer, create_advocate.sync(client=client, body=wanted))
        assert refused.error.code.value == "CONFLICT"


main()
