"""Callers of a site whose processes die: each notes what was acknowledged."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field
from typing import Any

import httpx2

TIMEOUT_S = 15.0
PAUSE_S = 0.005
LEDGER = "/ledgers/1/accounts/1"


@dataclass
class Acknowledged:
    """What the site has answered with success, and how often a call ended without an answer."""

    users: set[str] = field(default_factory=set)
    referred: set[str] = field(default_factory=set)
    """Users of SaaSquatch, and those of them who came by a code."""
    advocates: dict[str, str] = field(default_factory=dict)
    """Emails by id."""
    points: dict[str, int] = field(default_factory=dict)
    """Points given to an advocate."""
    minted: dict[str, int] = field(default_factory=dict)
    transfers: dict[str, int] = field(default_factory=dict)
    """Amounts by the id of a transaction of Loyalty Core."""
    orders: set[str] = field(default_factory=set)
    unknown: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def writes(self) -> int:
        """How many writes were acknowledged."""
        kinds = (self.users, self.advocates, self.points, self.minted, self.transfers, self.orders)
        return sum(map(len, kinds))


@dataclass(frozen=True)
class Keys:
    """Credentials and addresses of the tenants that are used."""

    base: str
    saasquatch: str
    advocacy: str
    loyalty_core: str
    organization: int

    @property
    def club(self) -> str:
        return f"{self.base}/loyalty-core/api/v1/organizations/{self.organization}"


class Caller(threading.Thread):
    """One caller that goes on until it is stopped."""

    def __init__(self, number: int, seed: int, keys: Keys, members: list[tuple[int, int]], noted: Acknowledged) -> None:
        super().__init__(daemon=True)
        self._number, self._keys, self._noted = number, keys, noted
        self._members = [member for member, _ in members]
        self._wallets = [wallet for _, wallet in members]
        self._random = random.Random(f"{seed}/{number}")
        self._stop_asked = threading.Event()
        self.defects: list[str] = []
        """Answers that no failure of a process explains."""
        self._count = 0
        self._code: str | None = None

    def stop(self) -> None:
        self._stop_asked.set()

    def run(self) -> None:
        steps = (self._register, self._refer, self._advocate, self._mint, self._transfer, self._order)
        while not self._stop_asked.wait(PAUSE_S):
            self._count += 1
            try:
                self._random.choice(steps)()
            except Exception as error:  # an answer of another form, or a defect of this test: neither may pass unseen
                self.defects.append(f"{type(error).__name__}: {error}")
                return

    def _call(self, method: str, url: str, **options: Any) -> Any:
        """The body of an answer with success; None where it was refused for now, or nobody knows what came of it."""
        try:
            # A connection of its own: what dies is found at once.
            answer = httpx2.request(method, url, timeout=TIMEOUT_S, **options)
        except httpx2.TransportError:
            with self._noted.lock:
                self._noted.unknown += 1
            return None
        if answer.status_code < 300:
            return answer.json()
        if answer.status_code not in (429, 503) and "NOT_ENOUGH_POINTS" not in answer.text:
            self.defects.append(f"{method} {url} {answer.status_code} {answer.text[:300]}")
        return None

    def _fresh(self) -> str:
        return f"c{self._number}n{self._count}"

    def _upsert(self, name: str, **members: Any) -> Any:
        path = f"/saasquatch/api/v1/acme/open/account/{name}/user/{name}"
        body = {"id": name, "accountId": name, "firstName": name, **members}
        return self._call("PUT", self._keys.base + path, json=body, auth=("", self._keys.saasquatch))

    def _register(self) -> None:
        name = self._fresh()
        made = self._upsert(name)
        if made is not None:
            self._code = next(iter(made["referralCodes"].values()))
            with self._noted.lock:
                self._noted.users.add(name)

    def _refer(self) -> None:
        if self._code is None:
            return
        name = self._fresh()
        made = self._upsert(name, referredByCodes=[self._code])
        if made is not None:
            with self._noted.lock:
                self._noted.users.add(name)
                self._noted.referred.add(name)

    def _advocate(self) -> None:
        email = f"{self._fresh()}@example.org"
        token = {"Authorization": f"Bearer {self._keys.advocacy}"}
        base = f"{self._keys.base}/advocacy/api/v1/advocates"
        made = self._call("POST", base, json={"email": email}, headers=token)
        if made is None:
            return
        advocate = made["advocate"]["id"]
        with self._noted.lock:
            self._noted.advocates[advocate] = email
        if self._call("POST", f"{base}/{advocate}/points", json={"amount": 7}, headers=token) is not None:
            with self._noted.lock:
                self._noted.points[advocate] = 7

    def _post(self, path: str, body: Any) -> Any:
        token = {"Authorization": f"Bearer {self._keys.loyalty_core}"}
        return self._call("POST", self._keys.club + path, json=body, headers=token)

    def _mint(self) -> None:
        wallet, amount = self._random.choice(self._wallets), self._random.randint(1, 9)
        self._note(self._noted.minted, self._post(f"{LEDGER}/wallets/{wallet}/mint", {"amount": amount}))

    def _transfer(self) -> None:
        one, other = self._random.sample(self._wallets, 2)
        amount = self._random.randint(1, 5)
        body = {"fromWalletId": one, "toWalletId": other, "amount": amount}
        self._note(self._noted.transfers, self._post(f"{LEDGER}/transactions", body))

    def _note(self, where: dict[str, int], made: Any) -> None:
        if made is not None:
            (one,) = made["transactions"]
            with self._noted.lock:
                where[str(one["ledgerTransactionId"])] = one["amount"]

    def _order(self) -> None:
        name = self._fresh()
        body = {
            "externalId": name,
            "loyaltyProgramId": 1,
            "type": "counter",
            "status": "confirmed",
            "total": 10,
            "items": [],
        }
        if self._post(f"/members/{self._random.choice(self._members)}/purchase-orders", body) is not None:
            with self._noted.lock:
                self._noted.orders.add(name)
