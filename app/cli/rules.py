"""`rules`: what a team chose for a number: giving out chats, new cases, alerts of owners who are away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import typer

from app.cli.common import HomeOption, JsonOption, opened, put_json, put_table, run
from app.domain.errors import BadInput, NotAllowed
from app.domain.ids import AccountId
from app.main import Program
from app.services.handling import LIMITS
from app.services.opening import ServiceLevel
from app.store.accounts import Account

rules = typer.Typer(help="A team's rules for a number.", no_args_is_help=True)

AccountArgument = Annotated[str, typer.Argument(help="Id or name of a phone, as `phones` shows it.")]
_SAYS = {
    "auto_assign": "chats of nobody go to who is available with the fewest",
    "most_open": "open chats at most of somebody who is given one",
    "new_case_hours": "hours after Done from which a return is a new case",
    "alert_minutes": "minutes an owner may be away while the customer waits",
    "first_minutes": "open minutes to the first answer (`hours set`)",
    "next_minutes": "open minutes to each later answer (`hours set`)",
    "resolution_minutes": "open minutes to Done (`hours set`)",
}


def _help(name: str) -> str:
    least, most = LIMITS[name]
    return f"{_SAYS[name].capitalize()}: {least} to {most}."


@dataclass(frozen=True, slots=True)
class _Shown:
    """A number with its rules; `level` is None where this login may not see it."""

    account: Account
    values: dict[str, Any]
    level: ServiceLevel | None


@rules.command("show")
def show_rules(account: AccountArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Show the rules of a number, with its service level."""

    async def work() -> _Shown:
        async with opened(home) as program:
            return await _shown(program, await program.restraining.find_account(account))

    _put(run(work), as_json=as_json)


@rules.command("set")
def set_rules(
    account: AccountArgument,
    auto_assign: Annotated[
        bool | None, typer.Option("--auto-assign/--no-auto-assign", help=_SAYS["auto_assign"].capitalize() + ".")
    ] = None,
    most_open: Annotated[int | None, typer.Option(help=_help("most_open"))] = None,
    new_case_hours: Annotated[int | None, typer.Option(help=_help("new_case_hours"))] = None,
    alert_minutes: Annotated[int | None, typer.Option(help=_help("alert_minutes"))] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Change the rules of a number; what is not named stays. On a server this takes a lead or an admin."""
    given = {
        "auto_assign": auto_assign, "most_open": most_open, "new_case_hours": new_case_hours,
        "alert_minutes": alert_minutes,
    }  # fmt: skip
    values = {name: value for name, value in given.items() if value is not None}

    async def work() -> _Shown:
        if not values:
            raise BadInput("say what to change, such as --auto-assign --most-open 5")
        async with opened(home) as program:
            found = await program.restraining.find_account(account)
            await program.handling.set_rules(found.id, **values)
            return await _shown(program, found)

    _put(run(work), as_json=as_json)


async def _shown(program: Program, found: Account) -> _Shown:
    return _Shown(found, await program.handling.get_rules(found.id), await _level(program, found.id))


async def _level(program: Program, account: AccountId) -> ServiceLevel | None:
    try:
        return (await program.opening.get(account)).level
    except NotAllowed:
        # An admin who is on no number does not see its hours.
        return None


def _put(shown: _Shown, *, as_json: bool) -> None:
    level = shown.level
    levels = {
        name: getattr(level, name) if level is not None else None
        for name in ("first_minutes", "next_minutes", "resolution_minutes")
    }
    values = shown.values | levels
    if as_json:
        put_json({"account": shown.account.id, "name": shown.account.name, **values})
        return
    put_table(
        ("rule", "value", "what it says"), [(name, _text(values.get(name)), says) for name, says in _SAYS.items()]
    )


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return "none" if value is None else str(value)
