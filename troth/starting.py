"""Why a server does not start."""


class CannotStart(Exception):
    """The server cannot start like this. The message is one line for the operator, and says what to change."""

    status = 1
    """What the command ends with."""


class WrongSetting(CannotStart):
    """A setting is not one that the server can have."""

    status = 2
