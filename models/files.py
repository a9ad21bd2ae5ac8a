"""Where files made for tenants are kept: a folder, in which a file is either whole or not there.

`troth/object_store.py` keeps them in an object store instead.
"""

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

DRAFTS = ".drafts"
NANOSECONDS = 1_000_000
"""In a millisecond."""
_SEGMENT = re.compile(r"[A-Za-z0-9_%-][A-Za-z0-9_.%-]{0,254}")


class BadKey(ValueError):
    """A key could lead out of the folder."""


class FileStore:
    """Files by key, such as `exports/demo/5f00000000000000000000c1.csv`. Folders come into being when needed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._written: set[str] = set()
        """The keys of the files that this process has written: the folder may hold those of others."""

    def check(self) -> None:
        """See that files can be written. Raises OSError."""
        drafts = self.folder / DRAFTS
        drafts.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=drafts) as folder:
            (Path(folder) / "draft").write_bytes(b"draft")

    def path(self, key: str) -> Path:
        """Where the file of a key is, whether or not it exists. Raises BadKey."""
        segments = key.split("/")
        if not all(_SEGMENT.fullmatch(segment) for segment in segments):
            raise BadKey(f"{key!r} is not a key of a file")
        return self.folder.joinpath(*segments)

    @contextlib.contextmanager
    def writing(self, key: str, now_ms: int) -> Iterator[Path]:
        """A path to write to, in a folder of its own for whatever else is needed on the way.

        Without an error the file takes its place at once, over one that is there; with one nothing is left. It is
        dated on the tenant's clock, since Last-Modified and ETag follow from that. Raises BadKey.
        """
        target = self.path(key)
        drafts = self.folder / DRAFTS
        drafts.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=drafts) as folder:
            draft = Path(folder) / target.name
            yield draft
            self.keep(draft, key, now_ms)

    def keep(self, draft: Path, key: str, now_ms: int) -> None:
        """Put a whole file in the place of a key."""
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        os.utime(draft, ns=(now_ms * NANOSECONDS, now_ms * NANOSECONDS))
        target = self.path(key)
        target.parent.mkdir(parents=True, exist_ok=True)
        draft.replace(target)
        self._written.add(key)

    def fetch(self, key: str) -> Path | None:
        """The file of a key on this machine, None without one.

        Raises BadKey, and Unavailable for a store that does not answer.

        It may take a while: not within a transaction, and not on the event loop.
        """
        path = self.path(key)
        return path if path.is_file() else None

    def delete(self, key: str) -> None:
        """Remove the file of a key, if there is one. Raises BadKey."""
        self.path(key).unlink(missing_ok=True)
        self._written.discard(key)

    def delete_folder(self, key: str) -> None:
        """Remove all files below a key. Raises BadKey."""
        shutil.rmtree(self.path(key), ignore_errors=True)
        self._written = {one for one in self._written if not one.startswith(f"{key}/")}

    def save(self, folder: Path) -> None:
        """Copy the files that this process has written, with their dates, into another folder."""
        for key in sorted(self._written):
            if self.path(key).is_file():
                _copy(self.path(key), folder / key)

    def restore(self, folder: Path) -> None:
        """Replace the files that this process has written by those that `save` has copied."""
        for key in sorted(self._written):
            self.delete(key)
            self._remove_empty_folders(key)
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                key = file.relative_to(folder).as_posix()
                _copy(file, self.path(key))
                self._written.add(key)

    def _remove_empty_folders(self, key: str) -> None:
        """Remove the folders above a key that hold nothing any more: a file may take the place of one."""
        for folder in self.path(key).parents:
            if folder == self.folder:
                return
            with contextlib.suppress(OSError):  # it holds others
                folder.rmdir()


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)
