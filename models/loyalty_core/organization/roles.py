"""Roles of users and API tokens (facts: users and roles of the API's digest).

A role is a family and an access, `ledgers:read`; `isAdmin` has all of them. What an operation needs is in the contract,
as `x-troth-role`: a role, `any` for every token of the organization, `admin` for administrators only.
"""

from collections.abc import Collection

FAMILIES = (
    "ledgers",
    "orders",
    "campaigns",
    "badges",
    "benefits",
    "tiers",
    "members",
    "coupons",
    "partnerships",
    "users",
)
ACCESSES = ("read", "write")
ADMIN = "isAdmin"
ROLES = tuple(f"{family}:{access}" for family in FAMILIES for access in ACCESSES)
ANY, ADMIN_ONLY = "any", "admin"


def may(held: Collection[str], needed: str) -> bool:
    """Whether a user with these roles may call an operation that needs one."""
    if ADMIN in held:
        return True
    return needed == ANY or (needed != ADMIN_ONLY and needed in held)
