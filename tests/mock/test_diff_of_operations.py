"""What each creating operation of the vendors' APIs makes is in the diff: with its id, in the shape of the API's
answer.

The calls are those of `tests/recording`, which has a working one for every operation. The lists of exceptions only
shrink.
"""

import re
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from models.kernel.base import Base
from tests.recording.contracts import all_operations
from tests.recording.recorder import Recorder
from tests.recording.script import OF_VENDORS
from tests.recording.server import recorded_server
from tests.support.client import Client
from tests.support.surface import SEEN
from troth.apis import APIS
from troth.mock import differences
from troth.spec import store
from troth.spec.operations import operations

CREATING = re.compile(r"(open|findOr)?(?i:create|add|upsert|userUpsert|applyCode|track)(?![a-z])")
REMOVING = re.compile(r"(open)?(?i:delete|remove|claim)")
VENDORS = [api for api in APIS if api.domain is not None]
NOT_MADE: dict[str, str] = {
    "saasquatch.openApplyCode": "answers with the code that was applied, which was there; the referral is in the diff",
    "advocacy.trackReferralClick": "answers without an id; clicks are counted by the code, which is changed in the diff",
}
"""Creating operations whose answer is not about something that was made."""
SHOWN_ONCE = {"secret"}
"""Members that only the answer to the call that makes something has."""


def creating() -> list[str]:
    """The operations that answer 201, or whose name says that they make something."""
    return [
        f"{api.name}.{raw['operationId']}"
        for api in VENDORS
        for _, _, raw in operations(store.load(api.name)[0])
        if "201" in raw["responses"] or CREATING.match(raw["operationId"])
    ]


class Following(Recorder):
    """Plays the script, and keeps each creating operation's first answer and what the diff says was made around it."""

    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self.wanted = set(creating())
        self.said: dict[str, Any] = {}
        """By operation: the body of its answer, or where it has none, of its request."""
        self.made: dict[str, list[dict[str, Any]]] = {}
        """By operation: the resources that were made in the stretch of the script that it is in."""
        self.incentive: dict[str, Any] = {}
        """What Leat's referral program promises the referring contact."""
        self._is_following = False

    def send(self, name: str, method: str, target: str, **options: Any) -> httpx2.Response:
        if REMOVING.match(name.partition(".")[2]) or name.startswith("control."):
            self.look()
        if name in self.wanted and not self._is_following:
            self._control("POST", "/snapshots", json={"name": "before"})
            self._is_following = True
        answer = super().send(name, method, target, **options)
        if name == "leat.getReferralProgramSettings" and answer.status_code == 200:
            self.incentive = answer.json()["data"]["referring_contact_incentive"]
        if name in self.wanted and answer.status_code < 300:
            self.wanted.remove(name)
            self.said[name] = answer.json() if answer.content else options["json"]
        return answer

    def look(self) -> None:
        """See what was made since the snapshot, if there is one."""
        if not self._is_following:
            return
        found = self._control("GET", "/diff", params={"from": "before"}).json()
        assert not found["more"]
        made = [one for one in found["resources"] if one["kind"] == "made"]
        self.made.update(dict.fromkeys(self.said.keys() - self.made.keys(), made))
        self._control("DELETE", "/snapshots/before")
        self._is_following = False

    def _control(self, method: str, path: str, **options: Any) -> httpx2.Response:
        answer = self._client.request(method, f"/_troth{path}", **options)
        assert answer.status_code < 300, answer.text
        return answer


@pytest.fixture(scope="module")
def played() -> Iterator[Following]:
    seen_by_tests = set(SEEN)
    with recorded_server() as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr(differences, "CHANGES_MAX", 100_000)
        client = Client(server)
        try:
            following = Following(client)
            for play in OF_VENDORS:
                play(following)
                following.look()
            yield following
        finally:
            client.close()
            SEEN.intersection_update(seen_by_tests)


@pytest.mark.parametrize("operation", creating())
def test_what_it_makes_is_in_the_diff(played: Following, operation: str) -> None:
    said, made = played.said[operation], played.made[operation]
    found = [one for one in made if any(_is_shown_by(thing, one) for thing in _objects(said))]
    if operation in NOT_MADE:
        assert not found, f"{operation} is in the list of exceptions and need not be"
        return
    assert found, f"{operation} answered {said}; made were {[(one['resource'], one['key']) for one in made]}"


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """All objects in a body."""
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects(part)


def _is_shown_by(thing: dict[str, Any], made: dict[str, Any]) -> bool:
    """Whether an object of an answer is of this resource, by its id, and has no members that the diff does not have."""
    values = [(type(value), value) for value in thing.values() if not isinstance(value, dict | list)]
    values += [(int, int(value)) for _, value in values if isinstance(value, str) and value.isdecimal()]
    return thing.keys() - SHOWN_ONCE <= made["after"].keys() and all(
        (type(id_), id_) in values for id_ in made["key"].values()
    )


def test_each_operation_is_looked_at() -> None:
    assert len(creating()) > 40
    assert {f"{api.name}." for api in VENDORS} == {name[: name.index(".") + 1] for name in creating()}
    assert set(creating()) <= set(all_operations()) and NOT_MADE.keys() <= set(creating())


def test_each_table_has_a_view() -> None:
    viewed = {table for api in VENDORS if api.domain for table in api.domain.resources}
    parts = {
        part for api in VENDORS if api.domain for resource in api.domain.resources.values() for part in resource.parts
    }
    own = {table for table in Base.metadata.tables if table.startswith(differences.PREFIXES)}
    assert own - viewed - parts - differences.LEFT_OUT == set()


def test_the_voucher_for_a_referral_is_shown_as_the_incentive_that_promised_it(played: Following) -> None:
    promised = played.incentive
    assert promised["type"] == "voucher"
    [voucher] = [one for one in played.made["leat.createCreditReception"] if one["resource"] == "voucher"]
    assert voucher["key"] == {"uuid": voucher["after"]["uuid"]}
    assert promised.items() <= voucher["after"].items()
    assert voucher["after"].keys() == {"uuid", "contact_uuid", "referral_uuid", *promised}
