"""Passwords are kept as Argon2id hashes (RFC 9106), never in the clear.

A hash says with which parameters it was made, so that these can be raised without making older hashes useless.
"""

from dataclasses import dataclass, field

from argon2 import PasswordHasher

from models.kernel.ids import text
from models.uow import UnitOfWork

SALT_BYTES = 16
MADE_CHARACTERS = 20
"""Of 62: 119 random bits."""

_SLOW = PasswordHasher()
# Slow hashes protect real passwords from guessing. A mock has none, and its calls should be quick.
_QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def hash_password(uow: UnitOfWork, password: str) -> str:
    """What to keep of a password."""
    hasher = _SLOW if uow.sandbox.seed is None else _QUICK
    return hasher.hash(password, salt=uow.random.take("salt", SALT_BYTES))


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A generated password, and what is stored of it."""

    text: str = field(repr=False)
    hash: str = field(repr=False)


def new_password(uow: UnitOfWork, chosen: str | None) -> NewPassword:
    """The chosen password, or one that is made, with its hash, which takes 0.2 s: call it before a transaction, in a
    thread.
    """
    text_ = chosen or make_password(uow)
    return NewPassword(text_, hash_password(uow, text_))


def make_password(uow: UnitOfWork) -> str:
    """A password that nobody can guess."""
    return text(uow.random, "password", MADE_CHARACTERS)
