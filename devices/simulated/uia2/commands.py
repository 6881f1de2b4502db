"""What a command of the on-device server works with: session, screen, elements, input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from devices.simulated.contract import View
from devices.simulated.uia2 import locate, selectors
from devices.simulated.uia2.device import Device, Stroke
from devices.simulated.uia2.errors import (
    CommandError,
    missing_field,
    no_such_element,
    not_connected,
    stale,
)
from devices.simulated.uia2.session import Locator, Session
from devices.simulated.uia2.source import appium_attributes
from devices.simulated.uia2.tree import Node, Tree

W3C_KEY = "element-6066-11e4-a52e-4f735466cecf"
_LOOK_AGAIN_S = 0.1


@dataclass(slots=True)
class Command:
    """One request on its way through a handler."""

    device: Device
    session: Session
    path: str
    params: Mapping[str, str]
    body: Mapping[str, Any] = field(default_factory=dict)

    def field(self, name: str) -> Any:
        """Return a mandatory field of the body."""
        if name not in self.body:
            raise missing_field(self.path, name)
        return self.body[name]

    def require_ui(self) -> None:
        """Fail as the server does that has lost its UiAutomation."""
        if self.device.faults.active("uiautomation_lost") is not None:
            raise not_connected()

    async def rest(self) -> None:
        """Wait for the screen to come to rest, at most waitForIdleTimeout."""
        self.require_ui()
        await self.device.rest(self.session.settings.number("waitForIdleTimeout") / 1000)

    def tree(self) -> Tree:
        """Look at the screen."""
        self.require_ui()
        return Tree(self.device.accessible_windows(), self.device.display)

    def node(self, element_id: str) -> Node:
        """Return the view behind an element that was given out.

        Raises:
            CommandError: The element is unknown or has left the screen.
        """
        locator = self.session.cache.locator(element_id)
        node = self.tree().by_id(element_id)
        if node is None:
            raise stale(str(locator) if locator else element_id)
        return node

    def element(self) -> Node:
        """Return the view of the element in the path."""
        return self.node(self.params["element"])

    async def find(self, locator: Locator) -> list[Node]:
        """Find elements, waiting where the real server waits.

        Raises:
            CommandError: The selector is wrong or its context is gone.
        """
        if locator.context:
            self.node(locator.context)
        await self.rest()
        await self.device.spend("find")
        if locator.strategy != locate.UIAUTOMATOR:
            return locate.find_nodes(self.tree(), locator, self.session)
        return await self._find_by_uiautomator(locator)

    async def _find_by_uiautomator(self, locator: Locator) -> list[Node]:
        expressions = selectors.parse_expressions(locator.selector)
        timeout_s = self.session.settings.number("waitForSelectorTimeout") / 1000
        end = self.device.clock.monotonic() + timeout_s
        while True:
            scrolled = [e for e in expressions if e.kind == "UiScrollable"]
            found = [node for e in scrolled for node in await self._scroll_to(e)]
            found += locate.find_nodes(self.tree(), locator, self.session)
            if found or scrolled or self.device.clock.monotonic() >= end:
                return found
            await self.device.clock.sleep(_LOOK_AGAIN_S)

    async def _scroll_to(self, expression: selectors.Expression) -> list[Node]:
        scope = expression.args[0] if expression.args else None
        call = next((c for c in expression.calls if c.name.startswith(("scroll", "get"))), None)
        if not isinstance(scope, selectors.Expression) or call is None:
            raise CommandError("invalid selector", "unsupported UiScrollable")
        wanted = next((a for a in call.args if isinstance(a, selectors.Expression)), None)
        if wanted is None:
            text = str(call.args[0]) if call.args else ""
            wanted = selectors.Expression("UiSelector", (), (selectors.Call("text", (text,)),))
        for number in range(30):
            found = selectors.select(wanted, list(self.tree().nodes()))
            lists = selectors.select(scope, list(self.tree().nodes()))
            if found or not lists:
                return found
            did_move = await self.scroll(lists[0].view, "down" if number else "up", 0.9)
            if number and not did_move:
                break
        return []

    async def scroll(self, view: View, direction: str, percent: float) -> bool:
        """Drag a view's content without a fling.

        Args:
            view: The view that is dragged.
            direction: Where the window over the content goes: `down` shows what lies below.
            percent: Share of the view's size.

        Returns:
            Whether the screen changed.
        """
        before = _signature(self.tree())
        start, end = ends_of(view.bounds, direction, percent)
        self.device.glass.touch(Stroke(start, end))
        await self.device.spend("drag")
        return _signature(self.tree()) != before

    def give_out(self, node: Node, locator: Locator | None) -> dict[str, object]:
        """Remember a node and return it as an element value."""
        element_id = node.id
        self.session.cache.add(element_id, locator)
        value: dict[str, object] = {"ELEMENT": element_id, W3C_KEY: element_id}
        settings = self.session.settings
        if not settings.flag("shouldUseCompactResponses"):
            for name in settings.text("elementResponseAttributes").split(","):
                value[name.strip()] = _extra_value(node, name.strip())
        return value

    def locator(self) -> Locator:
        """Return the locator in the body."""
        strategy, selector = self.field("strategy"), self.field("selector")
        return Locator(str(strategy), str(selector), str(self.body.get("context") or ""))

    async def find_one(self, locator: Locator) -> Node:
        """Find one element.

        Raises:
            CommandError: There is none.
        """
        node = locate.pick(await self.find(locator))
        if node is None:
            raise no_such_element()
        return node


def attribute_of(node: Node, name: str) -> tuple[bool, str | None]:
    """Return whether an attribute is known, and its value or None."""
    known = _NAMES.get(name, name)
    rows = dict(appium_attributes(node.view, node.window))
    if known in rows:
        return True, rows[known]
    return known in _OPTIONAL, None


def rect_of(node: Node) -> dict[str, int]:
    """Return a node's place and size."""
    left, top, right, bottom = node.view.bounds
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}


def ends_of(
    bounds: tuple[int, int, int, int], direction: str, percent: float
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return where a finger starts and ends to move the window over the content.

    `down` shows what lies below: the finger goes up.
    """
    left, top, right, bottom = bounds
    middle = ((left + right) // 2, (top + bottom) // 2)
    dx, dy = round((right - left) * percent / 2), round((bottom - top) * percent / 2)
    steps = {"down": (0, dy), "up": (0, -dy), "right": (dx, 0), "left": (-dx, 0)}
    if direction not in steps:
        raise CommandError("invalid argument", f"unknown direction {direction!r}")
    step = steps[direction]
    return (middle[0] + step[0], middle[1] + step[1]), (middle[0] - step[0], middle[1] - step[1])


def _extra_value(node: Node, name: str) -> object:
    if name == "rect":
        return rect_of(node)
    if name == "name":
        return node.view.desc or None
    if name == "text":
        return node.view.text
    return attribute_of(node, name.removeprefix("attribute/"))[1]


def _signature(tree: Tree) -> list[tuple[object, ...]]:
    return [(node.view.text, node.view.res, node.view.bounds) for node in tree.nodes()]


_NAMES = {
    "contentDescription": "content-desc",
    "name": "content-desc",
    "resourceId": "resource-id",
    "className": "class",
    "longClickable": "long-clickable",
    "originalText": "text",
}

_OPTIONAL = frozenset(
    {
        "content-desc",
        "resource-id",
        "hint",
        "selection-start",
        "selection-end",
        "input-type",
        "multiline",
        "max-text-length",
        "error",
        "pane-title",
        "tooltip-text",
        "text-has-clickable-span",
        "is-collection",
        "is-collection-item",
        "contentSize",
        "extras",
    }
)
