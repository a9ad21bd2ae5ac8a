"""The operations of a document."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

METHODS = ("get", "put", "post", "delete", "patch")


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(path, method, operation) of a document, in its order."""
    for path, item in document.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def base_path(document: dict[str, Any]) -> str:
    """The path that all addresses of a document begin with, without a slash at its end: that of its first server."""
    url: str = document["servers"][0]["url"]
    return urlsplit(url).path.rstrip("/")
