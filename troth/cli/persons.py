"""`troth person`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from troth.cli.common import Alias, Database, fail, opened

app = typer.Typer(no_args_is_help=True, help="Export or erase everything that is held on one person (GDPR).")

Api = Annotated[str, typer.Option("--api", help="The API's name, e.g. saasquatch.")]
Id = Annotated[
    str,
    typer.Argument(
        metavar="ID",
        help="Id of the person: a user of SaaSquatch, an advocate, the uuid of a contact of Leat, the loyaltyMemberId of a member "
        "or the name of a user of Loyalty Core.",
    ),
]
Account = Annotated[
    str | None,
    typer.Option(
        "--account", help="SaaSquatch: the user's account; the one with the same id by default.", show_default=False
    ),
]


@app.command("export")
def person_export(
    person_id: Id,
    api: Api,
    alias: Alias,
    file: Annotated[Path, typer.Option("-o", "--output", help="The file to write; there must be no such file.")],
    account: Account = None,
    db: Database = None,
) -> None:
    """Write everything that is held on a person as lines of JSON: their rows, and all that mention them, sent webhooks
    among them.

    Example: troth person export --api saasquatch --tenant acme ana@example.org -o ana.jsonl
    """
    from troth.persons import export_person

    with opened(db) as runtime:
        try:
            count = export_person(runtime, api, alias, person_id, account, file)
        except OSError as error:
            fail(f"{file} cannot be written: {error.strerror}")
    print(f"{file}: {count} rows", file=sys.stderr)


@app.command("erase")
def person_erase(
    person_id: Id,
    api: Api,
    alias: Alias,
    account: Account = None,
    yes: Annotated[bool, typer.Option("--yes", help="Erase the person: nothing brings them back.")] = False,
    db: Database = None,
) -> None:
    """Remove what is personal, and put a pseudonym in the place of the person's ids; points, referrals and rewards stay
    as they are.

    Rules, expressions and texts that the tenant has set up are not changed: those that name the person are printed, one
    a line; change them yourself.

    Example: troth person erase --api saasquatch --tenant acme ana@example.org --yes
    """
    from troth.persons import erase_person

    if not yes:
        fail(f"this would erase {person_id} of {api} {alias} for good; say --yes")
    with opened(db) as runtime:
        done = erase_person(runtime, api, alias, person_id, account)
    print(f"{done.changed} rows changed; the person is {done.pseudonym} now", file=sys.stderr)
    if done.named_in:
        count = len(done.named_in)
        print(
            f"{alias} still names the person in what it has set up ({count}: table, key, column); change them:",
            file=sys.stderr,
        )
        print(*done.named_in, sep="\n")
