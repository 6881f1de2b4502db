"""Where a team's database is, and as whom it is asked."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Server:
    """One PostgreSQL database, reached at one of several addresses."""

    hosts: tuple[tuple[str, int], ...]
    """Host and port; the first that accepts writes is used."""
    database: str
    user: str
    password: str = field(repr=False)
    ca: str = field(default="", repr=False)
    """PEM of the only authority that may vouch for the server; empty: those of this PC."""
    encrypted: bool = True
    """False only for a server on this PC that speaks no TLS, as in tests."""
    other_password: str = field(default="", repr=False)
    """The one that holds if the first does not: a change of password was cut off, and nobody knows which does."""

    @property
    def label(self) -> str:
        """Return `database on host`."""
        return f"{self.database} on {self.hosts[0][0]}"
