"""What conditions and amounts may name: members of what they look at, and existing tiers and programs.

A rule that names what does not exist matches nobody, and nobody would notice: it is refused when it is written. The
members of `profile`, `customAttributes`, `onChain`, payloads and items are free-form, so that nothing is known of them.
"""

from collections.abc import Iterable, Mapping

from models.kernel.findings import findings
from models.loyalty_core.expressions import compile_expression
from models.loyalty_core.expressions.names import compared_with, free_paths
from models.loyalty_core.expressions.nodes import Node, Path
from models.loyalty_core.members.ladders import check_tier_keys
from models.loyalty_core.members.problems import PathUnknown
from models.loyalty_core.members.views import find_program
from models.loyalty_core.references import Reference
from models.uow import UnitOfWork

MEMBER = (
    "memberId",
    "loyaltyMemberId",
    "publicLoyaltyMemberId",
    "memberType",
    "active",
    "referralCode",
    "walletId",
    "profile",
    "customAttributes",
    "onChain",
    "createdAt",
    "tiers",
    "loyaltyPrograms",
)
EVENT = (
    "eventId",
    "eventType",
    "data",
    "payload",
    "tags",
    "externalId",
    "description",
    "externalEventDate",
    "createdAt",
)
ORDER = (
    "orderId",
    "organizationId",
    "memberId",
    "loyaltyProgramId",
    "externalId",
    "externalEventDate",
    "description",
    "type",
    "status",
    "total",
    "discountedTotal",
    "items",
    "tags",
    "customAttributes",
    "createdAt",
    "updatedAt",
)
Roots = Mapping[str, tuple[str, ...]]
OF_MEMBER: Roots = {"member": MEMBER}
"""What conditions of audiences and coupon books look at."""
OF_EVENT: Roots = {"event": EVENT, "member": MEMBER, "order": ORDER}
"""What campaigns look at."""


def check_names(uow: UnitOfWork, texts: Iterable[str], roots: Roots) -> None:
    """Refuse expressions, which can be read, that name what is not there: raises RuleViolation for a path, NotFound for
    a tier or a program.
    """
    check_nodes(uow, map(compile_expression, texts), roots)


def check_nodes(uow: UnitOfWork, nodes: Iterable[Node], roots: Roots) -> None:
    """The same for what expressions were read to."""
    tiers: dict[str, None] = {}
    programs: dict[int, None] = {}
    with findings() as found:
        for node in nodes:
            for path in free_paths(node):
                with found.at(""):
                    _check_path(path, roots)
            tiers |= {key: None for key in compared_with(node, "member", "tiers") if isinstance(key, str)}
            for number in compared_with(node, "member", "loyaltyPrograms"):
                if isinstance(number, int) and not isinstance(number, bool):
                    programs[int(number)] = None
        with found.at(""):
            check_tier_keys(uow, [Reference(key, "") for key in tiers])
        for number in programs:
            with found.at(""):
                find_program(uow, number)


def _check_path(path: Path, roots: Roots) -> None:
    name, *further = path.steps
    if name not in roots:
        raise PathUnknown(f"There is no {name} here: a path begins with {' or '.join(roots)}.")
    if further and further[0] not in roots[str(name)]:
        raise PathUnknown(f"{name} has no {further[0]}; it has {', '.join(roots[str(name)])}.")
