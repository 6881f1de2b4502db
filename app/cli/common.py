"""What all commands share: the profile, the form of the answer, and errors said plainly."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from app.cli.away import enter
from app.cli.saying import say
from app.domain.errors import BadInput, PhoneshelfError
from app.main import Program, build, start_logging
from app.settings import Settings, load_settings

__all__ = [
    "EXIT_USAGE",
    "HomeOption",
    "JsonOption",
    "VerboseOption",
    "changes_until",
    "fail",
    "opened",
    "opened_settings",
    "put_json",
    "put_table",
    "run",
    "say",
]

T = TypeVar("T")

HomeOption = Annotated[Path | None, typer.Option("--home", help="Folder of the profile.", show_default=False)]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]
VerboseOption = Annotated[bool, typer.Option("--verbose", help="Print the log too, on standard error.")]

EXIT_USAGE = 2


@asynccontextmanager
async def opened(home: Path | None, *, verbose: bool = False, may_read_copy: bool = False) -> AsyncIterator[Program]:
    """Yield the program of a profile with its database open.

    Args:
        home: The profile's folder; None for this user's.
        verbose: Print the log too.
        may_read_copy: Where a team's server is away, yield one that reads the copy on this PC.
    """
    async with opened_settings(load_settings(home), verbose=verbose, may_read_copy=may_read_copy) as program:
        yield program


@asynccontextmanager
async def opened_settings(
    settings: Settings, *, verbose: bool = False, may_read_copy: bool = False
) -> AsyncIterator[Program]:
    """Yield the program that these settings make, with its database open."""
    try:
        settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        start_logging(settings.home, verbose=verbose)
    except OSError as error:
        raise BadInput(f"the profile {settings.home} cannot be used: {error.strerror}; give another --home") from error
    program = build(settings)
    open_ones = [*program.stores, *([program.apart.kept] if program.apart is not None else [])]
    try:
        entered = await enter(program, may_read_copy=may_read_copy)
        open_ones += entered.stores
        yield entered
    finally:
        for store in dict.fromkeys(open_ones):
            await store.close()


async def changes_until(program: Program, is_met: Callable[[Program], Awaitable[bool]]) -> None:
    """Wait until a condition on the database holds; it is asked again at each change."""
    changed = asyncio.Event()
    program.store.listen(lambda _: changed.set())
    while not await is_met(program):
        changed.clear()
        await changed.wait()


def run(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run a command to its end; a failure of the world becomes one line and an exit code."""
    try:
        return asyncio.run(work())
    except BadInput as error:
        fail(str(error), EXIT_USAGE)
    except PhoneshelfError as error:
        fail(str(error), 1)
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    raise AssertionError("unreachable")


def fail(message: str, code: int) -> None:
    """Say what is wrong and leave."""
    say(f"phoneshelf: {message}")
    raise typer.Exit(code)


def put_json(value: object) -> None:
    """Print the answer for machines."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


@dataclass(frozen=True, slots=True)
class Tinted:
    """A cell of a table in a colour; `code` is what switches the terminal to it, empty for none."""

    text: str
    code: str = ""


def put_table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print the answer for people, in columns."""
    cells = [[_cell(value) for value in row] for row in (headings, *rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(headings))]
    for line, values in zip(cells, (headings, *rows), strict=True):
        parts = [_padded(text, width, value) for text, width, value in zip(line, widths, values, strict=True)]
        sys.stdout.write("  ".join(parts).rstrip() + "\n")


def _padded(text: str, width: int, value: object) -> str:
    gap = " " * (width - len(text))
    return (f"{value.code}{text}\x1b[0m" if isinstance(value, Tinted) and value.code else text) + gap


def _cell(value: object) -> str:
    text = "" if value is None else value.text if isinstance(value, Tinted) else str(value)
    flat = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return flat if len(flat) <= 60 else flat[:59] + "\u2026"
