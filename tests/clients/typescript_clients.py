"""TypeScript clients: the types by openapi-typescript, the calls by openapi-fetch."""

import shutil

from tests.clients.running import APIS, HERE, MADE, contract, run

STORIES = HERE / "typescript"
FOLDER = MADE / "typescript"
BIN = FOLDER / "node_modules" / ".bin"


def make() -> None:
    """Generate all clients, check their types and those of the stories, and compile the stories. Raises ClientFault."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for made in ("generated", "made"):
        shutil.rmtree(FOLDER / made, ignore_errors=True)
    for old in FOLDER.glob("*.ts"):
        old.unlink()
    for file in STORIES.iterdir():
        shutil.copy(file, FOLDER)
    run("TypeScript's packages installed", ["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=FOLDER)
    for api in APIS:
        made = [BIN / "openapi-typescript", contract(api), "--output", FOLDER / "generated" / f"{api}.ts"]
        # A member of a request that has a default may be left out.
        run(f"TypeScript client of {api} generated", [*made, "--default-non-nullable", "false"], cwd=FOLDER)
    run("TypeScript clients and stories type-checked", [BIN / "tsc"], cwd=FOLDER)


def play(api: str, url: str) -> None:
    """Play an API's story against a mock. Raises ClientFault."""
    run(f"TypeScript story of {api}", ["node", FOLDER / "made" / f"{api}.js", url])
