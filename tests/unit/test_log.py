"""What a log line holds."""

import json
import subprocess
import sys
from textwrap import dedent


def test_the_first_line_of_a_log_is_json_without_local_variables() -> None:
    # From Python 3.13 on a traceback quotes the source of `-c`: the text of the variable must not stand there.
    script = dedent("""
        import sys
        from troth.log import configure, logger
        configure()
        assert "structlog" not in sys.modules

        def fail(secret):
            raise ValueError("no")

        try:
            fail("hus" + "h")
        except ValueError as error:
            logger.error("job failed", exc_info=error)
    """)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    line = json.loads(done.stderr)
    assert (line["event"], line["level"], "ValueError: no" in line["exception"]) == ("job failed", "error", True)
    assert (done.stdout, "hush" in done.stderr) == ("", False)


def test_what_the_domain_logs_is_a_line_of_json_too() -> None:
    script = dedent("""
        import logging
        from troth.log import configure
        configure()
        logging.getLogger("models.some_api.rules").warning("rule matches nobody", extra={"members": {"rule": "audience 3"}})
        logging.getLogger("models.some_api.rules").debug("not at this level")
    """)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    line = json.loads(done.stderr)
    assert (line["event"], line["level"], line["rule"]) == ("rule matches nobody", "warning", "audience 3")
