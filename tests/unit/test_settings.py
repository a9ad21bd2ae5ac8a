"""Settings that cannot be: each is one line that names the variable, what was given and what is expected; the command
ends with 2.
"""

import pytest

from troth.cli.common import settings_of
from troth.setting_faults import SECRETS, unknown
from troth.settings import Settings

BOOLEANS = ["", "maybe", "2", "on off"]
WHOLE = ["", "many", "1.5", "1e3", "-1", "9" * 30, "0x10"]
NUMBERS = ["", "soon", "nan", "inf", "-0.1", "1e9"]
ADDRESSES = ["localhost", "10.0.0.0/33", "10.0.0.1:80", "http://10.0.0.1", "10.0.0.1 10.0.0.2", "256.0.0.1"]

MALFORMED: dict[str, list[str]] = {
    "mock": BOOLEANS,
    "database_url": [
        "",
        "troth.db",
        "mysql://u:hidden@h/d",
        "postgresql://u:hidden@h:port/d",
        "postgresql://u:hidden@a:1,b:port/d",
        "redis://h",
    ],
    "workers": [*WHOLE, "0", "257"],
    "dispatch": BOOLEANS,
    "migrate": BOOLEANS,
    "secret_key": ["hidden", "fifteen bytes.."],
    "secret_key_fallback": ["hidden", "fifteen bytes.."],
    "files_url": ["bucket", "https://bucket/prefix", "s3://", "s3://key:hidden@bucket", "s3://bucket?acl=public"],
    "otel_endpoint": ["collector:4318", "grpc://collector:4317", "http://"],
    "host": ["", "127.0.0.1:80", "http://127.0.0.1", "a b", "-a", "a..b", "[::1]"],
    "port": [*WHOLE, "65536"],
    "public_url": [
        *("foo", "example.org", "//example.org", "ftp://example.org", "https://", "https://a:port", "https://a b"),
        *("https://u:hidden@a", "https://a?x=1", "https://a#x", "https://a/ b", "https://[::1", "https://a..b"),
    ],
    "require_https": BOOLEANS,
    "trusted_proxies": ADDRESSES,
    "host_aliases": [
        *(
            "a",
            "a=",
            "=leat",
            "a=leat,a=saasquatch",
            "A=leat, a=leat",
            "a:80=leat",
            "http://a=leat",
            "a=leat=b",
            "a=le at",
        )
    ],
    "control_hosts": ["http://a:1", "a:1", "a/b", "*", "a b", "-a", "a,,http://b"],
    "metrics_from": ADDRESSES,
    "metrics_port": [*WHOLE, "65536"],
    "valkey_url": ["localhost:6379", "http://h", "redis://h:hidden", "redis://h/zero?db=hidden"],
    "failed_credentials_per_minute": [*WHOLE, "1000001"],
    "webhook_clock": ["", "utc", "WALL"],
    "files_dir": ["", " "],
    "access_log": BOOLEANS,
    "pool_size": [*WHOLE, "0", "201"],
    "database_statement_timeout_s": NUMBERS,
    "database_lock_timeout_s": NUMBERS,
    "database_idle_timeout_s": NUMBERS,
    "database_connect_timeout_s": [*WHOLE, "0", "601"],
    "database_pool_timeout_s": [*NUMBERS, "0"],
    "queue_ms": [*WHOLE, "60001"],
    "expression_steps": [*WHOLE, "99"],
    "member_steps": [*WHOLE, "99"],
    "request_steps": [*WHOLE, "99"],
    "request_effects": [*WHOLE, "0"],
    "request_events": WHOLE,
    "journal_mb": WHOLE,
    "events_kept": [*WHOLE, "99"],
    "sandboxes_mb": WHOLE,
    "seed": ["", "many", "1.5", "1e3"],
    "fixed_clock": BOOLEANS,
    "allow_private_targets": BOOLEANS,
}
"""For each setting, values that it cannot have."""


def test_every_setting_has_values_that_it_cannot_have() -> None:
    assert set(MALFORMED) == set(Settings.model_fields)
    assert all(MALFORMED.values())


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in MALFORMED.items() for value in values])
def test_a_malformed_setting_is_one_line_with_variable_value_and_rule(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    variable = f"TROTH_{name.upper()}"
    monkeypatch.setenv(variable, value)
    with pytest.raises(SystemExit) as ended:
        settings_of()
    printed = capsys.readouterr()
    assert (ended.value.code, printed.out, printed.err.count("\n")) == (2, "", 1), printed.err
    assert printed.err.startswith(f"troth: {variable}: must "), printed.err
    assert "hidden" not in printed.err
    if name not in SECRETS and "@" not in value:
        assert printed.err.endswith(f', not "{value}"\n'), printed.err


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("public_url", ""),
        ("public_url", "https://loyalty.example.org:8443/base/"),
        ("public_url", "http://[::1]:8080"),
        ("public_url", "http://troth_1:8080"),
        ("host", "::1"),
        ("host", "fe80::1%eth0"),
        ("host", "LOCALHOST"),
        ("control_hosts", "mock.test, Mock_2"),
        ("control_hosts", ""),
        ("host_aliases", "a.example.org=loyalty-core,b=leat,"),
        ("metrics_from", "*"),
        ("metrics_from", ""),
        ("trusted_proxies", "10.0.0.1, 10.0.0.0/8, ::1"),
        ("valkey_url", "redis://:secret@localhost:6379/1"),
        ("valkey_url", "unix:///run/valkey.sock"),
        ("database_url", "postgres://u:p@h/d"),
        ("database_url", "postgresql://u:p@a:5432,b:5433/d?target_session_attrs=read-write"),
        ("seed", "-5"),
    ],
)
def test_a_setting_that_can_be_is_taken(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"TROTH_{name.upper()}", value)
    assert settings_of() is not None


def test_several_malformed_settings_are_reported_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TROTH_PORT", "x")
    monkeypatch.setenv("TROTH_QUEUE_MS", "y")
    with pytest.raises(SystemExit):
        settings_of()
    printed = capsys.readouterr().err
    assert "TROTH_PORT: must" in printed
    assert "; TROTH_QUEUE_MS: must" in printed


def test_variables_that_are_no_settings_are_warned_of_with_the_nearest(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TROTH_QUEU_MS", "5")
    monkeypatch.setenv("TROTH_URL", "http://localhost")
    assert settings_of() is not None
    assert capsys.readouterr().err == "troth: TROTH_QUEU_MS is not a setting, and does nothing; TROTH_QUEUE_MS is one\n"


def test_a_variable_that_is_near_to_none_has_no_hint() -> None:
    names = ["TROTH_XYZ", "troth_port", "TROTH_TEST_ANYTHING", "TROTH_SUPERVISOR_FD", "PATH"]
    assert list(unknown(names)) == ["TROTH_XYZ is not a setting, and does nothing"]
