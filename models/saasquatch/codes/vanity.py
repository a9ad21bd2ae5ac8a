"""Vanity links in one spelling: two links that lead to the same place are one link (RFC 3986, section 6.2)."""

import re
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
_ESCAPE = re.compile("%([0-9A-Fa-f]{2})")
_KEPT = "%/:@!$&'()*+,;=~"
"""What stands as it is in paths, beside letters, digits, dash, dot and underscore."""
_UNRESERVED = re.compile("[A-Za-z0-9._~-]")


def normal(link: str) -> str:
    """The link with scheme and host in lower case, without a port that goes without saying, with a path, without steps
    up or in place in it, and with escapes where they are needed only.

    Raises ValueError for what is no address, and for one with a user, a query or a fragment: the tracked form of a link
    is the link, a question mark and a code, and a browser sends no fragment.
    """
    parts = urlsplit(link)
    scheme, host, port = parts.scheme.lower(), (parts.hostname or "").lower(), parts.port
    netloc = host if port in (None, _DEFAULT_PORTS.get(scheme)) else f"{host}:{port}"
    if "@" in parts.netloc or "?" in link or "#" in link:
        raise ValueError(f"{link} has a user, a query or a fragment")
    path = _escapes(parts.path) or "/"
    if "/." in path:
        path = urlsplit(urljoin("http://host/", path)).path
    return urlunsplit((scheme, netloc, path, "", ""))


def _escapes(text: str) -> str:
    """The text with the escapes that it needs, in capitals."""

    def one(found: re.Match[str]) -> str:
        character = chr(int(found[1], 16))
        return character if _UNRESERVED.fullmatch(character) else found[0].upper()

    return _ESCAPE.sub(one, quote(text, safe=_KEPT))
