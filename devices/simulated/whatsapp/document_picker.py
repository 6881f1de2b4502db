"""Draw the app's own document picker, as captured: two ways elsewhere, then recent files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from devices.simulated.contract import Bounds, View
from devices.simulated.whatsapp.frames import framed
from devices.simulated.whatsapp.layout import Look
from devices.simulated.whatsapp.metrics import text_width
from devices.simulated.whatsapp.views import KEEP_CLIPPED, clipped, node

_ROW_DP = 67.8
_TEXTS = {
    "pt": "Documentos|Pesquisar documentos|Selecione arquivos de até 2 GB|Selecionar da galeria|"
    "Selecione fotos ou vídeos com a qualidade original.|Recentes|Ordenar",
    "en": "Documents|Browse documents|Choose files up to 2 GB|Choose from gallery|"
    "Choose photos or videos in original quality.|Recents|Sort",
    "nl": "Documenten|Door documenten bladeren|Kies bestanden tot 2 GB|Kiezen uit galerij|"
    "Kies foto's of video's in originele kwaliteit.|Recent|Sorteren",
}


@dataclass(frozen=True, slots=True)
class Offered:
    """A file one can choose."""

    name: str
    size: str
    changed_at: datetime


@dataclass(slots=True)
class DocumentPicker:
    """The picker over a conversation."""

    jid: str
    files: tuple[Offered, ...]
    offset: int = 0

    def scroll(self, pixels: int, look: Look) -> int:
        """Move the content down by some pixels (negative: up); return how far it went."""
        before = self.offset
        at = self._list_bounds(look)
        total = sum(row.bounds[3] for row in self._rows(look))
        self.offset = max(0, min(before - pixels, total - (at[3] - at[1])))
        return before - self.offset

    def draw(self, look: Look) -> View:
        """Return the window's root."""
        top = look.status_bar
        at = self._list_bounds(look)
        y = at[1] - self.offset
        shown = []
        for view in self._rows(look):
            row = clipped(view, at, at, y)
            if row is not None and row.bounds != (0, 0, 0, 0):
                shown.append(row)
            y += view.bounds[3]
        is_long = y + self.offset > at[3]
        rows = node("ListView#a:list[fsl]" if is_long else "ListView#a:list[fl]", at, shown)
        kids = [
            self._toolbar(look, (0, top, look.width, at[1])),
            node("LinearLayout#document_picker_activity", at, [rows]),
        ]
        return framed(node("LinearLayout", (0, top, look.width, look.bottom), kids), look, top)

    @staticmethod
    def _list_bounds(look: Look) -> Bounds:
        return (0, look.status_bar + look.px(56), look.width, look.bottom)

    @staticmethod
    def _texts(look: Look) -> list[str]:
        return _TEXTS.get(look.words.language, _TEXTS["en"]).split("|")

    def _toolbar(self, look: Look, at: Bounds) -> View:
        px, texts = look.px, self._texts(look)
        top, right, bottom = at[1], at[2], at[3]
        sort = (right - px(48), top + px(4), right, bottom - px(4))
        search = (sort[0] - px(48), sort[1], sort[0], sort[3])
        tools = [
            node("Button#menuitem_search[cfl]", search, desc=look.words("search")),
            node("Button#menuitem_sort[cfl]", sort, desc=texts[6]),
        ]
        title = (px(52), top + px(13), px(52 + text_width(texts[0], 20)), bottom - px(13))
        kids = [
            node("ImageButton[cf]", (0, top, px(48), bottom), (), "", look.words("back"), "back"),
            node("TextView", title, text=texts[0]),
            node("LinearLayoutCompat", (search[0], top, right, bottom), tools),
        ]
        return node("ViewGroup#toolbar", at, kids)

    def _rows(self, look: Look) -> list[View]:
        return [self._head(look), *(_file_row(file, look) for file in self.files)]

    def _head(self, look: Look) -> View:
        px, texts = look.px, self._texts(look)
        wide = look.width
        browse, gallery = (0, 0, wide, px(67.5)), (0, px(67.5), wide, px(143))
        low = px(179)
        kids = [
            node("LinearLayout#browseOtherDocs[cf]", browse, [_choice(texts[1], texts[2], browse, look)]),
            node("LinearLayout#document_picker_gallery_row[cf]", gallery, [_choice(texts[3], texts[4], gallery, look)]),
            node("View", (0, gallery[3], wide, gallery[3] + 1)),
            node("TextView#recentsHeader", (px(16), low - px(19), wide - px(16), low), text=texts[5]),
        ]
        return node("LinearLayout", (0, 0, wide, low), kids)


def _choice(title: str, text: str, at: Bounds, look: Look) -> View:
    px = look.px
    left, top, right = px(73), at[1] + px(12), look.width - px(16)
    lines = [
        node("TextView#list_item_title", (left, top, left + px(text_width(title, 16)), top + px(23)), text=title),
        node(
            "TextView#list_item_description",
            (left, top + px(23), min(right, left + px(text_width(text, 14))), top + px(44)),
            text=text,
        ),
    ]
    holder = node("LinearLayout#list_item_text_container", (left, top, right, top + px(44)), lines)
    icon = node("@1ImageView#list_item_icon", (px(24), top, px(49), top + px(25)))
    return node("LinearLayout#list_item_with_left_icon", at, [icon, holder])


def _file_row(file: Offered, look: Look) -> View:
    px = look.px
    high, left, right = px(_ROW_DP), px(72.3), look.width - px(16)
    middle, low = px(35), px(56)
    text, desc = look.words.list_date(file.changed_at, look.now)
    end = left + px(text_width(file.size, 13) + 2)
    start = right - px(text_width(text, 13) + 2)
    foot = [
        node("TextView#size", (left, middle, end, low), text=file.size),
        node("View", (end, middle, start, middle + 1)),
        node("TextView#date", (start, middle, right, low), text=text, desc=desc),
    ]
    line = node("LinearLayout", (left, middle, right, low), foot)
    line.key = KEEP_CLIPPED
    title = (left, px(12), min(right, left + px(text_width(file.name, 16) + 1)), middle)
    words = node("LinearLayout", (left, px(12), right, low), [node("TextView#title", title, text=file.name), line])
    icon = node("ImageView#icon", (px(16), px(14), px(56), px(54)))
    return node(
        "FrameLayout#document_picker_item", (0, 0, look.width, high), [icon, words], "", "", f"file:{file.name}"
    )
