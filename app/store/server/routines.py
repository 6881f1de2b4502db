"""Functions and triggers of a server's database, from `sql/`: running them again changes nothing."""

from __future__ import annotations

from importlib import resources

OWNERS = ("who", "audit", "feed", "guards", "veil", "search", "handling", "beside")
"""Files whose functions belong to the owner of the tables, in this order."""
KEEPERS = ("members",)
"""Those whose functions belong to the one role that may make logins."""


def script(name: str) -> str:
    """Return the statements of a file."""
    return resources.files("app.store.server").joinpath("sql", f"{name}.sql").read_text("utf-8")
