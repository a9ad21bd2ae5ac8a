"""`troth spec`, `routes` and `stubs`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from troth.cli.common import ApiName, AsJson, fail, print_rows


def spec(api: ApiName, form: Annotated[str, typer.Option("--format", help="json or yaml.")] = "json") -> None:
    """Print an API's bundled contract. Example: troth spec saasquatch --format yaml"""
    from troth.apis import api_named
    from troth.spec import store
    from troth.spec.errors import ContractError

    try:
        document, _ = api_named(api).load()
    except (ContractError, ValueError) as error:
        fail(str(error))
    if form == "json":
        sys.stdout.buffer.write(store.dump(document))
    elif form == "yaml":
        import yaml

        # Bytes, as JSON above: no sign is lost on a terminal or in a pipe of another encoding.
        sys.stdout.buffer.write(
            yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120, encoding="utf-8")
        )
    else:
        fail(f"--format is json or yaml, not {form}")


def routes(as_json: AsJson = False) -> None:
    """List every operation: method, path, operationId, handler. Example: troth routes --json"""
    from troth.administration import routes as all_routes

    print_rows(all_routes(), as_json)


def stubs(check: Annotated[bool, typer.Option(help="Only say what is missing.")] = False) -> None:
    """Write a handler and a test skeleton for each operation that has none. Example: troth stubs --check"""
    from troth.contracts.stubs import write_stubs
    from troth.spec.errors import ContractError

    try:
        written = write_stubs(check=check)
    except ContractError as error:
        fail(str(error))
    for line in written:
        print(line)
    if not written:
        print("every operation has a handler")
