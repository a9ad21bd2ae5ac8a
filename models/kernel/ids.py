"""The only place that makes ids and random numbers.

In production it takes random numbers from the system. In mock mode they are derived from (seed, tenant, request_number,
purpose, n): `request_number` is the number of the tenant's request or of the job, `n` counts the numbers of one purpose
within it. So nothing that happens elsewhere, or another purpose, can shift it.
"""

import hashlib
import random
import secrets
import string
import uuid
from typing import Protocol

BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase


class RandomSource(Protocol):
    """A source of unpredictable (production) or reproducible (mock) bytes."""

    def take(self, purpose: str, size: int) -> bytes:
        """`size` bytes, at most 32, for one purpose."""


class SystemRandom:
    """RandomSource from the operating system."""

    def take(self, purpose: str, size: int) -> bytes:  # noqa: ARG002  only derived numbers depend on it
        """`size` bytes of the operating system; the purpose does not matter."""
        return secrets.token_bytes(size)


class SeededRandom:
    """RandomSource derived from a seed, a tenant and a cause."""

    __slots__ = ("_counts", "_prefix")

    def __init__(self, seed: int, tenant: str, request_number: str) -> None:
        self._prefix = f"{seed}|{tenant}|{request_number}|"
        self._counts: dict[str, int] = {}

    def take(self, purpose: str, size: int) -> bytes:
        """`size` bytes, at most 32, which depend on the seed, the cause, the purpose and how often it was taken."""
        n = self._counts.get(purpose, 0)
        self._counts[purpose] = n + 1
        return hashlib.sha256(f"{self._prefix}{purpose}|{n}".encode()).digest()[:size]


def python_random(seed: int) -> random.Random:
    """Python's generator from a seed, for libraries that take one: made-up data, never secrets."""
    return random.Random(seed)  # noqa: S311  not for secrets


def hex24(source: RandomSource, purpose: str) -> str:
    """24 lower-case hexadecimal digits (96 bits), the form of a MongoDB ObjectId."""
    return source.take(purpose, 12).hex()


def uuid4(source: RandomSource, purpose: str) -> str:
    """A UUID of version 4 (RFC 9562), lower case."""
    return str(uuid.UUID(bytes=source.take(purpose, 16), version=4))


def text(source: RandomSource, purpose: str, length: int, alphabet: str = BASE62) -> str:
    """`length` characters of an alphabet; at most 30, since a draw has 32 bytes."""
    number = int.from_bytes(source.take(purpose, 32), "big")
    characters = []
    for _ in range(length):
        number, index = divmod(number, len(alphabet))
        characters.append(alphabet[index])
    return "".join(characters)


def request_prefix() -> str:
    """A random prefix for this process's request ids."""
    return secrets.token_hex(5)
