"""How large a regular expression is, with its repetitions written out: what matching one character with it may cost.

The engine follows all places of an expression at once: `(a{0,200}){0,50}` has 10,000 of them, and each character of a
text takes 10,000 steps. Memory limits of the engine do not bound that: these places fit into half a megabyte.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

CLASS_PLACES = 25
"""What a class of Unicode characters such as `\\p{L}` counts for: it is hundreds of ranges of bytes."""
NESTED_FACTOR = 3
"""How much slower a place is where a counted repetition is repeated:
the engine then cannot remember what it has seen.
"""

_TOKEN = re.compile(
    r"\\[pP](?:\{[^}]*\})?"  # a class of Unicode characters
    r"|\\(?:u[0-9A-Fa-f]{4}|u\{[0-9A-Fa-f]+\}|x[0-9A-Fa-f]{2}|c[A-Za-z]|k<[^>]*>|.)"
    r"|\[(?:\\.|[^\]\\])*\]?"
    r"|\(\?[a-zA-Z-]*[:)]|\(\?<?[=!>]|\(\?P?<\w*>|\(|\)"
    r"|\{(?P<least>[0-9]*)(?P<comma>,?)(?P<most>[0-9]*)\}"
    r"|[*+?|^$]|.",
    re.DOTALL,
)
_FANCY = re.compile(r"\(\?(?:<?[=!]|>|\()|\\[1-9kKG]|[*+?}]\+")
_DIGITS_MAX = 9


@dataclass(frozen=True, slots=True)
class PatternSize:
    """`places` with repetitions written out; `is_nested` where counted repetitions are repeated; `is_fancy` where the
    engine has to go back: for what looks ahead or behind, or names what was found before.
    """

    places: int
    is_nested: bool
    is_fancy: bool


@dataclass(slots=True)
class _Group:
    places: int = 0
    last: int = 0
    """Places of the part that a repetition would repeat."""
    is_counted: bool = False
    last_is_counted: bool = False


@lru_cache(maxsize=4_096)
def pattern_size(pattern: str) -> PatternSize:
    """The size of a regular expression; of what is none, anything."""
    groups = [_Group()]
    nested = False
    for token in _TOKEN.finditer(pattern):
        text, group = token[0], groups[-1]
        if text == ")" and len(groups) > 1:
            closed = groups.pop()
            group = groups[-1]
            group.last, group.last_is_counted = closed.places, closed.is_counted
            group.places += closed.places
            group.is_counted |= closed.is_counted
        elif text.startswith("(") and not text.endswith(")"):
            groups.append(_Group())
        elif token["comma"] is not None and (token["least"] or token["most"]):
            most = int((token["most"] or token["least"])[:_DIGITS_MAX])
            nested |= group.last_is_counted and most > 1
            group.places += group.last * (max(most, 1) - 1)
            group.last *= max(most, 1)
            group.last_is_counted |= most > 1
            group.is_counted |= most > 1
        elif text in "*+?":
            nested |= group.last_is_counted and text != "?"
        elif text not in "|^$":
            group.last, group.last_is_counted = _places_of(text), False
            group.places += group.last
    return PatternSize(1 + sum(group.places for group in groups), nested, _FANCY.search(pattern) is not None)


def _places_of(token: str) -> int:
    classes = token.count("\\p") + token.count("\\P")
    return CLASS_PLACES * classes or 1
