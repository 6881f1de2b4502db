"""`hours`: when a number is answered, its holidays, and how fast."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.beside import hours_form
from app.cli.canned import read_small
from app.cli.common import HomeOption, JsonOption, opened, put_json, put_table, run, say
from app.cli.forms import moment
from app.domain.errors import BadInput
from app.services.opening import Hours, OpenNow, week_text

hours = typer.Typer(help="When a number is answered, and how fast.", no_args_is_help=True)

AccountArgument = Annotated[str, typer.Argument(help="Id or name of a phone, as `phones` shows it.")]
MinutesOption = Annotated[int | None, typer.Option(help="Open minutes; 0 for none.")]


@hours.command("show")
def show_hours(account: AccountArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Show the opening hours of a number, whether it is open now, and its service level."""

    async def work() -> tuple[Hours, OpenNow]:
        async with opened(home) as program:
            found = (await program.restraining.find_account(account)).id
            return await program.opening.get(found), await program.opening.now(found)

    _put(*run(work), as_json=as_json)


@hours.command("set")
def set_hours(
    account: AccountArgument,
    week: Annotated[str, typer.Argument(help="Such as `mon-fri 09:00-17:30; sat 10:00-14:00`, or off.")] = "",
    zone: Annotated[str | None, typer.Option(help="Such as Europe/Amsterdam; else the phone's.")] = None,
    first: MinutesOption = None,
    following: Annotated[int | None, typer.Option("--next", help="Open minutes; 0 for none.")] = None,
    resolution: MinutesOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Keep the opening hours of a number, or in how many open minutes a customer gets an answer."""
    given = {"first_minutes": first, "next_minutes": following, "resolution_minutes": resolution}
    minutes = {name: value or None for name, value in given.items() if value is not None}

    async def work() -> tuple[Hours, OpenNow]:
        if not (week or minutes):
            raise BadInput("say what to keep: a week, or minutes such as --first 15")
        async with opened(home) as program:
            found = (await program.restraining.find_account(account)).id
            if week:
                await program.opening.set_week(found, week, zone)
            if minutes:
                await program.opening.set_level(found, **minutes)
            return await program.opening.get(found), await program.opening.now(found)

    _put(*run(work), as_json=as_json)


@hours.command("holidays")
def import_holidays(
    account: AccountArgument,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="An iCalendar file (.ics); its whole days count.")],
    instead: Annotated[bool, typer.Option("--instead", help="Forget the holidays that were known.")] = False,
    home: HomeOption = None,
) -> None:
    """Take holidays from an iCalendar file: on them the number is closed."""

    async def work() -> int:
        async with opened(home) as program:
            found = (await program.restraining.find_account(account)).id
            return len(await program.opening.import_holidays(found, read_small(path), instead=instead))

    say(f"{run(work)} holidays are new.")


def _put(found: Hours, now: OpenNow, *, as_json: bool) -> None:
    if as_json:
        put_json(hours_form(found, now))
        return
    level, calendar = found.level, found.calendar
    lines: list[tuple[str, object]] = [
        ("week", week_text(calendar) if calendar is not None else "always open"),
        ("zone", calendar.zone if calendar is not None else ""),
        ("holidays", len(calendar.holidays) if calendar is not None else 0),
        ("now", f"open until {moment(now.until) or 'further notice'}" if now.is_open else "closed"),
        ("opens next", moment(now.opens)),
        ("first answer", _minutes(level.first_minutes)),
        ("next answer", _minutes(level.next_minutes)),
        ("resolution", _minutes(level.resolution_minutes)),
    ]
    put_table(("what", "value"), lines)


def _minutes(value: int | None) -> str:
    return f"{value} open minutes" if value is not None else "no clock"
