"""The words by which members are found, kept beside them.

A word is a run of letters and digits, without accents and in one case. The whole of an id or e-mail address is kept
too, behind a `=`, which no word has. Words that are longer than a term are cut.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from itertools import chain, islice

from models.kernel.json_values import FreeForm
from models.loyalty_core.members.queries import DELETE_TERMS, INSERT_TERM, TERMS
from models.loyalty_core.members.tables import TERM_CHARACTERS_MAX, Member
from models.uow import UnitOfWork

DIGEST_CHARACTERS = 32
WORDS_MAX = 200
"""Different words of one member; what comes after them is not found."""
_WORD = re.compile(r"[^\W_]+")


def normalised(text: str) -> str:
    """Text as it is compared: compatibility forms taken apart (Unicode NFKD), marks dropped, case folded."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return apart if apart.isascii() else "".join(one for one in apart if unicodedata.category(one)[0] != "M")


def words(text: str) -> list[str]:
    """The words of a text in their order, each as often as it stands there."""
    return [word[:TERM_CHARACTERS_MAX] for word in _WORD.findall(normalised(text))]


def whole(text: str) -> str:
    """The term of a whole id or e-mail address; of one that is too long for a term, its digest is a part."""
    plain = normalised(text).strip()
    if len(plain) >= TERM_CHARACTERS_MAX:
        digest = hashlib.sha256(plain.encode()).hexdigest()[:DIGEST_CHARACTERS]
        plain = plain[: TERM_CHARACTERS_MAX - 1 - DIGEST_CHARACTERS] + digest
    return "=" + plain


def new_terms(uow: UnitOfWork, member: Member) -> None:
    """Write the terms of a new member."""
    _insert(uow, member, _terms(member))


def write_terms(uow: UnitOfWork, member: Member) -> None:
    """Bring the terms of a locked member up to date; those that stay are not written again."""
    terms = _terms(member)
    known = set(uow.rows(TERMS, member_id=member.id))
    if gone := known - terms:
        uow.execute(DELETE_TERMS, member_id=member.id, terms=sorted(gone))
    _insert(uow, member, terms - known)


def _insert(uow: UnitOfWork, member: Member, terms: set[str]) -> None:
    uow.insert_many(INSERT_TERM, [{"member_id": member.id, "term": term} for term in sorted(terms)])


def _terms(member: Member) -> set[str]:
    """The terms of a member: ids and e-mail address, and words, those of the former first."""
    email = member.profile.get("email")
    named = [
        text for text in (member.loyalty_member_id, member.public_loyalty_member_id, email) if isinstance(text, str)
    ]
    found: dict[str, None] = {}
    for text in chain(named, _texts(member.profile)):
        if len(found) >= WORDS_MAX:
            break
        found.update(dict.fromkeys(words(text)))
    return {*map(whole, named), *islice(found, WORDS_MAX)}


def _texts(profile: FreeForm) -> Iterator[str]:
    """All texts in a free-form object in their order, however deep."""
    waiting: list[object] = [profile]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            waiting.extend(reversed(value.values()))
        elif isinstance(value, list):
            waiting.extend(reversed(value))
