"""Races on PostgreSQL, where requests really run at once: the same rules hold as one after another.

On SQLite a unit of work holds the whole database, so nothing can interleave there.
"""

import base64
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import orjson
import pytest

from handlers.http import Request
from models.kernel.clock import DAY_MS
from tests.api.saasquatch.conftest import PROGRAM, SaasquatchTenant, make_tenant
from tests.api.saasquatch.test_referral import refer
from tests.support.client import Client
from tests.support.refusals import assert_refused
from troth.app import Server
from troth.request.paths import split

THREADS = 8
pytestmark = pytest.mark.usefixtures("on_postgres")


def at_once(tenant: SaasquatchTenant, calls: list[tuple[str, str, Any]], query: bytes = b"") -> list[tuple[int, Any]]:
    """Send calls at the same moment, each in a thread of its own, through the compiled operations; status and body."""
    barrier = Barrier(len(calls))
    authorization = b"Basic " + base64.b64encode(f":{tenant.key}".encode())
    headers = {b"authorization": authorization, b"content-type": b"application/json"}

    def send(call: tuple[str, str, Any]) -> tuple[int, Any]:
        method, path, body = call
        found = tenant.server.compiled.tree.find(method, split((tenant.base + path).encode()))
        assert found is not None
        operation, values = found
        request = Request(method, path, headers, query, values, "203.0.113.9", False, operation.info)
        barrier.wait(20)
        reply = operation.run(request, orjson.dumps(body), b"application/json")
        return reply.answer.status, reply.answer.body

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(send, calls))


def purchase(user: str, **members: Any) -> tuple[str, str, Any]:
    return (
        "POST",
        f"{SaasquatchTenant.user_path(user)}/events",
        {"userId": user, "accountId": user, "events": [{"key": "purchase"}], **members},
    )


def test_the_same_new_user_at_once_is_one_user(tenant: SaasquatchTenant) -> None:
    call = ("PUT", tenant.user_path("u", "a"), {"id": "u", "accountId": "a", "firstName": "Ana", "lastName": "Stone"})
    answers = at_once(tenant, [call] * THREADS)
    assert {status for status, _ in answers} == {200}
    assert {body["referralCodes"]["referral-program"] for _, body in answers} == {"ANASTONE"}
    assert tenant.get("/users").json()["totalCount"] == 1
    assert len(tenant.events("user.created")) == 1


def test_namesakes_at_once_get_different_codes(tenant: SaasquatchTenant) -> None:
    calls = [
        ("PUT", tenant.user_path(f"u{n}"), {"id": f"u{n}", "accountId": f"u{n}", "firstName": "Ana"})
        for n in range(THREADS)
    ]
    answers = at_once(tenant, calls)
    assert {status for status, _ in answers} == {200}, answers
    assert len({body["referralCodes"]["referral-program"] for _, body in answers}) == THREADS


@pytest.mark.parametrize("codes", [{}, {"referral-program": "CODE"}], ids=["generated", "chosen"])
def test_one_vanity_link_at_once_is_one_users(server: Server, client: Client, codes: dict[str, str]) -> None:
    """The others are told of the link, not of their codes, which are free."""
    tenant = make_tenant(server, client, settings={"primaryLinkDomain": "go.example.org"})
    link = {"referral-program": "https://go.example.org/ana"}
    calls = [
        (
            "PUT",
            tenant.user_path(f"u{n}"),
            {
                "id": f"u{n}",
                "accountId": f"u{n}",
                "shareLinks": link,
                "referralCodes": {program: f"{code}{n}" for program, code in codes.items()},
            },
        )
        for n in range(THREADS)
    ]
    answers = at_once(tenant, calls)
    assert Counter(status for status, _ in answers) == {200: 1, 400: THREADS - 1}, answers
    refused = {body["message"] for status, body in answers if status == 400}
    assert refused == {"/shareLinks/referral-program: the link belongs to another user"}


def test_one_idempotency_key_works_once(tenant: SaasquatchTenant) -> None:
    tenant.user("u")
    answers = at_once(tenant, [purchase("u", idempotencyKey="order-0001")] * THREADS)
    assert Counter(status for status, _ in answers) == {200: 1, 409: THREADS - 1}
    assert tenant.get(tenant.user_path("u")).json()["customFields"]["totalPurchaseCount"] == 1


def test_a_key_that_may_be_used_again_works_once_whosever_events_it_is_sent_with(tenant: SaasquatchTenant) -> None:
    users = [f"u{n}" for n in range(THREADS)]
    for user in users:
        tenant.user(user)
    calls = [purchase(user, idempotencyKey="order-0001") for user in users]
    assert [status for status, _ in at_once(tenant, calls[:1])] == [200]
    tenant.advance(DAY_MS)
    assert Counter(status for status, _ in at_once(tenant, calls)) == {200: 1, 409: THREADS - 1}


def test_a_referral_converts_and_pays_once(tenant: SaasquatchTenant) -> None:
    refer(tenant)
    answers = at_once(tenant, [purchase("ben")] * THREADS)
    assert {status for status, _ in answers} == {200}
    assert len(tenant.get("/reward?accountId=ana").json()) == len(tenant.get("/reward?accountId=ben").json()) == 1
    assert tenant.get(tenant.user_path("ben")).json()["customFields"]["totalPurchaseCount"] == THREADS


def test_users_who_referred_each_other_convert_at_once(
    tenant: SaasquatchTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("troth.request.operation.ATTEMPTS_MAX", 1)  # a deadlock would be an error, not tried again
    pairs = [(f"a{n}", f"b{n}") for n in range(THREADS // 2)]
    for one, other in pairs:
        refer(tenant, referrer=one, referred=other)
        code = tenant.get(tenant.user_path(other)).json()["referralCodes"]["referral-program"]
        tenant.user(one, referredByCodes=[code])
    answers = at_once(tenant, [purchase(user) for pair in pairs for user in pair])
    assert [status for status, _ in answers] == [200] * THREADS
    for user in (user for pair in pairs for user in pair):
        assert len(tenant.get(f"/reward?accountId={user}").json()) == 2  # as referrer and as referred


def test_the_reward_limit_holds_for_conversions_at_once(server: Server, client: Client) -> None:
    limited = make_tenant(
        server,
        client,
        programs=[{**PROGRAM, "reward_limit": 2}],
        settings={"fraudCheckSettings": {"rateCheckEnabled": False}},
    )
    for n in range(6):
        refer(limited, referred=f"r{n}")
    answers = at_once(limited, [purchase(f"r{n}") for n in range(6)])
    assert {status for status, _ in answers} == {200}
    assert len(limited.get("/reward?accountId=ana").json()) == 2


def test_an_account_is_referred_once_by_codes_applied_at_once(tenant: SaasquatchTenant) -> None:
    for n in range(THREADS):
        tenant.user(f"a{n}", firstName=f"Ana{n}")
    tenant.user("ben")
    path = tenant.user_path("ben").removeprefix("/open")
    answers = at_once(tenant, [("POST", f"/open/code/ANA{n}{path}", {}) for n in range(THREADS)])
    assert Counter(status for status, _ in answers) == {200: 1, 400: THREADS - 1}
    assert tenant.get("/referrals").json()["totalCount"] == 1


def test_who_referred_each_other_can_convert_at_once(tenant: SaasquatchTenant) -> None:
    for _ in range(3):
        pair = [f"x{tenant.now_ms}", f"y{tenant.now_ms}"]
        codes = [tenant.user(name, firstName=name)["referralCodes"]["referral-program"] for name in pair]
        tenant.user(pair[0], referredByCodes=[codes[1]])
        tenant.user(pair[1], referredByCodes=[codes[0]])
        answers = at_once(tenant, [purchase(name) for name in pair])
        assert {status for status, _ in answers} == {200}
        for name in pair:
            assert len(tenant.get(f"/reward?accountId={name}").json()) == 2


def test_do_not_track_holds_for_who_writes_at_once(tenant: SaasquatchTenant) -> None:
    for n in range(6):
        name = f"u{n}"
        tenant.user(name, "team")
        put = ("PUT", tenant.user_path(name, "team"), {"id": name, "accountId": "team"})
        delete_call = ("DELETE", tenant.user_path(name, "team"), None)
        at_once(tenant, [delete_call, put, put, put], query=b"doNotTrack=true")
        assert (
            tenant.put(tenant.user_path(name, "team"), json={"id": name, "accountId": "team"}).json()["rsCode"]
            == "RS050"
        )
        assert_refused(tenant.get(tenant.user_path(name, "team")), 404, "USER_NOT_FOUND")


def test_a_deletion_and_a_write_at_once_end_in_a_whole_state(tenant: SaasquatchTenant) -> None:
    for n in range(4):
        tenant.user(f"u{n}", "team")
        answers = at_once(
            tenant,
            [
                ("DELETE", tenant.user_path(f"u{n}", "team"), None),
                ("POST", f"/rewards/account/team/user/u{n}", {"type": "CREDIT", "unit": "CENTS", "assignedCredit": 5}),
            ],
        )
        assert {status for status, _ in answers} <= {201, 204, 404}, answers
        assert tenant.get(f"/reward?accountId=team&userId=u{n}").json() == []
