"""What a module about one API is made of, besides its Known and `learn`: see saasquatch.py, the fullest of them.

| name | what it is |
| --- | --- |
| USER | whose entry of credentials.yaml asks the server what it holds |
| BASE | the path that `learn` asks below |
| OWNER | what paths say of whose data it is, where the credential says so too |
| Known | ids that exist, by kind of use; without arguments, those that the demo is sure to hold |
| learn | asks a server, and prepares what some operations use up; gives Known |
| Reach | one valid request on its way to data that exists |
| BOOK | what was made again after it was deleted |
| blames_body | whether the body of a 404 says that the request's body named what does not exist |
| refused_by_contract | whether the body of a 400 says that validation refused, rather than a rule of the domain |
"""

import zlib
from collections.abc import Sequence
from typing import Any, TypeVar

from schemathesis import Case
from schemathesis.core.parameters import ParameterLocation

T = TypeVar("T")
Name = tuple[str, ...]
"""What something is called, such as ("account", "acme")."""


class Reach:
    """Lets one valid request meet data that exists. Only the places in `generated` may be changed for that."""

    def __init__(self, case: Case, known: Any, draw: int, generated: set[ParameterLocation]) -> None:
        self.case, self.known, self.draw, self.generated = case, known, draw, generated
        self.operation: str = case.operation.definition.raw["operationId"]
        self.body: dict[str, Any] = case.body if isinstance(case.body, dict) else {}
        self.new_body = self.body if ParameterLocation.BODY in generated else {}

    def run(self, *, always: bool) -> None:
        """Change the request: three in four of them, or `always`."""
        if always or self.drawn("reach") % 4:  # a quarter keeps what was generated, which is how the 404s are met
            self.ids()
            self.bodies()
        self.spare()
        self.agree()

    def drawn(self, purpose: str) -> int:
        """A number that depends on the request and on what it is for."""
        return zlib.crc32(f"{self.draw} {purpose}".encode())

    def pick(self, items: Sequence[T], purpose: str = "") -> T:
        """One of several, by the request."""
        return items[self.drawn(purpose) % len(items)]

    def ids(self) -> None:
        """Put ids that exist into path and query."""

    def put(self, found: dict[str, Any]) -> None:
        """Put values into the parameters of path and query that have their names."""
        for place, container in (
            (ParameterLocation.PATH, self.case.path_parameters),
            (ParameterLocation.QUERY, self.case.query),
        ):
            if place in self.generated:
                container.update({name: found[name] for name in container.keys() & found.keys()})

    def bodies(self) -> None:
        """Put values that exist, or that there is enough of, into the body."""

    def spare(self) -> None:
        """Turn away what would take from other cases what they live on."""

    def agree(self) -> None:
        """Make values agree that OpenAPI 3.0 cannot say must; also the one that a case is about."""


class Book:
    """What was made again after it was deleted. Here, nothing ever is: it gets a new id."""

    def __init__(self) -> None:
        self.made_again: set[Name] = set()

    def names(self, _case: Case) -> set[Name]:
        """What a request is about."""
        return set()

    def keep(self, _case: Case) -> None:
        """Note what a request that succeeded has made or deleted."""
