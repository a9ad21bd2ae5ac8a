"""What the fuzzer knows beyond the contracts; `schemathesis.toml` and the tests load it.

Only requests that are valid by the contract are changed, and only on their way to data that exists: broken ones go out
as they were generated, but for the path's part that says whose data it is, without which they would be refused for that
alone. What is changed depends on the request alone, so that a run can be repeated; in a short run also on whether the
operation has succeeded.
"""

import os
import re
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx2
import schemathesis
import yaml
from schemathesis import Case, CheckContext, HookContext, Response
from schemathesis.core import NOT_SET
from schemathesis.core.failures import AcceptedNegativeData, Failure
from schemathesis.core.jsonschema import make_validator
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import CoveragePhaseData, TestPhase
from schemathesis.openapi.checks import EnsureResourceAvailability, UseAfterFree

from tests.fuzz import CONTROL, URL, advocacy, control, leat, loyalty_core, saasquatch

APIS: dict[str, Any] = {
    "SaaSquatch": saasquatch,
    "Advocacy": advocacy,
    "Leat": leat,
    "Loyalty Core": loyalty_core,
    control.TITLE: control,
}
"""What is known of each API, by the title of its contract. See api.py."""
VENDORS = [title for title in APIS if title != control.TITLE]
"""The control plane is fuzzed alone."""
HEADERS: dict[str, dict[str, str]] = {
    entry["name"]: {header["name"]: header["value"] for header in entry["fixedHeaders"]}
    for entry in yaml.safe_load(Path(__file__).with_name("credentials.yaml").read_text())["auth"]
}
"""What each caller sends to be known, by name."""
PLACES = {ParameterLocation.PATH, ParameterLocation.QUERY, ParameterLocation.BODY}

OF_CONNECTION = {"host", "connection", "content-length", "transfer-encoding", "upgrade", "expect", "te", "trailer"}
"""Headers that the HTTP server reads before any operation, and refuses in its own words. A generated one may have such
a name.
"""

INTEGER = re.compile("-?[0-9]{1,19}")
POSITIVE = "positive test case"
"""How Schemathesis describes a step that it made valid."""


def _needs_no_success(_operation: str) -> bool:
    """A long run meets data that exists often enough."""
    return False


needs_success = _needs_no_success
"""Whether valid requests of an operation (`GET /path`) must meet data that exists, all of them: a short run sets it."""

answered_for_living: set[str] = set()
"""Ids of the cases that succeeded on something that was deleted before and made again."""
known: dict[str, Any] = {}
"""What each API is known to hold, by title; filled by `learn`."""


def learn(url: str, client: Any, titles: Iterable[str] = VENDORS) -> None:
    """Ask a server what it holds.

    `client` has `request(method, url, headers=, json=)` like those of requests and httpx.
    """
    for title in titles:
        api = APIS[title]

        def call(method: str, path: str, body: Any = None, *, base: str = api.BASE, user: str = api.USER) -> Any:
            answer = client.request(method, url + base + path, headers=HEADERS.get(user, {}), json=body)
            answer.raise_for_status()
            if not answer.headers.get("content-type", "").startswith("application/json"):
                return answer.text
            return answer.json() if answer.content else None

        known[title] = api.learn(call)


def forget() -> None:
    """Drop the book of what was made again: the server is back where it was."""
    answered_for_living.clear()
    for api in APIS.values():
        api.BOOK.made_again.clear()


if URL in os.environ:
    with httpx2.Client(timeout=30) as opened:
        learn(os.environ[URL], opened, [control.TITLE] if CONTROL in os.environ else VENDORS)


@schemathesis.serializer("application/x-ndjson")
def write_lines(_context: schemathesis.SerializationContext, value: Any) -> bytes:
    """Lines of JSON, of which a case has the text."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


@schemathesis.deserializer("application/x-ndjson")
def read_lines(_context: schemathesis.DeserializationContext, response: Response) -> str:
    """The contract's schema of lines of JSON is a text."""
    return response.text


FORM = "application/x-www-form-urlencoded"


@schemathesis.hook
def before_call(_context: HookContext, case: Case, _kwargs: dict[str, Any]) -> None:
    meta, title = case.meta, case.operation.schema.raw_schema["info"]["title"]
    if meta is None or title not in APIS:
        return
    for name in [name for name in case.headers if name.lower() in OF_CONNECTION]:
        del case.headers[name]
    _name_owner(case, APIS[title].OWNER)
    if not meta.generation.mode.is_positive:
        return
    places = set(PLACES)
    if meta.phase.name == TestPhase.STATEFUL:
        places = {ParameterLocation.BODY}  # ids of the path come from the step before
    elif isinstance(meta.phase.data, CoveragePhaseData):
        places.discard(meta.phase.data.parameter_location)  # the value that the case is about
    headers = {
        header.name: case.headers.get(header.name) for header in case.operation.headers
    }  # without those of the client
    body = None if case.body is NOT_SET else case.body  # its repr would be another one in each process
    content = repr((case.operation.label, case.path_parameters, case.query, headers, case.media_type, body))
    api = APIS[title]
    draw = zlib.crc32(content.encode("utf-8", "surrogatepass"))
    nulls = _take_nulls(body)
    api.Reach(case, known.get(title) or api.Known(), draw, places).run(always=needs_success(case.operation.label))
    if case.media_type != FORM:  # which has no null: it would be sent as an empty text
        for holder, name in nulls:
            holder.setdefault(name, None)


def _take_nulls(value: Any) -> list[tuple[dict[str, Any], str]]:
    """Take the members that are null out of a body while it is changed, and say where they were."""
    taken: list[tuple[dict[str, Any], str]] = []
    if isinstance(value, dict):
        taken += [(value, name) for name, part in value.items() if part is None]
        for _, name in taken:
            del value[name]
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        taken += _take_nulls(part)
    return taken


def _name_owner(case: Case, owner: dict[str, Any]) -> None:
    """Put into a valid path whose data it is, unless the case is about paths."""
    meta = case.meta
    assert meta is not None
    data = meta.phase.data
    if meta.is_negative_at(ParameterLocation.PATH) or (
        isinstance(data, CoveragePhaseData) and data.parameter_location == ParameterLocation.PATH
    ):
        return
    case.path_parameters.update({name: value for name, value in owner.items() if name in case.path_parameters})


@schemathesis.hook
def after_call(_context: HookContext, case: Case, response: Response) -> None:
    """Keep a book of what was made again after it was deleted."""
    api = APIS.get(case.operation.schema.raw_schema["info"]["title"])
    if api is not None and response.status_code < 300:
        if api.BOOK.made_again & api.BOOK.names(case):
            answered_for_living.add(case.id)
        api.BOOK.keep(case)


@schemathesis.hook
def filter_failure(_context: HookContext, failure: Failure, case: Case, response: Response) -> bool:
    """Drop four mistakes of Schemathesis 4.32 about chains of requests; everything else stays a failure.

    It misses that what was deleted has been made again meanwhile. It takes a 404 for the id in the path, which it has
    from the answer before, when it is about another id, which stands in the body. And it measures an id that a link
    puts into the path while it is percent-encoded: a webhook's address of 2048 characters is valid, but longer once its
    slashes are `%2F`; nor does it see that a number in a path is a text, too.
    """
    if isinstance(failure, UseAfterFree):
        return case.id not in answered_for_living
    if isinstance(failure, EnsureResourceAvailability):
        api = APIS[case.operation.schema.raw_schema["info"]["title"]]
        return not api.blames_body(response.json(), case)
    if isinstance(failure, AcceptedNegativeData):
        return not _is_valid_once_decoded(case)
    return True


def _is_valid_once_decoded(case: Case) -> bool:
    """Whether a step of a chain was made valid, and so is its path without percent-encoding."""
    meta = case.meta
    if meta is None or meta.phase.name != TestPhase.STATEFUL or (meta.phase.data.description or "").lower() != POSITIVE:
        return False
    if any(info.mode.is_negative for place, info in meta.components.items() if place != ParameterLocation.PATH):
        return False
    kinds = {parameter.name: parameter.definition["schema"].get("type") for parameter in case.operation.path_parameters}
    path = {name: _as_sent(value, kinds.get(name)) for name, value in case.path_parameters.items()}
    return make_validator(
        case.operation.path_parameters.validation_schema, case.operation.schema.adapter.jsonschema_validator_cls
    ).is_valid(path)


def _as_sent(value: Any, kind: str | None) -> Any:
    """A value of a path as the server reads it, where it is to be a text or a whole number."""
    text = unquote(str(value))
    return int(text) if kind == "integer" and INTEGER.fullmatch(text) else text


class RefusedByContract(Failure):
    """Valid data was refused by validation."""

    __slots__ = ()


@schemathesis.check
def refusal_is_business(_context: CheckContext, response: Response, case: Case) -> None:
    """Where `schemathesis.toml` lets valid data be refused with 400, the reason must be a rule of the domain."""
    api = APIS.get(case.operation.schema.raw_schema["info"]["title"])
    meta = case.meta
    if api is None or meta is None or not meta.generation.mode.is_positive or response.status_code != 400:
        return
    if api.refused_by_contract(response.json()):
        raise RefusedByContract(
            operation=case.operation.label,
            title="Valid data refused by validation",
            case_id=case.id,
            message="The contract allows this request, but validation against it does not.",
        )
