"""Commands on elements and on the source: find, read, click, type."""

from __future__ import annotations

from devices.simulated.uia2.commands import Command, attribute_of, rect_of
from devices.simulated.uia2.device import Stroke
from devices.simulated.uia2.errors import CommandError, no_such_element, unknown_command
from devices.simulated.uia2.source import dump_appium
from devices.simulated.uia2.tree import Node

_ENTER = 66


async def find(command: Command) -> object:
    """POST element: one element, or a list where `multiple` is set."""
    if command.body.get("multiple"):
        return await find_all(command)
    locator = command.locator()
    return command.give_out(await command.find_one(locator), locator)


async def find_all(command: Command) -> object:
    """POST elements."""
    return [command.give_out(node, None) for node in await command.find(command.locator())]


async def active(command: Command) -> object:
    """GET element/active: the focused view."""
    return command.give_out(_focused(command), None)


async def click(command: Command) -> object:
    """POST element/{e}/click: tap the middle of the visible bounds, then wait for rest."""
    node = command.element()
    await command.device.spend("click")
    command.device.ledger.write("ui.click", element=node.view.res or node.view.text)
    if command.device.faults.take("click_ignored") is None:
        command.device.glass.touch(Stroke(node.center, node.center))
    await command.rest()
    return None


async def clear(command: Command) -> object:
    """POST element/{e}/clear."""
    await command.device.spend("set_text")
    _set_text(command, command.element(), "")
    return None


async def value(command: Command) -> object:
    """POST element/{e}/value."""
    await _enter(command, command.element())
    return None


async def keys(command: Command) -> object:
    """POST keys: text for the focused view."""
    await _enter(command, _focused(command))
    return None


async def text(command: Command) -> object:
    """GET element/{e}/text."""
    await command.device.spend("read_node")
    return command.element().view.text


async def name(command: Command) -> object:
    """GET element/{e}/name: the content description."""
    await command.device.spend("read_node")
    return command.element().view.desc or None


async def rect(command: Command) -> object:
    """GET element/{e}/rect."""
    await command.device.spend("read_node")
    return rect_of(command.element())


async def size(command: Command) -> object:
    """GET element/{e}/size."""
    found = rect_of(command.element())
    return {"width": found["width"], "height": found["height"]}


async def location(command: Command) -> object:
    """GET element/{e}/location."""
    found = rect_of(command.element())
    return {"x": found["x"], "y": found["y"]}


async def attribute(command: Command) -> object:
    """GET element/{e}/attribute/{name}: a string or null."""
    await command.device.spend("read_node")
    is_known, found = attribute_of(command.element(), command.params["name"])
    if not is_known:
        raise unknown_command()
    return found


async def first_visible(command: Command) -> object:
    """GET appium/element/{e}/first_visible: the first child."""
    node = command.element()
    if not node.children:
        raise no_such_element()
    return command.give_out(node.children[0], None)


async def source(command: Command) -> object:
    """GET source: the whole screen as XML."""
    await command.rest()
    await command.device.spend("source")
    device, settings = command.device, command.session.settings
    if device.faults.take("source_error") is not None:
        raise CommandError(
            "unknown error",
            "Timed out after 10000ms waiting for the root AccessibilityNodeInfo in the active "
            "window. Make sure the active window is not constantly hogging the main UI thread",
        )
    printed = dump_appium(
        device.accessible_windows(),
        device.display,
        rotation=device.rotation,
        max_depth=settings.number("snapshotMaxDepth"),
        toasts=device.toasts() if settings.flag("enableNotificationListener") else (),
    )
    return _spoiled(command, printed)


def _spoiled(command: Command, printed: str) -> str:
    faults = command.device.faults
    if faults.take("source_empty") is not None:
        return ""
    if faults.take("source_truncated") is not None:
        return printed[: len(printed) // 2]
    if faults.take("source_invalid_chars") is not None:
        return printed.replace(' text="', ' text="\x01', 1)
    huge = faults.take("source_huge")
    if huge is None:
        return printed
    filler = "<!--" + " " * (int(huge.params["kilobytes"]) * 1024) + "-->"
    return printed.replace("</hierarchy>", filler + "</hierarchy>")


def _focused(command: Command) -> Node:
    for node in command.tree().nodes():
        if node.view.focused:
            return node
    raise no_such_element()


async def _enter(command: Command, node: Node) -> None:
    wanted = command.body.get("text")
    if wanted is None:
        wanted = "".join(str(part) for part in command.field("value"))
    wanted = str(wanted)
    is_enter = wanted.endswith("\\n")
    wanted = wanted.removesuffix("\\n") if is_enter else wanted
    await command.device.spend("set_text")
    if not command.body.get("replace"):
        wanted = _cleared(command, node) + wanted
    _set_text(command, node, wanted)
    if is_enter:
        command.device.glass.press_key(_ENTER)


def _cleared(command: Command, node: Node) -> str:
    """Empty a field and return what it held; what it still shows then is its hint."""
    before = node.view.text
    _set_text(command, node, "")
    after = command.tree().by_id(node.id)
    return "" if after is not None and after.view.text == before else before


def _set_text(command: Command, node: Node, wanted: str) -> None:
    limit = node.view.max_length
    cut = wanted[:limit] if limit >= 0 else wanted
    if not command.device.glass.set_text(node.view, cut):
        raise CommandError(
            "invalid element state",
            f"Cannot set the element to '{wanted}'. Did you interact with the correct element?",
        )
