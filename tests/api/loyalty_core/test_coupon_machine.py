"""Coupons against a plain model: whatever is given out, used, taken back or expires in whatever order, they agree."""

import itertools
from collections import Counter
from dataclasses import dataclass
from typing import Any

import httpx2
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from models.kernel.clock import DAY_MS
from models.kernel.times import iso
from tests.api.loyalty_core.conftest import ACCOUNT, LEDGER, Club, make_club
from tests.api.loyalty_core.test_transactions import check_books
from tests.support.client import Client
from tests.support.machines import run_machine
from tests.support.refusals import assert_refused
from troth.app import Server

MEMBERS, CODES = 2, 4
"""Few of everything, so that steps meet."""
LIMIT = st.sampled_from([None, 1, 2, 3, 5, 8])
POINTS = st.sampled_from([0, 0, 3, 10])
WHAT = st.sampled_from(["assign"] * 4 + ["use"] * 4 + ["revert"] * 3 + ["mint", "limits", "status", "replay"])
EXAMPLES_SQLITE, EXAMPLES_POSTGRES, STEPS = 8, 2, 20


class Refused(Exception):
    """The model says no, with this status."""


@dataclass
class Row:
    """An assignment, or with a `parent` a use of one."""

    who: int
    code: int
    points: int
    status: str
    amount: int = 1
    used: int = 0
    expires: int | None = None
    parent: "Row | None" = None
    paid_with: str | None = None
    id: int = 0


class CouponMachine(RuleBasedStateMachine):
    """Calls the API and the model side by side."""

    server: Server
    client: Client

    @initialize(limits=st.tuples(LIMIT, LIMIT, LIMIT), points=st.tuples(POINTS, POINTS))
    def begin(self, limits, points):
        self.club: Club = make_club(self.server, self.client)
        self.wallets = [self.club.member(f"m{n}", points=40)["walletId"] for n in range(MEMBERS)]
        self.balances = [40] * MEMBERS
        self.assigning, self.using = points
        self.limits, self.published = (None, None, None), True
        self.club.made(
            "/coupon-books",
            name="x",
            type="x",
            publishingStatus="published",
            requiredPointsConfig={},
            assignmentRequiredPoints=self.assigning,
            usageRequiredPoints=self.using,
        )
        self.club.made("/coupon-books/1/coupons", codes=[f"c{n}" for n in range(CODES)])
        self.set_limits(limits)
        self.rows: list[Row] = []
        self.sent: list[tuple[str, dict[str, Any], httpx2.Response]] = []
        self.keys = itertools.count(1)

    # The model

    def standing(self) -> list[Row]:
        return [row for row in self.rows if row.parent is None and row.status != "reverted"]

    def expire(self) -> None:
        for row in self.standing():
            if row.status == "assigned" and row.expires is not None and row.expires <= self.club.now_ms:
                row.status = "expired"

    def choose(self, who: int, count: int, named: list[int] | None, strict: bool) -> list[int]:
        per_member, per_coupon, of_all = self.limits
        given = Counter(row.code for row in self.standing())
        held = {row.code for row in self.standing() if row.who == who and row.status == "assigned"}
        free = [code for code in range(CODES) if code not in held and (per_coupon is None or given[code] < per_coupon)]
        room = count
        if of_all is not None:
            room = min(room, of_all - len(self.standing()))
        if per_member is not None:
            room = min(room, per_member - sum(row.who == who for row in self.standing()))
        order = (
            sorted(free, key=lambda code: (given[code], code))
            if named is None
            else [code for code in named if code in free]
        )
        chosen = order[: max(0, room)]
        if not self.published or not chosen or (strict and len(chosen) < count):
            raise Refused(409)
        return chosen

    def pay(self, who: int, points: int) -> None:
        if self.balances[who] < points:
            raise Refused(400)
        self.balances[who] -= points

    # Steps: one rule draws them all evenly

    @rule(
        what=WHAT,
        days=st.sampled_from([0, 0, 1, 3]),
        who=st.integers(0, MEMBERS - 1),
        count=st.integers(1, 3),
        amount=st.integers(1, 3),
        pick=st.integers(0, 99),
        strict=st.booleans(),
        expiry=st.sampled_from([None, None, 1, 2]),
        limits=st.tuples(LIMIT, LIMIT, LIMIT),
        pending=st.sampled_from([False, False, True]),
        named=st.booleans(),
    )
    def step(self, what, days, who, count, amount, pick, strict, expiry, limits, pending, named):
        self.club.advance(days * DAY_MS)
        self.expire()
        if what == "assign":
            self.assign(who, count, amount, pick if named else None, strict, expiry, pending)
        elif what == "use":
            self.use(who, pick % CODES if named else None, pending)
        elif what == "revert":
            self.revert(pick)
        elif what == "mint":
            self.club.made(f"/ledgers/{LEDGER}/wallets/{self.wallets[who]}/mint", amount=15)
            self.balances[who] += 15
        elif what == "limits":
            self.set_limits(limits)
        elif what == "status":
            self.published = not self.published
            self.put(publishingStatus="published" if self.published else "disabled")
        else:
            self.replay(pick)
        self.club.advance(0)
        self.expire()

    def put(self, **members: Any) -> None:
        assert self.club.put("/coupon-books/1", json={"requiredPointsConfig": {}, **members}).status_code == 200

    def set_limits(self, limits):
        """A limit cannot be taken away again, only be as good as none."""
        names = ("maxAssignedPerMember", "maxAssignedPerCoupon", "maxCouponCount")
        self.limits = limits
        self.put(**{name: 1000 if limit is None else limit for name, limit in zip(names, limits, strict=True)})

    def set_aside(self, who: int, points: int) -> str | None:
        """A pending transaction of more than is needed; None when nothing is needed or there is too little for it."""
        if not points or self.balances[who] < points + 2:
            return None
        [row] = self.club.post(
            f"/ledgers/{LEDGER}/accounts/{ACCOUNT}/wallets/{self.wallets[who]}/burn",
            json={"amount": points + 2, "captureMethod": "manual"},
        ).json()["transactions"]
        return row["ledgerTransactionId"]

    def call(self, verb: str, body: dict[str, Any], expected: list[Row] | int) -> None:
        """The answer is what the model did, or its refusal."""
        answer = self.club.post(f"/coupon-books/1/{verb}", json=body)
        if isinstance(expected, int):
            assert answer.status_code == expected, answer.text
            if body.get("pendingCaptureLedgerTransactionId"):
                self.release(body)
            return
        assert answer.status_code == 200, answer.text
        self.sent.append((verb, body, answer))
        for row, shown in zip(expected, answer.json()["couponUsages"], strict=True):
            row.id, row.paid_with = shown["couponUsageId"], shown["ledgerTransactionId"]
            assert (shown["couponCode"], shown["points"]) == (f"c{row.code}", row.points)
            assert (row.paid_with is not None) == (row.points > 0)
        self.rows += expected

    def release(self, body: dict[str, Any]) -> None:
        """What was set aside for a refused call: all of it is captured elsewhere, so that the books stay simple."""
        key = body["pendingCaptureLedgerTransactionId"]
        path = f"/ledgers/{LEDGER}/accounts/{ACCOUNT}/transactions"
        [row] = self.club.get(path, params={"fromLedgerTransactionId": key, "toLedgerTransactionId": key}).json()[
            "results"
        ]
        self.club.post(f"{path}/capture", json={"transactions": [{"ledgerTransactionId": key}]})
        self.balances[body["memberId"] - 1] -= row["amount"]

    def assign(self, who, count, amount, pick, strict, expiry, pending):
        body: dict[str, Any] = {"memberId": who + 1, "amount": amount, "strictMode": strict}
        named = None if pick is None else list(dict.fromkeys((pick + n * (1 + pick % 2)) % CODES for n in range(count)))
        if named is None:
            body["numberOfCodes"] = count
        else:
            body["codes"], count = [f"c{code}" for code in named], len(named)
        body["systemUniqueKeys"] = [f"k{next(self.keys)}" for _ in range(count)]
        expires = None if expiry is None else self.club.now_ms + expiry * DAY_MS
        if expires is not None:
            body["expiredAt"] = iso(expires)
        key = self.set_aside(who, self.assigning * count) if pending else None
        if key is not None:
            body["pendingCaptureLedgerTransactionId"] = key
        try:
            chosen = self.choose(who, count, named, strict)
            if (
                not strict and self.assigning
            ):  # as many as the member can pay for; the payment of one is refused if that is none
                chosen = chosen[: max(1, self.balances[who] // self.assigning)]
            self.pay(who, self.assigning * len(chosen))
            expected: Any = [Row(who, code, self.assigning, "assigned", amount, expires=expires) for code in chosen]
        except Refused as refused:
            expected = refused.args[0]
        self.call("assign", body, expected)

    def use(self, who, code, pending):
        body: dict[str, Any] = {"memberId": who + 1, "systemUniqueKey": f"k{next(self.keys)}"}
        if code is not None:
            body["code"] = f"c{code}"
        key = self.set_aside(who, self.using) if pending else None
        if key is not None:
            body["pendingCaptureLedgerTransactionId"] = key
        mine = [
            row for row in self.standing() if row.who == who and row.status == "assigned" and code in (None, row.code)
        ]
        try:
            if not self.published or not mine:
                raise Refused(409)
            self.pay(who, self.using)
            parent = min(mine, key=lambda row: (row.expires is None, row.expires or 0, row.id))
            expected: Any = [Row(who, parent.code, self.using, "used", parent=parent)]
            parent.used += 1
            parent.status = "used" if parent.used == parent.amount else "assigned"
        except Refused as refused:
            expected = refused.args[0]
        self.call("use", body, expected)

    def revert(self, pick):
        if not self.rows:
            return
        row = self.rows[pick % len(self.rows)]
        answer = self.club.post(f"/coupon-usages/{row.id}/revert")
        if row.status == "reverted":
            assert answer.status_code == 409
            return
        together = [row]
        if row.parent is None:
            if row.paid_with is not None:
                together = [one for one in self.standing() if one.paid_with == row.paid_with]
            together += [
                one for one in self.rows if one.status == "used" and any(one.parent is parent for parent in together)
            ]
        assert answer.status_code == 200, answer.text
        assert {one["couponUsageId"] for one in answer.json()["couponUsages"]} == {one.id for one in together}
        for one in together:
            self.balances[one.who] += one.points
            one.status = "reverted"
            if one.parent is not None:
                one.parent.used -= 1
                if one.parent.status == "used":
                    one.parent.status = "assigned"
        self.expire()

    def replay(self, pick):
        if self.sent:
            verb, body, first = self.sent[pick % len(self.sent)]
            assert self.club.post(f"/coupon-books/1/{verb}", json=body).json() == first.json()
            assert_refused(
                self.club.post(f"/coupon-books/1/{verb}", json={**body, "customAttributes": {"other": 1}}),
                409,
                "SYSTEM_UNIQUE_KEY_REUSED",
            )

    # What always holds

    @invariant()
    def everything_agrees(self):
        if not hasattr(self, "keys"):
            return
        standing = self.standing()
        uses = [row for row in self.rows if row.parent is not None and row.status == "used"]
        book = self.club.get("/coupon-books/1").json()["couponBook"]
        assert (book["assignedCount"], book["usedCount"]) == (len(standing), len(uses))
        for row in self.club.get("/coupon-books/1/coupons").json()["results"]:
            code = int(row["code"][1:])
            assert (row["assignedCount"], row["usedCount"]) == (
                sum(one.code == code for one in standing),
                sum(one.code == code for one in uses),
            )
        for who, wallet in enumerate(self.wallets):
            mine = [row for row in standing if row.who == who]
            page = self.club.get(f"/loyalty-programs/1/members/{who + 1}/coupons", params={"limit": 25}).json()
            assert page["totalCount"] == len(mine)
            assert [(row["couponUsageId"], row["status"], row["amountUsed"]) for row in page["results"]] == [
                (row.id, row.status, row.used) for row in mine[:25]
            ]
            count = self.club.get(f"/loyalty-programs/1/members/{who + 1}/coupon-usages/count").json()
            assert count == {
                "amountAssigned": sum(row.amount for row in mine),
                "amountUsed": sum(row.used for row in mine),
            }
            assert self.club.points(wallet) == (self.balances[who], self.balances[who])

    def teardown(self):
        if hasattr(self, "keys"):
            check_books(self.club)


def test_everything_agrees_with_a_plain_model(server: Server, client: Client) -> None:
    CouponMachine.server, CouponMachine.client = server, client
    examples = EXAMPLES_SQLITE if server.runtime.storage.inline else EXAMPLES_POSTGRES
    run_machine(CouponMachine, examples=examples, steps=STEPS)
