"""Which check has refused a request: "any 400 will do" would pass for one that another check refuses."""

from typing import Any

import httpx2


def reason(answer: httpx2.Response) -> str:
    """The code of a refusal, in the words of any of the APIs; for what the contract refuses, place and rule of the
    first fault.
    """
    body: Any = answer.json()
    error = body.get("error", body)
    if not isinstance(error, dict):
        error = body
    code = str(error.get("apiErrorCode") or error.get("code"))
    if code == "VALIDATION_FAILED":
        message = error["message"]
        return str(message if isinstance(message, str) else message[0])
    return code


def assert_refused(answer: httpx2.Response, status: int, expected: str) -> None:
    """A refusal with this status, for the reason that begins like this."""
    assert answer.status_code == status, answer.text
    assert reason(answer).startswith(expected), f"refused for another reason than {expected!r}: {answer.text}"
