"""The organization itself: its names, its locales, its default program."""

from models.kernel.findings import at, findings
from models.kernel.statements import differing, replaced
from models.loyalty_core.organization.input import Columns
from models.loyalty_core.organization.problems import DefaultLocaleUnknown
from models.loyalty_core.organization.programs import programs_changed
from models.loyalty_core.organization.queries import ORGANIZATION, PROGRAM_ID, UPDATE_ORGANIZATION, columns_of
from models.loyalty_core.organization.tables import Organization
from models.loyalty_core.problems import LoyaltyProgramNotFound, OrganizationMismatch
from models.loyalty_core.settings import organization_id
from models.uow import UnitOfWork


def get_organization(uow: UnitOfWork) -> Organization:
    """The caller's own organization."""
    return uow.one(ORGANIZATION)


def update_organization(uow: UnitOfWork, given: Columns) -> Organization:
    """Change it; a column that is left out keeps its value.

    Raises NotFound for an unknown program, RuleViolation for a default locale that is not among the locales.
    """
    known = uow.lock_row(ORGANIZATION)
    assert known is not None, "each tenant begins with one"
    programs_changed(uow)
    changes = differing(known, given)
    if not changes:
        return known
    row = replaced(known, **changes, updated_ms=uow.now_ms)
    with findings() as found:
        with found.at("/defaultLoyaltyProgramId"):
            if "default_program_id" in changes and uow.first(PROGRAM_ID, program_id=row.default_program_id) is None:
                raise LoyaltyProgramNotFound(f"There is no loyalty program {row.default_program_id}.")
        with found.at("/defaultLocale"):
            if row.default_locale not in row.locales:
                raise DefaultLocaleUnknown(
                    f"defaultLocale must be one of the locales ({', '.join(row.locales) or 'none'}), not {row.default_locale}."
                )
    uow.execute(UPDATE_ORGANIZATION, **{name: getattr(row, name) for name in columns_of(Organization)})
    return row


def lock_organization(uow: UnitOfWork) -> Organization:
    """The organization, locked before anything else is: everyone locks it who adds something with a key, or changes
    defaults.

    So two calls cannot both take the default, nor the same key.
    """
    row = uow.lock(ORGANIZATION)
    assert row is not None, "each tenant begins with one"
    return row


def check_named(uow: UnitOfWork, named_id: int | None) -> None:
    """The organization that a body names, if it names one, is that of the path. Raises RuleViolation."""
    if named_id is not None and named_id != organization_id(uow.tenant, uow.directory):
        with at("/organizationId"):
            raise OrganizationMismatch("organizationId must be that of the path.")
