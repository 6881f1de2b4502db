"""`logcat`: it speaks at once, then streams; `-d` prints what is there and ends."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from devices.simulated.system.call import Call, Program
from devices.simulated.system.eventlog import LogLine, format_line

_DEFAULT = frozenset({"main", "system", "crash"})
_LEVELS = "VDIWEFS"
_VALUED = ("-b", "-v", "-T", "-t", "-e")
_SWITCHES = {"-d": "is_dump", "--dump": "is_dump", "-c": "is_clear", "--clear": "is_clear"}
_FORMS = frozenset({"brief", "epoch", "raw", "tag", "threadtime", "time", "year", "long", "process"})


@dataclass(slots=True)
class Options:
    """What a call of logcat asked for."""

    buffers: frozenset[str] = _DEFAULT
    form: str = "threadtime"
    since: str = ""
    pattern: str = ""
    is_dump: bool = False
    is_clear: bool = False
    filters: dict[str, str] = field(default_factory=dict)


async def logcat(call: Call) -> int:
    """Print the log buffers."""
    options = _read(call.args)
    log = call.phone.log
    if options.is_clear:
        log.clear()
        return 0
    reader = log.subscribe()
    try:
        for buffer in sorted(options.buffers):
            await call.say(f"--------- beginning of {buffer}\n")
        for line in _since(log.kept(options.buffers), options, call.phone.now()):
            await _print(call, line, options)
        while not options.is_dump:
            line = await reader.get()
            if line.buffer in options.buffers:
                await _print(call, line, options)
    except asyncio.CancelledError:
        log.unsubscribe(reader)
        raise
    log.unsubscribe(reader)
    return 0


def _read(words: list[str]) -> Options:
    options = Options()
    waiting = list(words)
    buffers: list[str] = []
    while waiting:
        word = waiting.pop(0)
        if word in _VALUED:
            _take_value(options, word, waiting.pop(0), buffers)
        elif word in _SWITCHES:
            setattr(options, _SWITCHES[word], True)
        elif word == "-s":
            options.filters.setdefault("*", "S")
        elif not word.startswith("-"):
            tag, _, level = word.partition(":")
            options.filters[tag] = level or "V"
    if buffers:
        everything = _DEFAULT | {"events", "radio"}
        options.buffers = everything if "all" in buffers else frozenset(buffers)
    return options


def _take_value(options: Options, word: str, value: str, buffers: list[str]) -> None:
    if word == "-b":
        buffers += value.split(",")
    elif word == "-v":
        wish = value.replace(" ", ",").partition(",")[0]
        options.form = wish if wish in _FORMS else options.form
    elif word == "-e":
        options.pattern = value
    else:
        options.since = value
        options.is_dump = options.is_dump or word == "-t"


def _since(lines: list[LogLine], options: Options, now: datetime) -> list[LogLine]:
    since = options.since
    if not since:
        return lines
    if since.isdigit():
        return lines[max(0, len(lines) - int(since)) :]
    start = _moment(since, now)
    return [line for line in lines if start is None or line.at >= start]


def _moment(text: str, now: datetime) -> datetime | None:
    """Read `MM-DD hh:mm:ss.mmm`, the same with a year, or seconds since 1970."""
    if re.fullmatch(r"\d+\.\d+", text):
        return datetime.fromtimestamp(float(text), now.tzinfo)
    for form, prefix in (("%Y-%m-%d %H:%M:%S.%f", f"{now.year}-"), ("%Y-%m-%d %H:%M:%S.%f", "")):
        try:
            moment = datetime.strptime(prefix + text, form).replace(tzinfo=now.tzinfo)
        except ValueError:
            continue
        is_last_year = moment - now > timedelta(days=1)
        return moment.replace(year=now.year - 1) if is_last_year and prefix else moment
    return None


async def _print(call: Call, line: LogLine, options: Options) -> None:
    wanted = options.filters.get(line.tag, options.filters.get("*", "V"))
    if _LEVELS.find(line.level) < _LEVELS.find(wanted):
        return
    if options.pattern and re.search(options.pattern, line.text) is None:
        return
    await call.say("".join(row + "\n" for row in format_line(line, options.form)))


PROGRAMS: Mapping[str, Program] = {"logcat": logcat}
"""Commands of this family by their words."""
