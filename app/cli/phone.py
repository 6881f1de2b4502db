"""`phone report`, `phone screens`, `phone words`: how screens are read, and what of them is not known."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from app.cli.common import HomeOption, JsonOption, opened, put_json, put_table, run, say
from app.domain.errors import BadInput
from app.domain.ids import AccountId
from app.domain.words import WordEvidence, evidence_values
from app.main import Program
from devices.screens.profile import ProfileFile, Version
from devices.whatsapp.profiles import ScreenProfiles
from devices.whatsapp.reports import Reports

phone = typer.Typer(help="How the screens of the phones are read.", no_args_is_help=True)


@phone.command("report")
def report(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the dumps of layouts that are not known. They hold no names, numbers or texts and may be passed on."""

    async def work() -> None:
        async with opened(home) as program:
            found = Reports(program.settings.home / "reports").list_files()
        if as_json:
            put_json([{"file": str(path), "kept_at": _kept_at(path.stat().st_mtime)} for path in found])
            return
        if not found:
            say("Every layout so far was known.")
            return
        put_table(("kept", "file"), [(_kept_at(path.stat().st_mtime), path.name) for path in found])
        say(f"The files are in {found[0].parent}")

    run(work)


def _kept_at(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).astimezone().isoformat(timespec="minutes")


@phone.command("screens")
def screens(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the files that say how screens are read, and what is wrong with those that are left out."""

    async def work() -> None:
        async with opened(home) as program:
            profiles = ScreenProfiles(program.settings.home / "screens")
            language = program.settings.language or "en"
        files = profiles.list_files()
        # What two files say together can be wrong too.
        for package in ("com.whatsapp.w4b", "com.whatsapp"):
            profiles.find(package, "")
        wrong = [error.words[language] for error in profiles.broken]
        if as_json:
            put_json({"files": [_file_form(one) for one in files], "left_out": wrong})
        else:
            put_table(("file", "apps", "from", "below", "parts"), [tuple(_file_form(one).values()) for one in files])
            for text in wrong:
                say(text)
        if wrong:
            raise typer.Exit(1)

    run(work)


def _file_form(one: ProfileFile) -> dict[str, str]:
    return {
        "file": one.name,
        "apps": ", ".join(one.packages) or "both",
        "from": _dotted(one.first),
        "below": _dotted(one.below),
        "parts": ", ".join(one.parts),
    }


def _dotted(version: Version) -> str:
    return ".".join(map(str, version))


@phone.command("words")
def words(
    account: Annotated[int, typer.Argument(help="The id that `phones` shows.")],
    forget: Annotated[bool, typer.Option("--forget", help="Begin anew: what was learned was wrong.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what a phone taught of its language: words that no table holds."""

    async def work() -> None:
        async with opened(home) as program:
            await _must_exist(program, account)
            learning = program.learning
            if forget:
                await learning.forget(AccountId(account))
            evidence = await learning.read_evidence(AccountId(account))
        if as_json:
            put_json(_words_form(evidence))
            return
        put_table(("word", "means", "proved by"), _lines(evidence))
        if forget:
            say("Forgotten. A bridge that runs forgets when it connects to the phone again.")

    run(work)


async def _must_exist(program: Program, account: int) -> None:
    if not any(a.id == account for a in await program.browsing.list_accounts()):
        raise BadInput(f"there is no phone {account}; `phoneshelf phones` lists them")


def _words_form(evidence: WordEvidence) -> dict[str, object]:
    learned = evidence.learned()
    return {
        "ticks": {word: tick.value for word, tick in sorted(learned.ticks.items())},
        "deleted": sorted(learned.deleted),
        "read_more": sorted(learned.read_more),
        "month_first": learned.month_first,
        "seen": evidence_values(evidence),
    }


def _lines(evidence: WordEvidence) -> list[tuple[str, str, str]]:
    learned = evidence.learned()
    lines = []
    for word in sorted({word for pair in evidence.followed for word in pair}):
        means = f"at least {learned.ticks[word]}" if word in learned.ticks else "not certain yet"
        before = sorted(first for first, second in evidence.followed if second == word)
        lines.append((word, means, f"came after {', '.join(before)}" if before else "came before others"))
    for what, seen, known in (
        ("a deleted message", evidence.deleted, learned.deleted),
        ("a text goes on", evidence.cut, learned.read_more),
    ):
        lines += [(word, what, f"{len(seen[word])} messages") for word in sorted(known)]
        if len(seen) > len(known):
            # They may be words of customers.
            lines.append(("-", f"perhaps {what}", f"{len(seen) - len(known)} not shown"))
    order = {True: "the month first", False: "the day first", None: "not certain yet"}[learned.month_first]
    return [*lines, ("dates", order, ", ".join(sorted(evidence.dates)))]
