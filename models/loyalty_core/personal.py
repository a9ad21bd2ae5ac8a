"""What is held on a member or a user of an organization, for `models/persons.py`: which rows are theirs, and what every
text of the tables is.
"""

from collections.abc import Mapping

from sqlalchemy import or_, select

from models.kernel.ids import text
from models.loyalty_core.audiences.audiences import remove_from_lists
from models.loyalty_core.members.tables import Member
from models.loyalty_core.organization.tables import OrganizationUser
from models.loyalty_core.referrals.tables import ReferralCode
from models.persons import PSEUDONYM, PSEUDONYMOUS_EMAIL, Person, PersonalTable, person_of, texts_in
from models.uow import UnitOfWork

OF_MEMBER = ({"member_id": "member"},)
CODE_CHARACTERS = 12

_OF_MEMBERS = {
    "lc_members": PersonalTable(
        owners=({"id": "member", "loyalty_member_id": "member_key"},),
        erased={
            "email": None,
            "on_chain": {},
            "profile": {},
            "custom_attributes": {},
            "public_loyalty_member_id": None,
        },
        mentions=("referral_code",),
        plain=("member_type",),
    ),
    "lc_member_terms": PersonalTable(owners=OF_MEMBER, plain=("term",), deleted=True),
    "lc_referral_codes": PersonalTable(owners=OF_MEMBER, mentions=("code",)),
    "lc_events": PersonalTable(
        owners=OF_MEMBER,
        mentions=(
            *("topic", "data", "effects", "rule_errors", "error", "unique_key", "external_id", "description", "tags"),
        ),
        plain=("type", "status", "chain", "fingerprint"),
    ),
    "lc_purchase_orders": PersonalTable(
        owners=OF_MEMBER,
        mentions=("external_id", "description", "items", "tags", "custom_attributes"),
        plain=("type", "status"),
    ),
    "lc_coupon_usages": PersonalTable(
        owners=OF_MEMBER,
        mentions=("unique_key", "custom_attributes"),
        plain=("type", "status", "code", "discount_type", "fingerprint"),
    ),
    "lc_mission_counts": PersonalTable(
        owners=OF_MEMBER, mentions=("unique_key", "external_id", "description", "tags"), plain=("fingerprint",)
    ),
    "lc_transactions": PersonalTable(
        mentions=("unique_key", "external_id", "description", "tags"),
        plain=("type", "status", "capture_method", "fingerprint", "lots"),
    ),
    "lc_transaction_tags": PersonalTable(mentions=("tag",)),
    "lc_crossings": PersonalTable(mentions=("payload",), plain=("kind",)),
    "lc_enrolments": PersonalTable(owners=OF_MEMBER),
    "lc_tier_changes": PersonalTable(owners=OF_MEMBER, plain=("tier_key",)),
    "lc_member_badges": PersonalTable(owners=OF_MEMBER),
    "lc_member_missions": PersonalTable(owners=OF_MEMBER),
    "lc_campaign_points": PersonalTable(owners=OF_MEMBER),
    "lc_survey_answers": PersonalTable(owners=OF_MEMBER),
    "lc_referrals": PersonalTable(owners=({"referrer_id": "member"}, {"referred_id": "member"})),
    "lc_referrers": PersonalTable(owners=OF_MEMBER),
}
_OF_USERS = {
    "lc_users": PersonalTable(
        owners=({"user_id": "user"},),
        erased={
            **dict.fromkeys(("user_name", "name", "nickname"), PSEUDONYM),
            **dict.fromkeys(("taken_name", "taken_email")),
            "email": PSEUDONYMOUS_EMAIL,
            **dict.fromkeys(("search", "picture_url", "password_hash", "auth_client_id"), ""),
            "custom_attributes": {},
            "active": False,
        },
        plain=("roles", "organizations"),
    )
}
_SET_UP: Mapping[str, tuple[str, ...]] = {
    "lc_accounts": ("account_key", "name", "format_string"),
    "lc_audiences": ("segment_key", "name", "description", "matcher"),
    "lc_badges": ("badge_key", "name"),
    "lc_campaign_actions": ("name", "rules", "effects"),
    "lc_campaign_tags": ("tag",),
    "lc_campaigns": (
        "code",
        "name",
        "description",
        "picture_url",
        "audience_keys",
        "tier_keys",
        "location_codes",
        "smart_rewards",
        "tags",
        "custom_attributes",
    ),
    "lc_coded_items": ("code", "label", "tags"),
    "lc_content_schema_versions": ("schema",),
    "lc_content_schemas": ("name", "description", "picture_url"),
    "lc_coupon_book_contents": ("content", "extra_fields"),
    "lc_coupon_book_labels": ("label",),
    "lc_coupon_book_offerings": ("partner_name",),
    "lc_coupon_books": (
        "external_id",
        "name",
        "description",
        "subtitle",
        "picture_url",
        "detail_picture_url",
        "custom_attributes",
        "condition",
        "tags",
        "tiers",
        "audience_keys",
    ),
    "lc_event_triggers": ("name", "url", "headers"),
    "lc_event_types": ("api_code", "name", "description", "custom_attributes"),
    "lc_ledgers": ("ledger_key", "name", "description"),
    "lc_matchers": ("matcher_key", "name", "matcher"),
    "lc_mission_tags": ("tag",),
    "lc_missions": (
        "mission_key",
        "code",
        "name",
        "short_description",
        "description",
        "picture_url",
        "custom_attributes",
        "tags",
    ),
    "lc_organizations": ("name", "description", "picture_url", "custom_attributes"),
    "lc_portal_names": ("public_id",),
    "lc_portals": (
        "public_id",
        "name",
        "links",
        "theme",
        "forms",
        "metadata",
        "custom_attributes",
        "auth_redirect_url",
        "auth_valid_scopes",
    ),
    "lc_programs": ("program_key", "name", "description"),
    "lc_referral_programs": ("code", "name", "description", "picture_url", "custom_attributes", "tags"),
    "lc_surveys": ("name",),
    "lc_tiers": ("tier_key", "name", "picture_url", "custom_attributes"),
}
"""What the organization has set up, in whose texts, rules and expressions it may have named a member."""
_PLAIN: Mapping[str, tuple[str, ...]] = {
    "lc_audiences": ("matcher_type", "found_by"),
    "lc_campaign_actions": ("status",),
    "lc_campaigns": ("type", "event_type", "enabled_topics", "days_of_week"),
    "lc_coded_items": ("kind",),
    "lc_coupon_book_contents": ("locale",),
    "lc_coupon_book_labels": ("kind",),
    "lc_coupon_book_offerings": ("status", "offered", "accepted"),
    "lc_coupon_books": ("type", "discount_type", "publishing_status", "default_locale", "search"),
    "lc_coupons": ("code",),
    "lc_event_triggers": ("type", "event_types", "sealed"),
    "lc_event_types": ("schema_type",),
    "lc_listeners": ("event_type", "source"),
    "lc_lots": ("place",),
    "lc_matchers": ("type",),
    "lc_missions": ("type", "repetition_period", "event_type"),
    "lc_order_points": ("transaction_id",),
    "lc_organizations": ("default_locale", "locales"),
    "lc_partnerships": ("partner_alias",),
    "lc_referral_programs": ("event_type",),
}
"""Kinds, states, codes that this server made, and what is derived from other columns."""

TABLES: Mapping[str, PersonalTable] = {
    **_OF_MEMBERS,
    **_OF_USERS,
    **{
        table: PersonalTable(configured=_SET_UP.get(table, ()), plain=_PLAIN.get(table, ()))
        for table in (*_SET_UP, *_PLAIN)
    },
}


def find_person(uow: UnitOfWork, person_id: str, _account_id: str | None) -> Person | None:
    """A member by `loyaltyMemberId`, else a user of the organization by id or name."""
    member = uow.session.scalar(
        select(Member).where(Member.tenant_id == uow.tenant_id, Member.loyalty_member_id == person_id)
    )
    if member is not None:
        return _of_member(uow, member)
    user = uow.session.scalar(
        select(OrganizationUser).where(
            OrganizationUser.tenant_id == uow.tenant_id,
            or_(OrganizationUser.user_id == person_id, OrganizationUser.user_name == person_id),
        )
    )
    return None if user is None else _of_user(uow, user)


def _of_member(uow: UnitOfWork, member: Member) -> Person:
    codes = uow.session.scalars(
        select(ReferralCode.code).where(ReferralCode.tenant_id == uow.tenant_id, ReferralCode.member_id == member.id)
    ).all()
    if member.referral_code is not None:
        codes = [*codes, member.referral_code]
    return person_of(
        uow,
        keys={"member": member.id, "member_key": member.loyalty_member_id},
        renamed=("member_key",),
        ids=(member.public_loyalty_member_id,),
        emails=(member.email, *(one for one in texts_in(member.profile) if "@" in one)),
        details=(*texts_in(member.profile), *texts_in(member.custom_attributes), *texts_in(member.on_chain)),
        codes={code: text(uow.random, "erased-code", CODE_CHARACTERS).upper() for code in codes},
        numbers=(member.id,),
    )


def _of_user(uow: UnitOfWork, user: OrganizationUser) -> Person:
    return person_of(
        uow,
        keys={"user": user.user_id},
        ids=(user.user_name,),
        emails=(user.email,),
        details=(user.name, user.nickname, *texts_in(user.custom_attributes)),
        known_by=(user.user_id,),
    )


def finish_erasure(uow: UnitOfWork, person: Person) -> None:
    """Take a member out of the lists of audiences. There are no files, and no index beside the tables."""
    if "member" in person.keys:
        remove_from_lists(uow, person.keys["member"])
