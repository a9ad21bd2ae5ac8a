"""Deferred modules: not loaded by an import, loaded whole by the first use."""

import subprocess
import sys

import pytest


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


@pytest.mark.parametrize(
    "use",
    [
        "import requests; requests.Session()",
        "import requests.adapters; requests.adapters.HTTPAdapter()",
        "from requests.exceptions import HTTPError",
        "from requests import get",
        "import httpx; httpx.AsyncClient",
        "from httpx import Client",
        "import httpx._main",
    ],
)
def test_a_deferred_module_is_what_it_would_have_been(use: str) -> None:
    assert (
        run(
            f"import troth.cli\nimport httpx, requests\nimport sys\nassert 'urllib3' not in sys.modules\n{use}\nprint('ok')"
        )
        == "ok"
    )


def test_a_server_is_built_without_them() -> None:
    assert (
        run(
            "import troth.cli, troth.app, troth.server.run, sys; print(sorted({'urllib3', 'httpx._client', 'httpx._main'} & set(sys.modules)))"
        )
        == "[]"
    )


def test_what_is_loaded_stays_and_what_is_missing_is_missing() -> None:
    assert (
        run(
            "import json, troth.deferred as d; d.defer('json', 'not_there'); json.dumps({}); import sys; print('not_there' in sys.modules)"
        )
        == "False"
    )
    with pytest.raises(subprocess.CalledProcessError):
        run("import troth.cli, httpx; httpx.no_such_member")


def test_whoever_imports_troth_has_the_modules_as_they_are() -> None:
    assert run("import troth, troth.app, sys; print(type(sys.modules['httpx']).__name__)") == "module"
    assert run("import troth.cli, sys; print(type(sys.modules['httpx']).__name__)") == "_Deferred"
