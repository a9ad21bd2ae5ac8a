"""Ids of the advocacy API: a prefix for the kind, and 20 lower-case letters and digits (103 random bits)."""

import string

from models.kernel.ids import text
from models.uow import UnitOfWork

ALPHABET = string.ascii_lowercase + string.digits
CHARACTERS = 20
CODE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without I, O, 0 and 1, which people mistake for one another."""
CODE_CHARACTERS = 8


def new_id(uow: UnitOfWork, prefix: str) -> str:
    """A fresh id, e.g. `new_id(uow, "adv")`."""
    return f"{prefix}_{text(uow.random, prefix, CHARACTERS, ALPHABET)}"


def new_code(uow: UnitOfWork) -> str:
    """A fresh referral code; the caller that stores it makes sure that it is unique."""
    return text(uow.random, "referral-code", CODE_CHARACTERS, CODE_ALPHABET)
