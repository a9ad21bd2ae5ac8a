"""Failed credentials: noticed in the log and in a metric, and limited by the client's address.

Only requests whose credential has failed are refused with 429 above the limit. One whose credential is right is served
whatever others at its address do: many clients share the address of a company or of a mobile network, and one with an
old key must not lock out the others. So the limit does not keep a guesser from finding a key, which its length does
(128 bits and more of randomness): it tells a client that sends a wrong one again and again to wait, and makes attempts
visible.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.kernel.clock import wall_ms
from models.kernel.limits import Budget, caller_of
from models.kernel.problems import Problem, TooManyFailedCredentials
from troth.log import logger

if TYPE_CHECKING:
    from handlers.http import Request
    from troth.runtime import Runtime

WINDOW_S = 60


def judged(problem: Problem, api: str | None, request: Request | None, runtime: Runtime) -> Problem:
    """The problem itself, or TooManyFailedCredentials where the credential has failed and others from this address have
    before.

    A request without any credential is none that has failed.
    """
    if request is None or not problem.is_failed_credential:
        return problem
    limit = runtime.settings.failed_credentials_limit
    if limit is None:
        return problem
    runtime.credential_failed(api or "")
    # By wall time in a mock, too: whose clock it would be is not known.
    key = f"failed-credentials|{caller_of(request.client_ip)}"
    spent = runtime.failures.spend(key, [Budget(limit, WINDOW_S)], wall_ms()) if limit else None
    retry_after_s = None if spent is None else spent.retry_after_s
    logger.warning(
        "credential failed", api=api, client=request.client_ip, code=problem.code, limited=retry_after_s is not None
    )
    return problem if retry_after_s is None else TooManyFailedCredentials(retry_after_s=retry_after_s)
