"""Enumerations, limits, defaults, required members, roles and kinds of tokens are those that the vendors document."""

from typing import Any

import pytest

from tests.contract.documented import Contract, documented, role_of
from troth.apis import api_names

APIS = sorted(set(api_names()) - {"control", "public"})
DIFFERENT = {
    "advocacy.createAdvocate.metadata.default": "the description says it: generated clients break at a default of an object",
    "advocacy.updateTestimonialStatus.status.enum": "pending is taken from one that is pending, so that a read can be sent back",
    "saasquatch.getShareURLs.programId.required": "optional: the default program (decision 2)",
    "saasquatch.openGetShareURLs.programId.required": "optional: the default program (decision 2)",
}
"""Where a contract differs from the documentation, each with its reason. The list only shrinks."""

TOKENS = {
    "openGetUser": "read",
    "openUserUpsert": "write",
    "openCreateUser": "write",
    "trackEvent": "read",  # not documented; the vendor's library sends tokens of either kind
    "openApplyCode": "write",
    "openListReferrals": "read",
    "openGetShareURLs": "read",
}
"""Operations of SaaSquatch that take a user's token, and which kind they need."""

OFF_BY_DEFAULT = {"openGetUser", "openGetUserByCode", "openValidateCode", "openApplyCode", "openListReferrals"}


def comparable(fact: str, value: Any) -> Any:
    """An enumeration as a set without null, which says only that the member may be null."""
    return {one for one in value if one is not None} if fact == "enum" and value is not None else value


@pytest.mark.parametrize("api", APIS)
def test_what_is_documented_of_a_parameter_or_member_stands_in_the_contract(api: str) -> None:
    contract, found, counted = Contract(api), set(), 0
    for name, facts in documented(api).items():
        places = {**contract.body(name)[0], **contract.query(name)}
        for member, wanted in (facts.get("query", {}) | facts.get("body", {})).items():
            for fact, value in wanted.items():
                counted += 1
                if comparable(fact, value) != comparable(fact, places.get(member, {}).get(fact)):
                    found.add(f"{api}.{name}.{member}.{fact}")
    assert found == {name for name in DIFFERENT if name.startswith(f"{api}.")}
    assert counted >= {"advocacy": 40, "leat": 5, "loyalty_core": 100, "saasquatch": 25}[api]


@pytest.mark.parametrize("api", APIS)
def test_a_body_requires_what_is_documented_and_nothing_else(api: str) -> None:
    """Of objects whose members the documentation lists; what it calls an object and no more has rules of our own."""
    contract = Contract(api)
    for name, facts in documented(api).items():
        if "required" in facts:
            parents = {member.rpartition(".")[0] for member in (*facts["required"], *facts.get("body", {}))} | {""}
            required = {member for member in contract.body(name)[1] if member.rpartition(".")[0] in parents}
            assert required == set(facts["required"]), f"{api}.{name}"


def test_each_operation_of_loyalty_core_needs_its_role() -> None:
    needed = {name: raw["x-troth-role"] for name, raw in Contract("loyalty_core").operations.items()}
    assert needed == role_of()


def test_user_tokens_of_saasquatch_open_what_is_documented() -> None:
    operations = Contract("saasquatch").operations
    kinds = {name: raw["x-troth-user-token"] for name, raw in operations.items() if "x-troth-user-token" in raw}
    assert kinds == TOKENS
    taking = {name for name, raw in operations.items() if any("UserJWT" in one for one in raw["security"])}
    assert taking == set(TOKENS)


def test_five_open_endpoints_of_saasquatch_are_off_by_default() -> None:
    switched = {
        name
        for name, raw in Contract("saasquatch").operations.items()
        if raw.get("x-troth-open-endpoint") == "off by default"
    }
    assert switched == OFF_BY_DEFAULT
