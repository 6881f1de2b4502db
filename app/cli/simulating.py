"""`simulate`: phones made of software, for trying things without a phone."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Annotated, Any

import typer

from app.cli.common import EXIT_USAGE, JsonOption, fail, say
from app.main import automation_files
from devices.automation.files import load_server_files
from devices.simulated.control import ControlServer
from devices.simulated.shelf import run_shelf
from devices.simulated.system.spec import PhoneSpec

LATENCIES = ("none", "good", "slow")
LAYOUTS = ("2025", "2026", "2027", "2027-entry", "2027-home")
_NEW_VERSION = {"app_version": "2.27.1.1", "app_version_code": 272701001}
"""What layouts say of themselves that no capture shows."""
_ADB_OWN = range(5555, 5586)


def simulate(
    port: Annotated[int, typer.Option(help="Port of the first phone; the others follow.")] = 7600,
    locale: Annotated[str, typer.Option(help="Language of the phones: en, nl, pt-BR, de, es, fr, fi, vi.")] = "nl",
    layout: Annotated[
        str, typer.Option(help="Layout of the app: 2025, 2026, or with other ids 2027, 2027-entry, 2027-home.")
    ] = "2026",
    latency: Annotated[str, typer.Option(help="none, good or slow.")] = "none",
    phones: Annotated[int, typer.Option(help="How many.", min=1, max=50)] = 1,
    seed: Annotated[int, typer.Option(help="Makes people and their messages repeatable.")] = 0,
    control: Annotated[int, typer.Option(help="Port of the control interface; 0 takes any.")] = 0,
    chats: Annotated[int, typer.Option(help="Chats to begin with.", min=0)] = 8,
    messages: Annotated[int, typer.Option(help="Messages in each, about.", min=0)] = 15,
    pause: Annotated[float, typer.Option(help="Customers write about every so many seconds; 0: never.")] = 0.0,
    user: Annotated[int, typer.Option(help="Android user whose app it is, 10 for a work profile.", min=0)] = 0,
    twin: Annotated[bool, typer.Option("--twin", help="The owner has the app too, as another number.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Run simulated phones until interrupted. `phones add 127.0.0.1:PORT` puts one on the shelf."""
    if latency not in LATENCIES or layout not in LAYOUTS:
        fail(f"--latency is one of {', '.join(LATENCIES)}; --layout one of {', '.join(LAYOUTS)}", EXIT_USAGE)
    if any(port + n in _ADB_OWN for n in range(phones)):
        fail("ports 5555 to 5585 belong to adb's own emulators; choose others", EXIT_USAGE)
    specs = [
        PhoneSpec(
            serial=f"SIM{n + 1:04d}", port=port + n if port else 0, locale=locale, app_layout=layout, latency=latency,
            seed=seed * 1000 + n, automation_version=_version_to_bring(), **_version_of(layout),
            app_user=user, has_twin=twin and user > 0,
        )
        for n in range(phones)
    ]  # fmt: skip
    filling = {"chats": chats, "messages": messages}
    try:
        asyncio.run(_serve(specs, control, filling, pause, as_json=as_json))
    except OSError as error:
        fail(f"the port cannot be used: {error.strerror}", 1)
    except KeyboardInterrupt:
        say("")


def _version_of(layout: str) -> dict[str, Any]:
    return _NEW_VERSION if layout.startswith("2027") else {}


def _version_to_bring() -> str:
    """Where the automation server was not fetched, simulated phones come with it; where it was, it is installed."""
    files = load_server_files(*automation_files())
    return files.version if files.server is None else ""


async def _serve(specs: list[PhoneSpec], control: int, filling: dict[str, int], pause: float, *, as_json: bool) -> None:
    async with run_shelf(specs) as shelf:
        for number, handset in enumerate(shelf.handsets):
            handset.control("fill", filling | {"seed": specs[number].seed})
            if pause:
                handset.control("live", {"pause_s": pause, "answers": True})
        server = ControlServer(shelf, control)
        await server.start()
        addresses = [handset.address for handset in shelf.handsets]
        if as_json:
            sys.stdout.write(json.dumps({"phones": addresses, "control": server.port}) + "\n")
        else:
            for address in addresses:
                sys.stdout.write(f"phone    {address}\n")
            sys.stdout.write(f"control  http://127.0.0.1:{server.port}/phones\n")
        sys.stdout.flush()
        try:
            await asyncio.Event().wait()
        finally:
            await server.stop()
