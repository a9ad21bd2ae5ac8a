"""How a lower room calls a higher one without importing it: the lower room declares a port or a signal, and the API's
`wiring.py` connects it to functions. So imports run one way, and all connections are listed in one place.
"""

from collections.abc import Callable
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Port(Generic[P, R]):
    """One function that a higher room provides. Calling it before `provide` is an error of the program."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._function: Callable[P, R] | None = None

    def provide(self, function: Callable[P, R]) -> None:
        """Set the function. Raises ValueError where another one is set."""
        if self._function not in (None, function):
            raise ValueError(f"{self._name} is provided twice")
        self._function = function

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        assert self._function is not None, f"nothing provides {self._name}: wiring.py was not imported"
        return self._function(*args, **kwargs)


class Signal(Generic[P]):
    """Functions that higher rooms want called when something has happened, in the order in which they were connected,
    in the same unit of work. What one of them raises reaches the caller. Calling it before `connect` is an error of the
    program.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._functions: list[Callable[P, object]] = []

    def connect(self, function: Callable[P, object]) -> None:
        """Add a function; once only, however often it is connected."""
        if function not in self._functions:
            self._functions.append(function)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> None:
        assert self._functions, f"nothing is connected to {self._name}: wiring.py was not imported"
        for function in self._functions:
            function(*args, **kwargs)
