"""Run simulated phones from a shell: `python -m devices.simulated --phones 3 --port 7600`."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
from collections.abc import Sequence

from devices.simulated.control import ControlServer
from devices.simulated.echo import Echo
from devices.simulated.latency import PROFILES
from devices.simulated.shelf import AppMaker, make_whatsapp, run_shelf
from devices.simulated.system.spec import PhoneSpec


def main(argv: Sequence[str] | None = None) -> int:
    """Run phones until interrupted."""
    options = _parser().parse_args(argv)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(options))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="simulated-phones", description=__doc__)
    parser.add_argument("--phones", type=int, default=1)
    parser.add_argument("--port", type=int, default=7600, help="port of the first phone")
    parser.add_argument("--control", type=int, help="port of the control interface")
    parser.add_argument("--latency", choices=sorted(PROFILES), default="none")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--locale", default="nl")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--asks-keys", action="store_true")
    parser.add_argument("--app", choices=("whatsapp", "echo"), default="whatsapp")
    return parser


async def _serve(options: argparse.Namespace) -> None:
    specs = [_spec(options, number) for number in range(options.phones)]
    make_app: AppMaker = make_whatsapp
    if options.app == "echo":
        make_app = lambda host, spec: Echo(host, spec.app_package)  # noqa: E731
    control_port = options.port + 1000 if options.control is None else options.control
    async with run_shelf(specs, make_app=make_app) as shelf:
        control = ControlServer(shelf, control_port)
        await control.start()
        for handset in shelf.handsets:
            sys.stdout.write(f"adb connect {handset.address}\n")
        sys.stdout.write(f"control http://127.0.0.1:{control.port}/phones\n")
        sys.stdout.flush()
        try:
            await asyncio.Event().wait()
        finally:
            await control.stop()


def _spec(options: argparse.Namespace, number: int) -> PhoneSpec:
    return PhoneSpec(
        serial=f"SIM{number + 1:04d}",
        port=options.port + number,
        locale=options.locale,
        asks_keys=options.asks_keys,
        seed=options.seed + number,
        latency=options.latency,
        latency_scale=options.scale,
    )


if __name__ == "__main__":
    sys.exit(main())
