"""Printing for people."""

from __future__ import annotations

import sys


def say(text: str) -> None:
    """Print for people, on standard error."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
