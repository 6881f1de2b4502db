"""The window around every full screen: the nest of layouts the system and the app put around their content."""

from __future__ import annotations

from collections.abc import Sequence

from devices.simulated.contract import Bounds, View
from devices.simulated.whatsapp.layout import Look
from devices.simulated.whatsapp.views import node


def framed(inner: View, look: Look, top: int, more: Sequence[View] = ()) -> View:
    """Return a window's root around a screen's own view.

    Args:
        inner: The child of `android:id/content`.
        look: How the phone draws.
        top: Where the content begins; 0 for a screen that lies under the status bar.
        more: Views of the window beside the content, as a snackbar.
    """
    wide, high = look.display
    at = (0, top, wide, look.bottom)
    content = node("FrameLayout#a:content", at, [inner])
    bar = node("FrameLayout#action_bar_root", at, [content, *more])
    body = node("LinearLayout", (0, 0, wide, look.bottom), [node("FrameLayout", at, [bar])])
    return node("FrameLayout", (0, 0, wide, high), [body, *backgrounds(look)])


def backgrounds(look: Look) -> list[View]:
    """Return the views some builds of the system draw behind the bars."""
    wide, high = look.display
    found = []
    if "s" in look.skin.backgrounds:
        found.append(node("@1View#a:statusBarBackground", (0, 0, wide, look.status_bar)))
    if "n" in look.skin.backgrounds:
        found.append(node("@2View#a:navigationBarBackground", (0, look.bottom, wide, high)))
    if "z" in look.skin.backgrounds:
        found.append(node("@2View#a:navigationBarBackground", (0, 0, 0, 0)))
    return found


def dialog_frame(inner: View, look: Look, at: Bounds, is_alert: bool = False) -> View:
    """Return the root of a dialog's window around its panel."""
    side = look.px(25)
    body = (at[0] + side, at[1], at[2] - side, at[3])
    content = node("FrameLayout#a:content", body, [inner])
    bar = node("FrameLayout#action_bar_root", body, [content])
    nest = node("LinearLayout", body, [node("FrameLayout", body, [bar])])
    return node("AlertDialog" if is_alert else "FrameLayout", at, [nest])
