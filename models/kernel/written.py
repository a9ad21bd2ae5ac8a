"""The last check before a debit is answered: the amount written equals the amount requested."""


class WrittenDiffers(RuntimeError):
    """A unit of work has written another amount than requested.

    It must not be committed: the answer would state a wrong amount.

    Not a Problem, since code that handles refusals (batches, events under evaluation) would continue after one. The
    request is rolled back and answered 500.
    """


def check_written(what: str, requested: int, written: int) -> None:
    """Raises WrittenDiffers when the amount `written` differs from the amount `requested`; `what` names the debit in
    the message.
    """
    if requested != written:
        raise WrittenDiffers(f"{what}: {requested} asked for, {written} written")
