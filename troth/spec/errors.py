"""What is wrong with a contract, and where."""


class ContractError(Exception):
    """A contract cannot be used. Always names the file and the JSON pointer (RFC 6901) of the place."""

    def __init__(self, file: object, pointer: str, message: str) -> None:
        self.file = str(file)
        self.pointer = pointer or "/"
        self.reason = message
        super().__init__(f"{self.file}#{self.pointer}: {message}")
