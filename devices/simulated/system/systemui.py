"""The windows that are not the app's: lock screen, bars, keyboard, shade, launcher, a store.

Ids and nesting are those of captured screens; the app names and the key sizes are invented.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from devices.simulated.contract import Bounds, View, Window
from devices.simulated.system.packages import KEYBOARD, LAUNCHER, PLAY_STORE, SYSTEM_UI

_FRAME = "android.widget.FrameLayout"
_LINEAR = "android.widget.LinearLayout"
_TEXT = "android.widget.TextView"
_IMAGE = "android.widget.ImageView"
_GROUP = "android.view.ViewGroup"
_PLAIN = "android.view.View"
_STORE_ID = f"{PLAY_STORE}:id/0_resource_name_obfuscated"

KEY_ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", " ")

_WORDS = {
    "en": ("Notification from {0}: {1}", "Recents", "Back", "Home", "Charging"),
    "nl": ("{0}-melding: {1}", "Recente apps", "Terug", "Startscherm", "Opladen"),
    "pt": ("Notificação do {0}: {1}", "Recentes", "Voltar", "Início", "Carregando"),
    "de": ("{0}-Benachrichtigung: {1}", "Letzte Apps", "Zurück", "Startseite", "Wird geladen"),
}
"""System words by language; those that are not Portuguese are invented."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What the system's windows are drawn from."""

    display: tuple[int, int]
    status_bar: int
    navigation_bar: int
    locale: str
    time_text: str
    date_text: str
    battery: int
    notices: tuple[tuple[str, str], ...] = ()

    @property
    def words(self) -> tuple[str, str, str, str, str]:
        """The system's words in the phone's language."""
        return _WORDS.get(self.locale.split("-")[0], _WORDS["en"])

    @property
    def whole(self) -> Bounds:
        """The whole display."""
        return (0, 0, *self.display)


def lock_screen(stage: Stage, *, asks_pin: bool) -> Window:
    """Return the keyguard: every node belongs to the system."""
    whole = stage.whole
    panel = [
        _ui("preview_container", whole),
        _ui("notification_container_parent", whole, _GROUP, [_quick(stage), _clock(stage)]),
        _bottom(stage),
        _ui("glance_frame", (0, 0, 0, 0)),
    ]
    scrims = ("scrim_behind", "scrim_notifications", "light_reveal_scrim", "scrim_in_front")
    kids = [
        _ui("backdrop", whole, _FRAME, [_ui("backdrop_back", whole, _IMAGE)]),
        *(_ui(name, whole, _PLAIN) for name in scrims),
        _ui("notification_panel", whole, _FRAME, panel),
        _ui("keyguard_message_area_container", (0, 48, *stage.display), _LINEAR),
    ]
    if asks_pin:
        kids.append(_bouncer(stage))
    return Window("app", SYSTEM_UI, _numbered(View(_FRAME, bounds=whole, children=kids)))


def status_bar(stage: Stage) -> Window:
    """Return the status bar with its clock and the icons of the notifications."""
    width, height = stage.display[0], stage.status_bar
    icons = _icons(stage, (width // 6, 0, width // 2, height), height // 2)
    clock = _ui("clock", (42, 0, width // 6, height), _TEXT, [])
    clock.text = clock.desc = stage.time_text
    left = (42, 0, width // 2, height)
    battery = _ui("battery_percentage_view", (width - 190, 0, width - 60, height), _TEXT)
    battery.text = f"{stage.battery}%"
    contents = [
        _ui("left_clock_container", (42, 0, width // 6, height), _LINEAR, [clock]),
        _ui("notificationIcons", left, _FRAME, icons),
        _ui("system_icon_area", (width - 330, 0, width - 42, height), _LINEAR, [battery]),
    ]
    bounds = (0, 0, width, height)
    bar = _ui("status_bar_contents", bounds, "android.widget.RelativeLayout", contents)
    inner = _ui("status_bar", bounds, _FRAME, [bar])
    kids = [
        _ui("status_bar_launch_animation_container", bounds),
        _ui("container", bounds),
        _ui("status_bar_container", bounds, _FRAME, [inner]),
    ]
    return Window("status_bar", SYSTEM_UI, _numbered(View(_FRAME, bounds=bounds, children=kids)))


def navigation_bar(stage: Stage) -> Window:
    """Return the navigation bar: recent apps, home, back."""
    width, height = stage.display
    bounds = (0, height - stage.navigation_bar, width, height)
    third = width // 3
    _, recents, back, home, _ = stage.words
    buttons = []
    for place, (name, desc) in enumerate((("recent_apps", recents), ("home", home), ("back", back))):
        at = (place * third + third // 4, bounds[1], place * third + 3 * third // 4, height)
        button = _ui(name, at, _IMAGE)
        button.desc, button.clickable, button.focusable = desc, True, True
        button.long_clickable = name == "recent_apps"
        buttons.append(button)
    recent, middle, last = buttons
    kids = [
        _ui("nav_bar_widget", bounds, _LINEAR),
        _ui("ends_group", bounds, _LINEAR, [recent, last]),
        _ui("center_group", middle.bounds, _LINEAR, [middle]),
    ]
    tree = _ui("nav_buttons", bounds, _FRAME, kids)
    for name in ("horizontal", "navigation_inflater", "navigation_bar_view", "navigation_bar_frame"):
        tree = _ui(name, bounds, _FRAME, [tree])
    return Window("navigation_bar", SYSTEM_UI, _numbered(tree))


def keyboard_height(stage: Stage) -> int:
    """Return the keyboard's height: as captured, a little over a third of the display."""
    return round(stage.display[1] * 0.364)


def keyboard(stage: Stage) -> Window:
    """Return the on-screen keyboard; a key's description is the letter on it."""
    width, height = stage.display
    bottom = height - stage.navigation_bar
    top = bottom - keyboard_height(stage)
    bounds = (0, top, width, bottom)
    row_height = (bottom - top) // (len(KEY_ROWS) + 1)
    keys = []
    for number, row in enumerate(KEY_ROWS):
        y = top + (number + 1) * row_height
        step = width // len(row)
        for place, letter in enumerate(row):
            at = (place * step, y, (place + 1) * step, y + row_height)
            label = View(_TEXT, text=letter.strip(), bounds=at, package=KEYBOARD)
            desc = letter if letter.strip() else "Spatie"
            key = View(_GROUP, desc=desc, bounds=at, focusable=True, key=f"key{letter}")
            key.children = [label] if letter.strip() else []
            keys.append(key)
    tree = View(_GROUP, bounds=bounds, children=keys)
    tree = _board("keyboard_view_holder_shell", bounds, [tree])
    for name in ("layout_board", "layout_board_frame", "layout_body", "layout_base_frame_root"):
        tree = _board(name, bounds, [tree])
    tree = _board("layout_honeyboard", bounds, [tree])
    area = View(_FRAME, res="android:id/inputArea", bounds=bounds, children=[tree])
    panel = View(_LINEAR, res="android:id/parentPanel", bounds=bounds, children=[area])
    content = View(_FRAME, res="android:id/content", bounds=bounds, children=[panel])
    return Window("keyboard", KEYBOARD, _numbered(View(_FRAME, bounds=bounds, children=[content])))


def shade(stage: Stage) -> Window:
    """Return the notification shade; how its rows nest is invented."""
    width = stage.display[0]
    rows = []
    for place, (app, title) in enumerate(stage.notices):
        top = stage.status_bar * 3 + place * 210
        at = (42, top, width - 42, top + 200)
        name = View(_TEXT, "android:id/app_name_text", app, bounds=(at[0], top, at[2], top + 60))
        head = View(_TEXT, "android:id/title", title, bounds=(at[0], top + 60, at[2], top + 120))
        rows.append(_ui("expandableNotificationRow", at, _FRAME, [name, head]))
    stack = _ui("notification_stack_scroller", stage.whole, _GROUP, rows)
    panel = _ui("notification_panel", stage.whole, _FRAME, [_quick(stage), stack])
    tree = View(_FRAME, bounds=stage.whole, children=[panel])
    return Window("app", SYSTEM_UI, _numbered(tree))


def launcher(stage: Stage, names: Sequence[str]) -> Window:
    """Return the home screen with its icons; its layout is invented."""
    width, height = stage.display
    cell = width // 4
    icons = []
    for place, name in enumerate(names):
        left, top = place % 4 * cell, height // 3 + place // 4 * cell
        icon = View(_TEXT, f"{LAUNCHER}:id/home_icon", name, name, (left, top, left + cell, top + cell))
        icon.clickable = icon.focusable = icon.long_clickable = True
        icon.handler = name
        icons.append(icon)
    workspace = View(_GROUP, f"{LAUNCHER}:id/workspace", bounds=stage.whole, children=icons)
    content = View(_FRAME, "android:id/content", bounds=stage.whole, children=[workspace])
    tree = View(_FRAME, bounds=stage.whole, children=[content])
    return Window("app", LAUNCHER, _numbered(tree))


def play_store(stage: Stage, app_name: str) -> Window:
    """Return the store's page of an app, its ids hidden as in the capture."""
    width, height = stage.display
    page = (0, stage.status_bar, width, height - stage.navigation_bar)
    title = View(_TEXT, _STORE_ID, app_name, bounds=(200, 900, width - 60, 960))
    button = View("android.widget.Button", _STORE_ID, "Bijwerken", bounds=(560, 1400, 1030, 1510))
    button.clickable = button.focusable = True
    body = View(_LINEAR, _STORE_ID, bounds=page, children=[title, button])
    scroll = View("android.widget.ScrollView", _STORE_ID, bounds=page, children=[body])
    scroll.focusable = True
    content = View(_FRAME, "android:id/content", bounds=stage.whole, children=[scroll])
    tree = View(_FRAME, bounds=stage.whole, children=[content])
    return Window("app", PLAY_STORE, _numbered(tree))


def plain_page(stage: Stage, package: str, text: str) -> Window:
    """Return a page of some other app with one line of text; invented."""
    line = View(_TEXT, f"{package}:id/text", text, bounds=(42, 300, stage.display[0] - 42, 400))
    content = View(_FRAME, "android:id/content", bounds=stage.whole, children=[line])
    return Window("app", package, _numbered(View(_FRAME, bounds=stage.whole, children=[content])))


def _quick(stage: Stage) -> View:
    width = stage.display[0]
    scroll = _ui("expanded_qs_scroll_view", (23, 0, width - 23, 289), "android.widget.ScrollView")
    scroll.focusable = True
    box = _ui("quick_settings_container", (0, 0, width, 289), _FRAME, [scroll])
    return _ui("qs_frame", stage.whole, _FRAME, [box])


def _clock(stage: Stage) -> View:
    width = stage.display[0]
    clock = _ui("animatable_clock_view", (60, 180, width // 2, 400), _TEXT)
    clock.text = clock.desc = stage.time_text
    date = View(_TEXT, text=stage.date_text, bounds=(60, 400, width // 3, 460))
    row = _ui("row", (60, 400, width, 460), _LINEAR, [date])
    slice_view = _ui("keyguard_slice_view", (9, 400, width, 460), _LINEAR, [row])
    icons = _icons(stage, (60, 475, width, 523), 48)
    holder = "left_aligned_notification_icon_container"
    area = [slice_view, _ui(holder, (9, 460, width, 560), _FRAME, icons)]
    parts = [
        _ui("lockscreen_clock_view", (9, 180, width // 2, 400), _FRAME, [clock]),
        _ui("keyguard_status_area", (9, 400, width, 560), _LINEAR, area),
    ]
    inside = (0, 180, width, 560)
    relative = "android.widget.RelativeLayout"
    container = _ui("keyguard_clock_container", inside, relative, parts)
    status = _ui("status_view_container", inside, _LINEAR, [container])
    return _ui("keyguard_status_view", inside, "android.widget.GridLayout", [status])


def _bottom(stage: Stage) -> View:
    text = _ui("keyguard_indication_text", (0, 0, 0, 0), _TEXT)
    text.text = f"{stage.battery}% • {stage.words[4]}"
    area = _ui("keyguard_indication_area", (0, 0, 0, 0), _LINEAR, [text])
    return _ui("keyguard_bottom_area", stage.whole, _FRAME, [area])


def _bouncer(stage: Stage) -> View:
    """Return the PIN pad; its ids are AOSP's, its places invented."""
    width, height = stage.display
    entry = _ui("pinEntry", (width // 4, height // 2, 3 * width // 4, height // 2 + 120), _PLAIN)
    entry.focusable = entry.focused = entry.password = True
    keys = []
    for digit in range(10):
        column, row = ((digit - 1) % 3, (digit - 1) // 3) if digit else (1, 3)
        left, top = width // 4 + column * width // 6, height // 2 + 180 + row * 150
        key = _ui(f"key{digit}", (left, top, left + width // 6, top + 140), _GROUP)
        key.clickable, key.desc = True, str(digit)
        keys.append(key)
    left, top = width // 4 + 2 * width // 6, height // 2 + 180 + 450
    enter = _ui("key_enter", (left, top, left + width // 6, top + 140), "android.widget.ImageButton")
    enter.clickable = True
    pad = _ui("keyguard_pin_view", stage.whole, _LINEAR, [entry, *keys, enter])
    return _ui("keyguard_host_view", stage.whole, _FRAME, [pad])


def _icons(stage: Stage, area: Bounds, step: int) -> list[View]:
    template = stage.words[0]
    icons = []
    for place, (app, title) in enumerate(stage.notices):
        left = min(area[0] + place * step, area[2] - step)
        at = (left, area[1], left + step, area[3])
        icons.append(View(_IMAGE, desc=template.format(app, title), bounds=at))
    return icons


def _ui(name: str, bounds: Bounds, cls: str = _FRAME, kids: list[View] | None = None) -> View:
    return View(cls, f"{SYSTEM_UI}:id/{name}", bounds=bounds, children=kids or [], key=name)


def _board(name: str, bounds: Bounds, kids: list[View]) -> View:
    return View(_LINEAR, f"{KEYBOARD}:id/{name}", bounds=bounds, children=kids)


def _numbered(view: View) -> View:
    """Fill in each child's index and drawing order."""
    for place, child in enumerate(view.children):
        child.index, child.drawing_order = place, place + 1
        _numbered(child)
    return view
