"""What is held on a user, for `models/persons.py`: which rows are theirs, and what every text of the tables is."""

from collections.abc import Mapping

from sqlalchemy import func, select

from models.kernel.ids import text
from models.persons import Person, PersonalTable, person_of, texts_in
from models.saasquatch.exports.exports import end_exports
from models.saasquatch.queries import USER
from models.saasquatch.tables import Code, User
from models.saasquatch.users.search import rename_user
from models.uow import UnitOfWork

OWN = {"account_id": "account", "user_id": "user"}
OF_ACCOUNT = {"account_id": "whole_account"}
"""Rows of users of the account who are deleted."""
CODE_CHARACTERS = 12

TABLES: Mapping[str, PersonalTable] = {
    "sq_accounts": PersonalTable(owners=({"id": "whole_account"},)),
    "sq_users": PersonalTable(
        owners=({"account_id": "account", "id": "user"},),
        erased={
            **dict.fromkeys(("first_name", "last_name", "email", "cookie_id", "locale", "country_code")),
            **dict.fromkeys(
                ("payment_provider_id", "first_seen_ip", "last_seen_ip", "first_seen_agent", "last_seen_agent")
            ),
            "image_url": "",
            "custom_fields": {},
            "segments": [],
            "search": "",
        },
        mentions=("referred_by_codes",),
        plain=("referral_source",),
    ),
    "sq_codes": PersonalTable(
        owners=(OWN, OF_ACCOUNT),
        erased={"vanity_url": None},
        mentions=("code", "folded"),
        plain=("program_id", "link_token"),
    ),
    "sq_referrals": PersonalTable(
        owners=(
            {"referrer_account_id": "account", "referrer_user_id": "user"},
            {"referred_account_id": "account", "referred_user_id": "user"},
            {"referrer_account_id": "whole_account"},
            {"referred_account_id": "whole_account"},
        ),
        mentions=("code_used", "link_used", "fraud_signals"),
        plain=("id", "program_id", "referrer_status", "referred_status", "referrer_reward_id", "referred_reward_id"),
    ),
    "sq_rewards": PersonalTable(
        owners=(OWN, OF_ACCOUNT),
        mentions=("name", "description", "integration"),
        plain=(
            *("id", "type", "source", "program_id", "program_reward_key", "referral_id", "unit", "currency"),
            *("fuel_tank_code", "fuel_tank_type"),
        ),
    ),
    "sq_redemptions": PersonalTable(plain=("id", "transaction_id", "reward_id")),
    "sq_user_events": PersonalTable(owners=(OWN, OF_ACCOUNT), erased={"fields": None}, plain=("id", "key")),
    "sq_idempotency_keys": PersonalTable(mentions=("key",)),
    "sq_exports": PersonalTable(mentions=("name", "requester", "params"), plain=("id", "type", "format", "status")),
    "sq_programs": PersonalTable(
        configured=("id", "name", "landing_url", "conversion_event", "referrer_reward", "referred_reward")
    ),
    "sq_subscriptions": PersonalTable(configured=("url", "name"), plain=("digest", "types", "source")),
    "sq_do_not_track": PersonalTable(plain=("digest",)),
}


def find_person(uow: UnitOfWork, person_id: str, account_id: str | None) -> Person | None:
    """A user, of the account with the same id unless another is named.

    Raises ValueError for an account with other users whose id is the person's own: its id would have to be theirs too.
    """
    account_id = account_id or person_id
    user = uow.first(USER, account_id=account_id, user_id=person_id)
    if user is None:
        return None
    codes = uow.session.scalars(
        select(Code.code).where(
            Code.tenant_id == uow.tenant_id, Code.account_id == account_id, Code.user_id == person_id
        )
    ).all()
    fresh = {code: text(uow.random, "erased-code", CODE_CHARACTERS).upper() for code in codes}
    users = uow.session.scalar(
        select(func.count()).select_from(User).where(User.tenant_id == uow.tenant_id, User.account_id == account_id)
    )
    alone = users == 1
    if not alone and account_id.casefold() in {person_id.casefold(), (user.email or "").casefold()}:
        raise ValueError(
            f"the account {account_id!r} has other users, whose id would change with this one's: delete them first"
        )
    details = (
        *(
            user.first_name,
            user.last_name,
            user.first_seen_ip,
            user.last_seen_ip,
            user.cookie_id,
            user.payment_provider_id,
        ),
        *texts_in(user.custom_fields),
    )
    return person_of(
        uow,
        keys={"account": account_id, "user": person_id, **({"whole_account": account_id} if alone else {})},
        renamed=("user", "account", "whole_account") if alone else ("user",),
        emails=(user.email,),
        details=details,
        codes=fresh,
    )


def finish_erasure(uow: UnitOfWork, person: Person) -> None:
    """Find the user by the pseudonym in the search index, and end all exports that can be fetched: each may hold the
    person.
    """
    keys = {**person.keys, **person.renamed}
    rename_user(uow, (person.keys["account"], person.keys["user"]), (keys["account"], keys["user"]))
    end_exports(uow)
