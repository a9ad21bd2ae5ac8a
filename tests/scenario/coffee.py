"""A coffee chain and the bakery next door, on a server of their own whose clock the stories move."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import yaml

from tests.support.live import troth

DAY_MS = 86_400_000
TOKENS = {7: "lc_COFFEE0TOKEN0OF0THE0STORY", 8: "lc_BAKERY0TOKEN0OF0THE0STORY"}
SCENARIO: dict[str, list[dict[str, Any]]] = {
    "projects": [
        {
            "api": "loyalty_core",
            "project": "harbour",
            "name": "Harbour Coffee",
            "settings": {"organization_id": 7},
            "live": {
                "alias": "harbour",
                "credentials": {"api_token": TOKENS[7]},
                "partnerships": [{"partner": "bakery", "partnership_id": 1}],
                "badges": [{"badge_key": "regular", "name": "A regular"}],
                "surveys": [{"survey_id": 5, "name": "Would you come again?"}],
            },
        },
        {
            "api": "loyalty_core",
            "project": "bakery",
            "name": "Old Town Bakery",
            "settings": {"organization_id": 8},
            "live": {
                "alias": "bakery",
                "credentials": {"api_token": TOKENS[8]},
                "partnerships": [{"partner": "harbour", "partnership_id": 3}],
            },
        },
    ]
}


class Organization:
    """What an integrator has: the address, the organization's number, a token."""

    def __init__(self, url: str, number: int, token: str | None = None) -> None:
        self.root, self.number = url, number
        self.base = f"{url}/loyalty-core/api/v1/organizations/{number}"
        self.http = httpx2.Client(timeout=30, headers={"Authorization": f"Bearer {token or TOKENS[number]}"})

    def get(self, path: str, **query: Any) -> Any:
        return self._json_of(self.http.get(self.base + path, params=query))

    def all(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """Every row of a list, page by page."""
        found: list[dict[str, Any]] = []
        for page in range(100):
            shown = self.get(path, page=page, limit=25, **query)
            found += shown["results"]
            if len(found) >= shown["totalCount"]:
                break
        return found

    def post(self, path: str, **body: Any) -> Any:
        return self._json_of(self.http.post(self.base + path, json=body))

    def put(self, path: str, **body: Any) -> Any:
        return self._json_of(self.http.put(self.base + path, json=body))

    def patch(self, path: str, **body: Any) -> Any:
        return self._json_of(self.http.patch(self.base + path, json=body))

    def refused(self, method: str, path: str, **body: Any) -> tuple[int, str]:
        """Status and message of what is refused."""
        answer = self.http.request(method, self.base + path, json=body)
        content = answer.json()
        assert content["statusCode"] == answer.status_code, content
        return answer.status_code, content["message"]

    def join(self, own_id: str, **members: Any) -> dict[str, Any]:
        member: dict[str, Any] = self.post("/members", loyaltyMemberId=own_id, **members)["loyalMember"]
        return member

    def order(
        self, member: dict[str, Any], receipt: str, total: float, status: str = "confirmed", **more: Any
    ) -> dict[str, Any]:
        """An order that is there, and what it led to."""
        made: dict[str, Any] = self.post(
            f"/members/{member['memberId']}/purchase-orders",
            externalId=receipt,
            type="counter",
            total=total,
            status=status,
            **more,
        )
        return made

    def track(self, member: dict[str, Any], code: str, key: str, **payload: Any) -> list[dict[str, Any]]:
        """The effects of an event that is reported."""
        effects: list[dict[str, Any]] = self.post(
            "/loyalty-events",
            organizationId=self.number,
            memberId=member["memberId"],
            eventType=code,
            systemUniqueKey=key,
            payload=payload,
        )["effects"]
        return effects

    def balance(self, member: dict[str, Any], account: int = 1) -> int:
        points: int = self.get(f"/ledgers/1/accounts/{account}/wallets/{member['walletId']}/balance")["wallet"][
            "balance"
        ]
        return points

    def tier(self, member: dict[str, Any]) -> str:
        key: str = self.get(f"/members/{member['memberId']}")["loyalMember"]["loyaltyPrograms"][0]["loyaltyTierKey"]
        return key

    def log(self, member: dict[str, Any], **query: Any) -> list[str]:
        """The types of a member's events, the oldest first."""
        return [event["eventType"] for event in self.all(f"/members/{member['memberId']}/events", **query)]

    def advance(self, days: float) -> list[str]:
        """Move the clock; the kinds of what became due on the way."""
        moved = httpx2.post(f"{self.root}/_troth/clock/advance", json={"by_ms": int(days * DAY_MS)}, timeout=60).json()
        return [fired["kind"] for fired in moved["fired"]]

    def now(self) -> str:
        now: str = httpx2.get(f"{self.root}/_troth/clock", timeout=10).json()["now"]
        return now

    @staticmethod
    def _json_of(answer: httpx2.Response) -> Any:
        assert answer.status_code in (200, 201), answer.text
        return answer.json()


@contextlib.contextmanager
def opened(folder: Path, **more: Any) -> Iterator[tuple[Organization, Organization]]:
    """The chain and the bakery, as they begin; `more` is what the chain's environment has beside."""
    chain, bakery = SCENARIO["projects"]
    scenario = {"projects": [{**chain, "live": {**chain["live"], **more}}, bakery]}
    (folder / "coffee.yaml").write_text(yaml.safe_dump(scenario))
    with troth("mock", "--clock", "fixed", "--scenario", str(folder / "coffee.yaml"), ready="/_troth/clock") as url:
        chain, bakery = (Organization(url, number) for number in (7, 8))
        with chain.http, bakery.http:
            yield chain, bakery
