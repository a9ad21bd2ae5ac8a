"""Search of members by words and by what they belong to.

Every word of a query has to begin a word of the member; both are split and compared alike (`terms.py`). The same
rows in the same order on every database: nothing is left to a database's own idea of words.
"""

from models.loyalty_core.members.queries import search_of_members, term_counts
from models.loyalty_core.members.tables import Member
from models.loyalty_core.members.terms import whole, words
from models.loyalty_core.paging import Paging
from models.uow import UnitOfWork

WORDS_MAX = 16
"""Words of a query that count."""
COMMON = 1_000
"""A word that begins so many terms is common: how many more does not matter."""
_AFTER_ALL = "\U0010ffff"


def search_members(
    uow: UnitOfWork,
    paging: Paging,
    *,
    query: str | None,
    tier_id: int | None,
    tier_key: str | None,
    program_id: int | None,
    member_type: str | None,
    from_ms: int | None,
    to_ms: int | None,
) -> tuple[list[Member], int]:
    """A page of members, and how many match.

    Without an order, those with the query as an id or e-mail address come first, then those with more of its words as
    whole words. Raises InvalidInput for an unknown order.
    """
    named = query is not None and bool(query.strip())
    searched = list(dict.fromkeys(words(query or "")))[:WORDS_MAX] if named else []
    searched = _rarest_first(uow, searched)
    terms = {f"word{place}": word for place, word in enumerate(searched)}
    ends = _ends(searched)
    listing = search_of_members(len(searched), named=named, ranked=paging.order is None)
    return listing.page(
        uow,
        paging,
        whole=whole(query or ""),
        tier_id=tier_id,
        tier_key=tier_key,
        program_id=program_id,
        member_type=member_type,
        from_ms=from_ms,
        to_ms=to_ms,
        **terms,
        **ends,
    )


def _rarest_first(uow: UnitOfWork, searched: list[str]) -> list[str]:
    """The words of a query, those first that begin few terms: its members are looked through for the other words."""
    if len(searched) < 2:
        return searched
    terms = {f"word{place}": word for place, word in enumerate(searched)}
    counts = uow.one(term_counts(len(searched)), most=COMMON, **terms, **_ends(searched))
    return [word for _count, word in sorted(zip(counts, searched, strict=True), key=lambda pair: pair[0])]


def _ends(searched: list[str]) -> dict[str, str]:
    """What comes after all terms that begin with each word."""
    return {f"end{place}": word + _AFTER_ALL for place, word in enumerate(searched)}
