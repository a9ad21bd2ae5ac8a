"""Settings, from the environment (`TROTH_...`) or from the command line, checked at start."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

MOCK_SECRET_KEY = "troth mock mode: not a secret"  # noqa: S105  seals only data that mock mode publishes anyway


class Settings(BaseSettings):
    """How one server runs. Each setting is the environment variable `TROTH_` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="TROTH_", extra="ignore", frozen=True)

    mock: bool = False
    """Mock mode: seeded, deterministic, with the control plane, and answers that break the contract are a 500."""
    database_url: str = "sqlite:///troth.db"
    """`sqlite://` (memory), `sqlite:///FILE` or `postgresql://...`."""
    secret_key: str = Field(default="", repr=False)
    """Seals secrets that must be recovered; production refuses to start without it."""
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    public_url: str = ""
    """What addresses inside answers start with; the listening address when empty."""
    require_https: bool | None = None
    """Refuse plain HTTP; on in production unless set, off in mock mode."""
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = ()
    """Addresses whose X-Forwarded-Proto and X-Forwarded-For are believed; `*` for all."""
    files_dir: Path | None = None
    """Where exports are kept; `var/files` in production, a folder of its own in mock mode."""
    access_log: bool = True
    """One JSON line for each request."""
    pool_size: int = Field(default=8, ge=1, le=200)
    """Threads, and connections to PostgreSQL."""
    seed: int = 1
    fixed_clock: bool = False
    allow_private_targets: bool | None = None
    """Let webhooks go to private and loopback addresses; on in mock mode, off in production."""

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """`10.0.0.1, 10.0.0.2` as two addresses."""
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @property
    def base_url(self) -> str:
        """The public URL without a slash at its end."""
        if self.public_url:
            return self.public_url.rstrip("/")
        host = "localhost" if self.host in ("127.0.0.1", "0.0.0.0", "::1", "::") else self.host  # noqa: S104  compared only
        return f"http://{host}:{self.port}"

    @property
    def https_only(self) -> bool:
        return not self.mock if self.require_https is None else self.require_https

    @property
    def private_targets(self) -> bool:
        return self.mock if self.allow_private_targets is None else self.allow_private_targets

    @property
    def sealing_key(self) -> str:
        """The key of the vault. Raises ValueError in production when none is set."""
        if self.secret_key:
            return self.secret_key
        if self.mock:
            return MOCK_SECRET_KEY
        raise ValueError("TROTH_SECRET_KEY is not set: production seals secrets under it and cannot start without")
