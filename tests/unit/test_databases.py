"""The databases of the tests themselves."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPT = """
from tests.support.databases import postgres_wheel

lock = postgres_wheel().PostgresServer._lock
assert lock.acquire(blocking=False)
lock.release()
print(lock.path.decode())
"""


def test_a_lock_file_of_another_user_does_not_keep_postgres_from_starting(tmp_path: Path) -> None:
    # What nobody can open as a file, not even root, stands where the wheel locks a file unless it is configured
    # otherwise.
    (tmp_path / ".lockfile").mkdir()
    environment = {name: value for name, value in os.environ.items() if name != "XDG_RUNTIME_DIR"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SCRIPT],
        cwd=ROOT,
        env={**environment, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()).parent.parent == tmp_path / f"troth-test-runtime-{os.getuid()}"
