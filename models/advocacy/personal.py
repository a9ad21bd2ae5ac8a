"""What is held on an advocate, for `models/persons.py`: which rows are theirs, and what every text of the tables is."""

from collections.abc import Mapping

from sqlalchemy import select

from models.advocacy.tables import Advocate
from models.advocacy.tables import Mapping as CustomerMapping
from models.persons import PSEUDONYM, PSEUDONYMOUS_EMAIL, Person, PersonalTable, person_of, texts_in
from models.uow import UnitOfWork

OWN = ({"advocate_id": "advocate"},)

TABLES: Mapping[str, PersonalTable] = {
    "advocacy_advocates": PersonalTable(
        owners=({"id": "advocate"},),
        erased={"email": PSEUDONYMOUS_EMAIL, "name": None, "search": PSEUDONYM, "details": {}},
        plain=("tier", "status", "source", "referral_code"),
    ),
    "advocacy_mappings": PersonalTable(
        owners=OWN,
        erased={"external_customer_id": PSEUDONYM, "external_email": None, "external_name": None},
        plain=("id",),
    ),
    "advocacy_testimonials": PersonalTable(
        owners=(*OWN, {"author_email": "email"}),
        erased={"author_name": PSEUDONYM},
        mentions=("content",),
        plain=("id", "status", "source"),
    ),
    "advocacy_ideas": PersonalTable(owners=OWN, mentions=("title", "description"), plain=("id", "board_id", "status")),
    "advocacy_boards": PersonalTable(configured=("name", "description"), plain=("id",)),
    "advocacy_completions": PersonalTable(owners=OWN, plain=("id", "quest_id", "task_id")),
    "advocacy_conversions": PersonalTable(owners=OWN, mentions=("order_id",), plain=("id", "code")),
    "advocacy_quests": PersonalTable(configured=("title", "description"), plain=("id", "status")),
    "advocacy_tasks": PersonalTable(configured=("title", "description", "url"), plain=("id", "quest_id", "type")),
    "advocacy_redemptions": PersonalTable(owners=OWN, plain=("id", "reward_id", "reward_name", "status", "code")),
    "advocacy_rewards": PersonalTable(configured=("name", "description"), plain=("id", "type", "status")),
    "advocacy_referral_codes": PersonalTable(owners=OWN, plain=("code", "status")),
    "advocacy_referral_clicks": PersonalTable(mentions=("visitor_id",), plain=("code",)),
    "advocacy_sessions": PersonalTable(owners=OWN, plain=("digest",), deleted=True),
    "advocacy_used_signatures": PersonalTable(plain=("signature",)),
}
"""Ids of advocates and referral codes are drawn by this server: without the rest they say nothing of a person."""


def find_person(uow: UnitOfWork, person_id: str, _account_id: str | None) -> Person | None:
    """An advocate by id."""
    row = uow.session.scalar(select(Advocate).where(Advocate.tenant_id == uow.tenant_id, Advocate.id == person_id))
    if row is None:
        return None
    mappings = uow.session.scalars(
        select(CustomerMapping).where(
            CustomerMapping.tenant_id == uow.tenant_id, CustomerMapping.advocate_id == person_id
        )
    ).all()
    return person_of(
        uow,
        keys={"advocate": person_id, "email": row.email},
        ids=tuple(one.external_customer_id for one in mappings),
        emails=(row.email, *(one.external_email for one in mappings)),
        details=(row.name, *(one.external_name for one in mappings), *texts_in(row.details)),
        known_by=(person_id,),
    )


def finish_erasure(_uow: UnitOfWork, _person: Person) -> None:
    """Nothing to do: the API keeps no files, and no index beside its tables."""
