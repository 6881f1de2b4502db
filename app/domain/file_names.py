"""Names that a file may be shown and saved under. What others chose is made harmless first (quality.md B5)."""

from __future__ import annotations

import re
import unicodedata

from app.domain.file_kinds import ending_of

MOST_BYTES = 180
"""Of UTF-8: every file system takes 255, and a number may be put behind."""
_LONGEST, _TAIL = 4096, 64
"""Of a longer one only the ends are looked at; no phone has such names."""
_RESERVED = re.compile(
    r"(?:CON|PRN|AUX|NUL|CLOCK\$|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9\u00b9\u00b2\u00b3])", re.IGNORECASE
)
_UNFIT = frozenset('/\\:*?"<>|')
_ENDINGS = """
apk app appimage application appref-ms bash bat bin cab chm cmd com command cpl csh deb desktop diagcab dll
dmg dylib exe gadget hta htm html inf ins iqy iso jar jnlp job js jse ksh lnk mjs msc msh msh1 msh2 msi msix
msp mst ocx out pif pkg pl ps1 ps1xml psc1 psm1 py pyc pyw pyzw rb reg rpm run scf scr sct settingcontent-ms
sh shb shs slk so svg sys url vb vbe vbs vhd vhdx ws wsc wsf wsh xbap xht xhtml xll xml xps zsh
"""
_RUN_BY_A_CLICK = frozenset(_ENDINGS.split())


def safe_name(name: str, fallback: str = "file") -> str:
    """Return a name as it may be shown and used on any system: one part, no controls, no turned text, not too long."""
    if len(name) > _LONGEST:
        name = name[: _LONGEST - _TAIL] + name[-_TAIL:]
    flat = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode("utf-8"))
    kept = "".join(" " if unicodedata.category(c) in ("Zs", "Zl", "Zp") else c for c in flat if not _is_hidden(c))
    plain = "".join("_" if c in _UNFIT else c for c in kept)
    # Windows drops what stands at the end, and a leading dot hides a file elsewhere.
    plain = " ".join(plain.split()).strip(". ")
    plain = _shortened(plain)
    if not plain or _RESERVED.fullmatch(plain.partition(".")[0].rstrip()):
        plain = f"{fallback}_{plain}" if plain else fallback
    return plain


def is_run_by_a_click(name: str) -> bool:
    """Tell whether the ending of a name has a system run the file when somebody opens it."""
    return name.rpartition(".")[2].lower().strip() in _RUN_BY_A_CLICK


def saved_name(name: str, mime: str, fallback: str = "file") -> str:
    """Return the name to save a file under: its ending is what the bytes are, and nothing that a click would run."""
    plain = safe_name(name, fallback)
    ending = ending_of(mime)
    if ending and not plain.lower().endswith(ending) and not (ending == ".jpg" and plain.lower().endswith(".jpeg")):
        return plain + ending
    if is_run_by_a_click(plain):
        return plain + ".unsafe"
    return plain


def _is_hidden(char: str) -> bool:
    # Cf holds U+202E and its kin; Co and Cn have no look of their own.
    return unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn")


def _shortened(name: str) -> str:
    if len(name.encode()) <= MOST_BYTES:
        return name
    stem, dot, ending = name.rpartition(".")
    tail = (dot + ending) if dot and len(ending.encode()) <= 16 else ""
    head = (stem if tail else name).encode()[: MOST_BYTES - len(tail.encode())]
    # Cutting may separate a mark from its letter: compose again, and never end in a blank or a dot.
    return unicodedata.normalize("NFC", head.decode("utf-8", "ignore")).rstrip(". ") + tail
