"""One way for every text that people read: Qt's translations, from English. A test fails on one that is missing.

`tr` and `mark` are what `lupdate` finds. Names and messages of people go through `isolate` or `one_line`, never here.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

LANGUAGES = ("en", "nl")
FOLDER = Path(getattr(sys, "_MEIPASS", "") or Path(__file__).parents[1]) / "resources" / "translations"

_LOCALES = {"en": "en_GB", "nl": "nl_NL"}
_BIDI_CONTROLS = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C))
_installed: list[QTranslator] = []


def tr(text: str, comment: str = "", n: int = -1) -> str:
    """Return a text in the language of the window; `%n` becomes the number `n`, in the right plural."""
    return QCoreApplication.translate("", text, comment, n)


def mark(text: str) -> str:
    """Return the text itself: it is translated later, where it is shown."""
    return text


def choose_language(wanted: str) -> str:
    """Return `wanted`, else the desktop's language, else English."""
    for name in (wanted, *QLocale.system().uiLanguages()):
        short = name[:2].lower()
        if short in LANGUAGES:
            return short
    return "en"


def speak(language: str) -> None:
    """Make the application speak a language: texts, dates, and Qt's own menus."""
    application = QCoreApplication.instance()
    assert application is not None  # noqa: S101
    for old in _installed:
        application.removeTranslator(old)
    _installed.clear()
    system = QLocale.system()
    # A desktop that speaks another language still gets hours from 0 to 24: the team is in Europe more often than not.
    QLocale.setDefault(system if system.name()[:2] == language else QLocale(_LOCALES[language]))
    folders = (QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath), str(FOLDER))
    for name, folder in zip((f"qtbase_{language}", f"phoneshelf_{language}"), folders, strict=True):
        translator = QTranslator()
        if translator.load(name, folder):
            application.installTranslator(translator)
            _installed.append(translator)


@lru_cache(maxsize=8192)
def one_line(text: str) -> str:
    """Return a foreign text for one line: no breaks, nothing that turns the text beside it around."""
    kept = text.translate(_BIDI_CONTROLS)
    return " ".join("".join(c if c.isprintable() or c in "\u200d\u200c" else " " for c in kept).split())


def isolate(text: str) -> str:
    """Return a foreign text for use inside a sentence, in whatever direction it runs."""
    return f"\u2068{one_line(text)}\u2069"
