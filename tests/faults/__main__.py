"""`python3 run.py storm --minutes N --phones N --seed S`: runs a storm and says what it did to the promises."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from dataclasses import asdict
from pathlib import Path

from tests.faults import office
from tests.faults.nemesis import PLAGUES
from tests.faults.storm import Outcome, Plan, run_storm


def main(words: list[str]) -> int:
    """Run a storm, or with `--team` an office hour."""
    if "--team" in words:
        return office.main([word for word in words if word != "--team"])
    plan, options = _read(words)
    sys.stderr.write(
        f"{plan.phones} simulated phones for {plan.minutes:g} minutes, seed {plan.seed}, latency {plan.latency}: "
        f"{plan.messages_a_minute:g} messages and {plan.replies_a_minute:g} replies a minute, "
        f"a fault every {plan.fault_every_s:g} s\n"
    )
    outcome = asyncio.run(run_storm(plan, Path(options.keep) if options.keep else None))
    if options.log:
        Path(options.log).write_text(outcome.log, "utf-8")
    _print(outcome, with_history=options.history or not outcome.verdict.is_clean, as_json=options.json)
    return 0 if outcome.verdict.is_clean else 1


def _print(outcome: Outcome, *, with_history: bool, as_json: bool) -> None:
    verdict = outcome.verdict
    if as_json:
        sys.stdout.write(json.dumps(asdict(verdict) | {"did": outcome.did, "struck": outcome.struck}) + "\n")
        return
    lines = [f"{at:8.2f}  {phone:>16}  {what}" for at, phone, what in outcome.history] if with_history else []
    lines += verdict.details
    for name, counter in (("done", outcome.did), ("faults", outcome.struck), ("replies", verdict.replies)):
        lines.append(f"{name}: " + ", ".join(f"{what} {count}" for what, count in sorted(counter.items())))
    lines.append(
        f"{verdict.messages} messages on the phones, {verdict.gaps} flagged gaps, {verdict.flagged} chats not whole, "
        f"the program was started {outcome.starts} times, all agreed after {outcome.settled_s:.0f} s"
    )
    sys.stdout.write("\n".join([*lines, verdict.line()]) + "\n")


def _read(words: list[str]) -> tuple[Plan, argparse.Namespace]:
    usual = Plan()
    parser = argparse.ArgumentParser(prog="run.py storm", description=__doc__)
    parser.add_argument("--minutes", type=float, default=usual.minutes)
    parser.add_argument("--phones", type=int, default=usual.phones)
    parser.add_argument("--seed", type=int, default=usual.seed)
    parser.add_argument("--latency", choices=("none", "good", "slow"), default=usual.latency)
    parser.add_argument("--messages", type=float, default=usual.messages_a_minute, help="a minute, all phones together")
    parser.add_argument("--replies", type=float, default=usual.replies_a_minute, help="a minute, all phones together")
    parser.add_argument("--every", type=float, default=usual.fault_every_s, help="seconds between faults")
    parser.add_argument("--only", action="append", default=[], choices=sorted(PLAGUES), help="this fault; repeatable")
    parser.add_argument("--tell-within", type=float, default=usual.tell_within_s, help="seconds; more on busy machines")
    parser.add_argument("--history", action="store_true", help="print it even when all is well")
    parser.add_argument("--log", help="keep the program's own log in this file")
    parser.add_argument("--keep", metavar="DIR", help="keep the database and what was true on the phones here")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(words)
    plan = Plan(
        options.minutes, options.phones, options.seed, options.latency, options.messages, options.replies,
        options.every, frozenset(options.only), options.tell_within,
    )  # fmt: skip
    return plan, options


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
