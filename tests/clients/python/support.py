"""What the stories share."""

import sys
from typing import TypeVar

T = TypeVar("T")


def address(api: str) -> str:
    """Where an API of the mock answers; its address is the story's argument."""
    return f"{sys.argv[1]}/{api}"


def of(kind: type[T], answer: object) -> T:
    """An answer that has to be of one kind, such as the success of an operation."""
    assert isinstance(answer, kind), f"wanted {kind.__name__}, got {answer}"
    return answer
