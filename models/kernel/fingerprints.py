"""What makes two requests the same, for calls that are done once however often they come."""

import hashlib

from models.kernel.json_text import dump_bytes


def fingerprint(value: object) -> str:
    """SHA-256 of a JSON value in hexadecimal; the order of an object's members does not count."""
    return hashlib.sha256(dump_bytes(value, sort_keys=True)).hexdigest()
