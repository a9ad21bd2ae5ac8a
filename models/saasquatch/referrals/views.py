"""Referrals as webhooks show them."""

from models.kernel.json_values import Shown
from models.saasquatch.tables import Referral


def referral_event(row: Referral) -> Shown:
    """The data of referral.started and referral.converted on tenants without classic."""

    def side(account_id: str | None, user_id: str | None) -> Shown | None:
        return {"id": user_id, "accountId": account_id} if user_id is not None else None

    return {
        "id": row.id,
        "referrer": side(row.referrer_account_id, row.referrer_user_id),
        "referred": side(row.referred_account_id, row.referred_user_id),
        "referralCodeUsed": row.code_used or None,
        "shareLinkUsed": row.link_used,
        "dateReferralStarted": row.started_ms,
        "dateConverted": row.converted_ms,
        "dateModified": row.modified_ms,
        "dateUserModified": row.user_modified_ms,
        "programId": row.program_id,
    }
