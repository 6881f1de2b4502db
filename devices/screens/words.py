"""The few words that a screen says in the phone's language, as defaults.

Facts from the app's own string packs of 2020 and 2022 and from captures (phone-screens.md 10.3); `GUESS` marks general
knowledge of a language. Nothing here decides what a screen is: an unknown word gives "unknown", never a wrong answer.
"""

from __future__ import annotations

import json
import sys
from functools import lru_cache
from pathlib import Path

from app.domain.message import Tick
from app.domain.words import NO_WORDS, LearnedWords

_FOLDER = Path(getattr(sys, "_MEIPASS", "") or Path(__file__).parents[2]) / "resources" / "words"
CLDR: dict[str, list[list[str]]] = json.loads((_FOLDER / "dates.json").read_text("utf-8"))
"""`months`, `weekdays` from Monday on, `halves` of the day, in the languages that the app speaks."""

TICKS: dict[Tick, tuple[str, ...]] = {
    Tick.PENDING: (
        "pending", "in behandeling", "ausstehend", "esperando", "en attente", "pendente", "pendiente",
        "in attesa", "oczekuje", "bekliyor", "в ожидании",
    ),
    Tick.SENT: (
        "sent", "verzonden", "gesendet", "enviado", "enviada", "envoyé", "inviato", "wysłano", "gönderildi",
        "отправлено",
    ),
    Tick.DELIVERED: (
        "delivered", "afgeleverd", "bezorgd", "zugestellt", "entregado", "distribué", "entregue", "consegnato",
        "dostarczono", "teslim edildi", "доставлено",
    ),
    Tick.READ: (
        "read", "seen", "played", "gelezen", "gezien", "afgespeeld", "gelesen", "gesehen", "abgespielt", "leído",
        "visto", "reproducido", "lu", "vu", "joué", "lida", "vista", "reproduzida", "mensagem vista", "letto",
        "przeczytano", "okundu", "прочитано",
    ),
}  # fmt: skip
TODAY = (
    "today", "vandaag", "heute", "hoy", "aujourd'hui", "aujourd\u2019hui", "hoje", "oggi", "dzisiaj", "dziś",
    "bugün", "сегодня", "i dag", "idag", "tänään", "dnes", "ma", "azi", "сьогодні", "今天", "今日", "오늘", "اليوم",
    "היום", "hari ini", "hôm nay", "आज", "σήμερα", "danas", "danes", "днес", "денес", "šodien", "šiandien", "täna",
    "امروز", "آج", "leo", "วันนี้", "আজ", "இன்று", "ఈ రోజు", "დღეს", "այսօր", "bu gün", "bugun", "avui", "hoxe", "gaur",
    "í dag", "vandag",
)  # fmt: skip
YESTERDAY = (
    "yesterday", "gisteren", "gestern", "ayer", "hier", "ontem", "ieri", "wczoraj", "dün", "вчера", "i går", "igår",
    "eilen", "včera", "tegnap", "вчора", "昨天", "昨日", "어제", "أمس", "אתמול", "kemarin", "hôm qua", "कल", "χθες",
    "semalam", "jučer", "juče", "včeraj", "vakar", "eile", "دیروز", "کل", "jana", "เมื่อวาน", "গতকাল", "நேற்று", "నిన్న",
    "გუშინ", "երեկ", "dünən", "kecha", "ahir", "onte", "atzo", "í gær", "gister",
)  # fmt: skip
MONTHS: tuple[tuple[str, ...], ...] = (
    ("january", "januari", "januar", "enero", "janvier", "janeiro", "gennaio", "stycznia", "ocak", "января", "jan"),
    ("february", "februari", "februar", "febrero", "février", "fevereiro", "febbraio", "lutego", "şubat", "февраля",
     "feb", "fev", "fév"),
    ("march", "maart", "märz", "marzo", "mars", "março", "marca", "mart", "марта", "mar", "mrt", "mär"),
    ("april", "abril", "avril", "aprile", "kwietnia", "nisan", "апреля", "apr", "abr", "avr"),
    ("may", "mei", "mai", "mayo", "maio", "maggio", "maja", "mayıs", "мая", "mag"),
    ("june", "juni", "junio", "juin", "junho", "giugno", "czerwca", "haziran", "июня", "jun", "giu"),
    ("july", "juli", "julio", "juillet", "julho", "luglio", "lipca", "temmuz", "июля", "jul", "lug"),
    ("august", "augustus", "agosto", "août", "sierpnia", "ağustos", "августа", "aug", "ago", "aoû"),
    ("september", "septiembre", "septembre", "setembro", "settembre", "września", "eylül", "сентября", "sep", "sept",
     "set"),
    ("october", "oktober", "octubre", "octobre", "outubro", "ottobre", "października", "ekim", "октября", "oct",
     "okt", "out", "ott"),
    ("november", "noviembre", "novembre", "novembro", "listopada", "kasım", "ноября", "nov"),
    ("december", "dezember", "diciembre", "décembre", "dezembro", "dicembre", "grudnia", "aralık", "декабря", "dec",
     "dez", "dic", "déc"),
)  # fmt: skip
WEEKDAYS: tuple[tuple[str, ...], ...] = (
    ("monday", "maandag", "montag", "lunes", "lundi", "segunda-feira", "lunedì", "poniedziałek", "pazartesi",
     "понедельник"),
    ("tuesday", "dinsdag", "dienstag", "martes", "mardi", "terça-feira", "martedì", "wtorek", "salı", "вторник"),
    ("wednesday", "woensdag", "mittwoch", "miércoles", "mercredi", "quarta-feira", "mercoledì", "środa", "çarşamba",
     "среда"),
    ("thursday", "donderdag", "donnerstag", "jueves", "jeudi", "quinta-feira", "giovedì", "czwartek", "perşembe",
     "четверг"),
    ("friday", "vrijdag", "freitag", "viernes", "vendredi", "sexta-feira", "venerdì", "piątek", "cuma", "пятница"),
    ("saturday", "zaterdag", "samstag", "sonnabend", "sábado", "samedi", "sabato", "sobota", "cumartesi", "суббота"),
    ("sunday", "zondag", "sonntag", "domingo", "dimanche", "domenica", "niedziela", "pazar", "воскресенье"),
)  # fmt: skip
PM = ("pm", "p.m.", "p. m.", "p.m", "下午", "오후", "م", "nm.", "μ.μ.", "öös", "ös")
AM = ("am", "a.m.", "a. m.", "a.m", "上午", "오전", "ص", "vm.", "π.μ.", "öö")
DELETED = (
    "this message was deleted", "you deleted this message", "dit bericht is verwijderd",
    "u hebt dit bericht verwijderd", "u heeft dit bericht verwijderd", "je hebt dit bericht verwijderd",
    "diese nachricht wurde gelöscht", "du hast diese nachricht gelöscht", "este mensaje fue eliminado",
    "eliminaste este mensaje", "se eliminó este mensaje", "ce message a été supprimé",
    "vous avez supprimé ce message", "esta mensagem foi apagada", "apagou esta mensagem",
    "você apagou esta mensagem", "mensagem apagada", "questo messaggio è stato eliminato",
    "hai eliminato questo messaggio",
)  # fmt: skip
READ_MORE = ("read more", "meer lezen", "lees meer", "mehr lesen", "leer más", "voir plus", "lire la suite", "ler mais",
             "leggi tutto")  # fmt: skip
FORWARDED = ("forwarded", "doorgestuurd", "weitergeleitet", "reenviado", "transféré", "encaminhada", "reencaminhada",
             "inoltrato")  # fmt: skip
SELF = ("(you)", "(jij)", "(u)", "(du)", "(tú)", "(vous)", "(você)", "(eu)", "(tu)")
YOU = ("you", "jij", "u", "du", "tú", "vous", "você", "eu", "tu", "ihr")
MEDIA_PREVIEWS: dict[str, tuple[str, ...]] = {
    "photo": ("photo", "afbeelding", "foto", "fotografia", "image"),
    "video": ("video", "vídeo", "vidéo", "gif"),
    "voice": ("voice message", "spraakbericht", "sprachnachricht", "mensaje de voz", "message vocal",
              "mensagem de voz", "audio", "áudio"),
    "document": ("document", "dokument", "documento"),
    "sticker": ("sticker", "figurinha"),
    "location": ("location", "locatie", "standort", "ubicación", "localisation", "localização"),
    "contact": ("contact", "kontakt", "contacto", "contato"),
    "poll": ("poll", "umfrage", "encuesta", "sondage", "enquete", "peiling"),
}  # fmt: skip
EMOJI_KINDS = {
    "\U0001f4f7": "photo", "\U0001f3a5": "video", "\U0001f3a4": "voice", "\U0001f3a7": "voice",
    "\U0001f4c4": "document", "\U0001f4dd": "document", "\U0001f49f": "sticker", "\U0001f4cc": "location",
    "\U0001f4cd": "location", "\U0001f464": "contact", "\U0001f4ca": "poll", "\U0001f47e": "video",
}  # fmt: skip


def tick_of(word: str, learned: LearnedWords = NO_WORDS) -> Tick:
    """Return the tick that a status icon's description names, `UNKNOWN` for a word that nobody knows yet."""
    said = folded_tick(word)
    return _TICK_OF.get(said) or learned.ticks.get(said, Tick.UNKNOWN)


@lru_cache(maxsize=256)
def folded_tick(word: str) -> str:
    """Return a status icon's description as words are compared; a phone has few of them."""
    return fold(word)


def fold(text: str) -> str:
    """Return text as it is compared: no direction marks, plain spaces, folded case."""
    plain = text if text.isascii() else text.translate(_MARKS)
    return " ".join(plain.split()).casefold()


def bare(text: str) -> str:
    """Return text without the direction marks that the app adds around it."""
    return text.strip() if text.isascii() else text.translate(_MARKS).strip()


_MARKS = {ord(c): None for c in "\u200b\u200c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"}
_MARKS |= {0x202F: " ", 0xA0: " ", 0x2007: " "}  # type: ignore[dict-item]
_TICK_OF = {word: tick for tick, words in reversed(TICKS.items()) for word in words}
