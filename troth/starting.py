"""Why a server does not start."""


class CannotStart(Exception):
    """The server cannot start like this. The message is one line for whoever started it, and says what to change."""
