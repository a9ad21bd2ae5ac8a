"""The commands of docs/mock.md, run in their order against one mock."""

import re
import shutil
import subprocess
from pathlib import Path

import httpx2
import pytest

from tests.support.live import troth

PAGE = (Path(__file__).parents[2] / "docs" / "mock.md").read_text()


@pytest.mark.skipif(shutil.which("curl") is None, reason="the page's calls need curl, which this machine has not")
def test_the_commands_of_the_page_work_as_pasted() -> None:
    blocks = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    script = "set -e\n" + "\n".join(blocks).replace(
        "Prefer: code=429' $API/users", "Prefer: code=429' $API/users || true"
    )
    with troth("mock") as url:
        httpx2.get(f"{url}/saasquatch/api/v1/demo/users")  # the journal's first call
        script = script.replace("http://localhost:8080", url).replace("curl ", "curl -sS --fail-with-body ")
        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        assert '"statusCode":429' in done.stdout
        assert '"matched":3' in done.stdout
        assert httpx2.get(f"{url}/_troth/rules").json() == {"rules": []}
        assert [one["id"] for one in httpx2.get(f"{url}/_troth/sandboxes").json()["sandboxes"]] == ["main"]
