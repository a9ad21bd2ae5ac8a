"""JSON Web Tokens that a client has signed with a shared secret, in a replay: signed again with the secret of the
sandbox that is played in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from models.kernel.jws import signed, verified

TOKEN = re.compile(r"(?<![A-Za-z0-9_.-])eyJ[A-Za-z0-9_-]+\.eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+(?![A-Za-z0-9_.-])")
ALGORITHMS = ("HS256", "HS384", "HS512")
SECRET_CHARACTERS_MIN = 14
"""What is shorter is no key (NIST SP 800-131A asks for 112 bits), but a number or a name among the credentials."""
INSTANTS = ("iat", "nbf", "exp")
"""Claims in seconds since 1970."""


def signed_again(text: str, secrets: Mapping[str, str], later_s: int, adapted: Callable[[str], str]) -> str:
    """A text in which each token that one of the secrets verifies is replaced by one with adapted claims, signed with
    the secret that it maps to.

    Its instants are `later_s` seconds later. Other tokens stay: nobody here has their key.
    """
    return TOKEN.sub(lambda found: _again(found[0], secrets, later_s, adapted), text)


def _again(token: str, secrets: Mapping[str, str], later_s: int, adapted: Callable[[str], str]) -> str:
    for before, after in secrets.items():
        if len(before) < SECRET_CHARACTERS_MIN:
            continue
        found = verified(token.encode(), before, ALGORITHMS)
        if found is not None:
            return signed(found.header, _later(adapted(found.payload), later_s), after, ALGORITHMS)
    return token


def _later(text: str, later_s: int) -> bytes:
    """Claims with their instants moved; what is no JSON object stays."""
    try:
        claims: Any = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text.encode()
    if not isinstance(claims, dict):
        return text.encode()
    moved = {
        name: value + later_s
        for name, value in claims.items()
        if name in INSTANTS and isinstance(value, int | float) and not isinstance(value, bool)
    }
    return orjson.dumps({**claims, **moved})
