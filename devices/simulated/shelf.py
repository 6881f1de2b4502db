"""A shelf of simulated phones on loopback ports, and what a test or a person may do to them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any, cast

from devices.simulated.clock import Clock, SteppedClock
from devices.simulated.contract import ControlledApp, Host
from devices.simulated.faults import CATALOGUE
from devices.simulated.latency import Latency
from devices.simulated.system.instrumented import InstrumentedPhone
from devices.simulated.system.phone import SimulatedPhone
from devices.simulated.system.services import Services
from devices.simulated.system.spec import PhoneSpec
from devices.simulated.wire.adbd import FEATURES, Adbd
from devices.simulated.wire.auth import Gatekeeper
from devices.simulated.wire.connection import Port

AppMaker = Callable[[Host, PhoneSpec], ControlledApp]
"""Makes the app under test for a phone."""


def make_whatsapp(host: Host, spec: PhoneSpec) -> ControlledApp:
    """Make WhatsApp for a phone, in the package and layout its spec names."""
    from devices.simulated.whatsapp.app import WhatsApp  # noqa: PLC0415 - loads its words and skins

    return WhatsApp(host, spec.app_package, spec.app_layout, spec.seed)


class Handset:
    """One phone with its app and its adbd."""

    def __init__(self, spec: PhoneSpec, make_app: AppMaker, clock: Clock | None = None) -> None:
        self.phone = SimulatedPhone(spec, clock)
        self.app = make_app(self.phone, spec)
        self.phone.run_app(self.app)
        if spec.has_twin:
            self.phone.run_app(make_app(self.phone, spec), is_twin=True)
        self.phone.screen.settle()
        self.device = InstrumentedPhone(self.phone)
        self.gate = Gatekeeper(asks=spec.asks_keys)
        services = Services(self.phone, self.device)
        rtt = "rtt_wifi" if spec.is_wifi else "rtt_usb"
        shared = Port(
            banner=self._banner,
            find_handler=services.find_handler,
            gate=self.gate,
            faults=self.phone.faults,
            ledger=self.phone.ledger,
            clock=self.phone.clock,
            rtt_s=lambda: self.phone.delay_s(rtt),
        )
        self.adbd = Adbd(shared, spec.port)

    @property
    def address(self) -> str:
        """What `adb connect` takes."""
        return f"{self.adbd.address}:{self.adbd.port}"

    def control(self, verb: str, args: Mapping[str, Any]) -> object:
        """Do something to the phone, or to its app.

        Args:
            verb: One of `VERBS`; any other goes to the app.
            args: JSON values by name.

        Returns:
            A JSON value.

        Raises:
            LookupError: Nobody knows the verb.
            TypeError: An argument is of the wrong type or unknown.
            ValueError: An argument is wrong.
        """
        own = VERBS.get(verb)
        result = own(self, **args) if own is not None else self.app.control(verb, dict(args))
        self.phone.screen.settle()
        return result

    def _banner(self) -> bytes:
        spec = self.phone.spec
        facts = (
            f"ro.product.name={spec.product};ro.product.model={spec.model};"
            f"ro.product.device={spec.device};features={FEATURES}"
        )
        return f"device::{facts}".encode()


class Shelf:
    """Several handsets that start and stop together."""

    def __init__(self, handsets: Sequence[Handset]) -> None:
        self.handsets = list(handsets)

    async def start(self) -> None:
        """Start every handset's adbd."""
        for handset in self.handsets:
            await handset.adbd.start()

    async def stop(self) -> None:
        """Stop every handset."""
        for handset in self.handsets:
            if handset.phone.instrumentation is not None:
                handset.phone.instrumentation.end("stopped")
            await handset.adbd.stop()

    def find(self, serial: str) -> Handset:
        """Return a handset by its serial or its address.

        Raises:
            LookupError: There is none.
        """
        for handset in self.handsets:
            if serial in (handset.phone.spec.serial, handset.address):
                return handset
        raise LookupError(f"no phone {serial!r}")

    def describe(self) -> list[dict[str, object]]:
        """Return what a person needs to know of each phone."""
        return [
            {
                "serial": handset.phone.spec.serial,
                "address": handset.address,
                "model": handset.phone.spec.model,
                "locale": handset.phone.locale,
                "front": handset.phone.screen.focus(),
                "faults": handset.phone.faults.names(),
                "records": len(handset.phone.ledger),
            }
            for handset in self.handsets
        ]


@contextlib.asynccontextmanager
async def run_shelf(
    specs: Sequence[PhoneSpec],
    *,
    make_app: AppMaker = make_whatsapp,
    clock: Clock | None = None,
) -> AsyncIterator[Shelf]:
    """Run phones for as long as the context lasts.

    Args:
        specs: The phones; port 0 takes any free one.
        make_app: Makes the app under test.
        clock: One time for all phones; the real one by default.
    """
    shelf = Shelf([Handset(spec, make_app, clock) for spec in specs])
    try:
        await shelf.start()
        yield shelf
    finally:
        await shelf.stop()
        await asyncio.sleep(0)


def _strike(handset: Handset, name: str, **params: Any) -> object:
    handset.phone.faults.strike(name, **params)
    return None


def _lift(handset: Handset, name: str) -> object:
    handset.phone.faults.lift(name)
    if name == "unplug":
        handset.adbd.plug_in()
    elif name == "wifi_off":
        handset.phone.vitals.has_wifi = True
    return None


def _ledger(handset: Handset, kind: str = "", since: int = 0) -> object:
    return [record.as_json() for record in handset.phone.ledger.find(kind, since)]


def _advance(handset: Handset, seconds: float) -> object:
    clock = handset.phone.clock
    if not isinstance(clock, SteppedClock):
        raise TypeError("this phone lives by the real time")
    clock.advance(seconds)
    return handset.phone.now().isoformat()


def _configure(handset: Handset, **values: object) -> object:
    phone = handset.phone
    for name, value in values.items():
        if name == "is_24h":
            phone.is_24h = bool(value)
            phone.settings["system", "time_12_24"] = "24" if value else "12"
        elif name == "pin":
            phone.screen.pin = str(value)
        elif name == "free_kb":
            phone.storage.free_kb = int(cast("int", value))
        elif hasattr(phone.vitals, name):
            setattr(phone.vitals, name, value)
        else:
            raise ValueError(f"no setting {name!r}")
    return None


def _latency(handset: Handset, profile: str, scale: float = 1.0, seed: int | None = None) -> object:
    spec = handset.phone.spec
    handset.phone.latency = Latency(profile, spec.seed if seed is None else seed, scale)
    return None


def _press(handset: Handset, keycode: int) -> object:
    handset.phone.screen.press_key(keycode)
    return None


def _faults(_: Handset) -> object:
    return {
        name: {"row": kind.row, "where": kind.where, "about": kind.about, **_finite(kind.defaults)}
        for name, kind in CATALOGUE.items()
    }


def _finite(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: None if value == float("inf") else value for name, value in values.items()}


VERBS: Mapping[str, Callable[..., object]] = {
    "strike": _strike,
    "lift": _lift,
    "faults": _faults,
    "ledger": _ledger,
    "trips": lambda handset, prefix="": handset.phone.ledger.trips(prefix),
    "reset_trips": lambda handset: handset.phone.ledger.reset_trips(),
    "advance": _advance,
    "configure": _configure,
    "latency": _latency,
    "press_key": _press,
    "lock": lambda handset, pin="": handset.phone.screen.lock(pin),
    "unlock": lambda handset, forget_pin=False: handset.phone.screen.unlock(forget_pin=forget_pin),
    "open_url": lambda handset, url: handset.phone.open_url(url),
    "allow_debugging": lambda handset: handset.gate.allow(),
    "deny_debugging": lambda handset: handset.gate.deny(),
    "front": lambda handset: handset.phone.screen.focus(),
    "remove_file": lambda handset, path: handset.phone.storage.remove(path),
    "write_file": lambda handset, path, text: handset.phone.storage.write(path, text.encode()),
    "bring": lambda handset, package: handset.phone.screen.bring(package),
}
"""What may be done to a phone; every other verb is the app's own."""
