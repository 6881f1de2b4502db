"""What comes over the chats: the spinner, "not on WhatsApp" in both forms, unknown dialogs.

Screens that block the whole app are drawn here too; all come from outlines of captures.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from devices.simulated.contract import View
from devices.simulated.whatsapp.blocking_outlines import OUTLINES
from devices.simulated.whatsapp.blocking_words import blocking_texts
from devices.simulated.whatsapp.frames import backgrounds, dialog_frame
from devices.simulated.whatsapp.layout import Look
from devices.simulated.whatsapp.metrics import wrapped
from devices.simulated.whatsapp.outline import draw_outline
from devices.simulated.whatsapp.views import node, walk

FULL_SCREENS: dict[str, str] = {
    "update_required": "com.whatsapp.update.ui.UpdateActivity",
    "verify_sms": "com.whatsapp.registration.VerifySmsActivity",
    "registration": "com.whatsapp.registration.VerifySmsActivity",
    "backup": "com.whatsapp.backup.google.GoogleDriveNewUserSetupActivity",
    "new_contact_missing": "com.whatsapp.contact.ui.contactform.ContactFormActivity",
    "new_contact": "com.whatsapp.contact.ui.contactform.ContactFormActivity",
}


@dataclass(slots=True)
class Blocking:
    """A captured screen or sheet drawn from its outline."""

    name: str
    number: str = "+31 6 00000000"
    typed: dict[str, str] = field(default_factory=dict)
    """What was typed into its fields, by the field's own text."""

    @classmethod
    def named(cls, name: str, number: str) -> Blocking:
        """Return one of the captured screens.

        Raises:
            KeyError: There is none of that name.
        """
        if name not in OUTLINES:
            raise KeyError(name)
        return cls(name, number)

    def draw(self, look: Look) -> View:
        """Return the window's root."""
        outline, size = OUTLINES[self.name]
        texts = blocking_texts(self.name, look.words.language, number=self.number)
        root = draw_outline(outline, look, texts, size)
        for view in walk(root):
            if view.hint:
                view.text = self.typed.get(view.hint, view.text)
        if self.name in FULL_SCREENS and root.bounds[1] == 0:
            root.children.extend(backgrounds(look))
        return root


@dataclass(slots=True)
class Searching:
    """The spinner while a number is looked up. Invented: only its words are claimed."""

    name: str = "searching"

    def draw(self, look: Look) -> View:
        """Return the window's root."""
        px = look.px
        top = look.display[1] // 2 - px(40)
        at = (px(10), top, look.width - px(10), top + px(80))
        inner = (at[0] + px(25), at[1], at[2] - px(25), at[3])
        spinner = node("ProgressBar#a:progress", (inner[0], at[1] + px(16), inner[0] + px(48), at[3] - px(16)))
        text = (inner[0] + px(64), at[1] + px(28), inner[2], at[3] - px(28))
        label = node("TextView#a:message", text, text=look.words("searching"))
        return dialog_frame(node("LinearLayout#a:body", inner, [spinner, label]), look, at)


@dataclass(slots=True)
class NotOnWhatsApp:
    """Both captured answers to a number without an account."""

    number: str
    form: str = "2026"
    name: str = "not_on_whatsapp"

    def draw(self, look: Look) -> View:
        """Return the window's root."""
        kind = "plain" if self.form == "plain" else "2026"
        return Blocking(f"not_on_whatsapp_{kind}", self.number).draw(look)


@dataclass(slots=True)
class Dialogue:
    """A plain dialog with a text and up to two buttons; for notices nobody has captured."""

    text: str
    buttons: tuple[str, ...] = ("OK",)
    name: str = "dialog"

    def draw(self, look: Look) -> View:
        """Return the window's root, in the shape of the captured plain dialog."""
        px = look.px
        lines = len(wrapped(self.text, 16, look.width_dp - 70))
        high = px(36 + 20 * lines)
        total = high + px(28 + 48 * len(self.buttons))
        top = (look.display[1] - total) // 2
        at = (px(9), top, look.width - px(9), top + total)
        body = (at[0] + px(24), top, at[2] - px(24), at[3])
        upper = (body[0], top, body[2], top + high)
        lower = (body[0], top + high, body[2], at[3])
        words = [
            node("View#textSpacerNoTitle", (body[0], top, body[2], top + px(18))),
            node("TextView#a:message[f]", (body[0], top + px(18), body[2], top + high), text=self.text),
        ]
        scroll = node("ScrollView#scrollView", upper, [node("LinearLayout", upper, words)])
        panel = node("ScrollView#buttonPanel[f]", lower, [node("LinearLayout", lower, self._buttons(look, lower))])
        parts = [node("FrameLayout#contentPanel", upper, [scroll]), panel]
        return dialog_frame(node("LinearLayoutCompat#parentPanel", body, parts), look, at)

    def _buttons(self, look: Look, at: tuple[int, int, int, int]) -> list[View]:
        px, found = look.px, []
        for number, text in enumerate(self.buttons):
            top = at[1] + px(14 + 48 * number)
            place = (at[2] - px(160), top, at[2] - px(24), top + px(48))
            handler = f"dialog:{number + 1}"
            found.append(node(f"Button#a:button{number + 1}[cf]", place, (), text, text, handler))
        return found
