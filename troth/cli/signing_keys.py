"""`troth signing-key`."""

from __future__ import annotations

from typing import Annotated

import typer

from troth.cli.common import AsJson, Database, opened, print_rows

app = typer.Typer(
    no_args_is_help=True,
    help="List, rotate and retire the keys that sign SaaSquatch's webhooks (/.well-known/jwks.json).",
)


@app.command("list")
def signing_key_list(db: Database = None, as_json: AsJson = False) -> None:
    """List the keys: one signs, others are still published, others retired. Example: troth signing-key list"""
    from troth.administration import signing_keys

    with opened(db) as runtime:
        shown = signing_keys(runtime)
    print_rows(shown, as_json)


@app.command("rotate")
def signing_key_rotate(db: Database = None, as_json: AsJson = False) -> None:
    """Make a new key, which signs from now on. The others stay published until they are retired.

    Example: troth signing-key rotate
    """
    from troth.administration import rotate_signing_key

    with opened(db) as runtime:
        shown = rotate_signing_key(runtime)
    print_rows(shown, as_json)


@app.command("retire")
def signing_key_retire(
    kid: Annotated[str, typer.Argument(help="Id of the key, as `signing-key list` shows it.")],
    db: Database = None,
    as_json: AsJson = False,
) -> None:
    """Publish a key no longer: what it signed verifies no more. The one that signs cannot be retired.

    Example: troth signing-key retire 5c1f7a52-6f0e-4b8e-9d43-2f6f0a7f4e11
    """
    from troth.administration import retire_signing_key

    with opened(db) as runtime:
        shown = retire_signing_key(runtime, kid)
    print_rows(shown, as_json)
