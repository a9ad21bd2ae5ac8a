"""Transfers through the Loyalty Core API of a served Troth on PostgreSQL, for `benchmarks/ledger.py`."""

from __future__ import annotations

import itertools
import os
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import orjson
from sqlalchemy import insert

from benchmarks.load import load
from models.ledger import LedgerBalance
from models.loyalty_core.ledger.account_names import spendable
from models.loyalty_core.members.tables import Enrolment, Member

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.ledger import Ground

MEMBERS = 1_000
POINTS = 1_000_000_000
START_SECONDS_MAX = 20


class served:  # noqa: N801  stands beside functions
    """A way of `benchmarks/ledger.py`: calls a server process of its own, which `close` stops."""

    def __init__(self, ground: Ground, seconds: float) -> None:
        self.ground, self.seconds = ground, seconds
        _fill(ground)
        self.requests = _requests(ground.token)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        environment = {
            **os.environ,
            "TROTH_DATABASE_URL": ground.url,
            "TROTH_SECRET_KEY": ground.secret_key,
            "TROTH_REQUIRE_HTTPS": "false",
            "TROTH_POOL_SIZE": str(ground.connections),
            "TROTH_ACCESS_LOG": "false",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from troth.cli import main; main()", "serve", "--port", str(self.port)],
            env=environment,
        )
        _wait(self.port)

    def __call__(self) -> float:
        """Transfers a second, by as many connections as the server has to the database."""
        count, took = load(self.port, self.requests, self.seconds, self.ground.connections)
        return count / took

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(10)


def _fill(ground: Ground) -> None:
    """Members in the default program, with points of its account."""
    tenant = {"tenant_id": ground.tenant.id}
    numbers = range(1, MEMBERS + 1)
    with ground.storage.session() as session, session.begin():
        session.execute(
            insert(Member),
            [
                {
                    **tenant,
                    "id": n,
                    "loyalty_member_id": f"m{n}",
                    "public_loyalty_member_id": None,
                    "member_type": None,
                    "wallet_id": n,
                    "active": True,
                    "referral_code": None,
                    "email": None,
                    "on_chain": {},
                    "profile": {},
                    "custom_attributes": {},
                    "created_ms": 1,
                    "updated_ms": 1,
                }
                for n in numbers
            ],
        )
        session.execute(
            insert(Enrolment),
            [
                {
                    **tenant,
                    "member_id": n,
                    "program_id": 1,
                    "tier_id": 1,
                    "manual": False,
                    "tier_expires_ms": None,
                    "created_ms": 1,
                }
                for n in numbers
            ],
        )
        session.execute(
            insert(LedgerBalance),
            [{**tenant, "account": spendable(1, n), "balance": POINTS, "credited": POINTS} for n in numbers],
        )


def _requests(token: str) -> Iterator[bytes]:
    """Endless transfers between members who seldom meet."""
    head = (
        f"POST /loyalty-core/api/v1/organizations/1/ledgers/1/accounts/1/transactions HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: "
    ).encode()
    for n in itertools.count():
        giver, taker = n % MEMBERS + 1, (n * 7 + 3) % MEMBERS + 1
        if giver != taker:
            body = orjson.dumps({"fromWalletId": giver, "toWalletId": taker, "amount": 1})
            yield head + str(len(body)).encode() + b"\r\n\r\n" + body


def _wait(port: int) -> None:
    for _ in range(START_SECONDS_MAX * 10):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the server did not start")
