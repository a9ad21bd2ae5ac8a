"""The requests of the differential test, made from tables."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

JSON_TYPE = ("Content-Type", "application/json")


@dataclass(frozen=True)
class Case:
    """One request. Its id says what is odd about it."""

    id: str
    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    chunks: tuple[bytes, ...] = (b"",)


def _json(id_: str, target: str, value: Any, method: str = "POST") -> Case:
    body = value if isinstance(value, bytes) else orjson.dumps(value)
    return Case(id_, method, target, (JSON_TYPE, ("Content-Length", str(len(body)))), (body,))


UUID = "0b0d6c1e-2f6b-4c8e-9d4e-000000000001"
MEMBERS: dict[str, list[Any]] = {
    "name": ["", "a", "abcde", "abcdef", "ééééé", "😀😀😀😀😀", "😀😀😀😀😀😀", None, 5, True, [], {}],
    "pattern": ["ax", "abcx", "x", "ax\n", "axx", "", None, 1],
    "enum": ["ONE", "TWO", "one", "THREE", "", None, 1],
    "flag": [True, False, 0, 1, "true", None],
    "int": [-2, 10, -3, 11, 0, 1.0, 1.5, "1", True, None, 1e1, 2**70],
    "int32": [2**31 - 1, -(2**31), 2**31, -(2**31) - 1, "1", None],
    "int64": [2**63 - 1, -(2**63), 2**53 + 1],
    "float": [0, 1, 1.5, -1e300, 1e39, "1.5", True, None],
    "exclusive": [0.5, 0, 1, -0.0, 1e-9, 0.999999, 2],
    "multiple": [0, 5, -5, 7, 5.0, 5.5],
    "when": [
        "2026-01-15T12:00:00Z",
        "2026-01-15T12:00:00.123+02:00",
        "2026-01-15",
        "2026-02-30T12:00:00Z",
        "2026-01-15 12:00:00Z",
        "2026-01-15T25:00:00Z",
        "2026-01-15T12:00:00",
        "now",
        "",
        5,
        "2026-12-31T23:59:60Z",
        "2026-01-15t12:00:00z",
    ],
    "email": ["a@b.example", "a@b", "a", "@", "a b@c.example", "", "ä@b.example", 5, "a@b@c.example"],
    "uuid": [UUID, UUID.upper(), UUID.replace("-", ""), UUID[:-1], "nope", "", 5, "{" + UUID + "}"],
    "ipv4": ["127.0.0.1", "256.0.0.1", "1.2.3", "01.2.3.4", "::1", ""],
    "list": [[1], [1, 2, 3], [], [1, 2, 3, 4], [1, 1], [1, 1.0], ["a"], {}, None, "1"],
    "map": [{"a": 1}, {"a": 1, "b": 2}, {}, {"a": 1, "b": 2, "c": 3}, {"a": "x"}, [], None],
    "nullText": [None, "abc", "abcd", 5],
    "nullEnum": [None, "A", "C", 5],
    "nullable": [1, None, "x"],
    "nested": [{"code": "X"}, {"code": "Z"}, {}, {"code": None}, {"code": "Y", "more": 1}, None, []],
    "free": [None, 1, "x", [[]], {"a": {"b": None}}, 1.5, 2**63, True],
    "unknown": [1, None],
    "Name": ["a"],
}
QUERY: dict[str, list[str]] = {
    "text": [
        "ab",
        "abcd",
        "a",
        "abcde",
        "",
        "%C3%A9%C3%A9",
        "a+b",
        "a%20b",
        "a%2Bb",
        "a%26b",
        "%22%22",
        "null",
        "%F0%9F%98%80a",
        "%C3",
    ],
    "pick": ["red", "RED", "green", "", "null"],
    "count": [
        "0",
        "50",
        "51",
        "-1",
        "007",
        "+5",
        "5.0",
        "5e0",
        "1_0",
        "%205",
        "abc",
        "",
        "9" * 30,
        "null",
        "True",
        "٥",
        "0x5",
    ],
    "ratio": [
        "1",
        "1.5",
        "-1",
        "-1.5",
        "2.50",
        "1e0",
        "1E-2",
        ".5",
        "5.",
        "nan",
        "inf",
        "-inf",
        "1_0.5",
        "",
        "abc",
        "1e400",
        "-0",
        "%2B1",
    ],
    "flag": ["true", "false", "True", "FALSE", "1", "0", "yes", "", "null", "tRuE"],
    "maybe": ["5", "null", "None", "NULL", "", "abc", "%20null"],
    "maybePick": ["red", "null", "green", "None"],
    "when": [
        "2026-01-15T12:00:00Z",
        "2026-01-15T12:00:00%2B02:00",
        "2026-01-15T12:00:00+02:00",
        "yesterday",
        "2026-01-15",
        "",
    ],
    "tags": ["a", "a,b", "a,b,c", "a,b,c,a", "d", "a,,b", "", "a%2Cb", "a|b", "a,b&tags=c", "a&tags=b&tags=d", "%20a"],
    "numbers": ["1", "1,2", "1,x", "", "1,2&numbers=3", "1|2", "1,", "-1,-2", "1.0,2"],
    "pipes": ["1", "1|2", "1%7C2", "1,2", "1|x", "1|2&pipes=3", "1|"],
    "spaces": ["a", "a%20b", "a+b", "a,b", ""],
    "matching": ["12", "1", "123", "12%0A", "%D9%A1%D9%A2"],
}
PAIRS = [
    "count=1&count=2",
    "text=ab&text=cd",
    "flag=true&flag=true",
    "unknown=1",
    "unknown=1&unknown=2",
    "count",
    "=5",
    "&&count=3&&",
    "count=3;flag=true",
    "COUNT=3",
    "tags[]=a",
    "tags%5B%5D=a",
    "count=1&text=ab&flag=true&tags=b",
    "text=%zz",
    "text=%4",
    "%63ount=9",
    "count=5#x",
    "text=a%00",
    "text==a",
    "count=3&count=x",
    "?count=3",
]
TARGETS: list[tuple[str, str]] = [
    ("GET", "/things/a"),
    ("GET", "/things/a%2Fb"),
    ("GET", "/things/%C3%A9"),
    ("GET", "/things/%F0%9F%98%80"),
    ("GET", "/things/a%20b"),
    ("GET", "/things/a+b"),
    ("GET", "/things/%25"),
    ("GET", "/things/a;b=c"),
    ("GET", "/things/a,b"),
    ("GET", "/things/%E9"),
    ("GET", "/things/special"),
    ("GET", "/things/SPECIAL"),
    ("GET", "/things/speci%61l"),
    ("DELETE", "/things/special"),
    ("GET", "/things/"),
    ("GET", "/things"),
    ("GET", "/things/a/"),
    ("GET", "/things//"),
    ("GET", "//things/a"),
    ("GET", "/things/a/parts/b"),
    ("GET", "/things/a/parts/"),
    ("GET", "/things//parts/b"),
    ("GET", "/things/special/parts/b"),
    ("GET", "/things/a/parts/b/c"),
    ("GET", "/things/a%2Fparts%2Fb"),
    ("GET", "/things/a/parts/b%2Fc"),
    ("GET", "/things/%00"),
    ("GET", "/things/."),
    ("GET", "/things/.."),
    ("GET", "/numbers/5"),
    ("GET", "/numbers/0"),
    ("GET", "/numbers/99"),
    ("GET", "/numbers/100"),
    ("GET", "/numbers/-1"),
    ("GET", "/numbers/x"),
    ("GET", "/numbers/5.0"),
    ("GET", "/numbers/05"),
    ("GET", "/numbers/+5"),
    ("GET", "/numbers/1_0"),
    ("GET", "/numbers/" + "9" * 40),
    ("GET", "/numbers/%35"),
    ("GET", "/files/a.json"),
    ("GET", "/files/a.b.json"),
    ("GET", "/files/.json"),
    ("GET", "/files/a.xml"),
    ("GET", "/files/a%2Fb.json"),
    ("GET", "/files/v1"),
    ("GET", "/files/v"),
    ("GET", "/files/v1.json"),
    ("GET", "/files/a.JSON"),
    ("GET", "/files/axjson"),
    ("GET", "/unknown"),
    ("GET", ""),
    ("GET", "/"),
    ("POST", "/things/a"),
    ("PATCH", "/things/a"),
    ("PUT", "/queries"),
    ("POST", "/queries/"),
    ("GET", "/queries/"),
    ("HEAD", "/queries"),
    ("HEAD", "/things/a"),
    ("HEAD", "/unknown"),
    ("HEAD", "/trees"),
    ("OPTIONS", "/things/a"),
    ("TRACE", "/things/a"),
    ("get", "/things/a"),
    ("GET", "/Things/a"),
    ("GET", "/needed"),
    ("GET", "/needed?key="),
    ("GET", "/needed?key=a"),
    ("GET", "/needed?Key=a"),
    ("GET", "/needed?key"),
    ("DELETE", "/things/a"),
    ("GET", "/needed?key=null"),
]
OK_BODY = b'{"name":"a"}'
CONTENT_TYPES = [
    None,
    "",
    "application/json",
    "APPLICATION/JSON",
    "Application/Json; Charset=UTF-8",
    "application/json;charset=utf-8",
    'application/json; charset="utf-8"',
    "application/json; charset=latin-1",
    "application/json; charset=utf-16",
    "application/json; charset=nope",
    "application/json; x=y",
    "application/json;",
    " application/json ",
    "text/plain",
    "text/json",
    "application/vnd.api+json",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "application/*",
    "*/*",
    "json",
    "application/jsonx",
    "application/json, text/plain",
]
RAW_BODIES = [
    b"",
    b" ",
    b"{",
    b"{}",
    b"null",
    b"[]",
    b'"a"',
    b"5",
    b"true",
    b'{"name":"a"} x',
    b'{"name":"a",}',
    b"{'name':'a'}",
    b'{"name":"a","name":"b"}',
    b'{"name":"\xe9"}',
    b'\xef\xbb\xbf{"name":"a"}',
    b' \n{"name":"a"}\t ',
    b'{"name":"\\u0000"}',
    b'{"name":"\\ud800"}',
    b'{"name":"\\ud83d\\ude00"}',
    b'{"name":"a","free":NaN}',
    b'{"name":"a","free":Infinity}',
    b'{"name":"a","free":1e400}',
    b'{"name":"a","float":1e400}',
    b'{"name":"a","int":1.0}',
    b'{"name":"a","int":1e0}',
    b'{"name":"a","int64":9223372036854775808}',
    b'{"name":"a","int64":-9223372036854775809}',
    b'{"name":"a","free":123456789012345678901234567890}',
    b'{"name":"a","int":-0}',
    b'{"name":"a","free":01}',
    b'{"name":"a","free":"' + b"[" * 200 + b'"}',
    b'{"name":"a","free":' + b"[" * 62 + b"]" * 62 + b"}",
    b'{"name":"a","free":' + b"[" * 80 + b"]" * 80 + b"}",
    b'{"name":"a\x01"}',
    b'{"name":"\\x"}',
    b'{"na\\u006de":"a"}',
    '{"name":"a"}'.encode("utf-16"),
]
BODIES: dict[str, list[Any]] = {
    "/trees": [
        {"value": 1},
        {"value": 1, "children": []},
        {"value": 1, "children": [{"value": 2, "children": [{"value": 3}]}]},
        {"value": 1, "children": [{"value": "x"}]},
        {"value": 1, "children": [{"value": 2, "children": [{}]}]},
        {"children": []},
        {"value": 1, "children": None},
    ],
    "/composed": [
        {},
        {"all": {"a": 1, "b": "x"}},
        {"all": {"a": 1}},
        {"all": {"a": "x", "b": "x"}},
        {"all": None},
        {"any": "ab"},
        {"any": "abc"},
        {"any": 5},
        {"any": 4},
        {"any": None},
        {"one": 2},
        {"one": 3},
        {"one": 6},
        {"one": 5},
        {"not": 1},
        {"not": "x"},
        {"not": None},
    ],
    "/accounts": [
        {"label": "a"},
        {"label": "a", "id": "x"},
        {"label": "a", "id": 5},
        {"label": "a", "secret": "s"},
        {"secret": "s"},
        {"label": "a", "secret": None},
    ],
    "/strict": [{"secret": "s"}, {"id": "x", "secret": "s"}, {"id": "x"}, {}],
    "/optional": [{"count": 1}, {}, None, {"count": "x"}, []],
    "/nullable": [{"count": 1}, {}, None, {"count": "x"}, []],
}
HEADER_SETS: list[tuple[tuple[str, str], ...]] = [
    (),
    (("X-Text", "abc"),),
    (("x-text", "abc"),),
    (("X-Text", "abcd"),),
    (("X-Text", ""),),
    (("X-Text", "a"), ("X-Int", "5")),
    (("X-Text", "a"), ("X-Int", "x")),
    (("X-Text", "\xe9"),),
    (("X-Text", "a"), ("X-Text", "b")),
    (("X-Text", "a"), ("X-Unknown", "b")),
]


def _basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


GOOD_KEY, BAD_KEY, WEAK_KEY = ("X-Key", "good"), ("X-Key", "bad"), ("X-Key", "weak")
GOOD_BEARER, BAD_BEARER, WEAK_BEARER = [("Authorization", f"Bearer {word}") for word in ("good", "bad", "weak")]
GOOD_BASIC, BAD_BASIC = ("Authorization", _basic("u:good")), ("Authorization", _basic("u:bad"))
CREDENTIALS: list[tuple[tuple[str, str], ...]] = [
    (),
    (GOOD_KEY,),
    (BAD_KEY,),
    (WEAK_KEY,),
    (GOOD_BEARER,),
    (BAD_BEARER,),
    (WEAK_BEARER,),
    (GOOD_BASIC,),
    (BAD_BASIC,),
    (GOOD_KEY, BAD_BEARER),
    (BAD_KEY, GOOD_BEARER),
    (BAD_KEY, GOOD_BASIC),
    (GOOD_KEY, GOOD_BEARER),
    (BAD_KEY, BAD_BEARER),
    (WEAK_KEY, BAD_BEARER),
    (BAD_KEY, WEAK_BEARER),
    (WEAK_KEY, WEAK_BEARER),
    (WEAK_KEY, GOOD_BEARER),
    (("X-Key", ""),),
    (("Authorization", "Bearer"),),
    (("Authorization", ""),),
    (("Authorization", "Basic !!!"),),
    (("Authorization", "good"),),
    (("Authorization", "bearer good"),),
    (("Authorization", "Digest good"),),
    (("Authorization", "Bearer  good"),),
]
ANSWERS = [
    "good",
    "wrong-type",
    "missing-member",
    "undeclared-status",
    "range-status",
    "range-wrong",
    "write-only",
    "account",
    "null",
    "null-member",
    "no-header",
    "header",
    "no-body",
    "text",
    "extra-member",
    "strict-answer",
    "crash",
]


def cases() -> Iterator[Case]:
    """Every case; ids are unique."""
    yield from _schema_cases()
    yield from _query_cases()
    yield from _body_cases()
    yield from _header_cases()


def _schema_cases() -> Iterator[Case]:
    for name, values in MEMBERS.items():
        for value in values:
            body = {"name": "a", name: value}
            raw = repr(value) if isinstance(value, int) and abs(value) >= 2**64 else orjson.dumps(value).decode()
            data = (
                orjson.dumps({"name": "a"})[:-1] + f',"{name}":{raw}}}'.encode()
                if raw == repr(value)
                else orjson.dumps(body)
            )
            yield _json(f"member {name}={raw}", "/things/a", data, "PUT")


def _query_cases() -> Iterator[Case]:
    for name, texts in QUERY.items():
        for text in texts:
            yield Case(f"query {name}={text}", "GET", f"/queries?{name}={text}".encode().decode("latin-1"))
    for pair in PAIRS:
        yield Case(f"query {pair}", "GET", f"/queries?{pair}")
    for method, target in TARGETS:
        yield Case(f"target {method} {target}", method, target)


def _body_cases() -> Iterator[Case]:
    for content_type in CONTENT_TYPES:
        headers = (
            ("Content-Length", str(len(OK_BODY))),
            *([("Content-Type", content_type)] if content_type is not None else []),
        )
        yield Case(f"type {content_type}", "PUT", "/things/a", headers, (OK_BODY,))
        yield Case(f"type {content_type}, wrong body", "PUT", "/things/a", headers, (b'{"name":5}  ',))
    for raw in RAW_BODIES:
        yield _json(f"raw {raw[:40]!r}{len(raw)}", "/things/a", raw, "PUT")
    for target, bodies in BODIES.items():
        for body in bodies:
            yield _json(f"body {target} {orjson.dumps(body).decode()}", target, body)
    for target in ("/optional", "/nullable", "/trees"):
        yield Case(f"empty {target}", "POST", target, (("Content-Length", "0"),))
        yield Case(f"empty {target} as JSON", "POST", target, (JSON_TYPE, ("Content-Length", "0")))
        yield Case(f"empty {target} without length", "POST", target)
        yield Case(f"empty {target} chunked", "POST", target, (JSON_TYPE, ("Transfer-Encoding", "chunked")))
        yield Case(
            f"chunked {target}",
            "POST",
            target,
            (JSON_TYPE, ("Transfer-Encoding", "chunked")),
            (b'{"count":', b'1,"value"', b":1}"),
        )


def _header_cases() -> Iterator[Case]:
    for headers in HEADER_SETS:
        yield Case(f"headers {dict(headers)}{len(headers)}", "GET", "/headers", headers)
    for target in ("/secured/either", "/secured/both", "/secured/perhaps"):
        for headers in CREDENTIALS:
            yield Case(f"credentials {target} {headers}", "GET", target, headers)
    for kind in ANSWERS:
        yield Case(f"answer {kind}", "GET", f"/answers/{kind}")
