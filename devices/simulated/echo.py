"""A tiny app for trying the phone: a field, a button, and a list that shows what was sent."""

from __future__ import annotations

from devices.simulated.contract import Host, Intent, StartResult, View, Window

_BACK = 4
_DELETE = 67
_ROWS = 40
_ROW_HEIGHT = 120
_HINT = "Message"
_FRAME = "android.widget.FrameLayout"


class Echo:
    """An app with one text field; the button `send` moves its text to the list.

    It stands in for WhatsApp: everything about it is invented.
    """

    def __init__(self, host: Host, package: str = "com.whatsapp.w4b") -> None:
        self.package = package
        self.sent: list[str] = []
        self.draft = ""
        self.scroll = 0
        self._host = host
        self._is_finished = False
        self._is_animating = False

    def windows(self) -> list[Window]:
        """Return the one window, laid out above the keyboard."""
        if self._is_finished:
            return []
        width, height = self._host.display
        bottom = min(self._host.keyboard_top(), height - self._host.navigation_bar)
        entry = self._view("EditText", "entry", (0, bottom - 120, width - 200, bottom))
        entry.text, entry.clickable, entry.focusable, entry.focused = self._shown(), True, True, True
        send = self._view("ImageButton", "send", (width - 200, bottom - 120, width, bottom))
        send.clickable, send.desc = True, "Send"
        rows = self._rows(width, bottom - 120)
        area = (0, self._host.status_bar, width, bottom - 120)
        listed = self._view("ListView", "list", area)
        listed.cls, listed.scrollable, listed.children = "android.widget.ListView", True, rows
        root = View(_FRAME, bounds=(0, 0, width, height), children=[listed, entry, send])
        for place, view in enumerate(root.children):
            view.index = place
        return [Window("app", self.package, root, 7)]

    def activity(self) -> str:
        """Return the component in front."""
        return f"{self.package}/com.whatsapp.HomeActivity"

    def instance(self) -> int:
        """Return the number of its one window."""
        return 0

    def start(self, intent: Intent) -> StartResult:
        """Come to the front; a `text` extra becomes the draft."""
        if intent.component.endswith("Bestaatniet"):
            return StartResult("not_found")
        was_front = self._host.is_front(self.package) and not self._is_finished
        self._is_finished = False
        self.draft = intent.extras.get("text", self.draft)
        return StartResult("delivered" if was_front else "started", self.activity())

    def tap(self, x: int, y: int) -> None:
        """Send by the button, raise the keyboard by the field."""
        _, entry, send = self.windows()[0].root.children
        if _holds(send, x, y) and self.draft:
            self.sent.append(self.draft)
            self._host.record("echo.sent", text=self.draft)
            self.draft = ""
        elif _holds(entry, x, y):
            self._host.show_keyboard(True)

    def long_press(self, x: int, y: int) -> None:
        """Note the place."""
        self._host.record("echo.long_press", x=x, y=y)

    def drag(self, start: tuple[int, int], end: tuple[int, int], fling: float) -> None:
        """Move the list by the exact distance, or three times as far when flung."""
        moved = (start[1] - end[1]) * (3 if fling else 1)
        self.scroll = max(0, min(_ROWS * _ROW_HEIGHT, self.scroll + moved))
        self._host.record("echo.drag", moved=moved, fling=bool(fling))

    def set_text(self, view: View, text: str) -> bool:
        """Take text in the field only."""
        if not view.res.endswith(":id/entry"):
            return False
        self.draft = text
        return True

    def key(self, keycode: int) -> bool:
        """Finish on the way back, delete a letter."""
        if keycode == _BACK:
            self._is_finished = True
        elif keycode == _DELETE:
            self.draft = self.draft[:-1]
        return keycode != _BACK

    def is_animating(self) -> bool:
        """Tell what the control verb `animate` set."""
        return self._is_animating

    def on_foreground(self, is_front: bool) -> None:
        """Note it."""
        self._host.record("echo.foreground", is_front=is_front)

    def control(self, verb: str, args: dict[str, object]) -> object:
        """Serve `animate` (on) and `truth`."""
        if verb == "animate":
            self._is_animating = bool(args.get("on", True))
            return None
        if verb == "truth":
            return {"sent": list(self.sent), "draft": self.draft}
        raise LookupError(verb)

    def _rows(self, width: int, bottom: int) -> list[View]:
        rows = []
        for number in range(_ROWS):
            top = self._host.status_bar + number * _ROW_HEIGHT - self.scroll
            low = max(top, self._host.status_bar)
            high = min(top + _ROW_HEIGHT, bottom)
            if low >= high:
                continue
            row = self._view("TextView", "row", (0, low, width, high))
            done = len(self.sent)
            row.text = self.sent[number] if number < done else f"row {number}"
            row.key, row.long_clickable, row.index = f"row{number}", True, number
            rows.append(row)
        return rows

    def _view(self, cls: str, name: str, bounds: tuple[int, int, int, int]) -> View:
        return View(f"android.widget.{cls}", f"{self.package}:id/{name}", bounds=bounds)

    def _shown(self) -> str:
        return self.draft or _HINT


def _holds(view: View, x: int, y: int) -> bool:
    left, top, right, bottom = view.bounds
    return left <= x < right and top <= y < bottom
