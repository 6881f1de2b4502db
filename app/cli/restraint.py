"""`policy`, `consent`: how each number sends, and who may be written to without having written first."""

from __future__ import annotations

from dataclasses import fields
from typing import Annotated, Any

import typer

from app.cli.common import HomeOption, JsonOption, fail, opened, put_json, put_table, run, say
from app.cli.forms import consent_form, moment, policy_form
from app.cli.inbox import one_chat
from app.domain.errors import BadInput
from app.domain.ids import ChatId
from app.domain.policy import RULES, Policy, parse_quiet
from app.domain.reply import Reason
from app.services.restraining import Consent
from app.store.accounts import Account

policy = typer.Typer(help="How a number sends: pace, ceiling, quiet hours.", no_args_is_help=True)
consent = typer.Typer(help="Consents of customers who have not written first.", no_args_is_help=True)

AccountArgument = Annotated[str, typer.Argument(help="Id or name of a phone, as `phones` shows it.")]


@policy.command("show")
def show_policy(account: AccountArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Show how a number sends, and who may set each rule aside for one reply."""

    async def work() -> Account:
        async with opened(home) as program:
            return await program.restraining.find_account(account)

    found = run(work)
    _put_policy(found, found.policy, as_json=as_json)


@policy.command("set")
def set_policy(
    account: AccountArgument,
    gap: Annotated[float | None, typer.Option(help="Seconds between two sends at least.")] = None,
    per_hour: Annotated[int | None, typer.Option(help="Sends in any 60 minutes at most.")] = None,
    typing: Annotated[float | None, typer.Option(help="Characters a second.")] = None,
    typing_cap: Annotated[float | None, typer.Option(help="Seconds of typing at most; 0 for none.")] = None,
    undo: Annotated[float | None, typer.Option(help="Seconds in which a reply can be taken back, 5 to 15.")] = None,
    unanswered: Annotated[int | None, typer.Option(help="Unanswered messages after which a lead is needed.")] = None,
    quiet: Annotated[str | None, typer.Option(help="Hours of the phone's day such as 21:00-07:00, or off.")] = None,
    defaults: Annotated[bool, typer.Option("--defaults", help="First go back to the defaults.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Change how a number sends. What is not named stays; what waits follows the new policy."""
    values: dict[str, Any] = {
        "gap_s": gap, "per_hour": per_hour, "chars_per_s": typing, "typing_cap_s": typing_cap, "undo_s": undo,
        "unanswered": unanswered,
    }  # fmt: skip
    chosen = {name: value for name, value in values.items() if value is not None}

    async def work() -> tuple[Account, Policy]:
        if not (chosen or quiet is not None or defaults):
            raise BadInput("say what to change, such as --gap 5 --per-hour 60 --quiet 21:00-07:00")
        async with opened(home) as program:
            found = await program.restraining.find_account(account)
            changed = (_plain_values() if defaults else {}) | chosen | _quiet(quiet)
            return found, await program.restraining.set_policy(found.id, **changed)

    _put_policy(*run(work), as_json=as_json)


def _plain_values() -> dict[str, Any]:
    plain = Policy()
    return {f.name: getattr(plain, f.name) for f in fields(Policy)}


def _quiet(text: str | None) -> dict[str, Any]:
    if text is None:
        return {}
    try:
        return {"quiet": parse_quiet(text)}
    except ValueError as error:
        raise BadInput(str(error)) from error


def _put_policy(account: Account, found: Policy, *, as_json: bool) -> None:
    if as_json:
        put_json(policy_form(account, found))
        return
    zone = account.zone or "this PC's time"
    lines: list[tuple[str, str, Reason]] = [
        ("gap between sends", f"{found.gap_s:g} s", Reason.PACE),
        ("typing", f"{found.chars_per_s:g} characters a second, {found.typing_cap_s:g} s at most", Reason.PACE),
        ("sends an hour", str(found.per_hour), Reason.HOURLY_CEILING),
        ("undo", f"{found.undo_s:g} s", Reason.UNDO),
        ("unanswered in a row", str(found.unanswered), Reason.UNANSWERED),
        ("quiet hours", f"{found.quiet} ({zone})" if found.quiet else "off", Reason.QUIET_HOURS),
        ("first contact", "only with a recorded consent", Reason.FIRST_CONTACT),
    ]
    put_table(
        ("rule", "value", "name", "may set it aside"),
        [(name, value, rule.value, RULES[rule].may_override or "nobody") for name, value, rule in lines],
    )


@consent.command("add")
def add_consent(
    chat: Annotated[str, typer.Argument(help="Id, number or whole title of a chat.")],
    source: Annotated[str, typer.Option(help="Where it was given: e-mail, at the counter, a form.")],
    note: Annotated[str, typer.Option(help="What was agreed.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record that a customer agreed to be written to."""

    async def work() -> Consent:
        async with opened(home) as program:
            found = await one_chat(program, chat, by_part=False)
            return await program.restraining.add_consent(ChatId(found.id), source, note)

    made = run(work)
    if as_json:
        put_json(consent_form(made))
    else:
        say(f"Consent {made.id} is recorded for {made.chat_title}.")


@consent.command("list")
def list_consents(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the consents that hold."""

    async def work() -> list[Consent]:
        async with opened(home) as program:
            return await program.restraining.list_consents()

    found = run(work)
    if as_json:
        put_json([consent_form(one) for one in found])
        return
    put_table(
        ("id", "chat", "title", "source", "note", "recorded by", "at"),
        [(c.id, c.chat, c.chat_title, c.source, c.note, c.author, moment(c.at)) for c in found],
    )


@consent.command("remove")
def remove_consent(
    number: Annotated[int, typer.Argument(metavar="ID", help="The id that `consent list` shows.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    home: HomeOption = None,
) -> None:
    """Withdraw a consent. That it was given, and when it ended, is kept."""

    async def find() -> Consent:
        async with opened(home) as program:
            found = next((c for c in await program.restraining.list_consents() if c.id == number), None)
        if found is None:
            raise BadInput(f"there is no consent {number}; `phoneshelf consent list` shows them")
        return found

    async def withdraw() -> None:
        async with opened(home) as program:
            await program.restraining.withdraw_consent(number)

    found = run(find)
    if not (yes or typer.confirm(f"Withdraw the consent of {found.chat_title} ({found.source})?", err=True)):
        fail("nothing was changed", 1)
    run(withdraw)
    say("Withdrawn.")
