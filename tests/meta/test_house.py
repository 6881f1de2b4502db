"""The tree keeps the house rules, and names no machine, no registry and no command that people cannot look up."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main

from app.cli.entry import app
from tests.meta.house_rules import faults

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("app", "devices", "ui", "resources", "tests", "installer")
TEXTS = {".py", ".toml", ".md", ".txt", ".cfg", ".ini", ".yml", ".yaml", ".json", ".spec", ".lock", ".service", ".qss"}
HOSTS = re.compile(
    r"https?://[^\s\"'`)>]*(?:pypi|pythonhosted|npmjs|jfrog|artifactory|nexus|mirror|proxy)[^\s\"'`)>]*|--(?:extra-)?index-url",
    re.IGNORECASE,
)
MACHINE = re.compile(r"(?<![\w.])/(?:work|home/[a-z]\w*|Users/\w+|root)/[\w.-]+")


def tracked() -> list[Path]:
    """Return the files of the repository, also new ones that no rule of it leaves out."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode:
        pytest.skip("no repository here")
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def modules() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in PACKAGES]


def test_every_module_keeps_the_house_rules() -> None:
    rules = ROOT / "tests" / "meta" / "house_rules.py"
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text}" for path in modules() if path != rules for line, text in faults(path)
    ]
    assert found == []


def test_dependencies_point_down() -> None:
    ran = subprocess.run(  # noqa: S603
        [str(Path(sys.executable).parent / "lint-imports")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout[-3000:]


def _lines() -> Iterator[tuple[str, str]]:
    for path in tracked():
        if path.suffix in TEXTS and path != Path(__file__).resolve():
            for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
                yield f"{path.relative_to(ROOT)}:{number}", line


def test_no_package_host_and_no_path_of_a_machine_is_written_anywhere() -> None:
    found = [f"{where}: {line.strip()[:100]}" for where, line in _lines() if HOSTS.search(line) or MACHINE.search(line)]
    assert found == []


def test_nothing_is_mocked_and_nothing_sleeps_in_the_tests() -> None:
    banned = re.compile(r"unittest\.mock|monkeypatch\.setattr\(.*time|\btime\.sleep\(")
    found = [where for where, line in _lines() if where.startswith("tests/") and banned.search(line)]
    assert found == []


def _commands() -> list[str]:
    root = typer.main.get_command(app)
    names: list[str] = []
    for name, command in sorted(getattr(root, "commands", {}).items()):
        names.append(name)
        names += [f"{name} {below}" for below in sorted(getattr(command, "commands", {}))]
    return names


def test_every_command_is_in_the_documents() -> None:
    pages = [path for path in tracked() if path.suffix == ".md"]
    if not pages:
        pytest.skip("no documents yet")
    text = "\n".join(path.read_text("utf-8") for path in pages)
    assert [name for name in _commands() if not re.search(rf"\b{name}\b", text)] == []


def test_no_captured_file_is_in_the_repository(shared: Path) -> None:
    captured = {path.name for path in shared.rglob("*") if path.is_file() and path.name != "README.md"}
    assert [path for path in tracked() if path.name in captured] == []
