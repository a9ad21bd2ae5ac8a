"""Files of tenants in an object store that speaks S3's protocol (`TROTH_FILES_URL`); needs the extra `troth[s3]`.

    s3://BUCKET[/PREFIX][?endpoint=URL][&region=NAME]

Credentials are looked up as boto3 does it: `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, a profile, or the role of
the machine.

A file is written to a temporary folder, and uploaded whole (in parts, when it is large). To be downloaded it is fetched
to the same folder, so that ranges and conditional requests are answered as for a folder; the last few are kept.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from models.files import NANOSECONDS, FileStore
from models.kernel.problems import Unavailable
from troth.log import logger
from troth.starting import CannotStart

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SCHEME = "s3"
OPTIONS = frozenset({"endpoint", "region"})
MODIFIED = "troth-modified-ms"
"""The object's metadata: when the file was made, on the tenant's clock."""
FETCHED_MAX = 16
"""How many fetched files are kept on this machine."""
CONNECT_S, READ_S, ATTEMPTS = 5, 30, 3
NOT_FOUND = frozenset({"404", "NoSuchKey", "NotFound"})


class ObjectStore(FileStore):
    """Files by key in a bucket."""

    def __init__(self, url: str) -> None:
        """Raises ValueError for a URL that is none of an object store, and CannotStart without boto3."""
        self.bucket, self._prefix, endpoint, region = read_url(url)
        self._client = _client(endpoint, region)
        folder = tempfile.mkdtemp(prefix="troth-objects-")
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        super().__init__(Path(folder))

    def check(self) -> None:
        """See that files can be written: one is, and is deleted. Raises OSError."""
        key = f"{self._prefix}.check"
        try:
            self._client.put_object(Bucket=self.bucket, Key=key, Body=b"draft")
            self._client.delete_object(Bucket=self.bucket, Key=key)
        except _errors() as error:
            raise OSError(0, _reason(error)) from error

    def keep(self, draft: Path, key: str, now_ms: int) -> None:
        """Upload a whole file. Raises OSError; the job that made it is then tried again."""
        self.path(key)
        try:
            self._client.upload_file(
                str(draft), self.bucket, self._object(key), ExtraArgs={"Metadata": {MODIFIED: str(now_ms)}}
            )
        except _errors() as error:
            raise OSError(0, f"the file was not uploaded: {_reason(error)}") from error

    def fetch(self, key: str) -> Path | None:
        """The file of a key, downloaded unless the same one is here already; None without one.

        Raises BadKey, Unavailable.
        """
        name = self.path(key).name
        try:
            head = self._client.head_object(Bucket=self.bucket, Key=self._object(key))
        except _errors() as error:
            if _code(error) in NOT_FOUND:
                return None
            raise _unavailable(key, error) from error
        kept = self.folder / f"fetched-{_plain(key)}-{_plain(head['ETag'])}" / name
        if kept.is_file():
            os.utime(kept.parent)
            return kept
        self._download(key, kept, int(head["Metadata"].get(MODIFIED, 0)))
        self._forget_old()
        return kept

    def _download(self, key: str, kept: Path, modified_ms: int) -> None:
        """Fetch an object next to its place, and move it there: two downloads at the same time both end with a whole
        file.
        """
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            draft = Path(folder) / kept.name
            try:
                self._client.download_file(self.bucket, self._object(key), str(draft))
            except _errors() as error:
                raise _unavailable(key, error) from error
            os.utime(draft, ns=(modified_ms * NANOSECONDS, modified_ms * NANOSECONDS))
            kept.parent.mkdir(parents=True, exist_ok=True)
            draft.replace(kept)

    def _forget_old(self) -> None:
        """Remove all but the last fetched files. One that is being sent is open, and goes on."""
        fetched = sorted(self.folder.glob("fetched-*"), key=lambda one: one.stat().st_mtime_ns, reverse=True)
        for folder in fetched[FETCHED_MAX:]:
            shutil.rmtree(folder, ignore_errors=True)

    def delete(self, key: str) -> None:
        """Remove the object of a key, if there is one. Raises BadKey, OSError."""
        self.path(key)
        self._delete([self._object(key)])

    def delete_folder(self, key: str) -> None:
        """Remove all objects below a key. Raises BadKey, OSError."""
        self.path(key)
        self._delete(self._objects(f"{self._object(key)}/"))

    def _objects(self, prefix: str) -> Iterator[str]:
        for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix):
            for one in page.get("Contents", ()):
                yield one["Key"]

    def _delete(self, names: Iterable[str]) -> None:
        try:
            for name in names:  # one by one: DeleteObjects asks for a checksum that not every store knows
                self._client.delete_object(Bucket=self.bucket, Key=name)
        except _errors() as error:
            raise OSError(0, f"files were not deleted: {_reason(error)}") from error

    def _object(self, key: str) -> str:
        return f"{self._prefix}{key}"


def read_url(url: str) -> tuple[str, str, str | None, str | None]:
    """The bucket, the prefix of keys (empty, or with a slash at its end), the endpoint and the region.

    Raises ValueError.
    """
    parts = urlsplit(url)
    options = parse_qs(parts.query, keep_blank_values=True)
    if parts.scheme != SCHEME or not parts.netloc or "@" in parts.netloc or parts.fragment:
        raise ValueError("must be s3://BUCKET[/PREFIX][?endpoint=URL][&region=NAME]")
    unknown = sorted(set(options) - OPTIONS)
    if unknown:
        raise ValueError(f"must have no option {unknown[0]}, only endpoint and region")
    endpoint, region = (options[name][-1] if name in options else None for name in ("endpoint", "region"))
    if endpoint is not None and (urlsplit(endpoint).scheme not in ("http", "https") or not urlsplit(endpoint).netloc):
        raise ValueError("must have an endpoint such as http://HOST[:PORT] or https://HOST[:PORT]")
    prefix = parts.path.strip("/")
    return parts.netloc, f"{prefix}/" if prefix else "", endpoint, region


def _client(endpoint: str | None, region: str | None) -> Any:
    """Raises CannotStart without boto3."""
    try:
        import boto3  # an extra, and slow to import
        from botocore.config import Config
    except ImportError as error:
        raise CannotStart("TROTH_FILES_URL needs the extra troth[s3]: pip install 'troth[s3]'") from error
    return boto3.session.Session().client(
        "s3",
        endpoint_url=endpoint,
        region_name=region,
        config=Config(
            connect_timeout=CONNECT_S,
            read_timeout=READ_S,
            retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
            # Stores other than Amazon's may not know the checksums that newer clients add of their own accord.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )


def _errors() -> tuple[type[Exception], ...]:
    """What boto3 raises when a store refuses, or does not answer."""
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    return Boto3Error, BotoCoreError, ClientError


def _code(error: Exception) -> str:
    response = getattr(error, "response", None)
    return str(response["Error"]["Code"]) if response else ""


def _unavailable(key: str, error: Exception) -> Unavailable:
    logger.error("file not fetched", file=key, reason=_reason(error))
    return Unavailable()


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]


def _plain(text: str) -> str:
    """A text as a part of a file's name."""
    return "".join(one if one.isalnum() else "_" for one in text)
