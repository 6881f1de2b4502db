"""Which of our numbers a chat is on, at a glance: a short name, in its colour where the terminal has colours."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any

from app.cli.common import Tinted
from app.domain.ids import AccountId
from app.domain.phone import Badge

_SHORT = 12
_STEPS = (0, 95, 135, 175, 215, 255)

Badges = Mapping[AccountId, Badge]


def badge_heading(badges: Badges) -> tuple[str, ...]:
    """Return the heading of the column of badges; with one number there is none."""
    return ("on",) if len(badges) > 1 else ()


def badge_cell(badges: Badges, account: AccountId, name: str) -> tuple[Tinted, ...]:
    """Return the badge of a chat's number, its name where it has none; with one number there is nothing to tell."""
    if len(badges) < 2:
        return ()
    badge = badges.get(account, Badge())
    text = badge.short or (name if len(name) <= _SHORT else name[: _SHORT - 1] + "\u2026")
    return (Tinted(text, colour_code(badge.colour) if sys.stdout.isatty() else ""),)


def badge_form(badges: Badges, account: AccountId) -> dict[str, Any]:
    """Return the badge of a chat's number."""
    badge = badges.get(account, Badge())
    return {"short": badge.short, "colour": badge.colour}


def colour_code(colour: str, environ: Mapping[str, str] = os.environ) -> str:
    """Return what switches a terminal to the colour; empty where it cannot, or its user wants none.

    Args:
        colour: As `#rrggbb`, or empty.
        environ: What the terminal says of itself: NO_COLOR, TERM, COLORTERM; Windows Terminal sets WT_SESSION.
    """
    if not colour or environ.get("NO_COLOR"):
        return ""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    if environ.get("COLORTERM", "") in ("truecolor", "24bit") or environ.get("WT_SESSION"):
        return f"\x1b[38;2;{red};{green};{blue}m"
    if "256color" in environ.get("TERM", ""):
        return f"\x1b[38;5;{16 + 36 * _nearest(red) + 6 * _nearest(green) + _nearest(blue)}m"
    return ""


def _nearest(part: int) -> int:
    """Return the step of the 256 colours that comes nearest."""
    return min(range(len(_STEPS)), key=lambda step: abs(_STEPS[step] - part))
