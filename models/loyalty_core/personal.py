"""What is held on a member or a user of an organization, for `models/persons.py`: which rows are theirs, and what every text of the tables is."""

from collections.abc import Mapping

from sqlalchemy import or_, select

from models.kernel.ids import text
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
_OF_THE_ORGANIZATION = {
    "lc_accounts": ("account_key", "name", "format_string"),
    "lc_audiences": ("segment_key", "name", "description", "matcher_type", "matcher", "found_by"),
    "lc_badges": ("badge_key", "name"),
    "lc_campaign_actions": ("name", "status", "rules", "effects"),
    "lc_campaign_tags": ("tag",),
    "lc_campaigns": (
        *(
            "code",
            "name",
            "description",
            "picture_url",
            "type",
            "event_type",
            "enabled_topics",
            "audience_keys",
            "tier_keys",
        ),
        *("days_of_week", "location_codes", "smart_rewards", "tags", "custom_attributes"),
    ),
    "lc_coded_items": ("kind", "code", "label", "tags"),
    "lc_content_schema_versions": ("schema",),
    "lc_content_schemas": ("name", "description", "picture_url"),
    "lc_coupon_book_contents": ("locale", "content", "extra_fields"),
    "lc_coupon_book_labels": ("kind", "label"),
    "lc_coupon_book_offerings": ("partner_name", "status", "offered", "accepted"),
    "lc_coupon_books": (
        *("external_id", "name", "description", "subtitle", "picture_url", "detail_picture_url", "custom_attributes"),
        *(
            "condition",
            "type",
            "discount_type",
            "tags",
            "tiers",
            "audience_keys",
            "publishing_status",
            "default_locale",
        ),
        "search",
    ),
    "lc_coupons": ("code",),
    "lc_event_triggers": ("type", "name", "url", "event_types", "headers", "sealed"),
    "lc_event_types": ("api_code", "name", "description", "schema_type", "custom_attributes"),
    "lc_ledgers": ("ledger_key", "name", "description"),
    "lc_listeners": ("event_type", "source"),
    "lc_lots": ("place",),
    "lc_matchers": ("matcher_key", "name", "type", "matcher"),
    "lc_mission_tags": ("tag",),
    "lc_missions": (
        *(
            "mission_key",
            "code",
            "name",
            "short_description",
            "description",
            "picture_url",
            "custom_attributes",
            "type",
        ),
        *("tags", "repetition_period", "event_type"),
    ),
    "lc_order_points": ("transaction_id",),
    "lc_organizations": ("name", "description", "picture_url", "default_locale", "locales", "custom_attributes"),
    "lc_partnerships": ("partner_alias",),
    "lc_portal_names": ("public_id",),
    "lc_portals": (
        *("public_id", "name", "links", "theme", "forms", "metadata", "custom_attributes", "auth_redirect_url"),
        "auth_valid_scopes",
    ),
    "lc_programs": ("program_key", "name", "description"),
    "lc_referral_programs": ("code", "name", "description", "picture_url", "custom_attributes", "tags", "event_type"),
    "lc_surveys": ("name",),
    "lc_tiers": ("tier_key", "name", "picture_url", "custom_attributes"),
}
"""What the organization has set up, which names no member; a matcher of an audience may name one, and is the organization's own text."""

TABLES: Mapping[str, PersonalTable] = {
    **_OF_MEMBERS,
    **_OF_USERS,
    **{table: PersonalTable(plain=columns) for table, columns in _OF_THE_ORGANIZATION.items()},
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


def finish_erasure(_uow: UnitOfWork, _person: Person) -> None:
    """Nothing to do: the API keeps no files, and no index beside its tables."""
