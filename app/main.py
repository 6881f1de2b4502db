"""The composition root: reads settings and builds the program, with or without a window."""

from __future__ import annotations

import logging
import logging.handlers
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from app.domain.ids import AccountId
from app.domain.message import Kind
from app.domain.policy import Role
from app.domain.ports import Phone
from app.runtime.bridge import Bridge
from app.runtime.clock import SystemClock
from app.runtime.feed import Feed
from app.runtime.worker import Bench, PhoneLine
from app.services.attaching import Attaching
from app.services.attending import Attending
from app.services.browsing import Browsing
from app.services.completing import Completing
from app.services.drafting import Drafting
from app.services.fetching import Fetching, Limits
from app.services.filling import Filling
from app.services.handling import Handling
from app.services.importing import Importing
from app.services.learning import Learning
from app.services.mirroring import Mirroring
from app.services.replying import Replying
from app.services.restraining import Restraining
from app.services.saving import Saving
from app.services.sending import Sending
from app.services.viewing import Viewing
from app.services.watching import Watching
from app.settings import Settings
from app.store.accounts import Account
from app.store.engine import Store
from app.store.vault import Vault
from devices.adb.focus import Focus
from devices.adb.phone import AdbPhone
from devices.adb.rack import AdbLine, PhoneTracker
from devices.adb.server import AdbServer
from devices.automation.files import load_server_files
from devices.automation.server import ServerFiles
from devices.whatsapp.driver import WhatsAppPhone
from devices.whatsapp.sight import Sight

_LOG_BYTES, _LOG_FILES = 2_000_000, 5


@dataclass(frozen=True, slots=True)
class Program:
    """All that was built for one profile."""

    settings: Settings
    clock: SystemClock
    store: Store
    browsing: Browsing
    replying: Replying
    attaching: Attaching
    restraining: Restraining
    filling: Filling
    importing: Importing
    fetching: Fetching
    saving: Saving
    watching: Watching
    learning: Learning
    bridge: Bridge
    feed: Feed
    adb: AdbServer
    rack: Rack
    handling: Handling
    attending: Attending
    drafting: Drafting
    viewing: Viewing


class Rack:
    """Phones over adb, for the bridge."""

    def __init__(self, adb: AdbServer, files: ServerFiles, home: Path, appium: str = "") -> None:
        self._adb = adb
        self._home = home
        self._files = files
        self._appium = appium
        self._tracker = PhoneTracker(adb)
        self._focus: dict[AccountId, Focus] = {}

    async def run(self) -> None:
        """Keep track of the phones until cancelled."""
        await self._tracker.run()

    def new_phone(self, account: Account) -> Phone:
        """Return a fresh driver for an account's phone."""
        phone = AdbPhone(self._adb, account.serial)
        sight = Sight(account.package, self._home)
        return WhatsAppPhone(phone, sight, self._files, appium=self._appium, focus=self._focus_of(account))

    def line(self, account: Account) -> PhoneLine:
        """Return the line to an account's phone."""
        return AdbLine(self._tracker, account.serial, account.package, self._focus_of(account))

    def _focus_of(self, account: Account) -> Focus:
        """Return what driver and line of an account share."""
        return self._focus.setdefault(account.id, Focus())


def build(settings: Settings) -> Program:
    """Build the program of a profile. Nothing is started or opened yet.

    Raises:
        PhoneRefused: A file of the automation server is not the pinned one.
    """
    clock = SystemClock()
    store = Store(settings.database, clock.now)
    mirroring = Mirroring(store, clock)
    watching = Watching(store, clock)
    filling = Filling(store, clock, mirroring, settings.author)
    adb = AdbServer(settings.adb_port, settings.home / "adb", settings.adb_usb)
    rack = Rack(adb, load_server_files(*automation_files()), settings.home, settings.automation)
    vault = Vault(settings.home / "media")
    attaching = Attaching(vault, clock)
    sending = Sending(store, clock, mirroring, attaching)
    fetching = Fetching(store, clock, vault, limits_of(settings))
    bench = Bench(store, clock, mirroring, Completing(store, mirroring), filling, sending, watching, fetching)
    return Program(
        settings=settings,
        clock=clock,
        store=store,
        browsing=Browsing(store, clock, vault),
        replying=Replying(store, clock, settings.author, Role(settings.role)),
        attaching=attaching,
        restraining=Restraining(store, settings.author),
        filling=filling,
        importing=Importing(store, clock, settings.author),
        fetching=fetching,
        saving=Saving(store, vault),
        watching=watching,
        learning=mirroring.learning,
        bridge=Bridge(bench, rack),
        feed=Feed(store),
        adb=adb,
        rack=rack,
        handling=Handling(store, clock, settings.author),
        attending=Attending(store, clock, settings.author),
        drafting=Drafting(store, clock, settings.author),
        viewing=Viewing(store, clock, settings.author),
    )


def limits_of(settings: Settings) -> Limits:
    """Return what of the phones' files is copied."""
    most = {
        Kind.PHOTO: settings.media_photo_mb,
        Kind.VIDEO: settings.media_video_mb,
        Kind.VOICE: settings.media_voice_mb,
        Kind.DOCUMENT: settings.media_document_mb,
    }
    return Limits(settings.media, settings.media_days, {kind: mb * 1_000_000 for kind, mb in most.items()})


def automation_files() -> tuple[Path, Path]:
    """Return the pins of the automation server and the folder of its files, in a checkout or in the bundle."""
    base = Path(getattr(sys, "_MEIPASS", "") or Path(__file__).parent.parent) / "installer"
    cache = os.environ.get("PHONESHELF_CACHE")
    return base / "automation-server.toml", Path(cache) if cache else base / "cache"


def start_logging(home: Path, *, verbose: bool) -> None:
    """Log to a rotated file in the profile, and to standard error on request. No message text ever gets there."""
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    form = logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s")
    folder = home / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    handlers: list[logging.Handler] = [
        logging.handlers.RotatingFileHandler(
            folder / "phoneshelf.log", maxBytes=_LOG_BYTES, backupCount=_LOG_FILES, encoding="utf-8"
        )
    ]
    if verbose:
        handlers.append(logging.StreamHandler(sys.stderr))
    for handler in handlers:
        handler.setFormatter(form)
        root.addHandler(handler)
    # Selenium and urllib3 log whole commands, message texts included, below WARNING.
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    for name in ("selenium", "appium", "alembic", "asyncio", "qasync", "PIL"):
        logging.getLogger(name).setLevel(logging.WARNING)
