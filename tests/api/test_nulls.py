"""Null in requests: it clears what a resource shows as null when unset, and says nothing everywhere else."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.leat.conftest import make_account
from tests.api.loyalty_core.conftest import LEDGER, make_club
from tests.api.saasquatch.conftest import make_tenant
from tests.api.test_round_trips import LOYALTY_CORE, WRITES, made_at, only_member
from tests.support.client import Client
from tests.support.contracts import contract
from tests.support.refusals import assert_refused
from troth.app import Server
from troth.request.nulls import MARKER
from troth.spec.references import resolver

NOT_CLEARED = {
    "loyalty_core.updateLedger defaultAccountId": "a ledger with accounts has a default account",
    "loyalty_core.updateAudience memberCount": "taken and ignored",
    "loyalty_core.updateAudience refreshedAt": "taken and ignored",
    "loyalty_core.setMemberTier loyaltyTierId": "left out, it takes the tier away already",
    "loyalty_core.setLoyaltyMemberTier loyaltyTierId": "as setMemberTier",
    "loyalty_core.updateLedgerAccountSupply description": "is of a transaction that is made",
    "loyalty_core.updateLedgerAccountSupply externalEventDate": "is of a transaction that is made",
    "loyalty_core.updateLedgerAccountSupply externalId": "is of a transaction that is made",
    "loyalty_core.updateLedgerAccountSupply systemUniqueKey": "is of a transaction that is made",
    "saasquatch.openUserUpsert referredBy": "is always null here",
}
"""Members that answers show as null and that null does not clear."""


def members_of(schema: Any, resolve: Any, depth: int = 0) -> Iterator[tuple[str, dict[str, Any]]]:
    """Names and schemas of the members of an answer and of what it holds, three levels deep."""
    node = resolve(schema)
    if node.get("type") == "array":
        yield from members_of(node["items"], resolve, depth)
    for name, part in node.get("properties", {}).items():
        yield name, resolve(part)
        if depth < 2:
            yield from members_of(part, resolve, depth + 1)


@pytest.mark.parametrize("operation", sorted(WRITES))
def test_null_is_ignored_only_where_no_answer_shows_the_member_as_null(operation: str) -> None:
    document = contract(operation.partition(".")[0])
    resolve, (method, path) = resolver(document), WRITES[operation]
    item = document["paths"][path]
    content = next(iter(resolve(item[method]["requestBody"])["content"].values()))
    answers = [
        described["schema"]
        for one in (item[method], item.get("get", {"responses": {}}))
        for status, response in one["responses"].items()
        if status.startswith("2")
        for described in resolve(response).get("content", {}).values()
    ]
    shown = {name for answer in answers for name, part in members_of(answer, resolve) if part.get("nullable")}
    body = resolve(content["schema"])
    ignored = {name for name, part in body.get("properties", {}).items() if MARKER in resolve(part)}
    wrong = {f"{operation} {name}" for name in ignored & shown} - NOT_CLEARED.keys()
    assert not wrong


def optional_members(operation: str) -> dict[str, dict[str, Any]]:
    """The optional members of a write's body, resolved."""
    document = contract(operation.partition(".")[0])
    resolve, (method, path) = resolver(document), WRITES[operation]
    content = next(iter(resolve(document["paths"][path][method]["requestBody"])["content"].values()))
    body = resolve(content["schema"])
    required = body.get("required", ())
    return {name: resolve(part) for name, part in body.get("properties", {}).items() if name not in required}


@pytest.mark.parametrize("operation", sorted(WRITES))
def test_every_optional_member_takes_null(operation: str) -> None:
    for name, part in optional_members(operation).items():
        choices = [*part.get("anyOf", ()), *part.get("oneOf", ())]
        takes = part.get("nullable") or any(choice.get("nullable") for choice in choices)
        assert takes or not part.keys() & {"type", "enum", "anyOf", "oneOf", "allOf"}, name


@pytest.mark.parametrize("name", sorted(LOYALTY_CORE))
def test_each_optional_member_set_to_null_is_cleared_or_kept(server: Server, client: Client, name: str) -> None:
    club, kind = make_club(server, client), LOYALTY_CORE[name]
    path = made_at(club, kind, "full")
    write = path + ("/permissions" if name.endswith("Permissions") else "")
    method = WRITES[f"loyalty_core.{name}"][0].upper()
    for member, part in optional_members(f"loyalty_core.{name}").items():
        before = only_member(club.get(path).json())
        answer = club.call(method, write, json={**before, member: None})
        assert answer.status_code == 200, (member, answer.text)
        after = only_member(club.get(path).json())
        if MARKER in part or part.get("readOnly") or member not in before:
            assert after == before, member
        else:
            assert after[member] in (None, before[member] if member in KEPT else None), member


KEPT = {"contentSchemaVersionId"}
"""Null says that the latest version is meant."""


def test_null_clears_an_email_and_keeps_what_a_user_never_shows_as_null(server: Server, client: Client) -> None:
    tenant = make_tenant(server, client)
    tenant.user("ana", email="ana@example.org", firstName="Ana", customFields={"a": 1}, segments=["vip"])
    user = tenant.user("ana", email=None, firstName=None, customFields=None, segments=None, imageUrl=None)
    assert (user["email"], user["firstName"], user["customFields"], user["segments"]) == (None, None, {"a": 1}, ["vip"])


def test_events_with_null_fields_are_taken(server: Server, client: Client) -> None:
    tenant = make_tenant(server, client)
    tenant.user("ana")
    events = [{"key": "login", "fields": None}, {"key": "purchase", "fields": None, "dateTriggered": None}]
    body = {"userId": "ana", "accountId": "ana", "idempotencyKey": None, "events": events}
    logged = tenant.post("/open/account/ana/user/ana/events", json=body)
    assert logged.status_code in (200, 201), logged.text


def test_null_in_free_form_members_stays(server: Server, client: Client) -> None:
    tenant = make_tenant(server, client)
    tenant.user("ana")
    fields = {"total": None, "deep": {"items": None}}
    events = [{"key": "login", "fields": fields}]
    logged = tenant.post(
        "/open/account/ana/user/ana/events", json={"userId": "ana", "accountId": "ana", "events": events}
    )
    assert logged.json()["events"][0]["fields"] == fields
    club = make_club(server, client)
    assert club.member(profile={"a": None})["profile"] == {"a": None}


def test_a_member_that_an_alternative_needs_may_not_be_null(server: Server, client: Client) -> None:
    club = make_club(server, client)
    path = f"/ledgers/{LEDGER}/accounts/1/transactions/revert"
    assert_refused(
        club.post(path, json={"systemUniqueKey": None, "externalId": None}),
        400,
        "the body: systemUniqueKey or externalId is required",
    )
    account = make_account(server, client)
    body = {"contact_uuid": "a", "shop_uuid": "b", "credits": None, "unit_value": None}
    assert account.post("/credit-receptions", json=body).json()["code"] == 1003
