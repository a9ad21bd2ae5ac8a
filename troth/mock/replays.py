"""Playing a recording of calls again, in a fresh sandbox, and reporting the first answer that differs.

Ids and times differ from run to run unless seed and clock are the same: they are masked, and what an answer has instead
of a recorded id is put in its place in later calls. Addresses and credentials of the recorded sandbox are those of the
fresh one, and tokens that were signed with one of them are signed again.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any
from urllib.parse import urlsplit

import orjson

from models.kernel.times import parse_instant_ms
from troth.mock.replay_numbers import Numbers, is_name_of_id, thing_of

FORMAT, VERSION = "troth-recording", 1
NOT_REPLAYED = frozenset(
    {"host", "content-length", "accept-encoding", "connection", "user-agent", "x-request-id", "troth-sandbox"}
)
"""Headers of the client that recorded."""
TIME_MS_MIN = 1_000_000_000_000
"""Whole numbers from here on are milliseconds since 1970: September 2001."""
DIFFERENCES_MAX = 20
ID_CHARACTERS_MIN = 6
"""A shorter id is not looked for in later calls: it stands in too many other texts."""
Row = dict[str, Any]
Send = Callable[[str, str, Mapping[str, str], bytes | None], tuple[int, bytes]]
"""Sends method, path with query, headers and body; status and body of the answer."""
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?")
_ID = re.compile(r"[A-Za-z0-9_.-]*[0-9][A-Za-z0-9_.-]*")
_MADE_UP = re.compile(r"[0-9a-f]{24}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""What is an id under any name."""
_OF_AN_ID = re.compile(r"(^|_)(id|uuid|key|code|token|cursor)s?$|(Id|Uuid|Key|Code|Token|Cursor)s?$")
_RANDOM = re.compile(r"[A-Za-z0-9_-]{4,}")
"""A segment of an address that may be made up, such as that of a short link."""


class ReplayError(Exception):
    """The file is no recording that can be played."""


@dataclass(slots=True)
class Outcome:
    """How a replay went: how many calls were answered alike, and what differs in the first other one."""

    alike: int = 0
    call: Row | None = None
    differences: list[str] = field(default_factory=list)


def read_recording(text: bytes) -> Row:
    """A recording. Raises ReplayError."""
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise ReplayError(f"it is no JSON: {error}") from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise ReplayError(f'it is no recording: it has no "format": "{FORMAT}"')
    if "version" not in found:
        raise ReplayError('its header has no "version"')
    if found["version"] != VERSION:
        raise ReplayError(f"it has version {found['version']}, this command plays {VERSION}")
    if not isinstance(found.get("calls"), list) or not isinstance(found.get("sandbox"), dict):
        raise ReplayError("it lacks its calls or its sandbox")
    return found


class Replay:
    """One run of a recording.

    `before` and `after` are the recorded and the fresh sandbox, as in the contract's `Sandbox`.
    """

    def __init__(self, before: Row, after: Row) -> None:
        self._secrets: dict[str, str] = {}
        for api, facts in before["apis"].items():
            fresh = after["apis"].get(api, {}).get("credentials", {})
            held = facts.get("credentials", {})
            self._secrets |= {secret: fresh[name] for name, secret in held.items() if name in fresh}
        self._texts: dict[str, str] = {before["url"]: after["url"], **self._secrets}
        self._ids: dict[str, str] = {}
        self._numbers = Numbers()
        self._later_s = _seconds_between(before.get("now"), after.get("now"))

    def run(self, calls: list[Row], send: Send) -> Outcome:
        """Play calls until one is answered otherwise."""
        outcome = Outcome()
        for call in calls:
            status, answer = send(*self.request_of(call))
            if self.compare(outcome, call, status, answer):
                break
        return outcome

    def compare(self, outcome: Outcome, call: Row, status: int, answer: bytes) -> list[str]:
        """How an answer differs from the recorded one, which is noted in the outcome."""
        differences = list(self._differences(call, status, answer))[:DIFFERENCES_MAX]
        if differences:
            outcome.call, outcome.differences = call, differences
        else:
            outcome.alike += 1
        return differences

    def request_of(self, call: Row) -> tuple[str, str, dict[str, str], bytes | None]:
        """Method, path with query, headers and body of a recorded call, as the fresh sandbox takes them."""
        path = self._numbers.in_path(call["path"])
        query = self._numbers.in_query(call["query"], call["path"])
        headers = {name: self._header(name, value) for name, value in call["headers"].items()}
        return call["method"], self._adapted(path + (f"?{query}" if query else "")), headers, self._body(call)

    def _header(self, name: str, value: str) -> str:
        kind, _, credentials = value.partition(" ")
        if name == "authorization" and kind.lower() == "basic":
            try:
                plain = base64.b64decode(credentials).decode()
            except (binascii.Error, UnicodeDecodeError):
                return value
            return f"{kind} {base64.b64encode(self._adapted(plain).encode()).decode()}"
        return self._adapted(value)

    def _body(self, call: Row) -> bytes | None:
        if "body" in call:
            body = self._numbers.in_value(call["body"], "", thing_of(call["path"]))
            return self._adapted(orjson.dumps(body).decode()).encode()
        if "body_text" in call:
            return self._adapted(call["body_text"]).encode()
        return base64.b64decode(call["body_base64"]) if "body_base64" in call else None

    def _adapted(self, text: str) -> str:
        """A text with the fresh sandbox's addresses, credentials and ids in the place of the recorded ones, and its
        tokens signed for it.
        """
        text = self._with_texts(text)
        if "eyJ" not in text:  # how each token begins
            return text
        from troth.mock.replay_tokens import signed_again

        return signed_again(text, self._secrets, self._later_s, self._with_texts)

    def _with_texts(self, text: str) -> str:
        for before, after in (*self._texts.items(), *self._ids.items()):
            if before != after:
                whole = rf"(?<![A-Za-z0-9]){re.escape(before)}(?![A-Za-z0-9])"
                text = re.sub(whole, after.replace("\\", r"\\"), text)
        return text

    def _differences(self, call: Row, status: int, answer: bytes) -> Iterator[str]:
        if status != call["status"]:
            yield f"status: {status}, recorded {call['status']}"
        recorded = call.get("answer")
        if recorded is None:
            text = call.get("answer_text")
            if text is not None and answer.decode("utf-8", "replace") != self._adapted(text):
                yield "answer: another text than was recorded"
            return
        try:
            value = orjson.loads(answer)
        except orjson.JSONDecodeError:
            yield "answer: no JSON, as was recorded"
            return
        adapted = orjson.loads(self._adapted(orjson.dumps(recorded).decode()))
        yield from self._of_values(value, adapted, "answer", "", thing_of(call["path"]))

    def _of_values(self, value: Any, recorded: Any, path: str, name: str, kind: str) -> Iterator[str]:
        """How a value differs from the recorded one at a path; `name` is the member that it is in, or that of ids by
        other names, `kind` what a number or an `id` in it names.
        """
        if isinstance(value, dict) and isinstance(recorded, dict):
            for member in [*recorded, *(one for one in value if one not in recorded)]:
                place = f"{path}.{member}"
                if member not in value:
                    yield f"{place}: missing, recorded {_short(recorded[member])}"
                elif member not in recorded:
                    yield f"{place}: {_short(value[member])}, not recorded"
                else:
                    inside = name if _OF_AN_ID.search(name) and not _OF_AN_ID.search(member) else member
                    inner = self._numbers.inner_kind(member, kind)
                    yield from self._of_values(value[member], recorded[member], place, inside, inner)
        elif isinstance(value, list) and isinstance(recorded, list) and len(value) == len(recorded):
            for index, (one, other) in enumerate(zip(value, recorded, strict=True)):
                yield from self._of_values(one, other, f"{path}[{index}]", name, kind)
        elif type(value) is int and type(recorded) is int and is_name_of_id(name):
            if not self._numbers.learn(kind, recorded, value):
                stands = self._numbers.known(kind, recorded)
                yield f"{path}: {value}, recorded {recorded}, for which {stands} stands here"
        elif type(value) is not type(recorded) or (value != recorded and not self._is_masked(value, recorded, name)):
            yield f"{path}: {_short(value)}, recorded {_short(recorded)}"

    def _is_masked(self, value: Any, recorded: Any, name: str) -> bool:
        """Whether two values of one type are both times, or both ids; a recorded id is replaced from now on."""
        if isinstance(value, str):
            if _TIME.fullmatch(value) and _TIME.fullmatch(recorded):
                return True
            form = _ID if _OF_AN_ID.search(name) else _MADE_UP
            if form.fullmatch(value) and form.fullmatch(recorded):
                if len(recorded) >= ID_CHARACTERS_MIN:
                    self._ids[recorded] = value
                return True
            return _is_address_alike(value, recorded)
        return isinstance(value, int) and min(value, recorded) >= TIME_MS_MIN


def _is_address_alike(value: str, recorded: str) -> bool:
    """Whether two addresses are the same but for segments that may be made up, and ids in their queries."""
    one, other = (urlsplit(text) for text in (value, recorded))
    if not one.netloc or (one.scheme, one.netloc) != (other.scheme, other.netloc):
        return False
    pairs = list(zip_longest(one.path.split("/"), other.path.split("/"), fillvalue=""))
    pairs += zip_longest(re.split("[=&]", one.query), re.split("[=&]", other.query), fillvalue="")
    return all(left == right or (_RANDOM.fullmatch(left) and _RANDOM.fullmatch(right)) for left, right in pairs)


def _seconds_between(before: str | None, after: str | None) -> int:
    """How much later the fresh sandbox's clock stands; 0 where one of them is not known."""
    if before is None or after is None:
        return 0
    return round((parse_instant_ms(after) - parse_instant_ms(before)) / 1_000)


def _short(value: Any) -> str:
    text = orjson.dumps(value).decode()
    return text if len(text) <= 100 else f"{text[:97]}..."
