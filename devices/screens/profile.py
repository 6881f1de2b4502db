"""What the parts of a screen are called in one version of the app: data, checked, and handed to the parsers.

The parsers speak of parts by names of their own (`entry`, `status`). A profile says which local ids of the app each
part has; where they differ, ids are translated while a tree is read, so that nothing else knows of it.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from app.domain.errors import BadInput
from app.domain.message import Kind
from app.domain.observation import ScreenKind
from app.domain.words import NO_WORDS, LearnedWords

FOLDER = Path(getattr(sys, "_MEIPASS", "") or Path(__file__).parents[2]) / "resources" / "screens"
FORMAT = 1
_GROUPS = ("bubbles", "cards", "loading", "home", "home_only", "dialog", "keyguard")
_KEYS = ("format", "packages", "from", "below", "known_to", "parts", "screens", "rows", *_GROUPS)
_MOST_NAMED = 20
_VERSION = re.compile(r"\d+(\.\d+)*")
Version = tuple[int, ...]


class ProfileBroken(BadInput):
    """A file with a screen profile cannot be used; `words` say in each language what, where and what to do."""

    def __init__(self, name: str, line: int, en: str, nl: str) -> None:
        self.words = {
            "en": f"{name}, line {line}: {en}. Correct or remove the file; until then it is left out.",
            "nl": f"{name}, regel {line}: {nl}. Verbeter of verwijder het bestand; tot dan telt het niet mee.",
        }
        super().__init__(self.words["en"])


@dataclass(frozen=True, slots=True)
class ScreenRule:
    """A screen with marks of its own. `exits` are the buttons that change nothing, best first."""

    kind: ScreenKind
    ids: frozenset[str]
    exits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowRule:
    """What makes a row a message of one kind, and where its text stands, best first."""

    kind: Kind
    ids: frozenset[str]
    text: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProfileFile:
    """One file: what it says, and for which packages and versions. What it does not say stays as it was."""

    name: str
    packages: tuple[str, ...] = ()
    first: Version = ()
    below: Version = ()
    known_to: Version = ()
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    screens: tuple[ScreenRule, ...] = ()
    rows: tuple[RowRule, ...] = ()

    def is_for(self, package: str, version: str) -> bool:
        """Tell whether the file speaks of this app; a version that is not known fits only a file for all."""
        if self.packages and package not in self.packages:
            return False
        if not self.first and not self.below:
            return True
        number = version_of(version)
        return bool(number) and self.first <= number and (not self.below or number < self.below)


@dataclass(frozen=True, slots=True)
class Profile:
    """How one version of the app is read. `aliases` turn its ids into names of parts; most versions need none."""

    names: tuple[str, ...]
    known_to: Version
    parts: Mapping[str, tuple[str, ...]]
    aliases: Mapping[str, str]
    screens: tuple[ScreenRule, ...]
    rows: tuple[RowRule, ...]
    row_texts: Mapping[Kind, tuple[str, ...]]
    bubbles: tuple[str, ...]
    cards: frozenset[str]
    loading: frozenset[str]
    home: tuple[str, ...]
    home_only: tuple[str, ...]
    """What stands on the home screen and not beside the same rows elsewhere."""
    dialog: tuple[str, ...]
    keyguard: tuple[str, ...]
    words: LearnedWords = NO_WORDS
    is_mirrored: bool = False
    """The phone's language is written from the right: own messages stand at the left."""

    def knows(self, version: str) -> bool:
        """Tell whether somebody looked at this version of the app when the profile was written."""
        number = version_of(version)
        return bool(number) and number <= self.known_to

    def exits(self, kind: ScreenKind) -> tuple[str, ...]:
        """Return the buttons of a screen that change nothing."""
        return next((rule.exits for rule in self.screens if rule.kind is kind), ())


def version_of(text: str) -> Version:
    """Return a version as numbers, none for a text that is no version."""
    found = _VERSION.match(text)
    return tuple(int(number) for number in found[0].split(".")) if found else ()


def parse_profile(text: str, name: str, *, parts: Iterable[str] | None = None) -> ProfileFile:
    """Return what a profile file says.

    Args:
        text: TOML.
        name: What the file is called, for the error.
        parts: The parts that there are; None for those of the built-in profile.

    Raises:
        ProfileBroken: It is not TOML, has a key that is not known, or a value that cannot be.
    """
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else 1
        raise ProfileBroken(name, line, f"not TOML ({error})", f"geen TOML ({error})") from error
    return _Reader(name, text, BASE_FILE.parts if parts is None else parts).read(values)


class _Reader:
    """Checks the values of one file, and finds the line of a wrong one."""

    def __init__(self, name: str, text: str, parts: Iterable[str]) -> None:
        self._name = name
        self._parts = parts
        self._lines = text.splitlines()

    def read(self, values: Mapping[str, Any]) -> ProfileFile:
        self._known(values, _KEYS)
        if values.get("format") != FORMAT:
            raise self._broken("format", f"format must be {FORMAT}", f"format moet {FORMAT} zijn")
        parts = values.get("parts", {})
        if not isinstance(parts, dict):
            raise self._broken("parts", "parts must be a table", "parts moet een tabel zijn")
        self._known(parts, self._parts or parts)
        return ProfileFile(
            self._name,
            self._strings(values, "packages"),
            self._version(values, "from"),
            self._version(values, "below"),
            self._version(values, "known_to"),
            {part: self._strings(parts, part) for part in parts},
            {group: self._strings(values, group) for group in _GROUPS if group in values},
            tuple(self._screen(one, n) for n, one in enumerate(self._tables(values, "screens"))),
            tuple(self._row(one, n) for n, one in enumerate(self._tables(values, "rows"))),
        )

    def _screen(self, values: Mapping[str, Any], number: int) -> ScreenRule:
        self._known(values, ("kind", "ids", "exits"), ("screens", number))
        kind = self._one_of(values, ScreenKind, ("screens", number))
        at = ("screens", number)
        return ScreenRule(kind, frozenset(self._strings(values, "ids", at)), self._strings(values, "exits", at))

    def _row(self, values: Mapping[str, Any], number: int) -> RowRule:
        self._known(values, ("kind", "ids", "text"), ("rows", number))
        kind = self._one_of(values, Kind, ("rows", number))
        at = ("rows", number)
        return RowRule(kind, frozenset(self._strings(values, "ids", at)), self._strings(values, "text", at))

    def _one_of(self, values: Mapping[str, Any], kinds: Any, at: tuple[str, int]) -> Any:
        try:
            return kinds(values.get("kind"))
        except ValueError as error:
            known = ", ".join(one.value for one in kinds)
            raise self._broken(
                "kind", f"kind must be one of {known}", f"kind moet een van deze zijn: {known}", at
            ) from error

    def _tables(self, values: Mapping[str, Any], key: str) -> list[Any]:
        found = values.get(key, [])
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise self._broken(key, f"write [[{key}]]", f"schrijf [[{key}]]")
        return found

    def _strings(self, values: Mapping[str, Any], key: str, at: tuple[str, int] | None = None) -> tuple[str, ...]:
        found = values.get(key, [])
        if not isinstance(found, list) or not all(isinstance(one, str) and one.strip() for one in found):
            raise self._broken(
                key, f"{key} must be a list of texts in quotes", f"{key} moet een lijst van teksten zijn", at
            )
        return tuple(one.rpartition("/")[2] if key != "packages" else one for one in found)

    def _version(self, values: Mapping[str, Any], key: str) -> Version:
        found = values.get(key, "")
        if not isinstance(found, str) or (found and not _VERSION.fullmatch(found)):
            raise self._broken(key, f'{key} must be a version, "2.26.38"', f'{key} moet een versie zijn, "2.26.38"')
        return version_of(found)

    def _known(self, values: Iterable[str], known: Iterable[str], at: tuple[str, int] | None = None) -> None:
        names = sorted(known)
        for key in values:
            if key not in names:
                # Of many names those that it was perhaps meant to be.
                near = get_close_matches(key, names, 3, 0.5) if len(names) > _MOST_NAMED else names
                en = f"known are {', '.join(names)}" if near is names else f"perhaps {' or '.join(near) or 'none'}"
                nl = f"bekend zijn {', '.join(names)}" if near is names else f"misschien {' of '.join(near) or 'geen'}"
                raise self._broken(key, f"unknown key {key!r}; {en}", f"onbekende sleutel {key!r}; {nl}", at)

    def _broken(self, key: str, en: str, nl: str, at: tuple[str, int] | None = None) -> ProfileBroken:
        return ProfileBroken(self._name, self._line(key, at), en, nl)

    def _line(self, key: str, at: tuple[str, int] | None) -> int:
        """Return the line of a key, inside the n-th table of a list where one is named."""
        start = 0
        if at is not None:
            heads = [n for n, line in enumerate(self._lines) if line.strip().startswith(f"[[{at[0]}]]")]
            start = heads[at[1]] if at[1] < len(heads) else 0
        wanted = re.compile(rf"""\s*(\[+\s*)?["']?{re.escape(key)}["']?\s*(=|\])""")
        found = next((n for n in range(start, len(self._lines)) if wanted.match(self._lines[n])), start)
        return found + 1


def compose(files: Sequence[ProfileFile]) -> Profile:
    """Return the profile that files make together, the first one whole, each later one over those before it.

    Raises:
        ProfileBroken: Two parts have the same id.
    """
    parts = {part: ids for one in files for part, ids in one.parts.items()}
    aliases = _aliases(parts, files[-1].name)
    groups = {group: ids for one in files for group, ids in one.groups.items()}
    screens = {rule.kind: rule for one in files for rule in one.screens}
    rows = {rule.kind: rule for one in files for rule in one.rows}
    named = {group: _named(ids, aliases) for group, ids in groups.items()}
    row_rules = tuple(
        RowRule(r.kind, frozenset(_named(r.ids, aliases)), _named(r.text, aliases)) for r in rows.values()
    )
    return Profile(
        names=tuple(one.name for one in files),
        known_to=max(one.known_to for one in files),
        parts=parts,
        aliases=aliases,
        screens=tuple(
            ScreenRule(r.kind, frozenset(_named(r.ids, aliases)), _named(r.exits, aliases)) for r in screens.values()
        ),
        rows=row_rules,
        row_texts={rule.kind: rule.text for rule in row_rules},
        bubbles=named.get("bubbles", ()),
        cards=frozenset(named.get("cards", ())),
        loading=frozenset(named.get("loading", ())),
        home=named.get("home", ()),
        home_only=named.get("home_only", ()),
        dialog=named.get("dialog", ()),
        keyguard=named.get("keyguard", ()),
    )


def _aliases(parts: Mapping[str, tuple[str, ...]], name: str) -> dict[str, str]:
    """Return what ids mean where that is not what they say. A part's own name means it no more once it has others."""
    owner: dict[str, str] = {}
    for part, ids in parts.items():
        for one in ids:
            if owner.setdefault(one, part) != part:
                both = f"{owner[one]}, {part}"
                raise ProfileBroken(
                    name, 1, f"{one!r} stands for two parts: {both}", f"{one!r} staat voor twee delen: {both}"
                )
    aliases = {one: part for one, part in owner.items() if one != part}
    return aliases | {part: f"~{part}" for part in parts if part not in owner}


def _named(ids: Iterable[str], aliases: Mapping[str, str]) -> tuple[str, ...]:
    """Return ids as the parsers know them; a list may name a part, or the app's own id of it."""
    return tuple(one if aliases.get(one, one).startswith("~") else aliases.get(one, one) for one in ids)


BASE_NAME = "base.toml"
BASE_FILE = parse_profile((FOLDER / BASE_NAME).read_text("utf-8"), BASE_NAME, parts=())
BASE = compose([BASE_FILE])
"""What the program brings; a file beside it or in the profile's own folder changes parts of it."""
