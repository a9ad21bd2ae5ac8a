"""What each page shows: the name of its template, and the values for it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from handlers.control._journal_views import json_of
from troth.mock.dashboard import people as everybody
from troth.mock.dashboard import sent, states
from troth.mock.dashboard.first_calls import request_of
from troth.mock.dashboard.people.facts import Relation
from troth.mock.dashboard.reading import RefusedError
from troth.mock.dashboard.shown import NOT_FOUND, Shown, Values

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from troth.mock.dashboard.visit import Visit

ROWS = 100
RECENT = 6
MESSAGES = 50
FOUND, NEWEST = 20, 6
"""People of each tenant: those whom a text means, and those who are shown without one."""
TEXT_MAX = 200
TYPE_NAMES = ("type", "event", "eventType")
"""Members of a webhook that may name the type of its event."""
METHODS = frozenset({"get", "put", "post", "delete", "patch"})
FAULTS = ("empty", "truncated", "malformed", "dropped")
PRESETS = (("1 minute", "PT1M"), ("1 hour", "PT1H"), ("1 day", "P1D"), ("1 week", "P7D"), ("30 days", "P30D"))
UNITS = (("minutes", 60_000), ("hours", 3_600_000), ("days", 86_400_000), ("weeks", 604_800_000))


async def show(visit: Visit, name: str, rest: str) -> Shown:
    """The page of a name; `rest` is what follows it in the address. Raises RefusedError."""
    if name == "journal":
        return await journal(visit, rest)
    if name == "webhooks":
        return await webhooks(visit, rest)
    if name == "deliveries":
        return await sent.deliveries(visit, rest)
    if name == "people":
        return await (person(visit, rest) if rest else people(visit))
    if name not in PAGES or rest:
        raise RefusedError(NOT_FOUND, "The dashboard has no such page.")
    return await PAGES[name](visit)


def refusal(visit: Visit, refused: RefusedError) -> Shown:
    """Why there is no page. It shows nothing of the sandbox: the host may be another site's."""
    return Shown(
        "refusal.html", {"root": visit.root, "status": refused.status, "message": refused.message}, refused.status
    )


async def overview(visit: Visit) -> Shown:
    """The APIs with base URL, credentials and first calls; health; the latest calls."""
    info = await visit.control.get("/info")
    health = await visit.runtime.services["health"].readiness()
    calls = await _calls(visit, {}, RECENT)
    rules = await visit.control.get("/rules")
    inboxes = await visit.control.get("/inbox")
    apis = [_api(visit, name, facts) for name, facts in info["apis"].items()]
    received = sum(inbox["total"] for inbox in inboxes["inboxes"])
    values = {"apis": apis, "health": health, "rules": len(rules["rules"]), "received": received, "seed": info["seed"]}
    return Shown("overview.html", {"page": "overview", **calls, **values})


def _api(visit: Visit, name: str, facts: Values) -> Values:
    """An API; its first calls as commands, as requests, and by their path below its base URL."""
    requests = [request_of(curl, visit.runtime.public_url) for curl in facts["first_calls"]]
    prefix = facts["base_url"].removeprefix(visit.runtime.public_url)
    return {
        "name": name,
        "title": visit.titles[name],
        "operations": _operations(visit.documents[name]),
        "calls": [
            {"curl": curl, "request": request, "shown": request["path"].removeprefix(prefix)}
            for curl, request in zip(facts["first_calls"], requests, strict=True)
        ],
        "base_url": facts["base_url"],
        "credentials": facts["credentials"],
    }


def _operations(document: Values) -> int:
    return sum(len(members.keys() & METHODS) for members in document["paths"].values())


async def _calls(visit: Visit, filters: dict[str, str], limit: int) -> Values:
    """The newest calls, and why there are none where the journal is off or a filter is not understood."""
    try:
        found = await visit.control.get("/journal", limit=str(limit), **filters)
    except RefusedError as refused:
        return {"calls": [], "seen": 0, "kept": 0, "fault": refused.message}
    return {**found, "fault": None}


async def journal(visit: Visit, number: str) -> Shown:
    """The newest calls, and one of them whole when it has a number. Raises RefusedError."""
    call = await visit.control.get(f"/journal/{number}") if number.isdecimal() else None
    if number and call is None:
        raise RefusedError(NOT_FOUND, "The numbers of calls are whole.")
    listed = await _calls(visit, visit.filters, ROWS)
    values = {
        "call": call,
        "filters": visit.filters,
        "query": urlencode(visit.filters),
        "selected": call and call["number"],
    }
    return Shown("journal.html", {"page": "journal", **listed, **values})


async def webhooks(visit: Visit, name: str) -> Shown:
    """The inboxes, and the messages of one of them: the one that is named, or that was used last.

    Raises RefusedError.
    """
    inboxes = (await visit.control.get("/inbox"))["inboxes"]
    chosen = name or (inboxes[0]["name"] if inboxes else None)
    listed: Values = {"total": 0, "messages": []}
    if chosen is not None:
        listed = await visit.control.get(f"/inbox/{quote(chosen, safe='')}", limit=str(MESSAGES))
        listed["messages"] = [
            _received(message, listed["total"] - place) for place, message in enumerate(listed["messages"])
        ]
    return Shown("webhooks.html", {"page": "webhooks", "inboxes": inboxes, "chosen": chosen, **listed})


def _received(message: Values, key: int) -> Values:
    """A message of an inbox with its body as JSON (None when it is none) and the type of event that it names."""
    body = json_of(message["body"].encode())
    names = [body[name] for name in TYPE_NAMES if body.get(name)] if isinstance(body, dict) else []
    return {**message, "key": key, "json": body, "type": names[0] if names else None}


async def people(visit: Visit) -> Shown:
    """Those whom the `text` of the query means, in all APIs; the newest ones without it."""
    text = visit.query.get("text", "").strip()[:TEXT_MAX]
    groups = await everybody.search(visit.runtime, text, FOUND if text else NEWEST)
    return Shown("people.html", {"page": "people", "text": text, "groups": groups})


async def person(visit: Visit, rest: str) -> Shown:
    """One person of a tenant (`API/ALIAS`), whom `id`, and with SaaSquatch `account`, of the query name.

    Raises RefusedError.
    """
    api, _, alias = rest.partition("/")
    key = {name: visit.query[name] for name in ("account", "id") if visit.query.get(name)}
    found = await everybody.person(visit.runtime, api, alias, key)
    now_ms = visit.clock["now_ms"]
    lines = [(balance, everybody.step_line(balance, now_ms)) for balance in found.balances]
    tree = everybody.tree_of(found, Relation(found.name, "", key))
    values = {"api": api, "alias": alias, "key": key, "person": found, "lines": lines, "tree": tree}
    return Shown("person.html", {"page": "people", **values})


async def clock(_visit: Visit) -> Shown:
    """Where the clock stands, and how to move it."""
    return Shown("clock.html", {"page": "clock", "presets": PRESETS, "units": UNITS})


async def rules(visit: Visit) -> Shown:
    """The rules with their counts, and a form for another one, filled with `api`, `operation` and `code` of the
    query.
    """
    listed = await visit.control.get("/rules")
    given = {name: visit.query.get(name, "") for name in ("api", "operation", "code")}
    operations = sorted(visit.runtime.services["operations"])
    return Shown("rules.html", {"page": "rules", "operations": operations, "faults": FAULTS, "given": given, **listed})


async def sandboxes(visit: Visit) -> Shown:
    """The sandboxes, or why there can be none."""
    try:
        listed = await visit.control.get("/sandboxes")
    except RefusedError as refused:
        return Shown("sandboxes.html", {"page": "sandboxes", "sandboxes": [], "fault": refused.message})
    return Shown("sandboxes.html", {"page": "sandboxes", "fault": None, **listed})


PAGES: dict[str, Callable[[Visit], Awaitable[Shown]]] = {
    "": overview,
    "differences": states.differences,
    "recordings": states.recordings,
    "clock": clock,
    "rules": rules,
    "sandboxes": sandboxes,
}
