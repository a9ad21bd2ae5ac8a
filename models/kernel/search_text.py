"""The fields of a row in one text, which a search for a part of any of them looks through."""

_BETWEEN = "\n"


def search_text(*fields: str | None) -> str:
    """The fields that there are, each in a line of its own."""
    return _BETWEEN.join(one_line(field) for field in fields if field)


def one_line(text: str) -> str:
    """A field or a search term with spaces in place of line breaks, so that no term matches across two fields."""
    return text.replace(_BETWEEN, " ")
