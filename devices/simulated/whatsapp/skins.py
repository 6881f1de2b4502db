"""The builds of the app that were captured, as switches; one layout name picks one of them.

Names are the months of the captures.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Skin:
    """What differs between two builds of the app."""

    name: str
    generation: str
    """`2025` or `2026`: which of the two families of screens."""
    backgrounds: str = ""
    """Views the window's frame adds for the bars: s status bar, n navigation bar, z navigation bar of zero size."""
    footer: str = "old"
    """`old`: RelativeLayout and FrameLayout; `new`: ViewGroups and a clickable input_layout."""
    has_payment: bool = False
    is_camera_plain: bool = True
    media: str = "button"
    """The photo: `image2025` bare ImageView, `button` wrapped Button, `image` wrapped ImageView."""
    forward: str = "f:ImageView:forward_image"
    """Holder flags, class and word of the forward shortcut beside media."""
    has_row_ids: bool = False
    list_top_flags: str = "c"
    notice_flags: str = ""
    group_row_flags: str = "l"
    is_sender_described: bool = True
    search: str = "row"
    """`row`: first row of the list; `row_inner`: its inner part clickable; `fixed`, `fixed_inner`: above it."""
    row_class_read: str = "LinearLayout"
    fab: str = "second"
    """What stands over the round button: nothing, `second` or `mini`."""
    toolbar_extra: str = ""
    """`profile` or `payments`."""
    tabs: str = "business"
    tab_descs: str = "selected"
    """Which tabs have a description: `all`, `selected` or `none`."""
    search_word: str = "search"
    filters: bool = False
    renamed: tuple[tuple[str, str], ...] = ()
    """Local ids that this build calls otherwise."""


_2025 = Skin(
    name="2025-01",
    generation="2025",
    backgrounds="sz",
    is_camera_plain=False,
    media="image2025",
    forward=":ImageView:forward_to",
    fab="",
    tabs="person",
    tab_descs="all",
    filters=True,
)
_2026 = Skin(name="2026-08", generation="2026", footer="new")
_SKINS = (
    _2025,
    replace(_2025, name="2025-01-en", has_payment=True, backgrounds=""),
    replace(_2025, name="2025-01-w4b", backgrounds="s"),
    replace(_2026, name="2026-03", fab="", tab_descs="all"),
    replace(
        _2026,
        name="2026-05",
        backgrounds="n",
        footer="old",
        search="fixed",
        fab="mini",
        toolbar_extra="profile",
        tabs="person",
        tab_descs="all",
        search_word="search_ai",
    ),
    replace(
        _2026,
        name="2026-07",
        backgrounds="sn",
        search="row_inner",
        row_class_read="Button",
        tab_descs="all",
    ),
    replace(
        _2026,
        name="2026-07-en",
        search="fixed_inner",
        row_class_read="Button",
        fab="mini",
        tabs="person",
        toolbar_extra="payments",
        tab_descs="none",
        search_word="search_ai",
    ),
    _2026,
    replace(
        _2026,
        name="2026-10",
        backgrounds="sn",
        media="image",
        forward="f:Button:forward_to",
        has_row_ids=True,
        tabs="person",
    ),
    replace(_2026, name="2026-group-en", footer="old", tabs="person", is_sender_described=False),
    # That capture is of a modified app; its rows take focus where the others' do not.
    replace(
        _2026,
        name="2026-newgroup",
        footer="old",
        tabs="person",
        list_top_flags="",
        notice_flags="f",
        group_row_flags="cfl",
    ),
)
# invented: no build that renames ids was captured; what an update may do to a program that reads screens.
_RENAMED = replace(
    _2026,
    name="2027",
    renamed=(
        ("entry", "compose_box"),
        ("status", "delivery_mark"),
        ("voice_note_btn", "record_btn"),
        ("date", "sent_at"),
        ("message_text", "body"),
    ),
)
# invented: only what is typed into has another name.
_ENTRY_ONLY = replace(_2026, name="2027-entry", renamed=(("entry", "compose_box"), ("status", "delivery_mark")))
# invented: a home screen of which nothing is known.
_HOME = replace(
    _2026,
    name="2027-home",
    renamed=(
        ("conversations_coordinator_layout", "lobby"),
        ("conversation_list_view_host", "lobby_host"),
        ("conversations_row_contact_name", "lobby_name"),
        ("my_search_bar", "lobby_search"),
        ("contact_row_container", "lobby_row"),
    ),
)
SKINS = {skin.name: skin for skin in (*_SKINS, _RENAMED, _ENTRY_ONLY, _HOME)}
_DEFAULTS = {"2025": "2025-01", "2026": "2026-08"}


def skin_named(layout: str) -> Skin:
    """Return the build for `2025`, `2026` or the month of one capture.

    Raises:
        KeyError: No such layout.
    """
    return SKINS[_DEFAULTS.get(layout, layout)]
