"""A plain application with four calls of the SaaSquatch API: FastAPI, pydantic, the ORM of SQLAlchemy, SQLite in
memory.

It is written as the documentation of these libraries shows it: a session for each request, models with relationships,
answers as pydantic models with the main members of Troth's. It checks the API key and validates bodies; it knows no
rules, webhooks, idempotency or vendor's errors. Its calls are coroutines that use the database inline, which measured
faster here than functions in FastAPI's thread pool.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Response
from fastapi.security import HTTPBasic, HTTPBasicCredentials
from pydantic import BaseModel
from sqlalchemy import JSON, ForeignKeyConstraint, String, create_engine, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, selectinload, sessionmaker
from sqlalchemy.pool import StaticPool

KEY = "LIVE_DEMO0KEY0SAASQUATCH0TROTH0MOCK"
USERS = 220
PROGRAMS = ("referral-program", "partner-program")
LINK = "http://localhost:8090/l/"


class Base(DeclarativeBase):
    """The base of the tables."""


class User(Base):
    __tablename__ = "users"

    account_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    id: Mapped[str] = mapped_column(String(255), primary_key=True)
    first_name: Mapped[str | None]
    last_name: Mapped[str | None]
    email: Mapped[str | None]
    image_url: Mapped[str | None]
    locale: Mapped[str | None]
    country_code: Mapped[str | None]
    referable: Mapped[bool] = mapped_column(default=True)
    custom_fields: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    segments: Mapped[list[str]] = mapped_column(JSON, default=list)
    created_ms: Mapped[int] = mapped_column(index=True)
    codes: Mapped[list[Code]] = relationship(back_populates="user", order_by="Code.program_id")


class Code(Base):
    __tablename__ = "codes"
    __table_args__ = (ForeignKeyConstraint(["account_id", "user_id"], ["users.account_id", "users.id"]),)

    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(index=True)
    user_id: Mapped[str]
    program_id: Mapped[str]
    user: Mapped[User] = relationship(back_populates="codes")


class Event(Base):
    __tablename__ = "events"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[str]
    user_id: Mapped[str]
    key: Mapped[str]
    fields: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    received_ms: Mapped[int]


class UserIn(BaseModel):
    """The body of an upsert."""

    id: str
    accountId: str  # noqa: N815  the vendor's name
    firstName: str | None = None  # noqa: N815  the vendor's name
    lastName: str | None = None  # noqa: N815  the vendor's name
    email: str | None = None
    locale: str | None = None
    countryCode: str | None = None  # noqa: N815  the vendor's name
    customFields: dict[str, Any] | None = None  # noqa: N815  the vendor's name


class UserOut(BaseModel):
    """A user with codes and links."""

    id: str
    accountId: str  # noqa: N815  the vendor's name
    firstName: str | None  # noqa: N815  the vendor's name
    lastName: str | None  # noqa: N815  the vendor's name
    email: str | None
    imageUrl: str | None  # noqa: N815  the vendor's name
    locale: str | None
    countryCode: str | None  # noqa: N815  the vendor's name
    referable: bool
    customFields: dict[str, Any]  # noqa: N815  the vendor's name
    segments: list[str]
    dateCreated: int  # noqa: N815  the vendor's name
    referralCodes: dict[str, str]  # noqa: N815  the vendor's name
    programShareLinks: dict[str, dict[str, str]]  # noqa: N815  the vendor's name


class UserList(BaseModel):
    """A page of users."""

    count: int
    totalCount: int  # noqa: N815  the vendor's name
    users: list[UserOut]


class EventIn(BaseModel):
    """An event of a user."""

    key: str
    fields: dict[str, Any] | None = None


class EventsIn(BaseModel):
    """The events of a call."""

    userId: str  # noqa: N815  the vendor's name
    accountId: str  # noqa: N815  the vendor's name
    events: list[EventIn]


class EventOut(EventIn):
    """An event as it was recorded."""

    id: int
    dateReceived: int  # noqa: N815  the vendor's name


class EventsOut(BaseModel):
    """The recorded events of a call."""

    userId: str  # noqa: N815  the vendor's name
    accountId: str  # noqa: N815  the vendor's name
    events: list[EventOut]


engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
sessions = sessionmaker(engine)
app = FastAPI()
basic = HTTPBasic()


async def session() -> Iterator[Session]:
    """A session for a request."""
    with sessions() as made:
        yield made


async def api_key(given: Annotated[HTTPBasicCredentials, Depends(basic)]) -> None:
    """Check the API key, which is the password."""
    if not secrets.compare_digest(given.password.encode(), KEY.encode()):
        raise HTTPException(401)


Database = Annotated[Session, Depends(session)]
Key = Depends(api_key)


def show(user: User) -> UserOut:
    """A user as answers show it."""
    return UserOut(
        id=user.id,
        accountId=user.account_id,
        firstName=user.first_name,
        lastName=user.last_name,
        email=user.email,
        imageUrl=user.image_url,
        locale=user.locale,
        countryCode=user.country_code,
        referable=user.referable,
        customFields=user.custom_fields,
        segments=user.segments,
        dateCreated=user.created_ms,
        referralCodes={code.program_id: code.code for code in user.codes},
        programShareLinks={code.program_id: {"cleanShareLink": LINK + code.code} for code in user.codes},
    )


@app.get("/api/v1/demo/open/account/{account_id}/user/{user_id}", dependencies=[Key])
async def get_user(account_id: str, user_id: str, database: Database) -> UserOut:
    """Look a user up."""
    user = database.get(User, (account_id, user_id), options=[selectinload(User.codes)])
    if user is None:
        raise HTTPException(404)
    return show(user)


@app.put("/api/v1/demo/open/account/{account_id}/user/{user_id}", dependencies=[Key])
async def put_user(account_id: str, user_id: str, given: UserIn, database: Database) -> UserOut:
    """Create or update a user."""
    user = database.get(User, (account_id, user_id), options=[selectinload(User.codes)])
    if user is None:
        user = User(account_id=account_id, id=user_id, created_ms=now_ms(), custom_fields={}, segments=[])
        user.codes = [Code(code=f"{user_id}{place}", program_id=name) for place, name in enumerate(PROGRAMS)]
        database.add(user)
    changes = given.model_dump(exclude_unset=True)
    for name, column in (
        ("firstName", "first_name"),
        ("lastName", "last_name"),
        ("email", "email"),
        ("locale", "locale"),
        ("countryCode", "country_code"),
    ):
        if name in changes:
            setattr(user, column, changes[name])
    if given.customFields is not None:
        user.custom_fields = {**user.custom_fields, **given.customFields}
    shown = show(user)
    database.commit()
    return shown


@app.get("/api/v1/demo/users", dependencies=[Key])
async def list_users(database: Database, limit: int = 10, offset: int = 0) -> UserList:
    """A page of users, oldest first."""
    total = database.scalar(select(func.count()).select_from(User)) or 0
    page = database.scalars(
        select(User)
        .options(selectinload(User.codes))
        .order_by(User.created_ms, User.account_id, User.id)
        .limit(limit)
        .offset(offset)
    ).all()
    return UserList(count=len(page), totalCount=total, users=[show(user) for user in page])


@app.post("/api/v1/demo/open/account/{account_id}/user/{user_id}/events", dependencies=[Key])
async def track(account_id: str, user_id: str, given: EventsIn, database: Database) -> EventsOut:
    """Record events of a user."""
    if database.get(User, (account_id, user_id)) is None:
        raise HTTPException(404)
    made = [
        Event(account_id=account_id, user_id=user_id, key=event.key, fields=event.fields, received_ms=now_ms())
        for event in given.events
    ]
    database.add_all(made)
    database.flush()
    shown = [EventOut(id=row.id, key=row.key, fields=row.fields, dateReceived=row.received_ms) for row in made]
    database.commit()
    return EventsOut(userId=user_id, accountId=account_id, events=shown)


@app.get("/health")
async def health() -> Response:
    """The server answers."""
    return Response()


def now_ms() -> int:
    """The time in milliseconds since the epoch."""
    return int(time.time() * 1_000)


def fill(count: int = USERS) -> None:
    """Create the tables and some users, the first of them `u0` in the account `a0`."""
    Base.metadata.create_all(engine)
    with sessions() as database:
        for n in range(count):
            user = User(
                account_id=f"a{n}",
                id=f"u{n}",
                first_name="Ana",
                last_name=f"Stone{n}",
                email=f"ana{n}@example.org",
                image_url="",
                locale="en_US",
                country_code="US",
                custom_fields={"plan": "gold", "seats": n},
                segments=["newsletter"],
                created_ms=1_760_000_000_000 + n,
            )
            user.codes = [Code(code=f"ANASTONE{n}{place}", program_id=name) for place, name in enumerate(PROGRAMS)]
            database.add(user)
        database.commit()


fill()
