"""Settings, from the environment (`TROTH_...`) or from the command line, checked at start."""

import re
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from models.kernel.budgets import Limits
from troth.database.timeouts import DEFAULT, DatabaseTimeouts
from troth.database.urls import with_hosts_in_query
from troth.object_store import read_url
from troth.proxies import Proxies

MOCK_SECRET_KEY = "troth mock mode: not a secret"  # noqa: S105  seals only data that mock mode publishes anyway

DEFAULTS = Limits()
SECRET_KEY_BYTES_MIN = 16
FAILED_CREDENTIALS_PER_MINUTE = 600
"""In production: ten a second are no person's mistake, also not of the many behind one address whose sessions have
ended.
"""
OLD_POSTGRES, POSTGRES = "postgres://", "postgresql://"
_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")
"""A name of a host, in lower case."""


def _is_address(host: str) -> bool:
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _is_base(url: str) -> bool:
    """Whether addresses can begin with a URL: http or https, a host, and nothing behind the path."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and bool(_is_address(host) or _HOST.fullmatch(host))
        and not (parts.query or parts.fragment or "@" in parts.netloc or any(one.isspace() for one in url))
    )


class Settings(BaseSettings):
    """How one server runs. Each setting is the environment variable `TROTH_` and its name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix="TROTH_",
        extra="ignore",
        frozen=True,
        allow_inf_nan=False,
        hide_input_in_errors=True,
        use_attribute_docstrings=True,
    )

    mock: bool = False
    """Mock mode: seeded, deterministic, with the control plane, and answers that break the contract are a 500."""
    database_url: str = "sqlite:///troth.db"
    """`sqlite://` (memory), `sqlite:///FILE` or `postgresql://...`, with a standby `postgresql://a:5432,b:5432/...`."""
    workers: int = Field(default=1, ge=1, le=256)
    """Server processes that share the port, each with its own interpreter; for a file or PostgreSQL."""
    dispatch: bool = True
    """Run background jobs and send webhooks in the server itself; without it `troth worker` does that beside it."""
    migrate: bool = False
    """Bring an older schema to the newest at the start, one server at a time; without it such a database is refused."""
    secret_key: str = Field(default="", repr=False)
    """Seals secrets that must be recovered: 16 bytes or more. Production refuses to start without it."""
    secret_key_fallback: str = Field(default="", repr=False)
    """While `TROTH_SECRET_KEY` is being changed: the other of the two keys, whose sealed secrets can be read too."""
    host: str = "127.0.0.1"
    """The address to listen on; 127.0.0.1 is ::1 as well."""
    port: int = Field(default=8080, ge=0, le=65535)
    """The port to listen on; 0 picks a free one."""
    public_url: str = ""
    """What addresses inside answers start with; the listening address when empty."""
    require_https: bool | None = None
    """Refuse plain HTTP; on in production unless set, off in mock mode."""
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = ()
    """Addresses whose X-Forwarded-Proto and X-Forwarded-For are believed; `*` for all."""
    host_aliases: Annotated[tuple[tuple[str, str], ...], NoDecode] = ()
    """Further hosts that stand for an API's prefix, as `<host>=<api>,...`: for clients whose host cannot be changed."""
    control_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    """Names that the mock's control plane answers to beside `localhost`, `*.localhost` and addresses."""
    metrics_from: Annotated[tuple[str, ...], NoDecode] = ("127.0.0.1", "::1")
    """Addresses and networks of clients that may read `/metrics`; `*` for all, empty for none. Others get a 404."""
    metrics_port: int = Field(default=0, ge=0, le=65535)
    """`troth worker`: the port of `/metrics` on 127.0.0.1; 0 for none."""
    valkey_url: str = Field(default="", repr=False)
    """Valkey or Redis (`redis://`, `rediss://`, `unix://`) in which all processes count rate limits together; each in
    its memory when empty.
    """
    otel_endpoint: str = ""
    """`troth serve` and `troth worker`: a collector that gets traces by OTLP over HTTP, e.g. `http://localhost:4318`
    (`troth[otel]`); OpenTelemetry's own `OTEL_...` variables count, too.
    """
    failed_credentials_per_minute: int | None = Field(default=None, ge=0, le=1_000_000)
    """Failed credentials that one address (IPv6: one /64 network) may show in a minute before they are answered 429;
    600 in production, none are counted in mock mode, unless set; 0 for no limit.
    """
    webhook_clock: Literal["auto", "wall", "sandbox"] = "auto"
    """Whose time signatures of webhooks carry: `auto` is the sandbox's for the built-in inbox, and wall time for all
    others.
    """
    files_dir: Path | None = None
    """Where exports are kept; `var/files` in production, a folder of its own in mock mode."""
    files_url: str = ""
    """Keep exports in an object store instead: `s3://BUCKET[/PREFIX][?endpoint=URL][&region=NAME]`, with AWS's
    variables for credentials (`troth[s3]`).
    """
    access_log: bool = True
    """One JSON line for each request."""
    pool_size: int = Field(default=8, ge=1, le=200)
    """Threads, and connections to PostgreSQL."""
    database_statement_timeout_s: float = Field(default=DEFAULT.statement_s, ge=0, le=3_600)
    """PostgreSQL: how long one statement of a request may take; 0 for no limit. The request is then answered 503."""
    database_lock_timeout_s: float = Field(default=DEFAULT.lock_s, ge=0, le=3_600)
    """PostgreSQL: how long a statement waits for a lock; 0 for no limit. The request is then answered 503."""
    database_idle_timeout_s: float = Field(default=DEFAULT.idle_s, ge=0, le=3_600)
    """PostgreSQL: how long an open transaction may be idle before the server ends its connection; 0 for no limit."""
    database_connect_timeout_s: int = Field(default=DEFAULT.connect_s, ge=1, le=600)
    """PostgreSQL: how long opening a connection may take."""
    database_pool_timeout_s: float = Field(default=DEFAULT.pool_s, gt=0, le=600)
    """PostgreSQL: how long a request waits for a connection of the pool before it is answered 503."""
    queue_ms: int = Field(default=250, ge=0, le=60_000)
    """How long a request may have to wait for its turn; one that would have to wait longer is answered 503 at once."""
    expression_steps: int = Field(default=DEFAULTS.expression_steps, ge=100, le=10_000_000)
    """Steps that one evaluation of an expression may take (docs/expressions.md)."""
    member_steps: int = Field(default=DEFAULTS.member_steps, ge=100, le=10_000_000)
    """Steps that the rule of an audience may take for one member."""
    request_steps: int = Field(default=DEFAULTS.steps, ge=100, le=1_000_000_000)
    """Steps of evaluation that one request may cause, in the jobs that follow from it too."""
    request_effects: int = Field(default=DEFAULTS.effects, ge=1, le=1_000_000)
    """Effects of campaigns, missions and referral programs that one request may cause."""
    request_events: int = Field(default=DEFAULTS.events, ge=0, le=1_000_000)
    """Events to evaluate that may come of one event."""
    journal_mb: int = Field(default=32, ge=0, le=65_536)
    """Mock mode: memory that the journal of each sandbox may take, in MB; 0 for no journal."""
    events_kept: int = Field(default=5_000, ge=100, le=10_000_000)
    """Mock mode: events of each tenant that are kept with their deliveries once they have been delivered or given up;
    older ones are forgotten, and all after 30 days.
    """
    sandboxes_mb: int = Field(default=2_048, ge=0, le=1_048_576)
    """Mock mode: memory that the databases of the sandboxes beside the main one may take together, in MB."""
    seed: int = 1
    """Mock mode: the same seed gives the same data."""
    fixed_clock: bool = False
    """Mock mode: the clock stands still until it is moved."""
    allow_private_targets: bool | None = None
    """Let webhooks go to private and loopback addresses; on in mock mode, off in production."""

    @field_validator("secret_key", "secret_key_fallback")
    @classmethod
    def _long_enough(cls, key: str) -> str:
        """Raises ValueError for a key that could be guessed."""
        if key and len(key.encode()) < SECRET_KEY_BYTES_MIN:
            raise ValueError(f"must have {SECRET_KEY_BYTES_MIN} bytes or more; make one with `openssl rand -hex 32`")
        return key

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        """The URL as SQLAlchemy reads it: `postgres://`, which many hosts hand out, as `postgresql://`, and several
        hosts in its query.

        Raises ValueError for another database.
        """
        if url.startswith(OLD_POSTGRES):
            url = POSTGRES + url.removeprefix(OLD_POSTGRES)
        try:
            url = with_hosts_in_query(url)
            backend = make_url(url).get_backend_name()
        except (ArgumentError, ValueError) as error:  # a port that is no number is a ValueError
            raise ValueError("must be a database URL: sqlite:///FILE or postgresql://USER@HOST:PORT/NAME") from error
        if backend not in ("sqlite", "postgresql"):
            raise ValueError(f"must be a URL of sqlite or postgresql, not of {backend[:40]}")
        return url

    @field_validator("otel_endpoint")
    @classmethod
    def _known_collector(cls, url: str) -> str:
        """Raises ValueError for a URL that is none of HTTP."""
        parts = urlsplit(url)
        if url and (parts.scheme not in ("http", "https") or not parts.netloc):
            raise ValueError("must be http://HOST:PORT or https://HOST[:PORT]")
        return url

    @field_validator("files_url")
    @classmethod
    def _known_object_store(cls, url: str) -> str:
        """Raises ValueError for a URL that is none of an object store."""
        if url:
            read_url(url)
        return url

    @field_validator("valkey_url")
    @classmethod
    def _known_store(cls, url: str) -> str:
        """Raises ValueError for a URL of something else."""
        if url:
            from redis.connection import parse_url

            try:
                parse_url(url)  # type: ignore[no-untyped-call]  # the library's
            except ValueError as error:
                raise ValueError("must be redis://HOST:PORT/NUMBER, rediss://... or unix://PATH") from error
        return url

    @field_validator("host")
    @classmethod
    def _address(cls, host: str) -> str:
        """Raises ValueError for what is neither an address nor a name."""
        if not (_is_address(host) or _HOST.fullmatch(host.lower())):
            raise ValueError("must be an IP address or the name of a host, without a port")
        return host

    @field_validator("public_url")
    @classmethod
    def _absolute(cls, url: str) -> str:
        """Raises ValueError for what cannot begin the addresses inside answers."""
        if url and not _is_base(url):
            raise ValueError("must be a URL such as https://loyalty.example.org, without user, query and fragment")
        return url

    @field_validator("files_dir", mode="before")
    @classmethod
    def _named_folder(cls, value: object) -> object:
        """Raises ValueError for a folder without a name, which would be the one that the server was started in."""
        if isinstance(value, str) and not value.strip():
            raise ValueError("must be the path of a folder")
        return value

    @field_validator("host_aliases", mode="before")
    @classmethod
    def _pairs(cls, value: object) -> object:
        """`app.example.org=saasquatch, api.example.org=leat` as pairs. Raises ValueError."""
        if not isinstance(value, str):
            return value
        pairs = [part.partition("=") for part in value.split(",") if part.strip()]
        made = tuple((host.strip().lower(), api.strip().replace("-", "_")) for host, _, api in pairs)
        for host, api in made:
            if _HOST.fullmatch(host) is None or not api.isidentifier():
                raise ValueError("must be <host>=<api>, several with commas between, e.g. app.example.org=saasquatch")
        named = [host for host, _ in made]
        if len(set(named)) < len(named):
            raise ValueError("must name each host once")
        return made

    @field_validator("trusted_proxies", "control_hosts", "metrics_from", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """`10.0.0.1, 10.0.0.2` as two addresses."""
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("control_hosts")
    @classmethod
    def _names(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        """Raises ValueError for what is no name: requests are compared by name, without scheme and port."""
        if not all(_HOST.fullmatch(host.lower()) for host in hosts):
            raise ValueError("must be names of hosts, without scheme and port, several with commas between")
        return hosts

    @field_validator("trusted_proxies", "metrics_from")
    @classmethod
    def _check(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        """Each is an address, a network or `*`. Raises ValueError."""
        try:
            Proxies(value)
        except ValueError as error:
            raise ValueError("must be IP addresses, networks such as 10.0.0.0/8 or *, with commas between") from error
        return value

    @property
    def base_url(self) -> str:
        """The public URL without a slash at its end."""
        if self.public_url:
            return self.public_url.rstrip("/")
        host = "localhost" if self.host in ("127.0.0.1", "0.0.0.0", "::1", "::") else self.host  # noqa: S104  compared only
        return f"http://{host}:{self.port}"

    @property
    def database_timeouts(self) -> DatabaseTimeouts:
        """The limits of the connections to PostgreSQL."""
        return DatabaseTimeouts(
            statement_s=self.database_statement_timeout_s,
            lock_s=self.database_lock_timeout_s,
            idle_s=self.database_idle_timeout_s,
            connect_s=self.database_connect_timeout_s,
            pool_s=self.database_pool_timeout_s,
        )

    @property
    def failed_credentials_limit(self) -> int | None:
        """How many of one address a minute may have, 0 for no limit; None where they are not noticed at all."""
        if self.failed_credentials_per_minute is None:
            return None if self.mock else FAILED_CREDENTIALS_PER_MINUTE
        return self.failed_credentials_per_minute

    @property
    def https_only(self) -> bool:
        """Whether plain HTTP is refused: by default in production, not in mock mode."""
        return not self.mock if self.require_https is None else self.require_https

    @property
    def limits(self) -> Limits:
        """How much work one request may cause."""
        return Limits(
            expression_steps=self.expression_steps,
            member_steps=self.member_steps,
            steps=self.request_steps,
            effects=self.request_effects,
            events=self.request_events,
        )

    @property
    def private_targets(self) -> bool:
        """Whether webhooks may go to private addresses: by default in mock mode only."""
        return self.mock if self.allow_private_targets is None else self.allow_private_targets

    @property
    def sealing_key(self) -> str:
        """The key of the vault. Raises ValueError in production when none is set."""
        if self.secret_key:
            return self.secret_key
        if self.mock:
            return MOCK_SECRET_KEY
        raise ValueError("TROTH_SECRET_KEY is not set: production seals secrets under it and cannot start without")
