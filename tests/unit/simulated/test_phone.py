"""The phone as a whole: touches, idle rule, faults, ledger, control over HTTP."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from devices.simulated.clock import SteppedClock
from devices.simulated.control import ControlServer
from devices.simulated.echo import Echo
from devices.simulated.faults import CATALOGUE
from devices.simulated.shelf import Handset, Shelf, make_whatsapp, run_shelf
from devices.simulated.system.apk import ApkFacts, make_stub_apk, read_apk
from devices.simulated.system.screen import BACK
from devices.simulated.system.spec import PhoneSpec
from devices.simulated.uia2.device import Stroke

PACKAGE = "com.whatsapp.w4b"


def make_handset(clock: SteppedClock | None = None) -> Handset:
    return Handset(PhoneSpec(), lambda host, spec: Echo(host, spec.app_package), clock)


@pytest.fixture
async def handset() -> Handset:
    one = make_handset()
    one.phone.screen.bring(PACKAGE)
    return one


async def test_latencies_change_while_it_runs_and_begin_anew_by_their_seed(handset: Handset) -> None:
    def draw(scale: float) -> float:
        handset.control("latency", {"profile": "good", "scale": scale, "seed": 3})
        return handset.phone.delay_s("find")

    assert handset.phone.delay_s("find") == 0
    assert draw(1.0) == draw(1.0) > 0
    assert draw(0.5) == pytest.approx(draw(2.0) / 4)
    with pytest.raises(ValueError, match="no latency profile"):
        handset.control("latency", {"profile": "fast"})


async def test_speed_at_lifting_decides_between_drag_and_fling(handset: Handset) -> None:
    screen, ledger = handset.phone.screen, handset.phone.ledger
    screen.touch(Stroke((500, 1500), (500, 1000), speed=0.0))
    screen.touch(Stroke((500, 1500), (500, 1000), speed=5000.0))
    assert [record.facts["fling"] for record in ledger.find("echo.drag")] == [False, True]


async def test_a_drag_after_a_long_press_selects_instead(handset: Handset) -> None:
    handset.phone.screen.touch(Stroke((500, 1500), (500, 1000), hold_s=0.6))
    assert handset.phone.ledger.find("echo.long_press")
    assert not handset.phone.ledger.find("echo.drag")


async def test_back_lowers_the_keyboard_then_leaves_the_app(handset: Handset) -> None:
    phone = handset.phone
    phone.show_keyboard(True)
    assert phone.keyboard_top() < phone.display[1]
    phone.screen.press_key(BACK)
    assert phone.is_front(PACKAGE)
    assert phone.keyboard_top() == phone.display[1]
    phone.screen.press_key(BACK)
    assert not phone.is_front(PACKAGE)


async def test_the_keyboard_types_into_the_focused_field(handset: Handset) -> None:
    phone = handset.phone
    phone.show_keyboard(True)
    keys = {view.key: view for view in _views(phone.screen.windows()[1].root) if view.key}
    for letter in "hoi":
        left, top, right, bottom = keys[f"key{letter}"].bounds
        at = ((left + right) // 2, (top + bottom) // 2)
        phone.screen.touch(Stroke(at, at))
    assert handset.control("truth", {}) == {"sent": [], "draft": "hoi"}


async def test_rest_comes_half_a_second_after_the_last_change() -> None:
    clock = SteppedClock(datetime(2026, 1, 1, tzinfo=UTC))
    phone = make_handset(clock).phone
    phone.changed()
    resting = asyncio.get_running_loop().create_task(phone.rest(10))
    while not resting.done():
        await asyncio.sleep(0)
        clock.advance(0.05)
    assert clock.monotonic() == pytest.approx(0.5, abs=0.11)


async def test_a_moving_screen_costs_the_whole_timeout() -> None:
    clock = SteppedClock(datetime(2026, 1, 1, tzinfo=UTC))
    handset = make_handset(clock)
    handset.phone.screen.bring(PACKAGE)
    handset.control("animate", {"on": True})
    resting = asyncio.get_running_loop().create_task(handset.phone.rest(2))
    while not resting.done():
        await asyncio.sleep(0)
        clock.advance(0.05)
    assert clock.monotonic() == pytest.approx(2, abs=0.11)


async def test_the_tree_is_stale_for_as_long_as_was_said(handset: Handset) -> None:
    handset.phone.faults.strike("stale_tree", seconds=60)
    handset.phone.screen.bring("com.android.vending")
    assert handset.device.accessible_windows()[1].package == PACKAGE
    handset.phone.faults.lift("stale_tree")
    assert handset.device.accessible_windows()[1].package == "com.android.vending"


async def test_every_fault_can_be_struck_and_is_in_the_ledger(handset: Handset) -> None:
    for name in CATALOGUE:
        handset.control("strike", {"name": name})
    struck = [record.facts["name"] for record in handset.phone.ledger.find("fault.struck")]
    assert struck == list(CATALOGUE)
    with pytest.raises(LookupError):
        handset.control("strike", {"name": "no such"})
    with pytest.raises(ValueError, match="no parameter"):
        handset.phone.faults.strike("unplug", minutes=3)


async def test_a_counted_fault_works_so_many_times_and_on_its_route(handset: Handset) -> None:
    faults = handset.phone.faults
    faults.strike("reply_lost", route="/click", count=2)
    assert faults.take("reply_lost", "POST /element") is None
    assert faults.take("reply_lost", "POST /element/{element}/click") is not None
    assert faults.take("reply_lost", "POST /element/{element}/click") is not None
    assert faults.take("reply_lost", "POST /element/{element}/click") is None


def test_the_emulators_ports_are_refused() -> None:
    with pytest.raises(ValueError, match="emulators"):
        Handset(PhoneSpec(port=5556), lambda host, spec: Echo(host, spec.app_package))


def test_an_apk_is_read_back() -> None:
    facts = ApkFacts("a.b", "1.2", 12, (("x.Runner", "a.c"),))
    assert read_apk(make_stub_apk(facts)) == facts
    assert read_apk(b"PK not quite") is None


@pytest.fixture
async def shelf() -> AsyncIterator[Shelf]:
    specs = [PhoneSpec(serial="SIM1"), PhoneSpec(serial="SIM2")]
    async with run_shelf(specs, make_app=lambda host, spec: Echo(host, spec.app_package)) as one:
        yield one


async def test_control_over_http(shelf: Shelf) -> None:
    server = ControlServer(shelf)
    await server.start()

    def ask(path: str, body: object = None) -> object:
        raw = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{server.port}{path}", raw)
        with urllib.request.urlopen(request, timeout=10) as reply:  # noqa: S310
            return json.loads(reply.read())["value"]

    phones = await asyncio.to_thread(ask, "/phones")
    assert [phone["serial"] for phone in phones] == ["SIM1", "SIM2"]  # type: ignore[attr-defined]
    await asyncio.to_thread(ask, "/phones/SIM2/strike", {"name": "lock"})
    assert [handset.phone.screen.is_locked for handset in shelf.handsets] == [False, True]
    records = await asyncio.to_thread(ask, "/phones/SIM2/ledger?kind=fault.struck")
    assert records[0]["name"] == "lock"  # type: ignore[index]
    assert await asyncio.to_thread(ask, "/phones/*/truth", {}) == [{"sent": [], "draft": ""}] * 2
    await server.stop()


def _views(root):
    yield root
    for child in root.children:
        yield from _views(child)


@pytest.mark.parametrize(("sdk", "told"), [(30, []), (31, ["leaving", "entering"])])
async def test_since_android_12_the_event_log_says_who_gets_the_focus(sdk: int, told: list[str]) -> None:
    phone = Handset(PhoneSpec(sdk=sdk), lambda host, spec: Echo(host, spec.app_package)).phone
    phone.screen.bring(PACKAGE)
    lines = [line.text.split()[1] for line in phone.log.kept(frozenset({"events"})) if line.tag == "input_focus"]
    assert lines == told


async def test_windows_of_one_component_have_numbers_of_their_own() -> None:
    handset = Handset(PhoneSpec(), make_whatsapp)
    first, second = handset.control("fill", {"chats": 2, "messages": 3})  # type: ignore[misc]
    handset.control("bring", {"package": PACKAGE})
    home = handset.phone.focus.shown()
    shown = [home]
    for verb, arguments in (
        ("open_chat", {"chat": first}),
        ("show", {"screen": "dialog", "text": "?"}),
        ("show", {"screen": "none"}),
        ("open_chat", {"chat": second}),
        ("go_home", {}),
    ):
        handset.control(verb, arguments)
        shown.append(handset.phone.focus.shown())
    assert shown[1] == shown[3]
    assert shown[5] == home
    assert len(set(shown)) == 4
