"""The phone's storage: files by absolute path, folders as they come."""

from __future__ import annotations

import posixpath
import stat
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase

from devices.simulated.wire.sync import FileFacts

SHARED = "/storage/emulated/0"
_LINKS = {"/sdcard": SHARED, "/mnt/sdcard": SHARED, "/storage/self/primary": SHARED}
_WRITABLE = (SHARED, "/data/local/tmp", "/tmp")  # noqa: S108 - a folder of the simulated phone
_FIRST_FOLDERS = (
    "/system/bin",
    "/data/local/tmp",
    "/vendor",
    "/proc",
    f"{SHARED}/Android/media",
    f"{SHARED}/DCIM",
    f"{SHARED}/Download",
    f"{SHARED}/Pictures",
)


class Storage:
    """Files and folders of one phone; `files` may be written to directly."""

    def __init__(self, now_s: Callable[[], float]) -> None:
        self.files: dict[str, bytes] = {}
        self.free_kb = 161_196_764
        self._now_s = now_s
        self._folders: set[str] = {"/"}
        self._mtimes: dict[str, int] = {}
        for folder in _FIRST_FOLDERS:
            self._add_folder(folder)

    def resolve(self, path: str, base: str = "/") -> str:
        """Return a path without links, dots and double slashes."""
        whole = posixpath.normpath(posixpath.join(base, path))
        whole = "/" + whole.lstrip("/")
        for link, target in _LINKS.items():
            if whole == link or whole.startswith(link + "/"):
                return target + whole[len(link) :]
        return whole

    def stat(self, path: str) -> FileFacts | None:
        """Return the facts of a path, or None where nothing is."""
        whole = self.resolve(path)
        mtime = self._mtimes.setdefault(whole, int(self._now_s())) if self._exists(whole) else 0
        if whole in self.files:
            size = len(self.files[whole])
            return FileFacts(stat.S_IFREG | 0o660, size, mtime, _inode(whole))
        if self.is_folder(whole):
            return FileFacts(stat.S_IFDIR | 0o771, 3452, mtime, _inode(whole))
        return None

    def is_folder(self, path: str) -> bool:
        """Tell whether a path is a folder."""
        whole = self.resolve(path)
        inside = whole.rstrip("/") + "/"
        return whole in self._folders or any(name.startswith(inside) for name in self.files)

    def listdir(self, path: str) -> list[str]:
        """Return the names in a folder, sorted."""
        whole = self.resolve(path).rstrip("/") + "/"
        known = [*self.files, *self._folders]
        names = {name[len(whole) :].split("/", 1)[0] for name in known if name.startswith(whole)}
        return sorted(name for name in names if name)

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes, or None where no file is."""
        return self.files.get(self.resolve(path))

    def write(self, path: str, data: bytes, mtime: int | None = None) -> str:
        """Write a file with its folders; returns "" or the reason why not."""
        whole = self.resolve(path)
        trouble = self._trouble(whole, len(data))
        if trouble:
            return trouble
        if whole in self._folders:
            return f"couldn't create file: Is a directory ({path})"
        self._add_folder(posixpath.dirname(whole))
        self.files[whole] = data
        self._mtimes[whole] = int(self._now_s()) if mtime is None else mtime
        return ""

    def make_folder(self, path: str) -> str:
        """Make a folder and those above it; returns "" or the reason why not."""
        whole = self.resolve(path)
        trouble = self._trouble(whole, 0)
        if not trouble:
            self._add_folder(whole)
        return trouble

    def remove(self, path: str, *, with_content: bool = False) -> str:
        """Remove a file, or a folder with what is in it; returns "" or the reason why not."""
        whole = self.resolve(path)
        if not self._exists(whole):
            return "No such file or directory"
        if self.files.pop(whole, None) is None:
            if not with_content:
                return "Is a directory"
            inside = whole.rstrip("/") + "/"
            for name in [name for name in self.files if name.startswith(inside)]:
                del self.files[name]
            self._folders = {f for f in self._folders if f != whole and not f.startswith(inside)}
        self._mtimes.pop(whole, None)
        return ""

    def glob(self, pattern: str, base: str = "/") -> list[str]:
        """Return the paths that match a pattern, sorted, in the pattern's own spelling."""
        whole = self.resolve(pattern, base)
        folder, last = posixpath.split(whole)
        if any(mark in folder for mark in "*?["):
            return sorted(name for name in self._all() if fnmatchcase(name, whole))
        shown = posixpath.dirname(pattern)
        names = [name for name in self.listdir(folder) if fnmatchcase(name, last)]
        return [posixpath.join(shown, name) for name in names if not name.startswith(".")]

    def _all(self) -> Iterator[str]:
        yield from self.files
        yield from self._folders

    def _exists(self, whole: str) -> bool:
        return whole in self.files or self.is_folder(whole)

    def _trouble(self, whole: str, size: int) -> str:
        if not whole.startswith(_WRITABLE):
            return "couldn't create file: Permission denied"
        if size // 1024 > self.free_kb:
            return "write failed: No space left on device"
        return ""

    def _add_folder(self, path: str) -> None:
        while path not in self._folders and path != "/":
            self._folders.add(path)
            path = posixpath.dirname(path)


def _inode(path: str) -> int:
    return 1000 + sum(path.encode()) % 100_000
