"""The words that the app writes into an exported chat, and the halves of the day of all its languages.

From exports and string tables (phone-screens.md 6); a word that is not here gives "unknown", never a wrong answer.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from pathlib import Path

from app.domain.message import Kind

_FOLDER = Path(getattr(sys, "_MEIPASS", "") or Path(__file__).parents[2]) / "resources" / "words"
MARKS = {ord(c): None for c in "\u200b\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"}
LEADING_MARK = "\u200e"
"""Stands in front of what the app itself says, in files of iPhones."""

OMITTED = (
    "media omitted", "media weggelaten", "medien ausgeschlossen", "medien weggelassen", "multimedia omitido",
    "archivo omitido", "médias omis", "mídia oculta", "arquivo de mídia oculto", "ficheiro multimédia omitido",
    "media omessi", "media omesso",
)  # fmt: skip
OMITTED_KINDS: dict[str, Kind] = {
    "image omitted": Kind.PHOTO, "video omitted": Kind.VIDEO, "audio omitted": Kind.VOICE, "gif omitted": Kind.VIDEO,
    "sticker omitted": Kind.STICKER, "document omitted": Kind.DOCUMENT, "contact card omitted": Kind.CONTACT,
    "afbeelding weggelaten": Kind.PHOTO, "video weggelaten": Kind.VIDEO, "audio weggelaten": Kind.VOICE,
    "gif weggelaten": Kind.VIDEO, "sticker weggelaten": Kind.STICKER, "document weggelaten": Kind.DOCUMENT,
    "contactkaart weggelaten": Kind.CONTACT,
    "bild weggelassen": Kind.PHOTO, "video weggelassen": Kind.VIDEO, "audio weggelassen": Kind.VOICE,
    "gif weggelassen": Kind.VIDEO, "sticker weggelassen": Kind.STICKER, "dokument weggelassen": Kind.DOCUMENT,
}  # fmt: skip
ATTACHED = (
    "file attached", "bestand bijgevoegd", "datei angehängt", "archivo adjunto", "fichier joint",
    "arquivo anexado", "ficheiro anexado", "file allegato",
)  # fmt: skip
DELETED = (
    "this message was deleted", "you deleted this message", "dit bericht is verwijderd",
    "u hebt dit bericht verwijderd", "u heeft dit bericht verwijderd", "je hebt dit bericht verwijderd",
    "diese nachricht wurde gelöscht", "du hast diese nachricht gelöscht", "este mensaje fue eliminado",
    "eliminaste este mensaje", "se eliminó este mensaje", "ce message a été supprimé",
    "vous avez supprimé ce message", "esta mensagem foi apagada", "apagou esta mensagem",
    "você apagou esta mensagem", "mensagem apagada", "questo messaggio è stato eliminato",
    "hai eliminato questo messaggio",
)  # fmt: skip
EDITED = (
    "this message was edited", "dit bericht is bewerkt", "diese nachricht wurde bearbeitet", "se editó este mensaje",
    "ce message a été modifié", "mensagem editada", "questo messaggio è stato modificato",
)  # fmt: skip
CALLS = (
    "missed voice call", "missed video call", "missed group voice call", "missed group video call",
    "gemist spraakgesprek", "gemist videogesprek", "gemiste spraakoproep", "gemiste video-oproep",
    "gemiste groepsoproep", "gemiste groepsvideo-oproep",
    "verpasster sprachanruf", "verpasster videoanruf", "verpasster gruppen-sprachanruf",
    "verpasster gruppen-videoanruf", "llamada perdida", "videollamada perdida", "appel vocal manqué",
    "appel vidéo manqué", "chamada de voz não atendida", "videochamada não atendida",
)  # fmt: skip
WAITING = ("waiting for this message", "wachten op dit bericht", "auf diese nachricht warten")
LIVE_LOCATION = ("live location shared", "live locatie gedeeld", "live-standort wird geteilt")
ENCRYPTED = re.compile(
    r"end[- ]to[- ]end|ende-zu-ende|extremo a extremo|ponta a ponta|bout en bout", re.IGNORECASE
)  # fmt: skip
"""In the notice above the first message of every chat."""


def fold(text: str) -> str:
    """Return text as words are compared: no direction marks, plain spaces, folded case, no full stop at the end."""
    return " ".join(text.translate(MARKS).split()).casefold().rstrip(".").replace("\u2019", "'")


def half_of(word: str) -> bool | None:
    """Return whether a word beside a time means after noon; None for a word that is not known."""
    return _HALVES.get(_squeezed(word))


def _squeezed(word: str) -> str:
    folded = unicodedata.normalize("NFKC", word).translate(MARKS).casefold()
    return "".join(c for c in folded if not c.isspace() and c != ".")


def _halves() -> dict[str, bool]:
    morning, evening = json.loads((_FOLDER / "dates.json").read_text("utf-8"))["halves"]
    before, after = {_squeezed(w) for w in morning}, {_squeezed(w) for w in evening}
    return {word: word in after for word in before ^ after}


_HALVES = _halves()
