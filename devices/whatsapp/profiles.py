"""Finds the screen profile of a version of the app: what the program brings, under what stands in `<home>/screens`."""

from __future__ import annotations

import logging
from pathlib import Path

from devices.screens.profile import (
    BASE_FILE,
    BASE_NAME,
    FOLDER,
    Profile,
    ProfileBroken,
    ProfileFile,
    compose,
    parse_profile,
)

logger = logging.getLogger(__name__)

MAX_FILE = 1_000_000
_Signature = tuple[tuple[str, int, int], ...]


class ScreenProfiles:
    """The profile files of one profile folder. A broken one is left out and said; the others stay in force."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._signature: _Signature | None = None
        self._files: list[ProfileFile] = []
        self.broken: list[ProfileBroken] = []
        """What is wrong with files that were left out."""

    def is_changed(self) -> bool:
        """Tell whether a file of the folder came, went or was written since it was read."""
        return self._signature != self._sign()

    def find(self, package: str, version: str) -> Profile:
        """Return how an app of this version is read."""
        self._load()
        fitting = [BASE_FILE]
        for one in self._files:
            if not one.is_for(package, version):
                continue
            try:
                compose([*fitting, one])
            except ProfileBroken as error:
                self._leave_out(error)
            else:
                fitting.append(one)
        return compose(fitting)

    def list_files(self) -> list[ProfileFile]:
        """Return the files besides the built-in one, in the order in which they are laid over each other."""
        self._load()
        return list(self._files)

    def _load(self) -> None:
        signature = self._sign()
        if signature == self._signature:
            return
        self._signature = signature
        self._files, self.broken = [], []
        built_in = sorted(path for path in FOLDER.glob("*.toml") if path.name != BASE_NAME)
        for path in [*built_in, *self._own()]:
            try:
                self._files.append(parse_profile(_read(path), f"{path.parent.name}/{path.name}"))
            except ProfileBroken as error:
                self._leave_out(error)

    def _own(self) -> list[Path]:
        if self._folder is None or not self._folder.is_dir():
            return []
        return sorted(path for path in self._folder.glob("*.toml") if path.is_file())

    def _leave_out(self, error: ProfileBroken) -> None:
        if str(error) not in map(str, self.broken):
            logger.warning("screen profile left out: %s", error)
            self.broken.append(error)

    def _sign(self) -> _Signature:
        try:
            found = [(path, path.stat()) for path in self._own()]
        except OSError:
            # Something changes right now: asked again soon.
            return ()
        return tuple((path.name, stat.st_mtime_ns, stat.st_size) for path, stat in found)


def _read(path: Path) -> str:
    name = f"{path.parent.name}/{path.name}"
    try:
        if path.stat().st_size > MAX_FILE:
            raise ProfileBroken(name, 1, "it is too large", "het is te groot")
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        what = type(error).__name__
        raise ProfileBroken(name, 1, f"it cannot be read ({what})", f"het is niet te lezen ({what})") from error
