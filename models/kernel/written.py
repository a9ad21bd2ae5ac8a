"""The last check before a debit is answered: what was written is what was asked for."""


class WrittenDiffers(RuntimeError):
    """A unit has written another amount than was asked for. It must not be committed: the caller would be told a wrong one.

    Not a Problem, so that nothing that handles refusals (batches, events under evaluation) goes on after it; the edge
    answers 500 and rolls back.
    """


def check_written(what: str, asked: int, written: int) -> None:
    """Raises WrittenDiffers unless the amount that was written is the one that was asked for."""
    if asked != written:
        raise WrittenDiffers(f"{what}: {asked} asked for, {written} written")
