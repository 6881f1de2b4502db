"""Measure the simulated app against real captures (`python -m devices.simulated.fidelity`).

The exit code is not zero while a parser could tell them apart.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, field
from pathlib import Path

from devices.simulated.contract import Window
from devices.simulated.fidelity_compare import (
    Shape,
    differences,
    nearest,
    parsed,
    rows_of,
    shape_of,
    unwrapped,
    windows_of,
    without_lists,
)
from devices.simulated.fidelity_scenes import SCENES, Scene
from devices.simulated.uia2.source import dump_appium, dump_multiwindow, dump_uiautomator
from devices.simulated.whatsapp.app import WhatsApp
from devices.simulated.whatsapp.views import walk

DEFAULT_DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
_STEP = 2
"""Pixels between two looks while the list is scrolled through; every captured sliver is higher."""


@dataclass(slots=True)
class Finding:
    """What one capture showed."""

    name: str
    kind: str
    rows: int = 0
    lines: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)


def measure(scene: Scene, folder: Path) -> Finding:
    """Compare one capture with the app in the state it shows."""
    finding = Finding(scene.capture, scene.kind)
    root = parsed((folder / f"{scene.capture}.xml").read_text(encoding="utf8"))
    form = _form_of(root)
    roots = windows_of(root, scene.package)
    captured = [unwrapped(shape_of(node, scene.package), scene.unwrapped) for node in roots]
    app = scene.build()
    drawn = _drawn(app, scene, form)
    if len(captured) != len(drawn):
        finding.lines.append(f"windows: captured {len(captured)}, drawn {len(drawn)}")
        return finding
    for one, other in zip(captured, drawn, strict=True):
        finding.lines.extend(differences(without_lists(one), without_lists(other)))
    rows = [row for shape in captured for row in rows_of(shape)]
    finding.rows = len(rows)
    forms = {row for shape in drawn for row in rows_of(shape)}
    _scroll_for(set(rows), forms, app, (scene, form))
    for number, row in enumerate(rows):
        if row not in forms:
            finding.lines.extend(f"row {number}: {line}" for line in nearest(row, forms))
    _allow(finding, scene)
    return finding


def _allow(finding: Finding, scene: Scene) -> None:
    for mark in scene.allowed:
        finding.allowed.extend(line for line in finding.lines if mark in line)
        finding.lines = [line for line in finding.lines if mark not in line]


def _form_of(root: object) -> str:
    node = next(iter(root))  # type: ignore[call-overload]
    if node.tag != "node":
        return "appium"
    if node.get("visible-to-user") is not None:
        return "multiwindow"
    return "uiautomator" if node.get("drawing-order") is not None else "uiautomator_old"


def _drawn(app: WhatsApp, scene: Scene, form: str) -> list[Shape]:
    return _shapes(app.windows(), scene, form)


def _shapes(windows: list[Window], scene: Scene, form: str) -> list[Shape]:
    root = parsed(_dumped(windows, scene, form))
    return [shape_of(node, scene.package) for node in windows_of(root, scene.package)]


def _dumped(windows: list[Window], scene: Scene, form: str) -> str:
    if form == "appium":
        return dump_appium(windows, scene.display)
    if form == "multiwindow":
        return dump_multiwindow(windows)
    return dump_uiautomator(windows, is_recent=form == "uiautomator")


def _scroll_for(wanted: set[Shape], forms: set[Shape], app: WhatsApp, view: tuple[Scene, str]) -> None:
    """Move the list under a finger and add the shapes its rows take, until the wanted are among them."""
    scene, form = view
    middle = scene.display[1] // 2
    for direction in (_STEP, -_STEP):
        before = -1
        while not wanted <= forms and getattr(app.state.top, "offset", before) != before:
            before = getattr(app.state.top, "offset", before)
            app.drag((9, middle), (9, middle + direction), fling=0)
            window = app.windows()[0]
            lists = [one for one in walk(window.root) if one.res == "android:id/list"]
            for one in lists:
                shown = Window(window.kind, window.package, one)
                forms.update(row for shape in _shapes([shown], scene, form) for row in rows_of(shape))


def report(findings: list[Finding]) -> str:
    """Return what differs per capture, and the table."""
    lines: list[str] = []
    for finding in findings:
        lines.extend([f"{finding.name}:", *(f"    {line}" for line in finding.lines)] if finding.lines else [])
        lines.extend(f"    allowed: {line}" for line in finding.allowed)
    lines.append(f"{'capture':<58} {'kind':<13} {'rows':>4} {'differ':>6} {'allowed':>7}")
    for finding in findings:
        counts = f"{finding.rows:>4} {len(finding.lines):>6} {len(finding.allowed):>7}"
        lines.append(f"{finding.name:<58} {finding.kind:<13} {counts}")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Print the report; return 1 while anything differs, 2 when there are no captures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA, help="folder of the captures")
    parser.add_argument("--only", default="", help="part of a capture's name")
    options = parser.parse_args(arguments)
    folder = options.data / "screens"
    if not folder.is_dir():
        sys.stderr.write(f"no captures in {folder}\n")
        return 2
    findings = [measure(scene, folder) for scene in SCENES if options.only in scene.capture]
    sys.stdout.write(report(findings) + "\n")
    return int(any(finding.lines for finding in findings))


if __name__ == "__main__":
    sys.exit(main())
