"""The SaaSquatch API for the fuzzer: ids that exist, and rules between values that OpenAPI 3.0 cannot express."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

from schemathesis import Case
from schemathesis.core.parameters import ParameterLocation

from tests.fuzz import api
from tests.fuzz.api import Name

USER = "saasquatch-live"
BASE = "/saasquatch/api/v1/demo"
OWNER: dict[str, Any] = {}
KEPT_USERS = 60
BLOCKED_USERS = 12
DOOMED_WEBHOOKS = 8
SPENDABLE_REWARDS = 40
SPENDABLE = {"type": "CREDIT", "unit": "CENTS", "assignedCredit": 100_000}
PROGRAMS = ("referral-program", "partner-program")
MADE_OF_PATH = {"openUserUpsert": "id", "openCreateUser": "id", "trackEvent": "userId"}
"""Operations whose body repeats the ids of the path, and what it calls the user's."""
EXAMPLE_IDEMPOTENCY_KEY = "order-20260115-0001"
"""The contract's example, which most cases repeat and which would make them all a 409."""
ID_LENGTHS = {1, 2, 254, 255}
"""Lengths of ids that a case may be about."""
COOKIES = base64.urlsafe_b64encode(
    b'{"app.referralsaasquatch.com":{"demo_CODE":{"codes":{"referral-program":"BENOKAFOR"}}}}'
)

User = tuple[str, str]
"""accountId and userId."""


@dataclass
class Known:
    """What the demo holds. By kind of use, so that what one operation uses up is not missed by another."""

    users: list[User] = field(default_factory=lambda: [("acme", "ana@example.org"), ("birch", "ben@example.org")])
    unreferred: list[User] = field(default_factory=lambda: [("birch", "ben@example.org")])
    blocked: list[User] = field(default_factory=lambda: [("acme", "ana@example.org")])
    doomed: list[User] = field(default_factory=lambda: [("acme", "ana@example.org")])
    codes: list[str] = field(default_factory=lambda: ["ANASTONE", "BENOKAFOR"])
    referrals: list[str] = field(default_factory=lambda: ["5f00000000000000000000a1"])
    rewards: list[str] = field(default_factory=lambda: ["5f00000000000000000000b1", "5f00000000000000000000b2"])
    credits: list[dict[str, Any]] = field(
        default_factory=lambda: [{"id": "5f00000000000000000000b1", "accountId": "acme", "unit": "CENTS"}]
    )
    cancellable: list[str] = field(default_factory=lambda: ["5f00000000000000000000b2"])
    exports: list[str] = field(default_factory=lambda: ["5f00000000000000000000c1"])
    webhooks: list[str] = field(default_factory=lambda: ["http://localhost:8080/_troth/inbox/saasquatch"])
    doomed_webhooks: list[str] = field(default_factory=lambda: ["http://localhost:8080/_troth/inbox/saasquatch"])


def learn(call: Callable[..., Any]) -> Known:
    """Ask a server what it holds, block a few users, add webhooks to delete and credit to spend or cancel.

    `call(method, path below BASE, body)` gives the answer's body.
    """
    seeded = call("GET", "/users?limit=1000")["users"]
    users = Known().users + [(user["accountId"], user["id"]) for user in seeded[:KEPT_USERS]]
    accounts = dict.fromkeys(account for account, _ in users)
    others = [(user["accountId"], user["id"]) for user in seeded if user["accountId"] not in accounts]
    for account, user in others[:BLOCKED_USERS]:
        call("POST", f"/account/{quote(account, safe='')}/user/{quote(user, safe='')}/block")
    inbox = call("GET", "/subscription")[0]["endpointUrl"]
    doomed_webhooks = [f"{inbox}-{number}" for number in range(DOOMED_WEBHOOKS)]
    for url in doomed_webhooks:
        call("POST", "/subscription", {"endpointUrl": url, "webhookTypes": ["export.created"]})
    referrals = call("GET", "/referrals?limit=1000")["referrals"]
    referred = {referral["referredUser"]["accountId"] for referral in referrals}
    rewards = [reward for account in accounts for reward in call("GET", f"/reward?accountId={quote(account, safe='')}")]
    spendable = [
        call("POST", "/rewards/account/acme/user/ana%40example.org", SPENDABLE) for _ in range(SPENDABLE_REWARDS)
    ]
    return Known(
        users=users,
        unreferred=[user for user in users if user[0] not in referred],
        blocked=others[:BLOCKED_USERS],
        doomed=others[BLOCKED_USERS:],
        codes=Known().codes + [user["referralCode"] for user in seeded[:KEPT_USERS] if user["referralCode"]],
        referrals=[referral["id"] for referral in referrals],
        rewards=[reward["id"] for reward in rewards],
        credits=spendable[::2],
        cancellable=[reward["id"] for reward in spendable[1::2]],
        exports=[export["id"] for export in call("GET", "/export/history/list?limit=100")["data"]],
        webhooks=[inbox],
        doomed_webhooks=doomed_webhooks,
    )


class Reach(api.Reach):
    """Ids of the demo, credit there is enough of, deletions of users that nobody needs."""

    known: Known

    def ids(self) -> None:
        known, operation = self.known, self.operation
        users = {
            "openDeleteUser": known.doomed,
            "openDeleteAccount": known.doomed,
            "unblockUser": known.blocked,
            "openApplyCode": known.unreferred,
        }.get(operation, known.users)
        rewards = {"debitReward": [reward["id"] for reward in known.credits], "cancelReward": known.cancellable}
        account_id, user_id = self.pick(users, "user")
        code = self.pick(known.codes, "code")
        found = {
            "accountId": account_id,
            "userId": user_id,
            "code": code,
            "referral_code": code,
            "referralCode": code,
            "referralId": self.pick(known.referrals),
            "id": self.pick(rewards.get(operation, known.rewards), "reward"),
            "exportId": self.pick(known.exports),
            "programId": self.pick(PROGRAMS),
            "url": self.pick(known.doomed_webhooks if operation == "deleteWebhook" else known.webhooks),
        }
        if ParameterLocation.PATH in self.generated:
            for name in self.case.path_parameters.keys() & found.keys():
                self.case.path_parameters[name] = quote(found[name], safe="")
        if ParameterLocation.QUERY in self.generated:
            for name in self.case.query.keys() & found.keys():
                self.case.query[name] = found[name]

    def bodies(self) -> None:
        body = self.new_body
        if not body:
            return
        if self.operation in ("debitReward", "debitRewardBalance"):
            credit = self.pick(self.known.credits, "reward")
            body.update(unit=credit["unit"], amount=min(body["amount"], 1 + self.drawn("amount") % 20))
            if self.operation == "debitRewardBalance":
                body["accountId"] = credit["accountId"]
                body.pop("userId", None)
        elif self.operation == "createWebhook":
            body["endpointUrl"] = self.pick(self.known.doomed_webhooks)
        elif self.operation == "createReward":
            body.pop("dateExpires", None)
        elif self.operation in ("openUserUpsert", "openCreateUser"):
            _make_writable(body, self.drawn("code"))

    def spare(self) -> None:
        """Deletions that would take away what other cases live on go to somebody else."""
        if (
            self.operation not in ("openDeleteUser", "openDeleteAccount")
            or ParameterLocation.PATH not in self.generated
        ):
            return
        path = self.case.path_parameters
        if unquote(path["accountId"]) in {account for account, _ in self.known.users}:
            account_id, user_id = self.pick(self.known.doomed, "user")
            path.update(
                {"accountId": quote(account_id, safe="")},
                **({"userId": quote(user_id, safe="")} if "userId" in path else {}),
            )

    def agree(self) -> None:
        """Make values agree that must: `fields` or `extraFields`, half a pair of ids, ids of body and path."""
        query, path = self.case.query, self.case.path_parameters
        if "fields" in query and "extraFields" in query:
            del query["extraFields"]
        if self.operation == "openListReferrals" and not any(
            {f"{side}AccountId", f"{side}UserId"} <= query.keys() for side in ("referring", "referred")
        ):
            side = "referred" if "referredAccountId" in query or "referredUserId" in query else "referring"
            query.setdefault(f"{side}AccountId", "acme")
            query.setdefault(f"{side}UserId", "ana@example.org")
        if self.operation in MADE_OF_PATH:
            for path_name, body_name in (("accountId", "accountId"), ("userId", MADE_OF_PATH[self.operation])):
                value = self.body[body_name]
                if (
                    self.new_body or len(value) not in ID_LENGTHS or not value.strip(".")
                ):  # clients take dots out of paths
                    self.body[body_name] = unquote(path[path_name])
                else:
                    path[path_name] = quote(value, safe="")
        if self.body.get("idempotencyKey") == EXAMPLE_IDEMPOTENCY_KEY:
            self.body["idempotencyKey"] = f"fuzz-{self.draw:08x}"


def _make_writable(body: dict[str, Any], number: int) -> None:
    """Take from a user's input what another user owns or what only strings of a certain make could be."""
    body.pop("shareLinks", None)
    if "referralCodes" in body:
        body["referralCodes"] = {
            program: f"{number:X}{program[0]}" for program in PROGRAMS[: len(body["referralCodes"])]
        }
    if "cookies" in body:
        body["cookies"] = COOKIES.decode()
    if "customFields" in body:
        body["customFields"] = {
            f"field_{position}": value for position, value in enumerate(body["customFields"].values())
        }


class Book(api.Book):
    """Callers name users, accounts and webhooks themselves, and may take a name again that they had deleted."""

    def names(self, case: Case) -> set[Name]:
        """What a request is about: ("account", id), ("user", accountId, id), ("webhook", url)."""
        path = {name: unquote(str(value)) for name, value in case.path_parameters.items()}
        found: set[Name] = set()
        if "userId" in path:
            found.add(("user", path["accountId"], path["userId"]))
        elif "accountId" in path:
            found.add(("account", path["accountId"]))
        if "url" in path:
            found.add(("webhook", path["url"]))
        return found

    def keep(self, case: Case) -> None:
        operation = case.operation.definition.raw["operationId"]
        if operation in ("openUserUpsert", "openCreateUser"):
            self.made_again.update(self.names(case), {("account", unquote(case.path_parameters["accountId"]))})
        elif operation == "createWebhook":
            self.made_again.add(("webhook", case.body["endpointUrl"]))
        elif operation == "openDeleteAccount":
            account_id = unquote(case.path_parameters["accountId"])
            self.made_again.difference_update(
                {name for name in self.made_again if name[0] != "webhook" and name[1] == account_id}
            )
        elif operation in ("openDeleteUser", "deleteWebhook"):
            self.made_again.difference_update(self.names(case))


BOOK = Book()


def blames_body(_body: Any, _case: Case) -> bool:
    """Whether a 404 is about something that the body names. The answers of this API do not say."""
    return False


def refused_by_contract(body: Any) -> bool:
    """Whether a 400 comes from validation against the contract rather than from a rule of the domain."""
    return isinstance(body, dict) and "validationErrors" in body
