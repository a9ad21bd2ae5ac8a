"""Exports are rendered by PostgreSQL itself, and of SQLite by Python: the same rows are the same bytes.

The expected bytes are worked out here, by a third way: from the values that were put in.
"""

import csv
import io
import random  # noqa: TID251  the rows are the test's own dice
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from models.kernel import json_text
from models.kernel.copying import _WHOLE
from models.kernel.statements import row_of
from models.saasquatch.exports.balances import worth
from models.saasquatch.exports.files import text_of, write_copied_csv, write_csv
from models.saasquatch.exports.parameters import parse_params
from models.saasquatch.exports.rows import report
from models.saasquatch.exports.sheets import SheetReport
from models.saasquatch.rewards.states import given_at, statuses
from models.saasquatch.tables import Account, Code, Program, Referral, Reward, User
from models.uow import UnitOfWork
from tests.support.databases import emptied_postgres
from tests.unit.test_dispatcher import World
from troth.app import build
from troth.settings import Settings

BREAKS = ("\n", "\r\n", "\r", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029")
PIECES = (
    *BREAKS,
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\x1f",
    "'",
    '"',
    ",",
    ";",
    "\\",
    "\\.",
    "\\n",
    "%s",
    "%%",
    ":x",
    " ",
    "",
    "a",
    "é",
    "日本",
    "😀",
    "\x02",
)
VALUES: tuple[Any, ...] = (
    *(0, -1, 1.5, -2.5, 1e22, -1e22, 1e-7, 0.00001, 2**63, -(2**80), 1e300, 10**15 + 0.5),
    *(True, False, None, "", "true", "-1", "=1+1", "1e22", '"', "a,b"),
    *({"a": [1, {"b": "x,\n"}]}, [], {}, ["é", "\u2028"]),
)
TYPES = ("USER", "USER_REFERRAL", "REFERRAL", "REWARD")
FIELDS = {"includeUserStatsFields": True, "includeUserFields": True, "includeReferralFields": True}
COUNT = 450
"""More than two pages."""
PARAMS: tuple[dict[str, Any], ...] = (
    {},
    {"fields": FIELDS, "programId": "p1", "createdSince": 3},
    {"fields": FIELDS, "at": 100, "updatedBefore": 400},
)


def some_text(source: random.Random) -> str:
    return "".join(source.choice(PIECES) for _ in range(source.randrange(5)))


def rows_of(tenant_id: int, count: int) -> dict[Any, list[dict[str, Any]]]:
    """Users with codes, referrals and rewards: every value alone in some row, and texts of random pieces."""
    source = random.Random(7)
    users, codes, referrals, rewards = [], [], [], []
    for n in range(count):
        texts = [some_text(source) for _ in range(8)]
        texts[n % 8] = PIECES[n % len(PIECES)] + ("x" if n % 2 else "")
        fields = {f"f{n % 3}": VALUES[n % len(VALUES)], "text": some_text(source)} if n % 4 else {}
        users.append(
            {
                "tenant_id": tenant_id,
                "account_id": f"{texts[0]}{n}",
                "id": f"{texts[1]}{n}",
                "email": texts[2] if n % 5 else None,
                "first_name": texts[3],
                "last_name": texts[4] if n % 7 else None,
                "image_url": texts[5],
                "referral_source": texts[6] or "UNKNOWN",
                "first_seen_ip": "::1",
                "us_tax_form_ms": n if n % 3 == 0 else None,
                "created_ms": n,
                "modified_ms": n,
                "custom_fields": fields,
                "segments": [],
                "referred_by_codes": [],
                "search": "",
            }
        )
        key = {"account_id": users[-1]["account_id"], "user_id": users[-1]["id"]}
        vanity = f"https://go.example.org/{n},%22" if n % 6 == 0 else None
        codes.append(
            {
                "tenant_id": tenant_id,
                **key,
                "folded": f"C{n}",
                "code": f"{texts[7][:8]}C{n}",
                "program_id": f"p{n % 2}",
                "is_primary": n % 9 != 0,
            }
            | {"link_token": f"t{n}", "vanity_url": vanity, "clicks": n, "created_ms": 1}
        )
        reward: dict[str, Any] = {
            "tenant_id": tenant_id,
            **key,
            "id": f"{n:024x}",
            "type": ("CREDIT", "PCT_DISCOUNT", "FUELTANK")[n % 3],
        }
        reward |= {
            "source": "MANUAL",
            "unit": texts[3] or "U",
            "name": texts[4],
            "cancellable": True,
            "assigned": 10,
            "redeemed": n % 4,
        }
        reward |= {
            "percent": 5,
            "amount": 7,
            "created_ms": n // 2,
            "given_ms": n if n % 2 else None,
            "scheduled_ms": n * 5 if n % 3 else None,
        }
        reward |= {
            "expires_ms": n * 7 if n % 5 == 0 else None,
            "cancelled_ms": n if n % 11 == 0 else None,
            "modified_ms": n,
        }
        reward |= {"redeemed_ms": n if n % 13 == 0 else None, "referral_id": f"{n:024x}" if n % 2 else None}
        rewards.append(reward | {"program_id": None, "program_reward_key": None, "fuel_tank_code": texts[2]})
        if n:
            before = users[n - 1]
            referral: dict[str, Any] = {
                "tenant_id": tenant_id,
                "id": f"{n:024x}",
                "program_id": f"p{n % 2}",
                "code_used": texts[7],
            }
            referral |= {
                "referrer_account_id": before["account_id"],
                "referrer_user_id": before["id"] if n % 8 else None,
            }
            referral |= {
                "referred_account_id": key["account_id"],
                "referred_user_id": key["user_id"],
                "started_ms": n // 4,
                "modified_ms": n,
            }
            referral |= {"referrer_status": "PENDING" if n % 10 == 0 else "APPROVED", "referred_status": "APPROVED"}
            referrals.append(referral | {"converted_ms": n if n % 2 else None})
    programs = [
        {
            "tenant_id": tenant_id,
            "id": "p1",
            "name": "=Second,\n",
            "position": 1,
            "landing_url": "https://x.org",
            "conversion_event": "e",
        }
    ]
    accounts = [{"tenant_id": tenant_id, "id": user["account_id"], "created_ms": 1} for user in users]
    return {Account: accounts, User: users, Code: codes, Referral: referrals, Reward: rewards, Program: programs}


def opened(url: str, folder: Path) -> Iterator[World]:
    """A world with those rows."""
    server = build(Settings(mock=True, database_url=url, fixed_clock=True, files_dir=folder / "files"), docs=False)
    with pytest.MonkeyPatch.context() as patch:
        made = World(server, patch)

        def fill(uow: UnitOfWork) -> None:
            for table, rows in rows_of(uow.tenant_id, COUNT).items():
                for row in rows:
                    uow.session.execute(insert(table), row)

        made.do(fill)
        yield made
    server.close()


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    yield from opened("sqlite://", tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    yield from opened(emptied_postgres("export_equivalence"), tmp_path_factory.mktemp("postgres"))


def written_by(world: World, kind: str, raw_params: dict[str, Any], file: Path, *, raw: bool, way: str) -> bytes:
    """The file of a report: as the job makes it, by pages, or with each cell rendered for itself."""

    def make(uow: UnitOfWork) -> None:
        made = report(uow, kind, parse_params(raw_params))
        for _ in made.learn():
            pass
        copied = made.copied(raw=raw) if way == "job" else None
        if copied is not None:
            steps = write_copied_csv(file, made.columns, copied, raw=raw)
        elif way == "cells":
            shown = text_of(raw=raw)
            pages = [[list(map(shown, row)) for row in page] for page in made.pages()]
            with file.open("w", encoding="utf-8", newline="") as out:
                writer = csv.writer(out, lineterminator="\r\n")
                writer.writerows([list(map(shown, made.columns)), *(row for page in pages for row in page)])
            return
        else:
            steps = write_csv(file, made.columns, made.pages(texts=True), raw=raw)
        assert sum(1 for _ in steps) > 0

    world.do(make)
    return file.read_bytes()


@pytest.mark.parametrize("raw", [False, True])
@pytest.mark.parametrize("params", PARAMS, ids=str)
@pytest.mark.parametrize("kind", TYPES)
def test_all_ways_give_the_same_bytes(
    sqlite: World, postgres: World, tmp_path: Path, kind: str, params: dict[str, Any], raw: bool
) -> None:
    found = {
        (world is postgres, way): written_by(world, kind, params, tmp_path / "file.csv", raw=raw, way=way)
        for world in (sqlite, postgres)
        for way in ("job", "pages", "cells")
    }
    expected = found[False, "cells"].splitlines()
    for way, got in found.items():
        assert got.splitlines() == expected, way
    assert len(set(found.values())) == 1
    assert len(expected) > 1


def one_line(text: str) -> str:
    """The rule in words of its own: what `splitlines` cuts is joined by spaces."""
    return " ".join((text + "x").splitlines())[:-1]


def test_cells_are_what_was_put_in(postgres: World, tmp_path: Path) -> None:
    found = written_by(postgres, "USER", {}, tmp_path / "file.csv", raw=False, way="job").decode()
    rows = list(csv.DictReader(io.StringIO(found, newline="")))
    users = rows_of(1, COUNT)[User]
    assert len(rows) == len(users) == COUNT
    for row, user in zip(rows, users, strict=True):
        for column, name in (("first_name", "firstName"), ("image_url", "imageUrl"), ("email", "email"), ("id", "id")):
            line = one_line(user[column] or "")
            assert row[name] == ("'" + line if line.startswith(("=", "+", "-", "@", "\t")) else line)
        for name in ("f0", "f1", "f2"):
            value = user["custom_fields"].get(name)
            text = value if isinstance(value, str) else "" if value is None else json_text.dumps(value)
            line = one_line(text)
            escaped = isinstance(value, str) and line.startswith(("=", "-"))
            assert row[f"customFields.{name}"] == ("'" + line if escaped else line)


@pytest.mark.parametrize("kind", TYPES)
def test_postgres_joins_rows_that_it_has_no_statistics_of_by_no_nested_loop(postgres: World, kind: str) -> None:
    """A new tenant's rows are one row for the planner: nested loops over the whole tenant took 20 s for the 450 users
    of this test.
    """

    def explain(uow: UnitOfWork) -> None:
        made = report(uow, kind, parse_params(None))
        assert isinstance(made, SheetReport)
        whole = made.sheet.whole(frozenset(), with_fields=False).prepared(uow.connection.dialect)
        arguments = whole.arguments({**made.parameters, "tenant_id": uow.tenant_id})
        with uow.connection.read().connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM pg_statistic WHERE starelid IN (SELECT oid FROM pg_class WHERE relname LIKE 'sq_%')"
            )
            cursor.execute(_WHOLE)
            cursor.execute(f"EXPLAIN {whole.text}", arguments)
            plans.append("\n".join(row[0] for row in cursor.fetchall()))

    plans: list[str] = []
    postgres.do(explain)
    assert "sq_users" in plans[0] or "sq_rewards" in plans[0]
    assert "Nested Loop" not in plans[0], plans[0]


def test_a_copy_that_is_given_up_leaves_the_connection_usable(postgres: World) -> None:
    def give_up(uow: UnitOfWork) -> None:
        made = report(uow, "USER", parse_params(None))
        copied = made.copied(raw=False)
        assert copied is not None
        assert next(copied.lines)
        copied.lines.close()  # type: ignore[attr-defined]  # a generator

    postgres.do(give_up)
    postgres.do(lambda uow: report(uow, "USER", parse_params(None)).learn())


@pytest.mark.parametrize("at_ms", [None, 50, 100, 300])
def test_rewards_are_in_the_states_that_the_api_says(sqlite: World, at_ms: int | None, tmp_path: Path) -> None:
    params = {} if at_ms is None else {"at": at_ms}
    text = written_by(sqlite, "REWARD", params, tmp_path / "file.csv", raw=False, way="job").decode()
    found = {row["id"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}
    rewards = [
        row_of(Reward, **row) for row in rows_of(1, COUNT)[Reward] if at_ms is None or row["created_ms"] <= at_ms
    ]
    assert found.keys() == {reward.id for reward in rewards}
    now_ms = sqlite.now_ms
    for reward in rewards:
        states = statuses(reward, now_ms if at_ms is None else at_ms, past=at_ms is not None)
        used = reward.redeemed if at_ms is None else 0  # there are no redemptions with a date
        row = found[reward.id]
        given = given_at(reward, now_ms)
        assert row["statuses"] == ",".join(states)
        assert row["availableValue"] == str(worth(reward, states, used))
        assert row["dateGiven"] == ("" if given is None else str(given))
        assert row["redeemedCredit"] == (str(used) if reward.type == "CREDIT" else "")
    assert len({row["statuses"] for row in found.values()}) > 4
