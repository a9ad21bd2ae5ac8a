"""`make clients`: clients of all four APIs as outsiders generate them, their types checked strictly, and a story played
with each.

Everything is made in var/clients. Without Node.js the TypeScript clients are left out, and standard error says so.
"""

import shutil
import sys
import time

from tests.clients import python_clients, typescript_clients
from tests.clients.running import APIS, MADE, ClientFault
from tests.support.live import troth


def main() -> int:
    kinds = [python_clients]
    if shutil.which("npm") and shutil.which("node"):
        kinds.append(typescript_clients)
    else:
        print("NO TYPESCRIPT CLIENTS: Node.js and npm are not installed, only Python's are tested.", file=sys.stderr)
    MADE.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    try:
        for kind in kinds:
            kind.make()
        for kind in kinds:  # each with a server of its own, so that no story meets what another has written
            with troth("mock") as url:
                for api in APIS:
                    kind.play(api, url)
    except ClientFault as fault:
        print(fault, file=sys.stderr)
        return 1
    print(f"{len(kinds) * len(APIS)} generated clients work, in {time.monotonic() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
