"""UiSelector and UiScrollable expressions: read them as Java, match them against nodes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from devices.simulated.uia2.errors import CommandError
from devices.simulated.uia2.tree import Node

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<number>-?\d+(?:\.\d+)?)|(?P<word>[A-Za-z_][\w.]*)"""
    r"""|(?P<mark>[().,;]))"""
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a chain: `textContains("x")`."""

    name: str
    args: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Expression:
    """A `new UiSelector()` or `new UiScrollable(...)` with the calls made on it."""

    kind: str
    args: tuple[object, ...] = ()
    calls: tuple[Call, ...] = field(default=())


def parse_expressions(text: str) -> list[Expression]:
    """Read one or several expressions, set apart by semicolons.

    Raises:
        CommandError: The text is no such expression (invalid selector).
    """
    reader = _Reader(text)
    found = [reader.expression()]
    while reader.take(";"):
        if not reader.is_done:
            found.append(reader.expression())
    if not reader.is_done:
        raise _wrong(text)
    return found


def select(expression: Expression, scope: Sequence[Node]) -> list[Node]:
    """Return the nodes of the scope that a UiSelector matches, in document order."""
    matches: list[Node] = [node for node in scope if _matches(node, expression.calls)]
    for call in expression.calls:
        if call.name == "instance" and call.args:
            place = int(str(call.args[0]))
            matches = matches[place : place + 1]
        elif call.name in ("childSelector", "fromParent"):
            matches = list(_related(call, matches))
    return matches


def _related(call: Call, matches: Sequence[Node]) -> Iterator[Node]:
    inner = call.args[0] if call.args else None
    if not isinstance(inner, Expression):
        raise _wrong(call.name)
    seen: set[int] = set()
    for node in matches:
        top = node.parent if call.name == "fromParent" else node
        below = [] if top is None else [other for other in top.walk() if other is not top]
        for found in select(inner, below):
            if id(found) not in seen:
                seen.add(id(found))
                yield found


Check = Callable[[Node, str], bool]

_CHECKS: dict[str, Check] = {
    "text": lambda node, want: node.view.text == want,
    "textContains": lambda node, want: want.lower() in node.view.text.lower(),
    "textStartsWith": lambda node, want: node.view.text.lower().startswith(want.lower()),
    "textMatches": lambda node, want: _full_match(want, node.view.text),
    "description": lambda node, want: node.view.desc == want,
    "descriptionContains": lambda node, want: want.lower() in node.view.desc.lower(),
    "descriptionStartsWith": lambda node, want: node.view.desc.lower().startswith(want.lower()),
    "descriptionMatches": lambda node, want: _full_match(want, node.view.desc),
    "className": lambda node, want: node.view.cls == want,
    "classNameMatches": lambda node, want: _full_match(want, node.view.cls),
    "resourceId": lambda node, want: node.view.res == want,
    "resourceIdMatches": lambda node, want: _full_match(want, node.view.res),
    "packageName": lambda node, want: (node.view.package or node.window.package) == want,
    "index": lambda node, want: str(node.view.index) == want,
}

_FLAGS: dict[str, Callable[[Node], bool]] = {
    "checkable": lambda node: node.view.checkable,
    "checked": lambda node: node.view.checked,
    "clickable": lambda node: node.view.clickable,
    "enabled": lambda node: node.view.enabled,
    "focusable": lambda node: node.view.focusable,
    "focused": lambda node: node.view.focused,
    "longClickable": lambda node: node.view.long_clickable,
    "scrollable": lambda node: node.view.scrollable,
    "selected": lambda node: node.view.selected,
}

_STRUCTURE = frozenset({"instance", "childSelector", "fromParent"})


def _matches(node: Node, calls: Sequence[Call]) -> bool:
    return all(_holds(node, call) for call in calls)


def _holds(node: Node, call: Call) -> bool:
    if call.name in _STRUCTURE:
        return True
    value = call.args[0] if call.args else True
    if call.name in _FLAGS:
        return _FLAGS[call.name](node) is value
    check = _CHECKS.get(call.name)
    if check is None:
        raise CommandError("invalid selector", f"Could not parse expression: UiSelector has no {call.name} method")
    return check(node, str(value))


def _full_match(pattern: str, text: str) -> bool:
    try:
        return re.fullmatch(pattern, text, re.DOTALL) is not None
    except re.error as error:
        raise CommandError("invalid selector", str(error)) from error


def _wrong(text: str) -> CommandError:
    return CommandError(
        "invalid selector",
        f"Could not parse expression `{text}`: unsupported UiSelector or UiScrollable",
    )


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    @property
    def is_done(self) -> bool:
        return not self._text[self._at :].strip()

    def take(self, mark: str) -> bool:
        match = _TOKEN.match(self._text, self._at)
        if match is None or match["mark"] != mark:
            return False
        self._at = match.end()
        return True

    def expression(self) -> Expression:
        if self._word() != "new":
            raise _wrong(self._text)
        kind = self._word().rpartition(".")[2]
        if kind not in ("UiSelector", "UiScrollable"):
            raise _wrong(self._text)
        args = self._args()
        calls = []
        while self.take("."):
            calls.append(Call(self._word(), self._args()))
        return Expression(kind, args, tuple(calls))

    def _word(self) -> str:
        match = _TOKEN.match(self._text, self._at)
        if match is None or match["word"] is None:
            raise _wrong(self._text)
        self._at = match.end()
        return match["word"]

    def _args(self) -> tuple[object, ...]:
        if not self.take("("):
            raise _wrong(self._text)
        args: list[object] = []
        while not self.take(")"):
            args.append(self._value())
            self.take(",")
        return tuple(args)

    def _value(self) -> object:
        match = _TOKEN.match(self._text, self._at)
        if match is None or match["mark"]:
            raise _wrong(self._text)
        if match["word"] == "new":
            return self.expression()
        self._at = match.end()
        if match["text"] is not None:
            return _unescaped(match["text"][1:-1])
        if match["number"] is not None:
            return float(match["number"]) if "." in match["number"] else int(match["number"])
        return {"true": True, "false": False}.get(match["word"], match["word"])


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[1]), text, flags=re.DOTALL)
