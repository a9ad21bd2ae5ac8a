"""`make bundle`: bundle, validate and lint every contract;
`--check` only says whether the committed files are current.
"""

import sys
import warnings

import orjson

from models.kernel.pointers import pointer_of
from troth.apis import api_names
from troth.contracts.bundle import Bundle, bundle
from troth.contracts.lint import lint
from troth.contracts.requests import separate_requests
from troth.paths import ROOT
from troth.spec import store
from troth.spec.errors import ContractError


def validate(made: Bundle) -> list[ContractError]:
    """Errors of OpenAPI itself, then our own."""
    from openapi_spec_validator import OpenAPIV30SpecValidator

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        errors = [
            made.error(pointer_of(error.absolute_path), error.message)
            for error in OpenAPIV30SpecValidator(made.document).iter_errors()
        ]
    return errors or lint(made)


def undeclared() -> list[ContractError]:
    """An error for each contract whose API nobody declares."""
    return [
        ContractError(file, "", "belongs to no API that troth/apis/__init__.py lists")
        for file in sorted(store.SOURCES.glob("*/openapi.yaml"))
        if file.parent.name not in api_names()
    ]


def main(arguments: list[str]) -> int:
    if not store.has_sources():
        print(f"{store.SOURCES} has no contracts to bundle: this is done in a checkout", file=sys.stderr)
        return 1
    check = "--check" in arguments
    hashes: dict[str, str] = {}
    stale: list[str] = []
    errors = undeclared()
    for api in api_names():
        try:
            made = bundle(store.SOURCES / api)
            separate_requests(made)
            errors += validate(made)
        except ContractError as error:
            errors.append(error)
            continue
        data = store.dump(made.document)
        hashes[api] = store.digest(data)
        file = store.BUNDLED / f"{api}.json"
        if not file.is_file() or file.read_bytes() != data:
            stale.append(str(file.relative_to(ROOT)))
            if not check:
                store.BUNDLED.mkdir(exist_ok=True)
                file.write_bytes(data)
    for found in errors:
        print(found, file=sys.stderr)
    if errors:
        print(f"{len(errors)} errors in the contracts", file=sys.stderr)
        return 1
    current = {store.HASHES, *(store.BUNDLED / f"{api}.json" for api in hashes)}
    for file in sorted(set(store.BUNDLED.glob("*.json")) - current):
        stale.append(str(file.relative_to(ROOT)))
        if not check:
            file.unlink()
    recorded = orjson.dumps(hashes, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    if not store.HASHES.is_file() or store.HASHES.read_bytes() != recorded:
        stale.append(str(store.HASHES.relative_to(ROOT)))
        if not check:
            store.HASHES.write_bytes(recorded)
    if check and stale:
        print(f"not current, run `make bundle`: {', '.join(stale)}", file=sys.stderr)
        return 1
    print(
        f"contracts: {', '.join(sorted(hashes))} ({'current' if check or not stale else 'written: ' + ', '.join(stale)})"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
