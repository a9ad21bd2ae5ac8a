"""The organization itself: its names, its locales, its default program."""

from typing import Any

from models.kernel.times import iso
from models.loyalty_core.organization.programs import programs_changed
from models.loyalty_core.organization.tables import Organization, Program
from models.loyalty_core.problems import NotFound, RuleViolation
from models.loyalty_core.settings import organization_id
from models.uow import UnitOfWork


def get_organization(uow: UnitOfWork) -> dict[str, Any]:
    """The caller's own."""
    return _answer(uow, uow.session.scalars(uow.scoped(Organization)).one())


def update_organization(uow: UnitOfWork, body: dict[str, Any]) -> dict[str, Any]:
    """Change it; what is left out stays. Raises NotFound for an unknown program, RuleViolation for a locale that is not among the locales."""
    row = lock_organization(uow)
    programs_changed(uow)
    program_id, locales = body["defaultLoyaltyProgramId"], body.get("locales", row.locales)
    if uow.session.get(Program, (uow.tenant_id, program_id)) is None:
        raise NotFound(f"There is no loyalty program {program_id}.")
    if body["defaultLocale"] not in locales:
        raise RuleViolation(f"The defaultLocale {body['defaultLocale']} is not among the locales.")
    row.name, row.description, row.picture_url = body["name"], body["description"], body["pictureUrl"]
    row.default_program_id, row.default_locale, row.locales = program_id, body["defaultLocale"], locales
    row.custom_attributes = body.get("customAttributes", row.custom_attributes)
    row.updated_ms = uow.now_ms
    return _answer(uow, row)


def lock_organization(uow: UnitOfWork) -> Organization:
    """The organization, locked before anything else is: whoever adds what has a key, or changes defaults, comes through here.

    So two calls cannot both take the default, nor the same key.
    """
    row = uow.lock(uow.scoped(Organization))
    assert row is not None, "each tenant begins with one"
    return row


def check_named(uow: UnitOfWork, named_id: int | None) -> None:
    """The organization that a body names, if it names one, is that of the path. Raises RuleViolation."""
    if named_id is not None and named_id != organization_id(uow.tenant, uow.directory):
        raise RuleViolation("The organizationId is not that of the path.")


def _answer(uow: UnitOfWork, row: Organization) -> dict[str, Any]:
    return {
        "organization": {
            "organizationId": organization_id(uow.tenant, uow.directory),
            "name": row.name,
            "description": row.description,
            "pictureUrl": row.picture_url,
            "defaultLoyaltyProgramId": row.default_program_id,
            "defaultLocale": row.default_locale,
            "locales": row.locales,
            "customAttributes": row.custom_attributes,
            "createdAt": iso(row.created_ms),
            "updatedAt": iso(row.updated_ms),
        }
    }
