"""Serve one of the compared servers on a port: `python -m benchmarks.serve NAME SIZE PORT CORE`."""

import os
import sys

import uvicorn

from benchmarks.servers import SERVERS, SIZES
from troth.listening import listen
from troth.serving import serve


def main() -> None:
    """Troth as `troth serve` serves it; the others with uvicorn as it comes, on the same loop and parser."""
    name, size, port, core = sys.argv[1:]
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {int(core)})
    app = SERVERS[name](SIZES[size])
    if name == "troth":
        serve(app, listen("127.0.0.1", int(port)), trusted_proxies=())
    else:
        uvicorn.run(app, host="127.0.0.1", port=int(port), loop="uvloop", http="httptools", access_log=False,
                    log_level="warning", workers=1)


if __name__ == "__main__":
    main()
