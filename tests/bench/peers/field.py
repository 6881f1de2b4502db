"""The phone that a driver is measured on: who writes, what there is, what was asked of it. Told by the phone itself."""

from __future__ import annotations

import json
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

CHATS, MESSAGES = 34, 14
"""So many messages are more than one window shows, as most chats of an office are."""
LONG = 180
"""Messages in the chat that is read back, about."""
DOWN = 25
"""So far down the list a chat is three screens away; eight rows fit on one."""
_EARLIER = timedelta(minutes=40)
_LULL = timedelta(minutes=12)
"""A chat in which somebody wrote since is left every few seconds by a program that must not miss what comes."""
_LINES = (
    "Goedemorgen, uw bestelling staat klaar en u kunt hem vandaag tot zes uur ophalen.",
    "Dat is goed, dan leggen we hem voor u opzij bij de balie.",
    "We hebben hem nog in het blauw, maar niet meer in maat 42. Morgen komt er een nieuwe levering.",
)
_COUNTED = ("shell:", "http:")


@dataclass(frozen=True, slots=True)
class Field:
    """One simulated phone by its control interface."""

    control: int
    address: str
    seed: int

    def ask(self, verb: str, **arguments: object) -> Any:
        """Do something to the phone, or ask what it holds."""
        url = f"http://127.0.0.1:{self.control}/phones/{self.address}/{verb}"
        request = urllib.request.Request(url, json.dumps(arguments).encode(), method="POST")
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return json.load(answer)["value"]

    def prepare(self) -> None:
        """Put people and messages on the phone; of half of them the name is known."""
        for number in range(CHATS):
            at = datetime.now(UTC) - timedelta(hours=CHATS - number)
            jid = self._jid(number)
            self.ask("add_chat", jid=jid, name=f"Klant {number} {self.seed}" if number % 2 else "")
            for line in range(MESSAGES):
                text = f"{number}.{line} {_LINES[(number + line) % len(_LINES)]}"
                self.ask("owner_types_by_hand", chat=jid, text=text, at=(at + timedelta(minutes=line)).isoformat())

    def add_long_chat(self) -> str:
        """Put a long chat on the phone, above all others, and let what was written last come late; return its title."""
        self.ask("fill", chats=1, messages=LONG, seed=self.seed)
        found = next(chat for chat in self._chats() if len(chat["messages"]) >= LONG // 3)
        last = datetime.fromtimestamp(found["messages"][-1]["at_ms"] / 1000 + 1, UTC)
        at = max(last, datetime.now(UTC) - _LULL)
        self.ask("customer_writes", chat=found["title"], text="de laatste", at=at.isoformat())
        return str(found["title"])

    def write_all(self) -> None:
        """Let what each person wrote come: a program that remembers numbers knows them from then on."""
        began = datetime.now(UTC) - _EARLIER
        for number in range(CHATS):
            at = (began + timedelta(seconds=10 * number)).isoformat()
            self.ask("customer_writes", chat=self._jid(number), text=f"hallo {number}", at=at)

    def read_all(self) -> None:
        """Let the owner have read everything."""
        for chat in self.ask("truth"):
            self.ask("add_chat", jid=chat["jid"], unread=0)

    def _jid(self, number: int) -> str:
        return f"31612{self.seed % 1000:03}{number:03}@s.whatsapp.net"

    def set_latency(self, profile: str, scale: float) -> None:
        """Begin the draws of a profile anew."""
        self.ask("latency", profile=profile, scale=scale, seed=self.seed)

    def reset(self) -> None:
        """Begin to count anew."""
        self.ask("reset_trips")

    def kinds(self) -> dict[str, int]:
        """Return the round trips by kind."""
        return {kind: n for kind, n in self.ask("trips").items() if kind.startswith(_COUNTED)}

    def trips(self) -> int:
        """Return the round trips; open streams are none."""
        return sum(self.kinds().values())

    def people(self) -> list[str]:
        """Return the titles of the people's chats, the newest first, but for those that are read back."""
        return [chat["title"] for chat in self._chats() if len(chat["messages"]) < LONG // 3]

    def far_down(self) -> str:
        """Return a chat three screens down the list."""
        titles = [chat["title"] for chat in self._chats()]
        return next(title for title in titles[DOWN:] if title in self.people())

    def texts(self, title: str) -> list[str]:
        """Return the texts of a chat's plain messages, oldest first."""
        messages = self.ask("truth", chat=title)["messages"]
        return [one["text"] for one in messages if one["kind"] == "text" and not one["deleted"]]

    def _chats(self) -> list[dict[str, Any]]:
        found = [chat for chat in self.ask("truth") if chat["messages"] and chat["kind"] == "person"]
        return sorted(found, key=lambda chat: chat["messages"][-1]["at_ms"], reverse=True)
