"""The `content:` block of a scenario: what may stand in it, and reading it."""

from collections.abc import Hashable, Sequence
from dataclasses import field
from typing import Annotated, Literal

import jsonschema_rs
import orjson
from pydantic import AfterValidator, Field, StringConstraints, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from models.kernel.json_values import FreeForm
from models.kernel.settings import STRICT

NUMBER_MAX = 2**53 - 1
"""What JSON clients can read exactly."""

_EMAIL = jsonschema_rs.Draft4Validator({"type": "string", "format": "email", "maxLength": 254}, validate_formats=True)


def _email(given: str) -> str:
    """An address that the contract's answers may show."""
    if not _EMAIL.is_valid(given):
        raise ValueError("not an e-mail address")
    return given


Email = Annotated[str, AfterValidator(_email)]
AdvocateEmail = Annotated[Email, AfterValidator(str.lower)]
"""The e-mail of the advocate whom an entry belongs to, as advocates are stored: in lower case."""
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]  # PostgreSQL holds no NUL in a text
Name = Annotated[Text, Field(min_length=1, max_length=120)]
LongText = Annotated[Text, Field(min_length=1, max_length=5_000)]
Rating = Annotated[int, Field(ge=1, le=5)]


@dataclass(config=STRICT)
class NewTestimonial:
    """A testimonial."""

    author_name: Name
    content: LongText
    rating: Rating
    author_email: Email | None = None
    status: Literal["pending", "approved", "rejected"] = "pending"
    source: Literal["widget", "email", "import", "manual"] = "import"
    advocate: AdvocateEmail | None = None

    @property
    def natural_key(self) -> Hashable:
        return self.author_name, self.content


@dataclass(config=STRICT)
class NewIdea:
    """An idea on a board."""

    title: Annotated[Text, Field(min_length=1, max_length=200)]
    description: Annotated[Text, Field(max_length=5_000)] | None = None
    status: Literal["open", "under_review", "planned", "in_progress", "completed", "declined"] = "open"
    votes: Annotated[int, Field(ge=0, le=NUMBER_MAX)] = 0
    advocate: AdvocateEmail | None = None

    @property
    def natural_key(self) -> Hashable:
        return self.title


@dataclass(config=STRICT)
class NewBoard:
    """A board with its ideas."""

    name: Name
    description: Annotated[Text, Field(max_length=2_000)] | None = None
    is_public: bool = True
    ideas: list[NewIdea] = field(default_factory=list)

    @property
    def natural_key(self) -> Hashable:
        return self.name


@dataclass(config=STRICT)
class NewReview:
    """A review on some platform."""

    rating: Rating
    content: LongText
    platform: Name
    advocate: AdvocateEmail | None = None


@dataclass(config=STRICT)
class NewAnswer:
    """An answer to a survey."""

    survey_id: Annotated[Text, Field(min_length=1, max_length=255)]
    score: Annotated[int, Field(ge=-NUMBER_MAX, le=NUMBER_MAX)] | None = None
    advocate: AdvocateEmail | None = None


@dataclass(config=STRICT)
class Content:
    """All of the block."""

    testimonials: list[NewTestimonial] = field(default_factory=list)
    boards: list[NewBoard] = field(default_factory=list)
    reviews: list[NewReview] = field(default_factory=list)
    survey_answers: list[NewAnswer] = field(default_factory=list)

    def advocates(self) -> set[str]:
        """The e-mails of all advocates that are named."""
        named = [one.advocate for one in self.testimonials]
        named += [idea.advocate for board in self.boards for idea in board.ideas]
        named += [review.advocate for review in self.reviews]
        named += [answer.advocate for answer in self.survey_answers]
        return {email for email in named if email is not None}


_CONTENT = TypeAdapter(Content)


class BadContent(ValueError):
    """A content block cannot be read, names something twice, or names an advocate whom nobody knows."""


def parse_content(raw: FreeForm) -> Content:
    """The content block of a scenario. Raises BadContent, naming what is wrong."""
    try:
        content = _CONTENT.validate_json(orjson.dumps(raw))
    except ValidationError as error:
        found = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'the block'}: {e['msg']}" for e in error.errors())
        raise BadContent(f"content: {found}") from error
    _refuse_twice("testimonials", content.testimonials)
    _refuse_twice("boards", content.boards)
    for n, board in enumerate(content.boards):
        _refuse_twice(f"boards.{n}.ideas", board.ideas)
    return content


def _refuse_twice(where: str, given: Sequence[NewTestimonial | NewBoard | NewIdea]) -> None:
    """Refuse what has the natural key of something before it. Raises BadContent."""
    seen: set[Hashable] = set()
    for n, one in enumerate(given):
        if one.natural_key in seen:
            raise BadContent(f"content: {where}.{n}: {one.natural_key!r} is there twice")
        seen.add(one.natural_key)
