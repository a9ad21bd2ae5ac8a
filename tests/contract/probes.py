"""Calls of the recording's script, changed and made without a lasting effect, on a server where other tenants have
data, too.

`play` plays the script over all operations of the vendors' APIs. Before each call that would succeed, a probe gets it:
there the call's ids exist and its state is right, so that a changed call fails for the change only. A probe's calls are
rolled back (`Prefer: dry-run`); an operation that works in several transactions cannot do that, and is called for good.
"""

import contextlib
import copy
import itertools
import json
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

import httpx2
import yaml
from sqlalchemy import Engine

from models.kernel.limits import ClockWindows
from models.kernel.problems import CannotRunDry
from models.tenancy.tenants import Tenant, list_tenants
from tests.recording.contracts import Operation, all_operations
from tests.recording.recorder import Recorder
from tests.recording.script import OF_VENDORS
from tests.recording.server import keep_within
from tests.support.client import BASE_URL, Client, segment
from tests.support.surface import SEEN
from troth.apis import APIS
from troth.app import Server
from troth.mock.run import build_mock
from troth.mock.scenarios import find_scenario, read_scenario
from troth.settings import Settings
from troth.spec import store
from troth.spec.operations import operations
from troth.spec.references import resolver

NEIGHBOURS = Path(__file__).with_name("neighbours.yaml")
VENDORS = [api.name for api in APIS if api.domain is not None]
CONTRACTS = {api.name: store.load(api.name)[0] for api in APIS}
ALL = {f"{api}.{raw['operationId']}": raw for api, document in CONTRACTS.items() for _, _, raw in operations(document)}
"""All operations as their contracts have them."""
RAW = {name: raw for name, raw in ALL.items() if name.partition(".")[0] in VENDORS}
"""Those of the vendors' APIs."""
OWN = {name: raw for name, raw in ALL.items() if name not in RAW}
"""Those of Troth itself: the control plane, and what anybody may open."""
TAKEN = {"segmentKey", "externalId"}
"""Members of the bodies of operations that cannot be rolled back that no two objects may share."""
_numbers = itertools.count(1)
Path_ = tuple[str | int, ...]
"""Where something is in a JSON document; 0 for the items of an array."""


def members(
    api: str, schema: dict[str, Any], path: Path_ = (), inside: frozenset[int] = frozenset()
) -> Iterator[tuple[Path_, dict[str, Any]]]:
    """Path and schema of every member that a caller may send, through references, items and alternatives.

    Of a schema that holds itself (`inside`), such as a tree of expressions, only the outermost.
    """
    resolve = resolver(CONTRACTS[api])
    schema = resolve(schema)
    if id(schema) in inside:
        return
    inside |= {id(schema)}
    for name, one in schema.get("properties", {}).items():
        if not resolve(one).get("readOnly"):
            yield (*path, name), resolve(one)
            yield from members(api, one, (*path, name), inside)
    for part in (*schema.get("allOf", ()), *schema.get("oneOf", ()), *schema.get("anyOf", ())):
        yield from members(api, part, path, inside)
    for step, keyword in ((0, "items"), ("any", "additionalProperties")):
        if isinstance(schema.get(keyword), dict):
            yield (*path, step), resolve(schema[keyword])
            yield from members(api, schema[keyword], (*path, step), inside)


def body_members(name: str) -> dict[Path_, dict[str, Any]]:
    """The members of an operation's JSON body, with their schemas.

    An alternative may name a member again only to say when it is required: the one with its type counts.
    """
    api = name.partition(".")[0]
    content = resolver(CONTRACTS[api])(ALL[name].get("requestBody", {})).get("content", {})
    found: dict[Path_, dict[str, Any]] = {}
    if "application/json" in content:
        for path, schema in members(api, content["application/json"]["schema"]):
            if path not in found or "type" not in found[path]:
                found[path] = {**found.get(path, {}), **schema}
    return found


def parameters(name: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(place, name, schema) of an operation's parameters."""
    resolve = resolver(CONTRACTS[name.partition(".")[0]])
    for one in map(resolve, ALL[name].get("parameters", ())):
        yield one["in"], one["name"], resolve(one["schema"])


def with_member(body: Any, path: Path_, value: Any) -> Any:
    """A copy of a JSON document with a value at a place, which is made where it is not there.

    Raises LookupError where it cannot be.
    """
    made = copy.deepcopy(body)
    here = made
    for step, following in itertools.pairwise(path):
        empty: Any = [] if following == 0 else {}
        if isinstance(here, list):
            if not here:
                here.append(empty)
        elif isinstance(here, dict) and here.get(step) is None:
            here[step] = empty
        here = here[step] if isinstance(here, dict | list) else None
    if isinstance(here, list) and path[-1] == 0:
        here[:1] = [value]
    elif isinstance(here, dict):
        here[path[-1]] = value
    else:
        raise LookupError(path)
    return made


def _renewed(body: Any, sent: Any) -> Any:
    """A body whose keys, where they are as they were sent before, are new ones."""
    if isinstance(body, list):
        return [
            _renewed(one, sent[n] if isinstance(sent, list) and n < len(sent) else None) for n, one in enumerate(body)
        ]
    if not isinstance(body, dict):
        return body
    before = sent if isinstance(sent, dict) else {}
    return {
        name: f"{one}-{next(_numbers)}"
        if name in TAKEN and before.get(name) == one
        else _renewed(one, before.get(name))
        for name, one in body.items()
    }


@dataclass
class Call:
    """A call of the script that would succeed."""

    client: Client
    operation: Operation
    target: str
    options: dict[str, Any]
    answer: httpx2.Response
    """What it would be answered."""
    is_lasting: bool = False
    """Whether it cannot be rolled back."""

    @property
    def name(self) -> str:
        return self.operation.name

    @property
    def body(self) -> Any:
        return self.options.get("json")

    def with_body(self, body: Any) -> httpx2.Response:
        """The same call with another body."""
        if self.is_lasting:
            body = _renewed(body, self.body)
        options = {name: value for name, value in self.options.items() if name != "json"}
        headers = {"Content-Type": "application/json", **options.pop("headers", {})}
        return self.send(self.target, {**options, "headers": headers, "content": json.dumps(body).encode()})

    def with_path(self, name: str, value: str) -> httpx2.Response:
        """The same call with another value of a path parameter."""
        path, mark, query = self.target.partition("?")
        pattern = re.sub(r"\\{(\w+)\\}", lambda found: f"(?P<{found[1]}>[^/]+)", re.escape(self.operation.path))
        found = re.fullmatch(pattern, path)
        assert found is not None, (path, self.operation.path)
        values = {**{key: unquote(text) for key, text in found.groupdict().items()}, name: value}
        made = self.operation.path
        for key, text in values.items():
            made = made.replace("{" + key + "}", segment(text))
        return self.send(made + mark + query, self.options)

    def with_query(self, name: str, value: str) -> httpx2.Response:
        """The same call with another value of a query parameter."""
        path, _, query = self.target.partition("?")
        pairs = [pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0] != name]
        return self.send(f"{path}?{urlencode([*pairs, (name, value)])}", self.options)

    def with_header(self, name: str, value: str) -> httpx2.Response:
        """The same call with another value of a header."""
        headers = {**self.options.get("headers", {}), name: value.encode()}
        return self.send(self.target, {**self.options, "headers": headers})

    def send(self, target: str, options: dict[str, Any]) -> httpx2.Response:
        return _send(self.client, self.operation, target, options, lasting=self.is_lasting)


def _send(
    client: Client, operation: Operation, target: str, options: dict[str, Any], *, lasting: bool
) -> httpx2.Response:
    """One call of a probe. It counts against no rate limit: the script makes as many calls as it may."""
    headers = dict(options.get("headers", {})) if lasting else {**options.get("headers", {}), "Prefer": "dry-run"}
    directory = client.server.runtime.directory
    kept, directory.limiter = directory.limiter, ClockWindows()
    try:
        return client.request(operation.method, target, **{**options, "headers": headers})
    finally:
        directory.limiter = kept


Probe = Callable[[Call], None]


class Prober(Recorder):
    """Plays the script and hands each call of a vendor's API that would succeed to a probe before it is made."""

    def __init__(self, client: Client, probe: Probe) -> None:
        super().__init__(client)
        self._probe = probe
        self._kept_for_later: list[Call] = []

    def send(self, name: str, method: str, target: str, **options: Any) -> httpx2.Response:
        if name in RAW and "content" not in options:
            self._try(all_operations()[name], target, options)
        return super().send(name, method, target, **options)

    def _try(self, operation: Operation, target: str, options: dict[str, Any]) -> None:
        """Probe a call if it would succeed.

        What is rolled back has taken numbers for its ids, on which the script relies.
        """
        sandbox = self._client.server.runtime.main
        numbers = sandbox.numbers()
        answer = _send(self._client, operation, target, options, lasting=False)
        lasting = CannotRunDry.default_message in answer.text
        call = Call(self._client, operation, target, options, answer, lasting)
        if lasting:
            self._kept_for_later.append(call)
        elif answer.status_code < 400:
            self._probe(call)
        sandbox.count_from(numbers)

    def end(self) -> None:
        """Probe the calls that cannot be rolled back: now the script needs nothing any more."""
        for call in self._kept_for_later:
            self._probe(call)


@dataclass
class Site:
    """The server that is probed. `neighbours` are the tenants that nobody of the demo may see."""

    server: Server
    client: Client
    neighbours: dict[str, Tenant] = field(default_factory=dict)

    @property
    def engine(self) -> Engine:
        return self.server.runtime.storage.engine

    def play(self, probe: Probe) -> None:
        """Play the script with a probe."""
        prober = Prober(self.client, probe)
        for part in OF_VENDORS:
            part(prober)
        prober.end()


@contextlib.contextmanager
def site(database_url: str = "sqlite://") -> Iterator[Site]:
    """A server with the demo and the neighbours."""
    seen_by_tests = set(SEEN)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "probed.yaml"
        projects = [one for part in (find_scenario("demo"), NEIGHBOURS) for one in read_scenario(part)["projects"]]
        path.write_text(yaml.safe_dump({"name": "probed", "projects": projects}, sort_keys=False))
        server = build_mock(
            Settings(mock=True, database_url=database_url, fixed_clock=True, seed=1, public_url=BASE_URL, pool_size=4),
            str(path),
        )
    keep_within(server)
    client = Client(server)
    try:
        yield Site(server, client, _neighbours(server))
    finally:
        client.close()
        server.close()
        # The script calls everything. If its calls counted, the suite would no longer find an operation without tests
        # of its own.
        SEEN.intersection_update(seen_by_tests)


def _neighbours(server: Server) -> dict[str, Tenant]:
    with server.runtime.storage.session() as session:
        found = [tenant for tenant in list_tenants(session) if tenant.alias == "neighbour"]
    assert {tenant.api for tenant in found} == set(VENDORS)
    return {tenant.api: tenant for tenant in found}
