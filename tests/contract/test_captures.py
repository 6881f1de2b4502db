"""Every captured screen, row by row, as a careful reader sees it; written from the trees themselves.

A row reads: clipped or not, side, time, kind, beginning of the text, tick, sender, reactions, file, day, first unread.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.domain.observation import ChatSeen, ListRowSeen, RowSeen, ScreenKind, ScreenSeen
from devices.screens.recognise import parse_screen
from devices.screens.tree import parse_source

pytestmark = pytest.mark.shared
TODAY = {
    "2025-01": date(2025, 1, 10),
    "2026-03": date(2026, 3, 27),
    "2026-05": date(2026, 5, 4),
    "2026-07": date(2026, 7, 28),
}
LATER = date(2026, 8, 18)

CHATS: dict[str, tuple[str, ...]] = {
    "chat_attach_gallery_sheet_ptBR_2.26.38.73_RECON.xml": (
        "cut out | 19:13 | photo | <read>",
        "out | 19:13 | text | Preferem esta cor ou a o… | <read>",
        "in | 19:40 | text | Vou ver isso mais tarde,… | by Vera L.",
    ),
    "chat_en_2025-01_voice_message_received.xml": (
        "cut in | 10:10 | text | Livro vila ruas novidade…",
        "in | 10:10 | text | .. vila do para jardim b…",
        "in | 10:10 | text | Vila lua aqui sol caneta",
        "in | 10:10 | text | Casa azul aqui o tempo",
        "in | 10:10 | text | Vila para casa",
        "out | 11:35 | text | da noite | <delivered>",
        "in | 12:11 | voice | 0:07",
        "out | 12:11 | text | cidade | <delivered>",
        "in | 12:11 | text | Encadernadosaaaaaaaaaaaa",
        "out | 15:34 | text | bibliotecas | <delivered>",
        "out | 19:11 | text | Livro | <delivered>",
        "in | 19:12 | text | Da",
        "in | 19:12 | text | Da",
        "out | 20:51 | photo | <delivered>",
    ),
    "chat_en_2026-07_self_photos_seen_divider.xml": (
        "cut out | 18:38 | photo | <read>",
        "out | 19:36 | photo | <read> | on 2026-07-21",
        "out | 19:40 | photo | <read> | on 2026-07-21",
    ),
    "chat_group_en_2026_newgroup_context_card.xml": (
        "in | --:-- | system | Messages and calls are e… | on 2026-08-18",
        "cut in | --:-- | text | Ao | by TOM | on 2026-08-18",
    ),
    "chat_group_en_keyboard_unread_deleted_RECON.xml": (
        "cut in | 22:52 | sticker",
        "in | 23:03 | deleted | by Bakker Zon",
        "out | 23:08 | text | Lepel | <read>",
        "out | 23:08 | text | Plan voor morgen? | <read>",
        "in | 23:12 | text | Ja gd | by Sanne Jansen Zaak | first unread",
        "in | 23:14 | text | Wat is er | by Bakker Zon",
        "in | 23:14 | text | Vraag het | by Bakker Zon",
    ),
    "chat_group_ptBR_2.26.38.73_image_link_viewonce_RECON.xml": (
        "cut out | 19:11 | text | oficina.example | <read>",
        "out | 19:12 | text | Vejam esta prateleira pa… | <read>",
        "out | 19:13 | photo | <read>",
        "out | 19:13 | text | Preferem esta cor ou a o… | <read>",
        "out | 19:14 | text | Hoje não | <read>",
        "out | 19:21 | photo | <read>",
        "out | 19:31 | text | Lista: https://lista.exa… | <read>",
        "in | 19:40 | text | Vou ver isso mais tarde,… | by Vera L.",
        "out | 20:02 | view_once | Foto | <delivered>",
    ),
    "chat_ptBR_2025-01_self_pdf_datedivider.xml": (
        "cut out | 23:48 | document | <read> | 3,3 MB",
        "out | 23:48 | text | 1000000000000 | <read>",
        "out | 23:48 | document | <read> | 20191127_329560.jpg | 3,3 MB",
        "out | 23:48 | text | 1000000000000 | <read>",
        "out | 23:48 | document | <read> | 20191127_329560.jpg | 3,3 MB",
        "out | 23:48 | text | 1000000000000 | <read>",
        "out | 23:48 | document | <read> | 20191127_329560.jpg | 3,3 MB",
        "out | 23:48 | text | 1000000000000 | <read>",
        "out | 23:48 | document | <read> | 20191127_329560.jpg | 3,3 MB",
        "out | 23:53 | document | <read> | 2023-08-14_452090.pdf | 162 kB",
        "out | 20:39 | text | 4000000000000 | <read> | on 2025-01-10",
        "out | 20:39 | document | <read> | 20191127_329560.jpg | 3,3 MB | on 2025-01-10",
        "out | 20:39 | text | 4000000000000 | <read> | on 2025-01-10",
        "out | 20:40 | document | <read> | 20191127_329560.jpg | 3,3 MB | on 2025-01-10",
        "out | 20:40 | text | 4000000000000 | <read> | on 2025-01-10",
        "out | 20:40 | document | <read> | 20191127_329560.jpg | 3,3 MB | on 2025-01-10",
    ),
    "chat_ptBR_2025-01_self_reaction_docs.xml": (
        "cut out | --:-- | text | <unknown>",
        *["out | 21:04 | text | 100000000000 | <read>"] * 7,
        "out | 21:05 | text | 100000000000 | <read> | ❤️",
        *["out | 21:05 | text | 100000000000 | <read>"] * 10,
        *["out | 22:36 | text | 200000000000 | <read>"] * 5,
        *["out | 22:37 | text | 200000000000 | <read>"] * 3,
    ),
    "chat_ptBR_2025-01_self_text_emoji_doc.xml": (
        "cut out | 00:19 | text | Lua, lago mar? 😊//Lago r… | <read>",
        "out | 00:19 | document | <read> | 20191127_329560.jpg | 3,3 MB",
        "out | 21:04 | document | <read> | 20191127_329560.jpg | 3,3 MB",
        "out | 21:04 | text | Ola mundo | <read>",
        "out | 21:04 | document | <read> | 20191127_329560.jpg | 3,3 MB",
        "out | 23:55 | text | 1000000 | <read>",
        "out | 23:55 | document | <read> | 20191127_329560.jpg | 3,3 MB",
        "out | 23:55 | text | 1000000 | <read>",
        "out | 23:55 | document | <read> | 20191127_329560.jpg | 3,3 MB",
    ),
    "chat_ptBR_2026-05_outgoing_input.xml": (
        "cut out | 11:51 | text | [SIM-PROD] Olá, CLIENTE … | <delivered>",
        "out | 11:52 | text | [SIM-PROD] Olá, CLIENTE … | <delivered>",
        "out | 10:36 | text | Teste Dispatch — reinici… | <delivered> | on 2026-04-15",
    ),
    "chat_ptBR_2026-08_restricted_empty.xml": ("in | --:-- | system | As mensagens e ligações … | on 2026-08-18",),
    "chat_ptBR_2026_attach_sheet_poll_location.xml": (
        "in | --:-- | system | As mensagens e ligações … | on 2026-08-18",
    ),
    "w4b_chat_ptBR_2026-08_e2e_outgoing_entry.xml": (
        "in | --:-- | system | As mensagens e ligações … | on 2026-08-17",
        "out | 01:36 | text | Lua , lago aqui meta o e… | <delivered> | on 2026-08-17",
    ),
    "w4b_chat_ptBR_2026-08_restricted_readonly_long.xml": (
        "in | --:-- | system | As mensagens e ligações … | on 2026-08-14",
        "out | 16:52 | text | Meta dia escrita sem enc… | <sent> | on 2026-08-14",
        "out | 16:55 | text | A lua essa campo noite s… | <sent> | on 2026-08-14",
    ),
}

LISTS: dict[str, tuple[str, ...]] = {
    "chatlist_en_2026-07_rupee.xml": (
        "cut Otto Olavio Olavio | Ao | 27/07/2026 | own",
        "Severin Moreira | Ramo 2023.pdf (2 pages) | 27/07/2026",
        "Nilo Iara | Casa Montanha,  Para ver… | 27/07/2026",
        "+91 00033 29571 | Photo | 26/07/2026",
        "+91 00877 24057 | o Telhados Tempo Campo (… | 25/07/2026",
        "+91 00350 54487 | FOLHA_LAGO_1974030801_en… | 25/07/2026",
        "cut Tereza Rui | 23/07/2026",
    ),
    "chatlist_ptBR_2025-01_bottom_e2ee.xml": (
        "+55 00 9304-5646 | Um mar | 31/12/2024",
        "Severin Batista | Lua, Paralelas! E livro … | 30/12/2024",
        "Hugoo Olavio Mangueira | No para | 27/12/2024 | own",
        "Bo Tereza | Cadeiras para bem biblio… | 26/12/2024",
        "Hugoo Renato | Folha praia azul. 🙏🏻🎉 | 24/12/2024 | own",
        "Moreira ☘︎. | Lua | 24/12/2024",
        "Batista | Figurinha | 23/12/2024",
        "Bento Batista | Sim um verde telhados. | 21/12/2024 | own",
        "Marina Hugoo BIA | Novidades_20241212_6977.… | 12/12/2024",
        "+55 00 3754-5560 | Dia folha e lanterna o t… | 08/11/2024 | own",
        "👁Transportadora-BIA👁 | Bia. Clara: | Bicicleta lua tempo sem … | 28/05/2024",
    ),
    "chatlist_ptBR_2025-01_filters.xml": (
        '+55 00 8258-3635 (você) | Você reagiu com ❤️ a: "1… | 22:37 | self',
        "Vera Ana💍 | Tempo dia tempo | 20:17",
        "Benedita mangueira | Benedita: | Figurinha | 18:07",
        "ANA - Tereza lu Transportadora Moreira | Iara Mangueira: | Foto | 17:46",
        "BIA - Carvalho 2 💻🖥️🕹️ | BIA Constantinos: | BEM Encadernados   Para … | 17:15",
        "VERA Severin RUI | Marina: | Tempo telhados | 16:59",
        "Renato Tereza Mangueira | Prateia | 16:39 | own",
        "Moreira Nilo | 🎉 Lua! Lago o a Escrita … | 15:36",
        "Renato Iara | Caminho branco | 15:34 | own",
        "Marina mangueira | Figurinha | 14:51 | own",
    ),
    "chatlist_ptBR_2026-05_720x1640.xml": (
        "+55 00 88833-2440 | Olá, CLIENTE TESTE 1.  O… | Ontem | own",
        "RUI | Lua Caneta👋  Os de tempo… | 29/04/2026 | unread 1",
        "+55 00 03728-1590 | Olá, CLIENTE TESTE 2! T… | 29/04/2026 | own",
        "+55 00 01012-2233 | Olá, CLIENTE TESTE 3… | 29/04/2026 | own",
        "+55 00 60084-4784 | Boa tarde ok | 28/04/2026 | unread 1",
        "+55 00 24136-6635 | Sem Vila!  Praia janela … | 28/04/2026",
        "+55 00 92632-6161 | Olá, CLIENTE TESTE 4! Tu… | 28/04/2026 | own",
    ),
    "w4b_chatlist_ptBR_2026-03_unread_multiwindow.xml": (
        "Hugoo | Bo: | Ramo sem | 18:24 | unread 2",
        "Bo | Convite para grupo do Wh… | 24/03/2026 | own",
        "WhatsApp Business | Que Para = folha encader… | 09/02/2026 | unread 5",
        "+55 00 7889-3134 | Praia-do e lua ou Cidade… | 05/12/2025",
        "+55 00 2901-5994 | TELHADOS A BICICLETA .. … | 17/10/2025 | own | unread 8",
        "RUI Tereza | Meta caminho dia bicicle… | 14/10/2025 | unread 249",
        "Hugoo Olavio Tereza | .. Mar-noite da Bibliote… | 07/09/2025 | own | unread 1",
        "cut RUI | 13/08/2025",
    ),
    "w4b_chatlist_ptBR_2026-07_banner_tip.xml": (
        "+55 00 2808-3904 | Vídeo | 23:21 | own",
        "WhatsApp Business | Bicicleta barco lua ao b… | 23:17 | unread 2",
    ),
    "w4b_chatlist_ptBR_2026-08_long_scrolled.xml": (
        "Carvalho - Moreira Nilo | O um , lago o e Que Camp… | Ontem | own",
        "+55 00 8536-8332 | Ao , lago o e Que Campo … | Ontem | own",
        "+55 00 1944-2157 | Lua , lago o e Que Campo… | Ontem | own",
        "+55 00 5206-4543 | Lua , Que Campo Aqui esc… | Ontem | own",
        "+55 00 4011-2811 | Ao , lago o e Que Campo … | Ontem | own",
        "+55 00 2090-2339 | Ao , lago o e Que Campo … | Ontem | own",
        "+55 00 9458-8457 | Sem , lago o e Que Campo… | Ontem | own",
        "+55 00 3036-5171 | Lua , aqui meta o e Que … | Ontem | own",
        "cut Clara Olavio | Lua Que Campo bicicleta … | Ontem | unread 1",
    ),
}

HEADERS = {
    "chat_attach_gallery_sheet_ptBR_2.26.38.73_RECON.xml": ("Os Lopes", "Vera, Rui, Você"),
    "chat_en_2025-01_voice_message_received.xml": ("Tereza", ""),
    "chat_en_2026-07_self_photos_seen_divider.xml": ("Marina (You)", "Message yourself"),
    "chat_group_en_2026_newgroup_context_card.xml": ("Olivias", "TOM, You"),
    "chat_group_en_keyboard_unread_deleted_RECON.xml": ("VIER MATEN VAN DE ZAAK !!!", "Bakker , You"),
    "chat_group_ptBR_2.26.38.73_image_link_viewonce_RECON.xml": ("Os Lopes", "Vera"),
    "chat_ptBR_2025-01_self_pdf_datedivider.xml": ("+55 00 8258-3635 (você)", "Mensagem para mim"),
    "chat_ptBR_2025-01_self_reaction_docs.xml": ("+55 00 8258-3635 (você)", "Mensagem para mim"),
    "chat_ptBR_2025-01_self_text_emoji_doc.xml": ("+55 00 8258-3635 (você)", "Mensagem para mim"),
    "chat_ptBR_2026-05_outgoing_input.xml": ("CLIENTE TESTE", ""),
    "chat_ptBR_2026-08_restricted_empty.xml": ("+55 00 1830-1564", ""),
    "chat_ptBR_2026_attach_sheet_poll_location.xml": ("+55 00 3699-3820", ""),
    "w4b_chat_ptBR_2026-08_e2e_outgoing_entry.xml": ("+55 00 2490-0463", ""),
    "w4b_chat_ptBR_2026-08_restricted_readonly_long.xml": ("+55 00 4515-1200", ""),
}
FROM_THE_START = {
    "chat_group_en_2026_newgroup_context_card.xml",
    "chat_ptBR_2026-08_restricted_empty.xml",
    "chat_ptBR_2026_attach_sheet_poll_location.xml",
    "w4b_chat_ptBR_2026-08_e2e_outgoing_entry.xml",
    "w4b_chat_ptBR_2026-08_restricted_readonly_long.xml",
}
READ_ONLY = {"chat_ptBR_2026-08_restricted_empty.xml", "w4b_chat_ptBR_2026-08_restricted_readonly_long.xml"}
WHOLE_LIST = {"chatlist_ptBR_2025-01_bottom_e2ee.xml", "w4b_chatlist_ptBR_2026-07_banner_tip.xml"}
SHEETS = {
    "chat_attach_gallery_sheet_ptBR_2.26.38.73_RECON.xml",
    "chat_ptBR_2026_attach_sheet_poll_location.xml",
}

# The one button that changes nothing, by its bounds in the capture; None where only a person may answer.
OTHERS: dict[str, tuple[ScreenKind, tuple[int, int, int, int] | None]] = {
    "dialog_not_on_whatsapp_ptBR_2026-05.xml": (ScreenKind.NOT_ON_APP, (420, 859, 606, 955)),
    "docpicker_ptBR_2025-01.xml": (ScreenKind.DOCUMENT_PICKER, None),
    "screen_no_app_systemui_only_ptBR_2026-08_a.xml": (ScreenKind.LOCKED, None),
    "share_contact_picker_ptBR_2.26.38.73_RECON.xml": (ScreenKind.CONTACT_PICKER, None),
    "systemui_lockscreen_ptBR_a.xml": (ScreenKind.LOCKED, None),
    "systemui_lockscreen_ptBR_b.xml": (ScreenKind.LOCKED, None),
    "update_required_ptBR_2026-08.xml": (ScreenKind.UPDATE_REQUIRED, None),
    "verify_sms_ptBR_2026-08.xml": (ScreenKind.REGISTRATION, None),
    "w4b_bottomsheet_privacy_disclosure_ptBR_2026-08.xml": (ScreenKind.PRIVACY_NOTICE, (45, 1390, 675, 1480)),
    "w4b_contactpicker_snackbar_ptBR_2026.xml": (ScreenKind.CONTACT_PICKER, None),
    "w4b_dialog_non_wa_invite_ptBR_2026-08.xml": (ScreenKind.NOT_ON_APP, (108, 980, 612, 1070)),
    "w4b_gdrive_backup_setup_ptBR_2026-08.xml": (ScreenKind.BACKUP_SETUP, (30, 1405, 690, 1495)),
    "w4b_newcontact_form_ptBR_2026.xml": (ScreenKind.CONTACT_FORM, None),
    "w4b_newcontact_not_on_whatsapp_keyboard_ptBR_2026-08.xml": (ScreenKind.CONTACT_FORM, None),
    "w4b_registration_verify_en_2025-01.xml": (ScreenKind.REGISTRATION, None),
    "wrong_app_playstore_in_front_ptBR_2026-08.xml": (ScreenKind.OTHER_APP, None),
    "synthetic/contact_picker.xml": (ScreenKind.CONTACT_PICKER, None),
    "synthetic/disappearing_msg_dialog.xml": (ScreenKind.DIALOG, None),
    "synthetic/invite_modal_en.xml": (ScreenKind.NOT_ON_APP, None),
    "synthetic/searching_spinner.xml": (ScreenKind.LOADING, None),
    "synthetic/unknown_blank.xml": (ScreenKind.NO_APP, None),
    "synthetic/unknown_dialog_generic.xml": (ScreenKind.DIALOG, None),
}


def read(shared: Path, name: str) -> ScreenSeen:
    today = next((day for part, day in TODAY.items() if part in name), LATER)
    return parse_screen((shared / "screens" / name).read_text("utf-8"), today)


def chat_of(shared: Path, name: str) -> ChatSeen:
    chat = read(shared, name).chat
    assert chat is not None
    return chat


def begin(text: str) -> str:
    return text[:24].replace("\n", "/") + ("…" if len(text) > 24 else "")


def told(row: RowSeen) -> str:
    """Return a row as one line."""
    content, minute = row.content, row.shown.minute
    parts = ["" if row.whole else "cut "]
    parts[0] += row.direction.value
    parts += [
        "--:--" if minute is None else f"{minute // 60:02}:{minute % 60:02}",
        content.kind.value,
        begin(content.text),
    ]
    parts += [f"<{content.tick.value}>" if content.tick else "", f"by {content.sender}" if content.sender else ""]
    parts.append(" ".join(content.reactions))
    if content.media:
        parts += [content.media.name, content.media.size, content.media.duration]
    parts += [f"on {row.shown.day}" if row.shown.day else "", "first unread" if row.after_unread_divider else ""]
    return " | ".join(part for part in parts if part)


def told_of_list(row: ListRowSeen) -> str:
    """Return a row of the chat list as one line."""
    parts = [("" if row.whole else "cut ") + row.title, f"{row.sender}:" if row.sender else "", begin(row.preview)]
    parts += [row.when_text, "own" if row.own_last else "", f"unread {row.unread}" if row.unread else ""]
    parts.append("self" if row.is_self else "")
    return " | ".join(part for part in parts if part)


def test_every_captured_screen_has_an_expectation(shared: Path) -> None:
    folder = shared / "screens"
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*.xml")}
    assert found == CHATS.keys() | LISTS.keys() | OTHERS.keys()


@pytest.mark.parametrize("name", sorted(CHATS))
def test_a_captured_chat_is_read_row_by_row(shared: Path, name: str) -> None:
    assert tuple(told(row) for row in chat_of(shared, name).rows) == CHATS[name]


@pytest.mark.parametrize("name", sorted(CHATS))
def test_a_captured_chat_is_recognised_with_its_header_and_where_it_begins(shared: Path, name: str) -> None:
    seen = read(shared, name)
    assert seen.kind is (ScreenKind.ATTACH_SHEET if name in SHEETS else ScreenKind.CHAT)
    assert seen.package == ("com.whatsapp.w4b" if name.startswith("w4b") else "com.whatsapp")
    assert seen.chat is not None
    assert (seen.chat.title, seen.chat.subtitle) == HEADERS[name]
    assert seen.chat.starts_chat == (name in FROM_THE_START)
    assert seen.chat.ends_chat


@pytest.mark.parametrize("name", sorted(CHATS))
def test_a_captured_entry_is_told_from_its_hint_and_from_a_read_only_notice(shared: Path, name: str) -> None:
    chat = chat_of(shared, name)
    assert chat.read_only_notice.startswith("Sua conta foi restringida") == (name in READ_ONLY)
    assert (chat.entry is None) == (name in READ_ONLY)
    if chat.entry is None:
        return
    is_typed = "keyboard_unread" in name
    assert chat.entry.text == ("Hi vier maten van de zaak" if is_typed else "")
    assert chat.entry.send == ((942, 1251, 1068, 1377) if is_typed else None)


@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_captured_chat_list_is_read_row_by_row(shared: Path, name: str) -> None:
    seen = read(shared, name)
    assert seen.kind is ScreenKind.CHAT_LIST
    assert seen.package == ("com.whatsapp.w4b" if name.startswith("w4b") else "com.whatsapp")
    assert seen.chat_list is not None
    assert tuple(told_of_list(row) for row in seen.chat_list.rows) == LISTS[name]
    assert seen.chat_list.ends_list == (name in WHOLE_LIST)


def test_days_beside_captured_list_rows_are_real_days(shared: Path) -> None:
    rows = read(shared, "w4b_chatlist_ptBR_2026-03_unread_multiwindow.xml").chat_list
    assert rows is not None
    assert [(row.when.minute, row.when.day) for row in rows.rows[:3]] == [
        (18 * 60 + 24, date(2026, 3, 27)),
        (None, date(2026, 3, 24)),
        (None, date(2026, 2, 9)),
    ]
    scrolled = read(shared, "w4b_chatlist_ptBR_2026-08_long_scrolled.xml").chat_list
    assert scrolled is not None
    assert {row.when.day for row in scrolled.rows} == {date(2026, 8, 17)}


@pytest.mark.parametrize("name", sorted(OTHERS))
def test_a_captured_screen_in_the_way_is_named_with_its_safe_way_out_only(shared: Path, name: str) -> None:
    seen = read(shared, name)
    assert (seen.kind, None if seen.way_out == (0, 0, 0, 0) else seen.way_out) == OTHERS[name]


def test_no_way_out_ever_is_a_button_that_invites_saves_or_downloads(shared: Path) -> None:
    inviting = ("invite", "convid", "salvar", "baixar", "download", "aceitar", "reinstal")
    for path in sorted((shared / "screens").rglob("*.xml")):
        way_out = read(shared, path.relative_to(shared / "screens").as_posix()).way_out
        if way_out is None:
            continue
        for window in parse_source(path.read_text("utf-8")):
            words = [e.text.casefold() for e in window.walk() if e.bounds == way_out and e.text]
            assert not [word for word in words if any(part in word for part in inviting)], path.name


def test_a_keyboard_is_seen_and_another_app_is_named(shared: Path) -> None:
    assert read(shared, "w4b_newcontact_not_on_whatsapp_keyboard_ptBR_2026-08.xml").keyboard_shown
    assert read(shared, "wrong_app_playstore_in_front_ptBR_2026-08.xml").package == "com.android.vending"


def test_the_words_of_a_captured_dialog_are_kept_for_a_person(shared: Path) -> None:
    dialog = read(shared, "w4b_dialog_non_wa_invite_ptBR_2026-08.xml").dialog
    assert dialog is not None
    assert dialog.title == "Esse número não está no WhatsApp"
    assert dict(dialog.buttons) == {
        "non_wa_invite_dialog_save_and_invite_button": "SALVAR E CONVIDAR",
        "non_wa_invite_dialog_save_only_button": "APENAS SALVAR",
        "non_wa_invite_dialog_ok_button": "OK",
    }
    stock = read(shared, "dialog_not_on_whatsapp_ptBR_2026-05.xml").dialog
    assert stock is not None
    assert "não está no WhatsApp" in stock.message


def test_a_captured_link_is_no_second_text_and_a_voice_message_has_its_length(shared: Path) -> None:
    group = chat_of(shared, "chat_group_ptBR_2.26.38.73_image_link_viewonce_RECON.xml")
    assert group.rows[6].content.text == "Lista: https://lista.example/p"
    voice = chat_of(shared, "chat_en_2025-01_voice_message_received.xml").rows[6].content
    assert voice.media is not None
    assert voice.media.duration == "0:07"


@pytest.mark.parametrize(
    ("name", "windows"),
    [
        ("chat_ptBR_2026-05_outgoing_input.xml", 1),
        ("w4b_chat_ptBR_2026-08_e2e_outgoing_entry.xml", 3),
        ("chat_ptBR_2026_attach_sheet_poll_location.xml", 1),
    ],
    ids=["uiautomator dump", "several windows", "appium source"],
)
def test_all_three_tree_forms_are_read(shared: Path, name: str, windows: int) -> None:
    roots = parse_source((shared / "screens" / name).read_text("utf-8"))
    assert sum(not (r.bounds == (0, 0, 0, 0) and not r.children) for r in roots) == windows
    assert any(root.first("conversation_contact_name") for root in roots)
