"""Whole numbers in texts of callers."""


def read_whole(text: str, high: int) -> int | None:
    """Parse a decimal number from 0 to `high`; None for any other text.

    Texts may be of any length: Python itself raises for more than 4,300 digits.
    """
    if not (text.isascii() and text.isdecimal()):
        return None
    digits = text.lstrip("0") or "0"
    if len(digits) > len(str(high)):
        return None
    number = int(digits)
    return number if number <= high else None
