"""What is wrong with a body by rules that do not depend on each other: all of it is found, and refused together.

    with findings() as found:
        with found.at("/ledgerId"):
            find_ledger(uow, given.ledger_id)
        with found.at("/name"):
            check_name(uow, given.name)

A refusal has the status and the code of the first that was found. What a rule needs of another is checked after it,
outside or in a second block.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from models.kernel.problems import Conflict, InvalidInput, NotFound, Problem, RequestProblem, joined

_GATHERED = (NotFound, Conflict, RequestProblem)
"""What is about the values that were sent. All else ends the call: a limit, a right that is missing, what broke on our
side.
"""


class Findings:
    """The refusals of one body, each with the pointer of its member."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def at(self, pointer: str) -> "_Check":
        """A block for one check: what is raised inside is kept, as being about the member at a pointer, and what
        follows is checked too.
        """
        return _Check(self, pointer)

    def keep(self, problem: Problem) -> None:
        """Keep a refusal and all that it is joined with."""
        self.problems += [one for one in problem.all if not self._has(one)]

    def _has(self, problem: Problem) -> bool:
        """Whether the same was found by another check, which needed it too."""
        return any(
            (one.pointer, one.code, one.message) == (problem.pointer, problem.code, problem.message)
            for one in self.problems
        )


class _Check:
    def __init__(self, found: Findings, pointer: str) -> None:
        self._found = found
        self._pointer = pointer

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(raised, _GATHERED):
            return False
        _put_below(raised, self._pointer)
        self._found.keep(raised)
        return True


@contextmanager
def findings() -> Iterator[Findings]:
    """Gather what is wrong, and raise all of it at the end of the block."""
    found = Findings()
    yield found
    if found.problems:
        raise joined(found.problems)


@contextmanager
def at(pointer: str) -> Iterator[None]:
    """What is raised inside is about the member at a pointer."""
    try:
        yield
    except Problem as problem:
        _put_below(problem, pointer)
        raise


def _put_below(problem: Problem, pointer: str) -> None:
    if not isinstance(problem, InvalidInput):  # whose pointer is in its message already
        problem.put_below(pointer)
