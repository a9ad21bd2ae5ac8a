"""How names of the contract become names of Python."""

import re

_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-rt-z]|[A-Z]s[a-z])")


def snake_case(name: str) -> str:
    """`getUserPII` is get_user_pii, `getShareURLs` get_share_urls, `X-Request-Id` x_request_id: acronyms stay whole."""
    return re.sub(r"[^a-z0-9]+", "_", _WORDS.sub("_", name).lower()).strip("_")


def module_of(tag: str) -> str:
    """The handler module of a tag: `Reward Balance` is reward_balance."""
    return snake_case(tag.replace(" ", "_"))
