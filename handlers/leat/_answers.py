"""The envelope of every answer but the token's: `data`, and `meta`, which is empty."""

from handlers.http import Answer, ok


def answer(data: object) -> Answer:
    """`{"data": ..., "meta": []}`."""
    return ok({"data": data, "meta": []})
