"""What stands in the way of a team, what moves and what a role may: the sentences of the wizard."""

from __future__ import annotations

from app.domain.errors import HostingFailed, PhoneshelfError
from app.domain.snags import Snag
from ui.phrases import said
from ui.words import mark, tr

SNAG: dict[Snag, str] = {
    Snag.TORN: mark(
        "This is no whole invitation. Copy all of it, from “phoneshelf1:” to its end, and paste it once more."
    ),
    Snag.OVER: mark("This invitation is over. Ask your colleague for a new one."),
    Snag.USED: mark(
        "This invitation was used before, or it was withdrawn. Nothing was changed. Ask your colleague for a new one."
    ),
    Snag.SEATED: mark("This profile belongs to a team already. For another team, start Phoneshelf with --home FOLDER."),
    Snag.TAKEN: mark(
        "This database belongs to another team. Nothing was changed. Give another database, or ask for an invitation."
    ),
    Snag.DRIVEN: mark(
        "Another window or bridge of this profile drives phones now, so nothing was moved. Close it and try again."
    ),
    Snag.NAME: mark("No login can be made of this name. Give one with Latin letters."),
    Snag.MEMBER: mark("Somebody of this name is in the team. Add a surname."),
    Snag.PLACE: mark("This is no address. Give the server's name, or name and port: db.example.lan:5432"),
    Snag.AUTHORITY: mark("The certificate file cannot be read. Choose the PEM file of who vouches for the server."),
    Snag.NO_POSTGRES: mark(
        "PostgreSQL is not on this PC. Install version 15 or newer (Debian: apt install postgresql) and come back here."
    ),
    Snag.ROOT: mark("PostgreSQL does not run as root. Start Phoneshelf as yourself, or use the command line."),
    Snag.NO_KEYRING: mark(
        "This PC has no keyring for the password. Start the desktop's keyring, or allow a file below, and try again."
    ),
    Snag.SHUT_KEYRING: mark("The keyring of this PC does not open. Unlock it and try again."),
    Snag.UNREACHED: mark("The server cannot be reached. See that the network is there and the server is on."),
    Snag.SILENT: mark("The server does not answer. See that the network is there and the server is on."),
    Snag.CERTIFICATE: mark(
        "The server's certificate is not the one that was expected. Do not go on; tell who looks after the server."
    ),
    Snag.PASSWORD: mark("The server refuses this login or password. Look at both and try again."),
    Snag.SHUT_OUT: mark(
        "The server lets nobody in from here with this login. Who looks after it has to see to pg_hba.conf."
    ),
    Snag.NO_DATABASE: mark("There is no such database on the server."),
    Snag.FULL: mark("The disk of the server is full. Who looks after it has to make room."),
    Snag.RIGHTS: mark(
        "This login may not do that. To make a team it needs CREATEROLE, and CREATEDB or a database that it owns; "
        "to invite, it has to be an admin's."
    ),
    Snag.TOO_NEW: mark("The team uses a newer Phoneshelf. Update this one and try again."),
    Snag.TOO_OLD: mark(
        "This Phoneshelf is newer than the team's database. Ask who looks after it to run “phoneshelf team upgrade”."
    ),
}

ROLE_WORD = {
    "agent": mark("Agent: reads and answers"),
    "lead": mark("Lead: also sets rules aside and takes back others' replies"),
    "admin": mark("Admin: invites and removes, reads the audit log, reads no message"),
    "auditor": mark("Auditor: reads everything, changes nothing"),
}

MOVED_WORD = {
    "message": mark("messages"),
    "chat": mark("chats"),
    "reply": mark("replies"),
    "contact": mark("contacts"),
    "media": mark("files of messages"),
    "indexes": mark("search"),
}
"""What is moved, by table; others have no word of their own."""


def say_trouble(error: PhoneshelfError) -> str:
    """Return what is wrong, in the language of the window where it has a sentence of its own."""
    if error.snag is not None:
        return said(SNAG[error.snag])
    if isinstance(error, HostingFailed):
        return tr("The server on this PC cannot be made: %1").replace("%1", str(error))
    return str(error)
