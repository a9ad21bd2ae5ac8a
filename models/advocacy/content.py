"""What no documented call can create: testimonials, boards with ideas, reviews and survey answers of a scenario.

Testimonials, boards and ideas become rows. Reviews and survey answers are events only: nothing of the API shows them.
"""

from collections import Counter

from models.advocacy.content_block import BadContent, Content, NewBoard, NewIdea, NewTestimonial, parse_content
from models.advocacy.ids import ALPHABET, CHARACTERS, new_id
from models.advocacy.queries import (
    ADVOCATES_BY_EMAIL,
    BOARD_NAMED,
    COUNT_IDEAS,
    EVENT_ID,
    IDEA_TITLES,
    INSERT_BOARD,
    INSERT_IDEA,
    INSERT_TESTIMONIAL,
    TENANT_ROW,
    TESTIMONIALS_OF,
)
from models.advocacy.tables import Board, Testimonial
from models.advocacy.testimonials import PENDING, emit_decision
from models.advocacy.webhooks import business_id
from models.kernel.ids import SeededRandom, text
from models.kernel.json_text import dump_bytes
from models.kernel.json_values import FreeForm
from models.kernel.statements import row_of
from models.kernel.times import iso
from models.outbox import endpoints
from models.uow import UnitOfWork

Advocates = dict[str | None, str | None]
"""Ids of advocates by e-mail; None, for what is nobody's, by None."""


def add_content(uow: UnitOfWork, content: FreeForm) -> None:
    """Add a scenario's content, and emit its events. Raises BadContent, naming what is wrong, with nothing added.

    May be called again with the same content or with more: what exists is left as it is by now, whatever the block
    says of it. A testimonial is known by its author's name and its content, a board by its name, an idea by its title
    on its board. A review or an answer has no row: the id of its event derives from what it says (and, where the block
    has several that say the same, from how many came before it), so it is not reported again while the outbox remembers
    that event, which is for 30 days.

    Rows of a list come a millisecond apart, the last one now, so that the API lists them in the block's order or its
    reverse. Testimonials that come approved or rejected emit the event of that decision.
    """
    parsed = parse_content(content)
    if parsed == Content():
        return
    # Of two loads at once neither would find what the other is about to add: they take turns at the tenant's row.
    uow.lock_row(TENANT_ROW)
    advocates = _find_advocates(uow, parsed.advocates())
    _add_testimonials(uow, parsed.testimonials, advocates)
    _add_boards(uow, parsed.boards, advocates)
    _emit(uow, parsed, advocates)


def _find_advocates(uow: UnitOfWork, emails: set[str]) -> Advocates:
    """Raises BadContent for an e-mail that no advocate has."""
    known: Advocates = {None: None}
    for email, advocate_id in uow.rows(ADVOCATES_BY_EMAIL, emails=sorted(emails)):
        known[email] = advocate_id
    unknown = sorted(emails - known.keys())
    if unknown:
        raise BadContent(f"content: no advocate has the e-mail {', '.join(unknown)}")
    return known


def _arrivals(uow: UnitOfWork, count: int) -> range:
    """The creation instants of `count` rows, in milliseconds: one millisecond apart, the last one now."""
    return range(uow.now_ms - count + 1, uow.now_ms + 1)


def _add_testimonials(uow: UnitOfWork, given: list[NewTestimonial], advocates: Advocates) -> None:
    names = {one.author_name for one in given}
    present = {tuple(row) for row in uow.rows(TESTIMONIALS_OF, names=sorted(names))}
    new = [one for one in given if one.natural_key not in present]
    for at_ms, one in zip(_arrivals(uow, len(new)), new, strict=True):
        values = {
            "id": new_id(uow, "tst"),
            "advocate_id": advocates[one.advocate],
            "author_name": one.author_name,
            "author_email": one.author_email,
            "content": one.content,
            "rating": one.rating,
            "status": one.status,
            "source": one.source,
            "created_ms": at_ms,
            "updated_ms": at_ms,
            "reviewed_ms": None if one.status == PENDING else at_ms,
        }
        uow.insert(INSERT_TESTIMONIAL, **values)
        if one.status != PENDING:
            emit_decision(uow, row_of(Testimonial, tenant_id=uow.tenant_id, **values))


def _add_boards(uow: UnitOfWork, given: list[NewBoard], advocates: Advocates) -> None:
    for at_ms, one in zip(_arrivals(uow, len(given)), given, strict=True):
        board = uow.lock_row(BOARD_NAMED, name=one.name)
        if board is None:
            values = {
                "id": new_id(uow, "brd"),
                "name": one.name,
                "description": one.description,
                "is_public": one.is_public,
                "created_ms": at_ms,
            }
            uow.insert(INSERT_BOARD, **values)
            board = row_of(Board, tenant_id=uow.tenant_id, **values)
        _add_ideas(uow, board, one.ideas, advocates)


def _add_ideas(uow: UnitOfWork, board: Board, given: list[NewIdea], advocates: Advocates) -> None:
    """Add ideas to a board that is new or locked."""
    present = set(uow.rows(IDEA_TITLES, board_id=board.id, titles=sorted({one.title for one in given})))
    new = [one for one in given if one.title not in present]
    uow.insert_many(
        INSERT_IDEA,
        [
            {
                "id": new_id(uow, "ida"),
                "board_id": board.id,
                "title": one.title,
                "description": one.description,
                "status": one.status,
                "votes": one.votes,
                "advocate_id": advocates[one.advocate],
                "created_ms": at_ms,
                "updated_ms": at_ms,
            }
            for at_ms, one in zip(_arrivals(uow, len(new)), new, strict=True)
        ],
    )
    uow.execute(COUNT_IDEAS, board=board.id, idea_count=board.idea_count + len(new))


def _emit(uow: UnitOfWork, content: Content, advocates: Advocates) -> None:
    """Emit the block's reviews and answers, but for those that were emitted before."""
    said = [
        (
            "review.received",
            {"review_id": new_id(uow, "rev")},
            {
                "advocate_id": advocates[one.advocate],
                "rating": one.rating,
                "content": one.content,
                "platform": one.platform,
            },
        )
        for one in content.reviews
    ]
    said += [
        (
            "survey.responded",
            {"response_id": new_id(uow, "rsp")},
            {"survey_id": one.survey_id, "advocate_id": advocates[one.advocate], "score": one.score},
        )
        for one in content.survey_answers
    ]
    equal = Counter[bytes]()
    for event_type, fresh, data in said:
        what = dump_bytes([event_type, data])
        equal[what] += 1
        event_id = _derived_id(uow, what, equal[what])
        if uow.first(EVENT_ID, id=event_id) is None:
            endpoints.emit(
                uow,
                event_id,
                event_type,
                {
                    "id": event_id,
                    "type": event_type,
                    "created": iso(uow.now_ms),
                    "business_id": business_id(uow.tenant),
                    "data": {**fresh, **data},
                },
            )


def _derived_id(uow: UnitOfWork, what: bytes, place: int) -> str:
    """The id of the event of a review or an answer, which is the `place`-th of equal ones."""
    draws = SeededRandom(0, uow.tenant.key, what.decode())
    return f"evt_{text(draws, str(place), CHARACTERS, ALPHABET)}"
