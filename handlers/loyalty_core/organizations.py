"""Organizations: the caller's own."""

from handlers.http import Answer, ok
from models.loyalty_core.organization import organizations
from models.loyalty_core.organization.input import OrganizationBody, read_organization
from models.loyalty_core.organization.views import show_organization
from models.uow import UnitOfWork


def get_organization(uow: UnitOfWork) -> Answer:
    return ok({"organization": show_organization(uow, organizations.get_organization(uow))})


def update_organization(uow: UnitOfWork, *, body: OrganizationBody) -> Answer:
    row = organizations.update_organization(uow, read_organization(body))
    return ok({"organization": show_organization(uow, row)})
