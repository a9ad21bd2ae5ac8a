"""What a server has loaded when its first request comes."""

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import sys
from troth.app import build
from troth.database.migrate import upgrade
from troth.settings import Settings

url = sys.argv[1]
upgrade(url)
server = build(Settings(database_url=url, secret_key="x" * 32), create_tables=False, docs=False)
from models.loyalty_core.ledger.ports import wallet_owners
from models.uow import UnitOfWork

try:
    wallet_owners(None, [])
except AssertionError as error:
    sys.exit(str(error))
except AttributeError:
    print("connected")  # to a function that wants a unit of work
server.close()
"""


def test_a_served_database_finds_the_rooms_of_loyalty_core_connected(tmp_path: Path) -> None:
    # In a process of its own: other tests import everything, as a mock does, which makes all tables.
    url = f"sqlite:///{tmp_path}/troth.db"
    done = subprocess.run([sys.executable, "-c", SCRIPT, url], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "connected\n"), done.stderr
