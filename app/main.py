"""The composition root: reads settings and builds the program, with or without a window."""

from __future__ import annotations

import asyncio
import logging
import logging.handlers
import os
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app.domain.ids import AccountId
from app.domain.message import Kind
from app.domain.policy import Role
from app.domain.ports import Phone
from app.domain.server import Server
from app.runtime.bridge import Bridge
from app.runtime.clock import SystemClock
from app.runtime.feed import Feed
from app.runtime.standby import Standby
from app.runtime.tasks import spawn
from app.runtime.worker import Bench, PhoneLine
from app.seat import Keys, Seat, load_seat, timeline_guard
from app.services.alerting import Alerting
from app.services.attaching import Attaching
from app.services.attending import Attending
from app.services.browsing import Browsing
from app.services.caching import Absence, Caching
from app.services.canning import Canning
from app.services.completing import Completing
from app.services.contacting import Contacting
from app.services.drafting import Drafting
from app.services.fetching import Fetching, Limits
from app.services.filling import Filling
from app.services.handing_over import HandingOver
from app.services.handling import Handling
from app.services.importing import Importing
from app.services.keeping import Keeping, ReplyingHere
from app.services.labelling import Labelling
from app.services.learning import Learning
from app.services.mirroring import Mirroring
from app.services.noting import Noting
from app.services.opening import Opening
from app.services.replying import Replying
from app.services.restraining import Restraining
from app.services.saving import Saving
from app.services.sending import Sending
from app.services.sharing import Sharing
from app.services.viewing import Viewing
from app.services.watching import Watching
from app.settings import Settings
from app.store.accounts import Account
from app.store.engine import Store
from app.store.kept import KeptFile
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
COPY, KEPT, AWAY = "offline.sqlite", "kept.sqlite", "offline.since"
"""Files of a member's profile: the copy of the chats, what is to be handed over, since when the server is away."""


@dataclass(frozen=True, slots=True)
class Apart:
    """What a member's PC has for a time without the team's server."""

    caching: Caching
    kept: KeptFile
    handing: HandingOver
    absence: Absence
    standby: Standby


@dataclass(frozen=True, slots=True)
class Program:
    """All that was built for one profile."""

    settings: Settings
    clock: SystemClock
    stores: tuple[Store, ...]
    """One, or a person's and a bridge's on the same server."""
    seat: Seat | None
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
    noting: Noting
    labelling: Labelling
    canning: Canning
    contacting: Contacting
    opening: Opening
    sharing: Sharing | None
    """What puts the files of this PC's phones into the team's database."""
    handling: Handling
    attending: Attending
    drafting: Drafting
    viewing: Viewing
    alerting: Alerting
    apart: Apart | None
    """None on one PC alone."""
    keeping: Keeping | None = None
    """Where the server is away and the copy stands for it: what keeps what is written."""

    @property
    def store(self) -> Store:
        """Return the database as the person sees it."""
        return self.stores[0]

    @property
    def may_drive(self) -> bool:
        """Tell whether this PC may drive phones."""
        return self.seat is None or self.seat.bridge is not None

    async def open(self) -> None:
        """Open the database; where a change of password was cut off, keep the one first that the server took.

        Raises:
            StoreFailed: It cannot be opened.
            BadInput: The keyring of this PC does not open.
        """
        for store in self.stores:
            await store.open()
            place = store.place
            if isinstance(place, Server) and place.other_password:
                Keys(self.settings.home, in_file=True).settle(place, store.password)

    def begin(self) -> list[asyncio.Task[Any]]:
        """Start to hear of others and, where this PC may, to drive the phones that nobody else drives."""
        return [spawn(work(), name) for name, work in self.works()]

    def works(self, *, drives: bool = True) -> list[tuple[str, Callable[[], Coroutine[Any, Any, None]]]]:
        """Return what runs as long as the program does, by name.

        Args:
            drives: Whether phones are driven, where this PC may.
        """
        found: list[tuple[str, Callable[[], Coroutine[Any, Any, None]]]] = [("feed", self.feed.run)]
        if drives and self.may_drive:
            found.append(("bridge", self.bridge.run))
            found += [("sharing", self.sharing.run)] if self.sharing is not None else []
        found += [("standby", self.apart.standby.run)] if self.apart is not None else []
        return found


@dataclass(frozen=True, slots=True)
class Who:
    """Who sits here: the name that replies carry, and the role."""

    login: str
    role: str


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
        sight = Sight(account.package, self._home, account.user)
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
    seat = load_seat(settings.home)
    stores = open_places(settings, seat, clock)
    store, drives = stores[0], stores[-1]
    who = Who(seat.person.user, seat.role) if seat is not None else Who(settings.author, settings.role)
    mirroring = Mirroring(drives, clock)
    filling = Filling(drives, clock, mirroring, who.login)
    adb = AdbServer(settings.adb_port, settings.home / "adb", settings.adb_usb)
    rack = Rack(adb, load_server_files(*automation_files()), settings.home, settings.automation)
    vault = Vault(settings.home / "media")
    shared = [Sharing(at, vault, clock, settings.share_mb) for at in (drives, store)]
    sharing, own = shared if seat is not None else (None, None)
    attaching = Attaching(vault, clock, sharing)
    sending = Sending(drives, clock, mirroring, attaching)
    fetching, watching = Fetching(drives, clock, vault, limits_of(settings)), Watching(drives, clock)
    replying, drafting = Replying(store, clock, who.login, Role(who.role), own), Drafting(store, clock, who.login)
    bench = Bench(drives, clock, mirroring, Completing(drives, mirroring), filling, sending, watching, fetching)
    return Program(
        settings=settings,
        clock=clock,
        stores=stores,
        seat=seat,
        browsing=Browsing(store, clock, vault, own),
        replying=replying,
        attaching=attaching,
        restraining=Restraining(store, who.login),
        filling=Filling(store, clock, Mirroring(store, clock), who.login),
        importing=Importing(drives, clock, who.login),
        fetching=fetching,
        saving=Saving(store, vault, own),
        watching=Watching(store, clock),
        learning=mirroring.learning,
        bridge=Bridge(bench, rack),
        feed=Feed(*stores),
        adb=adb,
        rack=rack,
        noting=Noting(store, who.login),
        labelling=Labelling(store, who.login),
        canning=Canning(store, clock, who.login),
        contacting=Contacting(store, who.login),
        opening=Opening(store, clock, who.login),
        sharing=sharing,
        handling=Handling(store, clock, who.login),
        attending=Attending(store, clock, who.login),
        drafting=drafting,
        viewing=Viewing(store, clock, who.login),
        alerting=Alerting(store, clock),
        apart=_apart(settings, store, clock, who.login, (replying, drafting)) if seat is not None else None,
    )


def _apart(settings: Settings, store: Store, clock: SystemClock, login: str, own: tuple[Replying, Drafting]) -> Apart:
    caching = Caching(store, settings.home / COPY, clock, settings.offline_days)
    kept = KeptFile(settings.home / KEPT, clock.now)
    handing, absence = HandingOver(kept, *own, clock, login), Absence(settings.home / AWAY)
    return Apart(caching, kept, handing, absence, Standby(store, caching, handing, absence, clock))


def without_server(program: Program, seat: Seat, apart: Apart) -> Program:
    """Return the program of a team whose server is away: it reads the copy, and keeps what is written.

    Whatever else it is asked for still asks the server, and fails.
    """
    copy, clock, login = apart.caching.open_file(), program.clock, seat.person.user
    keeping = Keeping(copy, apart.kept, clock, login)
    return replace(
        program,
        stores=(copy,),
        browsing=Browsing(copy, clock),
        viewing=Viewing(copy, clock, login),
        drafting=Drafting(copy, clock, login),
        contacting=Contacting(copy, login),
        replying=ReplyingHere(copy, clock, login, Role(seat.role), keeping),
        keeping=keeping,
    )


def open_places(settings: Settings, seat: Seat | None, clock: SystemClock) -> tuple[Store, ...]:
    """Return the profile's file, or the team's server as the person and, where this PC drives phones, as its bridge."""
    if seat is None:
        return (Store(settings.database, clock.now),)
    guard = timeline_guard(settings.home)
    servers = [seat.person, *([seat.bridge] if seat.bridge is not None else [])]
    return tuple(Store(server, clock.now, guard=guard, set_clock=clock.agree) for server in servers)


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
    if any(getattr(one, "baseFilename", "") == str(home / "logs" / "phoneshelf.log") for one in root.handlers):
        return
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
