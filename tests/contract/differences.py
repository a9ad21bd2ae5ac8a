"""Where the compiled path decides otherwise than stock Connexion, and why. The list may only shrink.

A verdict is a status class ("4xx"; "2xx" with other arguments than the other side's is written "2xx*").
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Difference:
    """A difference that is meant. `cases` are ids of tests/contract/differential_cases.py; all of them must show it."""

    name: str
    reason: str
    stock: str
    troth: str
    cases: tuple[str, ...]


DIFFERENCES: list[Difference] = [
    Difference(
        "int32 and int64 are limits",
        "`format: int32` bounds an integer, and no integer has more than 64 bits; Connexion checks neither.",
        stock="2xx",
        troth="4xx",
        cases=(
            "member int32=2147483648",
            "member int32=-2147483649",
            'raw b\'{"name":"a","int64":9223372036854775808}\'40',
            'raw b\'{"name":"a","int64":-9223372036854775809\'41',
        ),
    ),
    Difference(
        "email and uuid are formats",
        "Connexion takes every text with an @ for an email and does not know uuid.",
        stock="2xx",
        troth="4xx",
        cases=(
            'member email="@"',
            'member email="a b@c.example"',
            'member email="ä@b.example"',
            'member email="a@b@c.example"',
            'member uuid="0b0d6c1e2f6b4c8e9d4e000000000001"',
            'member uuid="0b0d6c1e-2f6b-4c8e-9d4e-00000000000"',
            'member uuid="nope"',
            'member uuid=""',
            'member uuid="{0b0d6c1e-2f6b-4c8e-9d4e-000000000001}"',
        ),
    ),
    Difference(
        "a pattern's $ is the end",
        "Python's $ also matches before a line break at the end; ECMA 262, which OpenAPI means, does not.",
        stock="2xx",
        troth="4xx",
        cases=('member pattern="ax\\n"', "query matching=12%0A"),
    ),
    Difference(
        "numbers are JSON's numbers",
        "Connexion reads what Python's int() and float() read: underscores, spaces, signs, nan.",
        stock="2xx",
        troth="4xx",
        cases=(
            "query count=+5",
            "query count=1_0",
            "query count=%205",
            "query ratio=.5",
            "query ratio=nan",
            "query ratio=%2B1",
            "target GET /numbers/+5",
        ),
    ),
    Difference(
        "integral doubles are taken as integers",
        "JSON Schema since draft 6, and clients whose numbers are all doubles: 5.0 and 4.2e1 are integers. Draft 4 refuses them.",
        stock="4xx",
        troth="2xx",
        cases=(
            "member int=1.0",
            "member int=10.0",
            "member multiple=5.0",
            "query count=5.0",
            "query count=5e0",
            "query numbers=1.0,2",
            'raw b\'{"name":"a","int":1.0}\'22',
            'raw b\'{"name":"a","int":1e0}\'22',
        ),
    ),
    Difference(
        "a scalar is given once",
        "Connexion takes the last of several; two values for one name are a mistake or an attack on a proxy's reading.",
        stock="2xx",
        troth="4xx",
        cases=("query count=1&count=2", "query text=ab&text=cd", "query flag=true&flag=true"),
    ),
    Difference(
        "NUL is refused",
        "No text of the API can hold NUL (PostgreSQL cannot store it).",
        stock="2xx",
        troth="4xx",
        cases=("query text=a%00", "target GET /things/%00", 'raw b\'{"name":"\\\\u0000"}\'17'),
    ),
    Difference(
        "an encoded slash is part of a segment",
        "RFC 3986, section 2.2: %2F is data. Connexion decodes first and then splits.",
        stock="4xx",
        troth="2xx",
        cases=("target GET /things/a%2Fb", "target GET /things/a/parts/b%2Fc", "target GET /files/a%2Fb.json"),
    ),
    Difference(
        "an encoded slash is part of a segment",
        "RFC 3986, section 2.2: %2F is data. Connexion decodes first and then splits.",
        stock="2xx*",
        troth="2xx*",
        cases=("target GET /things/a%2Fparts%2Fb",),
    ),
    Difference(
        "a fixed path wins over a template",
        "OpenAPI 3.0.3, Paths Object: concrete before templated. Connexion takes the document's order.",
        stock="2xx*",
        troth="2xx*",
        cases=("target GET /things/special", "target GET /things/speci%61l"),
    ),
    Difference(
        "bytes that are not UTF-8 are refused",
        "Connexion replaces them in paths, and fails with a 500 on them in bodies.",
        stock="2xx",
        troth="4xx",
        cases=("target GET /things/%E9",),
    ),
    Difference(
        "bytes that are not UTF-8 are refused",
        "Connexion replaces them in paths, and fails with a 500 on them in bodies.",
        stock="5xx",
        troth="4xx",
        cases=(
            'raw b\'{"name":"\\xe9"}\'12',
            'raw b\'\\xff\\xfe{\\x00"\\x00n\\x00a\\x00m\\x00e\\x00"\\x00:\\x00"\\x00a\\x00"\\x00}\\x00\'26',
        ),
    ),
    Difference(
        "no redirect for a slash",
        "A path with a slash more is another path. Connexion redirects, even where the method is wrong.",
        stock="3xx",
        troth="4xx",
        cases=("target GET /things/a/", "target GET ", "target POST /queries/", "target GET /queries/"),
    ),
    Difference(
        "OPTIONS is answered",
        "A preflight, or a plain OPTIONS with the methods in Allow.",
        stock="4xx",
        troth="2xx",
        cases=("target OPTIONS /things/a",),
    ),
    Difference(
        "a media type has no case",
        "Connexion skips the validation of a body whose content type is not lower case (RFC 9110, section 8.3.1).",
        stock="2xx",
        troth="4xx",
        cases=("type APPLICATION/JSON, wrong body", "type Application/Json; Charset=UTF-8, wrong body"),
    ),
    Difference(
        "JSON is UTF-8",
        "RFC 8259, section 8.1. Connexion reads the body as UTF-8 whatever charset was declared.",
        stock="2xx",
        troth="4xx",
        cases=(
            "type application/json; charset=latin-1",
            "type application/json; charset=utf-16",
            "type application/json; charset=nope",
        ),
    ),
    Difference(
        "spaces around a media type",
        "HTTP servers strip them before the application sees them; raw calls do not.",
        stock="4xx",
        troth="2xx",
        cases=("type  application/json ",),
    ),
    Difference(
        "what JSON cannot say is refused",
        "NaN, infinities, numbers beyond a double and lone surrogates are not JSON, or no text of Python's; Connexion hands them on.",
        stock="2xx",
        troth="4xx",
        cases=(
            'raw b\'{"name":"\\\\ud800"}\'17',
            'raw b\'{"name":"a","free":NaN}\'23',
            'raw b\'{"name":"a","free":Infinity}\'28',
            'raw b\'{"name":"a","free":1e400}\'25',
            'raw b\'{"name":"a","float":1e400}\'26',
        ),
    ),
    Difference(
        "64 levels are enough",
        "Deeper bodies only cost; see bodies.py.",
        stock="2xx",
        troth="4xx",
        cases=('raw b\'{"name":"a","free":[[[[[[[[[[[[[[[[[[[[[\'180',),
    ),
    Difference(
        "an optional body may be absent",
        "Connexion refuses its absence unless the schema is nullable, and then makes one up from defaults.",
        stock="4xx",
        troth="2xx",
        cases=(
            "empty /optional",
            "empty /optional as JSON",
            "empty /optional without length",
            "empty /optional chunked",
        ),
    ),
    Difference(
        "an optional body may be absent",
        "Connexion refuses its absence unless the schema is nullable, and then makes one up from defaults.",
        stock="2xx*",
        troth="2xx*",
        cases=("empty /nullable", "empty /nullable without length"),
    ),
    Difference(
        "a body needs no Content-Length",
        "Connexion takes a chunked body for an empty one.",
        stock="4xx",
        troth="2xx",
        cases=("chunked /trees",),
    ),
    Difference(
        "header parameters are read",
        "Connexion neither converts header parameters nor hands them to handlers.",
        stock="2xx*",
        troth="2xx*",
        cases=(
            "headers {'X-Text': 'abc'}1",
            "headers {'x-text': 'abc'}1",
            "headers {'X-Text': ''}1",
            "headers {'X-Text': 'é'}1",
            "headers {'X-Text': 'a', 'X-Unknown': 'b'}2",
        ),
    ),
    Difference(
        "several lines of a header are one list",
        "Connexion takes one of the lines of a header that comes twice; joined (RFC 9110, section 5.3) the two are too long here.",
        stock="2xx",
        troth="4xx",
        cases=("headers {'X-Text': 'b'}2",),
    ),
    Difference(
        "header parameters are read",
        "Connexion neither converts header parameters nor hands them to handlers.",
        stock="4xx",
        troth="2xx",
        cases=("headers {'X-Text': 'a', 'X-Int': '5'}2",),
    ),
    Difference(
        "every answer is in the contract",
        "Connexion lets statuses pass that the contract does not declare, and does not check ranges.",
        stock="2xx",
        troth="5xx",
        cases=("answer undeclared-status",),
    ),
    Difference(
        "every answer is in the contract",
        "Connexion lets statuses pass that the contract does not declare, and does not check ranges.",
        stock="4xx",
        troth="5xx",
        cases=("answer range-wrong",),
    ),
    Difference(
        "readOnly and writeOnly end a requirement",
        "OpenAPI 3.0.3, Schema Object: required of answers only, or of requests only.",
        stock="4xx",
        troth="2xx",
        cases=('body /strict {"secret":"s"}',),
    ),
    Difference(
        "readOnly and writeOnly end a requirement",
        "OpenAPI 3.0.3, Schema Object: required of answers only, or of requests only.",
        stock="5xx",
        troth="2xx",
        cases=("answer strict-answer",),
    ),
]


@dataclass(frozen=True)
class StatusDifference:
    """A difference between statuses on the SaaSquatch contract: which mutations show it, and with which statuses."""

    reason: str
    cases: str
    """A pattern that the id, `operation: mutation`, matches."""
    stock: int
    troth: tuple[int, ...]

    def covers(self, case: str, stock: int, troth: int) -> bool:
        return re.fullmatch(self.cases, case) is not None and stock == self.stock and troth in self.troth


SAASQUATCH = {
    "an encoded slash is part of a segment": StatusDifference(
        "The webhook's address is a path parameter; to Connexion an address with %2F has more segments.",
        "(deleteWebhook|testWebhook): .*",
        stock=404,
        troth=(204, 401, 404, 405),
    ),
    "an answer without a body needs no content type": StatusDifference(
        "Connexion cannot determine the content type of a redirect where the operation declares several, and fails.",
        "downloadExport: example( again)?",
        stock=500,
        troth=(303,),
    ),
}
"""Where the SaaSquatch API's statuses differ."""
