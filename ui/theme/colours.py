"""Two palettes, light and dark. Every text colour keeps 4.5:1 on what it stands on, every mark 3:1; a test measures."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colours:
    """One palette, as `#rrggbb`."""

    is_dark: bool
    rail: str
    rail_text: str
    rail_chosen: str
    rail_chosen_text: str
    panel: str
    panel_hover: str
    panel_chosen: str
    field: str
    line: str
    paper: str
    text: str
    text_dim: str
    accent: str
    accent_hover: str
    on_accent: str
    bubble_in: str
    bubble_out: str
    bubble_line: str
    bubble_out_text: str
    bubble_out_dim: str
    chip: str
    tick_read: str
    good: str
    warn: str
    warn_back: str
    bad: str
    bad_back: str
    selection: str
    mark: str


LIGHT = Colours(
    is_dark=False,
    rail="#1d2340",
    rail_text="#b9c0dc",
    rail_chosen="#343d6b",
    rail_chosen_text="#ffffff",
    panel="#ffffff",
    panel_hover="#f4f5fa",
    panel_chosen="#e6eaff",
    field="#f1f2f7",
    line="#e2e4ee",
    paper="#f3f3f6",
    text="#191c2b",
    text_dim="#5a6078",
    accent="#3f51d9",
    accent_hover="#3343bd",
    on_accent="#ffffff",
    bubble_in="#ffffff",
    bubble_out="#dfe5ff",
    bubble_line="#e0e2ec",
    bubble_out_text="#171b35",
    bubble_out_dim="#4d5580",
    chip="#e4e6ee",
    tick_read="#0b72c4",
    good="#1b7f45",
    warn="#8f5300",
    warn_back="#fff3da",
    bad="#b3261e",
    bad_back="#fdeceb",
    selection="#c5cffb",
    mark="#ffe08a",
)

DARK = Colours(
    is_dark=True,
    rail="#0b0d16",
    rail_text="#9aa2c0",
    rail_chosen="#262d4d",
    rail_chosen_text="#ffffff",
    panel="#141722",
    panel_hover="#1b1f2d",
    panel_chosen="#262d4c",
    field="#1f2433",
    line="#282d3e",
    paper="#0e1018",
    text="#e8eaf4",
    text_dim="#a0a7bf",
    accent="#93a4ff",
    accent_hover="#aab8ff",
    on_accent="#0f1430",
    bubble_in="#1e2230",
    bubble_out="#2f3a75",
    bubble_line="#2a3042",
    bubble_out_text="#f1f3ff",
    bubble_out_dim="#bcc5f0",
    chip="#262b3b",
    tick_read="#6fc6ff",
    good="#5fd08d",
    warn="#f3bd5d",
    warn_back="#33290f",
    bad="#ff9389",
    bad_back="#3a1d1f",
    selection="#3d4a8f",
    mark="#3d340f",
)

AVATARS = ("#7a4fb5", "#2c6fb3", "#1f7a6d", "#a24b6f", "#8a5a20", "#4b6b2f", "#a8443a", "#4c5a8f")
"""Behind white initials, in both palettes."""

ACCOUNTS = ("#4456d6", "#0f7b6c", "#a6481f", "#8d3f9c", "#7a6210", "#3d6b8f")
"""One for each number, in the order they were added, behind white text."""


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours after WCAG 2.1, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
