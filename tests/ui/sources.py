"""Finds every text of the window that is to be translated, in the source itself."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]


def texts() -> dict[str, bool]:
    """Return each text of `tr` and `mark`, with whether it has a plural."""
    found: dict[str, bool] = {}
    for path in sorted((ROOT / "ui").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("tr", "mark")):
                continue
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                found[first.value] = found.get(first.value, False) or len(node.args) > 2
    return found


def untranslatable() -> list[str]:
    """Return calls of `tr` on a new text that is not a plain constant: lupdate would not see it."""
    faults = []
    for path in sorted((ROOT / "ui").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tr":
                is_plain = isinstance(node.args[0], ast.Constant)
                if not is_plain and not (
                    isinstance(node.args[0], ast.Name) and path.name in ("phrases.py", "words.py")
                ):
                    faults.append(f"{path.name}:{node.lineno}")
    return faults
