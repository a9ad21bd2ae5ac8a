"""The advocacy API for the fuzzer: ids that exist, signatures, and rules between values that OpenAPI 3.0 cannot
express.
"""

import hashlib
import hmac
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from schemathesis import Case
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import CoveragePhaseData

from tests.fuzz import api

USER = "advocacy-live"
BASE = "/advocacy/api/v1"
OWNER: dict[str, Any] = {}
BUSINESS_ID = "biz_demo"
SSO_SECRET = "demo_sso_secret_advocacy"
SIGNATURE_SECONDS = 290
"""How far a signature's time may be from the server's; ten seconds below the API's bound, for a clock that goes on."""
RICH_ADVOCATES = 20
RICH_POINTS = 1_000_000
REWARDS = 4
REWARD = {"name": "Fuzzed", "pointsCost": 10}
EXAMPLES = {"code": "ANA7K2QX", "email": "ben@example.org", "externalCustomerId": "cust_42", "orderId": "order-1042"}
"""Of the contract, in the bodies of most cases: a code that the demo does not have, and names that are taken once
used.
"""
METADATA_NAMES = 20
"""Names that fuzzed metadata goes by, so that all updates of an advocate together leave it below 50."""
IDEMPOTENCY_KEY = "Idempotency-Key"
ANSWERED = re.compile(r"(adv|tsk)_[a-z0-9]{20}|[A-HJ-NP-Z2-9]{8}")
"""Ids and codes that only an answer or an example can have given: a step of a chain is about them."""
SPENT_AT_ONCE_MAX = 1_000
"""Most that a valid deduction takes, so that rich advocates stay rich."""


@dataclass
class Known:
    """What the demo holds. `advocates` have points to spend, and `tasks` are of active quests: (quest, task)."""

    advocates: list[str] = field(default_factory=lambda: ["adv_demo0000000000000001"])
    codes: list[str] = field(default_factory=lambda: ["ANAST2NE"])
    rewards: list[str] = field(default_factory=lambda: ["rwd_demo0000000000000001"])
    tasks: list[tuple[str, str]] = field(
        default_factory=lambda: [("qst_demo0000000000000001", "tsk_demo0000000000000001")]
    )
    testimonials: list[str] = field(default_factory=lambda: ["tst_demo0000000000000001"])
    boards: list[str] = field(default_factory=lambda: ["brd_demo0000000000000001"])
    ideas: list[str] = field(default_factory=lambda: ["ida_demo0000000000000001"])
    customers: list[str] = field(default_factory=lambda: ["cust_42"])
    now_s: int = 1_768_478_400
    """The server's clock, in Unix seconds."""


def learn(call: Callable[..., Any]) -> Known:
    """Ask a server what it holds, make advocates rich and rewards for them. `call` as for the other APIs."""
    everybody = call("GET", "/advocates?limit=100")["advocates"]
    advocates = [advocate for advocate in everybody if advocate["status"] == "active"][:RICH_ADVOCATES]
    for advocate in advocates:
        given = call("POST", f"/advocates/{advocate['id']}/points", {"amount": RICH_POINTS})
    boards = [board["id"] for board in call("GET", "/feedback/boards")["boards"]]
    return Known(
        advocates=[advocate["id"] for advocate in advocates],
        codes=[advocate["referralCode"] for advocate in advocates],
        rewards=[call("POST", "/rewards", REWARD)["reward"]["id"] for _ in range(REWARDS)],
        tasks=[
            (quest["id"], task["id"])
            for quest in call("GET", "/quests?status=active")["quests"]
            for task in call("GET", f"/quests/{quest['id']}")["tasks"]
        ],
        testimonials=[testimonial["id"] for testimonial in call("GET", "/testimonials")["testimonials"]],
        boards=boards,
        ideas=[idea["id"] for board in boards for idea in call("GET", f"/feedback/boards/{board}/ideas")["ideas"]],
        customers=[mapping["externalCustomerId"] for mapping in call("GET", "/sso/mappings")["mappings"]],
        now_s=int(datetime.fromisoformat(given["transaction"]["createdAt"]).timestamp()),
    )


class Reach(api.Reach):
    """Advocates who can pay, tasks of the quest in the path, sign-ons that are signed, idempotency keys of their
    own.
    """

    known: Known

    def ids(self) -> None:
        known, path = self.known, self.case.path_parameters
        quest_id, task_id = self.pick(known.tasks, "task")
        found = {
            "getAdvocate": known.advocates,
            "updateAdvocate": known.advocates,
            "changeAdvocatePoints": known.advocates,
            "getReward": known.rewards,
            "redeemReward": known.rewards,
            "getQuest": [quest_id],
            "completeQuestTask": [quest_id],
            "updateTestimonialStatus": known.testimonials,
            "listBoardIdeas": known.boards,
            "updateIdeaStatus": known.ideas,
            "getReferralStats": known.codes,
        }
        if ParameterLocation.PATH in self.generated:
            for name in path.keys() & {"id", "code"}:
                path[name] = self.pick(found[self.operation], "path")
        if self.operation == "completeQuestTask":
            self._match_quest_and_task(quest_id, task_id)

    def _match_quest_and_task(self, quest_id: str, task_id: str) -> None:
        """A task of the quest; or, when only the path may change, the quest of the task."""
        path = self.case.path_parameters
        if path["id"] == quest_id:
            self._put("taskId", task_id)
        if ParameterLocation.PATH in self.generated:
            path["id"] = {task: quest for quest, task in self.known.tasks}.get(self.body["taskId"], path["id"])

    def bodies(self) -> None:
        self._put("advocateId", self.pick(self.known.advocates, "advocate"))
        self._put("code", self.pick(self.known.codes, "code"))
        if self.operation == "changeAdvocatePoints" and self.new_body:
            self.new_body["amount"] = max(self.new_body["amount"], -SPENT_AT_ONCE_MAX)
        elif self.operation == "recognizeCustomer" and self.new_body:
            self._sign()

    def _put(self, name: str, value: str) -> None:
        """Into the body, unless what is there comes from an earlier answer."""
        found = self.new_body.get(name)
        if found is not None and (found in EXAMPLES.values() or not ANSWERED.fullmatch(found)):
            self.new_body[name] = value

    def _sign(self) -> None:
        """One of the customers the business has, or the one that the step before was about."""
        body = self.new_body
        if self.drawn("customer") % 2:
            body["externalCustomerId"] = self.pick(self.known.customers, "whom")
        body["businessId"] = BUSINESS_ID
        body["timestamp"] = self.known.now_s + self.drawn("when") % (2 * SIGNATURE_SECONDS) - SIGNATURE_SECONDS
        message = f"{BUSINESS_ID}.{body['externalCustomerId']}.{body['timestamp']}"
        body["signature"] = hmac.digest(SSO_SECRET.encode(), message.encode(), hashlib.sha256).hex()

    def agree(self) -> None:
        body = self.body
        if self.operation == "changeAdvocatePoints" and body["amount"] < 0:
            body.pop("type", None)
        elif self.operation == "updateAdvocate" and self.body.keys().isdisjoint(("name", "tier", "metadata")):
            body["name"] = "Ana"
        elif self.operation == "convertReferral":
            body["orderValue"] = round(body["orderValue"], 2)
        if body.get("code") == EXAMPLES["code"]:
            body["code"] = self.pick(self.known.codes, "code")
        for name in (
            "email",
            "orderId",
            *(["externalCustomerId"] if self.operation == "createCustomerMapping" else []),
        ):
            if body.get(name) == EXAMPLES[name]:
                body[name] = f"{self.draw:08x}-{body[name]}"
        metadata = body.get("metadata")
        if metadata:
            body["metadata"] = {
                f"name_{place}": value for place, value in enumerate(list(metadata.values())[:METADATA_NAMES])
            }
        self._name_the_write()

    def _name_the_write(self) -> None:
        """The same key for the same input, so that some are repeats;
        else most would share the contract's few examples.
        """
        data = self.case.meta.phase.data if self.case.meta else None
        if isinstance(data, CoveragePhaseData) and data.parameter_location == ParameterLocation.HEADER:
            return
        if IDEMPOTENCY_KEY in (self.case.headers or {}):
            content = repr((self.operation, self.case.path_parameters, self.body))
            self.case.headers[IDEMPOTENCY_KEY] = f"fuzz-{zlib.crc32(content.encode('utf-8', 'surrogatepass')):08x}"


BOOK = api.Book()


def blames_body(body: Any, _case: Case) -> bool:
    """Whether a 404 is about something that the body names."""
    return "field" in body["error"]


def refused_by_contract(body: Any) -> bool:
    """Whether a 400 comes from validation against the contract rather than from a rule of the domain."""
    return body["error"]["code"] == "VALIDATION_ERROR"
