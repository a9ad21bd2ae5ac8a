"""Everything that a request can be refused for.

A problem is a class with a `status` (the number the API answers with) and a `code`; the API's own edge renders it in
the vendor's shape. The tree:

    Problem
    ├── InternalProblem            500  something broke on our side
    ├── NotImplementedProblem      501  documented without a handler; CONNECT; an unknown transfer coding
    ├── RequestProblem             400  the request itself is malformed
    │   ├── InvalidInput                a parameter or a member of the body breaks the contract
    │   ├── MediaTypeProblem       415
    │   ├── EncodingProblem        415
    │   ├── BodyTooLarge           413
    │   └── UriTooLong             414
    ├── UnknownPath                404
    ├── MethodNotAllowed           405
    ├── Unauthenticated            401
    │   └── CredentialMissing
    ├── Forbidden                  403
    │   ├── HttpsRequired               plain HTTP where only HTTPS is served
    │   ├── ForeignHost                 the control plane by a name that is not its own
    │   └── ForeignOrigin               the control plane from a page of another origin
    ├── NotFound                   404
    ├── Gone                       410
    ├── Conflict                   409
    │   ├── ClockBackwards
    │   └── SpeedNotKept
    ├── TooManyRequests            429
    │   └── TooManyFailedCredentials
    └── Unavailable                503  cannot be served now; the same request may succeed later
"""

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from models.kernel.fault_words import quoted

FAULTS_REPORTED_MAX = 100
"""How many faults of one request are reported; a last message says that there are more."""


Refusal = TypeVar("Refusal", bound="Problem")


class Problem(Exception):
    """A refusal. `message` is for people; `code` is for programs and stable."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "INTERNAL"
    default_message: ClassVar[str] = "The request could not be served."
    is_failed_credential: ClassVar[bool] = False
    """Whether the request had a credential that is not valid."""
    item: int | None = None
    """Where a request has several parts, the place from 0 of the one that was refused."""
    pointer: str = ""
    """The JSON pointer (RFC 6901) of the member of the body that is refused; empty where it is none, or all of it."""
    others: "tuple[Problem, ...]" = ()
    """What else is wrong with the same request."""

    def __init__(self, message: str | None = None, *, headers: dict[str, str] | None = None) -> None:
        self.message = message or self.default_message
        self.headers = headers
        super().__init__(self.message)

    @property
    def message_with_pointer(self) -> str:
        """Place and reason in one line."""
        return f"{self.pointer}: {self.message}" if self.pointer else self.message

    @property
    def all(self) -> "tuple[Problem, ...]":
        """Everything that is wrong, this first."""
        return (self, *self.others)

    @property
    def messages(self) -> list[str]:
        """The message of each fault, the first FAULTS_REPORTED_MAX of them, and then that there are more."""
        reported = [one.message_with_pointer for one in self.all[:FAULTS_REPORTED_MAX]]
        return [*reported, "and more"] if len(self.others) >= FAULTS_REPORTED_MAX else reported

    @property
    def summary(self) -> str:
        """The same as one text."""
        return "; ".join(self.messages)

    def with_others(self, others: "Sequence[Problem]") -> "Problem":
        """One refusal of this and of others of the same request."""
        return joined([self, *others])

    def put_below(self, pointer: str) -> None:
        """Say that the value this is about stands at a pointer in the body."""
        for one in self.all:
            one.pointer = f"{pointer}{one.pointer}"


class InternalProblem(Problem):
    """Something broke on our side; the request id leads to the log line."""

    status = 500
    code = "INTERNAL"
    default_message = "Something went wrong on our side."


class NotImplementedProblem(Problem):
    """The server has no handler for a documented operation, or does not implement the request's method (CONNECT) or
    transfer coding.
    """

    status = 501
    code = "NOT_IMPLEMENTED"
    default_message = "This operation is not implemented."


class RequestProblem(Problem):
    """The request cannot be read: bad JSON, bad encoding, NUL characters, nesting too deep."""

    status = 400
    code = "BAD_REQUEST"
    default_message = "The request cannot be read."


class InvalidInput(RequestProblem):
    """A parameter or a member of the body breaks the contract.

    `location` is `path`, `query`, `header` or `body`; `pointer` is the JSON pointer (RFC 6901) inside it, and `missing`
    the member that is absent there, when that is what is wrong. `vendor_code` is the one that the contract names for
    the member (`x-troth-rs-code`). The message begins with the pointer.
    """

    code = "VALIDATION_FAILED"
    default_message = "The request does not match the contract."

    def __init__(
        self,
        message: str,
        *,
        location: str = "body",
        pointer: str = "",
        missing: str | None = None,
        vendor_code: str | None = None,
    ) -> None:
        super().__init__(message)
        self.location = location
        self.pointer = pointer
        self.missing = missing
        self.vendor_code = vendor_code

    @property
    def message_with_pointer(self) -> str:
        return self.message


class MediaTypeProblem(RequestProblem):
    """The body's content type is none of those the operation takes."""

    status = 415
    code = "UNSUPPORTED_MEDIA_TYPE"
    default_message = "The content type of the body is not supported."


class EncodingProblem(RequestProblem):
    """The body's content coding is none of those the server decodes; the answer lists those (RFC 9110, section
    15.5.16).
    """

    status = 415
    code = "UNSUPPORTED_CONTENT_ENCODING"
    default_message = "The content encoding of the body is not supported."

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message, headers={"Accept-Encoding": "gzip, identity"})


class BodyTimeout(RequestProblem):
    """The body did not come to its end in time; the connection is closed (RFC 9110, section 15.5.9)."""

    status = 408
    code = "REQUEST_TIMEOUT"
    default_message = "The body of the request did not arrive in time."

    def __init__(self) -> None:
        super().__init__(headers={"Connection": "close"})


class BodyBroken(RequestProblem):
    """The body has ended before its end, or its chunks cannot be read; the connection is closed."""

    default_message = "The body of the request ended early, or its transfer coding is broken."

    def __init__(self) -> None:
        super().__init__(headers={"Connection": "close"})


class BodyTooLarge(RequestProblem):
    """The body is larger than the server reads; the connection is closed, since the rest of it may be unread (RFC 9110,
    section 15.5.14).
    """

    status = 413
    code = "PAYLOAD_TOO_LARGE"
    default_message = "The body is too large."

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message, headers={"Connection": "close"})


class UriTooLong(RequestProblem):
    """The path and query are longer than the server reads."""

    status = 414
    code = "URI_TOO_LONG"
    default_message = "The address is too long."


class HeadersTooLarge(RequestProblem):
    """One header is longer than the server reads (RFC 6585, section 5)."""

    status = 431
    code = "HEADERS_TOO_LARGE"
    default_message = "A header is too long."


class UnknownPath(Problem):
    """No operation has this path."""

    status = 404
    code = "NOT_FOUND"
    default_message = "There is nothing at this address."


class UnknownSandbox(Problem):
    """The address names a sandbox that the mock does not have."""

    status = 404
    code = "SANDBOX_NOT_FOUND"
    default_message = "There is no such sandbox."

    @classmethod
    def named(cls, sandbox_id: str) -> "UnknownSandbox":
        """The refusal of an id."""
        return cls(f"There is no sandbox {quoted(sandbox_id)}: GET /_troth/sandboxes lists those that there are.")


class CannotRunDry(Problem):
    """A dry run was asked for of a call that takes several transactions."""

    status = 400
    code = "PREFERENCE_NOT_MET"
    default_message = "This call takes several transactions, which a dry run cannot undo."


class MethodNotAllowed(Problem):
    """The path exists, but not with this method; the answer's Allow header lists those it has."""

    status = 405
    code = "METHOD_NOT_ALLOWED"
    default_message = "This address does not take this method."

    def __init__(self, allowed: list[str]) -> None:
        super().__init__(headers={"Allow": ", ".join(allowed)})


class Unauthenticated(Problem):
    """No credential, or one that is not valid."""

    status = 401
    code = "UNAUTHORIZED"
    default_message = "Valid credentials are needed."
    is_failed_credential = True


class CredentialMissing(Unauthenticated):
    """The request shows no credential that the operation takes."""

    default_message = "A credential is needed, and the request has none of a kind that this operation takes."
    is_failed_credential = False


class Forbidden(Problem):
    """The credential is valid, but may not do this."""

    status = 403
    code = "FORBIDDEN"
    default_message = "This is not allowed."


class HttpsRequired(Forbidden):
    """The server only takes HTTPS, and the request came in the clear."""

    code = "HTTPS_REQUIRED"
    default_message = "Use HTTPS."


class ForeignHost(Forbidden):
    """The control plane answers to names of its own only: any other may be one that a page has made lead here."""

    code = "HOST_NOT_ALLOWED"
    default_message = "The control plane does not answer to this host: name it in TROTH_CONTROL_HOSTS."

    def __init__(self, host: str) -> None:
        super().__init__(f"The control plane does not answer to the host {host!r}: name it in TROTH_CONTROL_HOSTS.")


class ForeignOrigin(Forbidden):
    """A page of another origin made the browser send this to the control plane."""

    code = "ORIGIN_NOT_ALLOWED"
    default_message = "The control plane takes no calls from pages of other origins."


class NotFound(Problem):
    """The object does not exist in this tenant."""

    status = 404
    code = "NOT_FOUND"
    default_message = "There is no such object."


class Gone(Problem):
    """The object existed and has expired."""

    status = 410
    code = "GONE"
    default_message = "This is no longer there."


class Conflict(Problem):
    """The request contradicts what is stored."""

    status = 409
    code = "CONFLICT"
    default_message = "The request contradicts what is stored."


class ClockBackwards(Conflict):
    """A sandbox's clock only moves forward."""

    code = "CLOCK_BACKWARDS"
    default_message = "The clock only moves forward."


class SpeedNotKept(Conflict):
    """The speed of the clock would be lost with the process, while the data stays."""

    code = "CLOCK_SPEED_NOT_KEPT"
    default_message = (
        "This mock's database is no file, so that a speed of the clock would be lost at its next start: "
        "set TROTH_FILES_DIR to a folder, where it is kept, or use a mock in memory."
    )


CLOCK_STANDS_STILL = "The clock of this mock stands still: waiting does not help, POST /_troth/clock/advance does."


class TooManyRequests(Problem):
    """A rate limit was hit; Retry-After says for how many seconds.

    On a clock that stands still they never pass: the message says so.
    """

    status = 429
    code = "RATE_LIMITED"
    default_message = "Too many requests."

    def __init__(self, message: str | None = None, *, retry_after_s: int, stands_still: bool = False) -> None:
        message = message or self.default_message
        if stands_still:
            message = f"{message} {CLOCK_STANDS_STILL}"
        super().__init__(message, headers={"Retry-After": str(retry_after_s)})


class TooManyFailedCredentials(TooManyRequests):
    """The credential is not valid, and too many from the same address were not within the last minute."""

    default_message = "The credential is not valid, and too many from this address were not. Wait before the next one."


class Unavailable(Problem):
    """The request cannot be served now: the database is away, full, read-only or too busy.

    Retry-After says when to try again.

    `retry_after_s` is in seconds. A request that was refused like this has usually changed nothing; when the connection
    to the database broke during the commit, nobody knows whether it has.
    """

    status = 503
    code = "UNAVAILABLE"
    default_message = "The server cannot answer this now. Try again later."

    def __init__(self, message: str | None = None, *, retry_after_s: int = 5) -> None:
        super().__init__(message, headers={"Retry-After": str(retry_after_s)})


class ServerBusy(Unavailable):
    """More requests have come than the server can serve in time; this one was not begun."""

    code = "SERVER_BUSY"
    default_message = "The server is busy. Try again in a moment."

    def __init__(self) -> None:
        super().__init__(retry_after_s=1)


def joined(found: Sequence[Refusal]) -> Refusal:
    """One refusal for everything that was found, in its order:
    the first, which has status and code, with all others.
    """
    _, *others = dict.fromkeys(one for problem in found for one in problem.all)
    for other in others:
        other.others = ()
    found[0].others = tuple(others)
    return found[0]


def catalogue() -> list[type[Problem]]:
    """Every problem class that has been imported, in the order of their definition."""
    found: list[type[Problem]] = []
    queue: list[type[Problem]] = [Problem]
    while queue:
        current = queue.pop(0)
        found.append(current)
        queue.extend(current.__subclasses__())
    return found
