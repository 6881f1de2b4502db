"""The state of the app that each capture shows, in words of the control verbs; names and texts are free."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from devices.simulated.fidelity_host import StillHost
from devices.simulated.whatsapp.app import WhatsApp
from devices.simulated.whatsapp.contact_list import ContactList
from devices.simulated.whatsapp.document_picker import DocumentPicker, Offered
from devices.simulated.whatsapp.pickers import ContactPicker

W4B, PERSONAL = "com.whatsapp.w4b", "com.whatsapp"
_NUMBER = "31612345678"
_LONG = "Lua, lago aqui meta e que campo. Da lanterna de tempo bicicleta sol encadernados, folha barco montes. "

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Scene:
    """One capture and how to get the app into its state.

    `allowed` names marks of differences that are no fault of the app; each needs its reason beside it.
    """

    capture: str
    kind: str
    layout: str
    package: str
    stage: Callable[[WhatsApp], None]
    display: tuple[int, int] = (720, 1600)
    density: int = 300
    locale: str = "pt-BR"
    is_24h: bool = True
    bars: tuple[int, int] = (64, 90)
    allowed: tuple[str, ...] = ()
    unwrapped: tuple[str, ...] = ()
    """Ids below which a modified app put a layout of its own around the real view, and more beside it."""

    def build(self) -> WhatsApp:
        """Return the app in that state, at rest."""
        host = StillHost(self.display, self.density, self.locale)
        host.is_24h = self.is_24h
        host.status_bar, host.navigation_bar = self.bars
        app = WhatsApp(host, self.package, self.layout)
        self.stage(app)
        return app


def _write(app: WhatsApp, chat: str, rows: list[Row]) -> None:
    for row in rows:
        verb = "owner_types_by_hand" if row.pop("own", False) else "customer_writes"
        status = row.pop("status", "delivered")
        reaction = row.pop("reaction", "")
        number = row.pop("number_of_rows", 1)
        for _ in range(number):
            message: Any = app.control(verb, {"chat": chat, **row})
        if verb == "owner_types_by_hand":
            app.control("advance_ticks", {"chat": chat, "to": status})
        if reaction:
            app.control("react", {"chat": chat, "message": message["id"], "emoji": reaction, "own": True})


def _ago(app: WhatsApp, **age: float) -> str:
    return (app.state.host.now() - timedelta(**age)).isoformat()


def _self_chat(app: WhatsApp, rows: list[Row], name: str = "") -> None:
    jid = app.state.book.own_jid
    app.control("add_chat", {"jid": jid, "name": name})
    _write(app, jid, [{"own": True, "status": "read", **row} for row in rows])
    app.control("open_chat", {"chat": jid})


def _chat(app: WhatsApp, rows: list[Row], has_notice: bool = True, **chat: Any) -> None:
    app.control("add_chat", {"number": _NUMBER, "has_notice": has_notice, **chat})
    _write(app, _NUMBER, rows)
    app.state.book.chats[f"{_NUMBER}@s.whatsapp.net"].unread = 0
    app.control("open_chat", {"chat": _NUMBER})
    app.control("advance_ticks", {"chat": _NUMBER, "to": "delivered"})


def _group(app: WhatsApp, rows: list[Row], unread: int = 0) -> str:
    members = {"31611111111@s.whatsapp.net": "Vera L.", "31622222222@s.whatsapp.net": "Rui"}
    jid = "120363000000417263@g.us"
    app.control("add_chat", {"jid": jid, "name": "Os Lopes", "members": members, "has_notice": False})
    _write(app, jid, rows)
    app.state.book.chats[jid].unread = unread
    app.control("open_chat", {"chat": jid})
    return jid


def _doc(name: str = "20191127_329560.jpg", pages: str = "") -> Row:
    return {"kind": "document", "name": name, "info": pages, "size": "3,3 MB"}


def _self_reaction_docs(app: WhatsApp) -> None:
    _self_chat(
        app, [{"text": "100000000000", "number_of_rows": 9, "reaction": "❤️"}, {"text": "2", "number_of_rows": 22}]
    )


def _self_text_doc(app: WhatsApp) -> None:
    rows: list[Row] = [{"text": f"Lua, lago mar? 😊\n\n{_LONG * 15}"}]
    rows[:0] = [_doc(), _doc(), _doc()]
    rows += [_doc(), _doc(), {"text": "Ola mundo"}, _doc(), {"text": "1000000"}, _doc(), {"text": "1000000"}, _doc()]
    _self_chat(app, rows)


def _self_pdf(app: WhatsApp) -> None:
    day = _ago(app, days=1)
    rows: list[Row] = []
    for _ in range(4):
        rows += [{**_doc(), "at": day}, {"text": "1000000000000", "at": day}]
    rows += [{**_doc(), "at": day}, {**_doc("2023-08-14_452090.pdf", "3"), "at": day}]
    rows += [{"text": "4000000000000"}, _doc(), {"text": "4000000000000"}, _doc(), {"text": "4000000000000"}, _doc()]
    _self_chat(app, rows)


def _voice_2025(app: WhatsApp) -> None:
    texts = ["Livro vila ruas novidades montes montes " * 2, "vila do para jardim biblioteca", "Vila lua aqui"]
    rows: list[Row] = [{"text": text} for text in [*texts, "Casa azul aqui", "Vila para casa"]]
    rows += [{"text": "da noite", "own": True}]
    rows += [{"kind": "voice", "duration_s": 7}, {"text": "cidade", "own": True}, {"text": "Encadernados"}]
    rows += [{"text": "bibliotecas", "own": True}, {"text": "Livro", "own": True}, {"text": "Da"}, {"text": "Da"}]
    rows += [{"kind": "photo", "own": True, "name": "x.jpg"}]
    _chat(app, rows, has_notice=False, name="Tereza")
    chat = app.state.book.chats[f"{_NUMBER}@s.whatsapp.net"]
    for message in chat.messages:
        message.change(is_played=True)


def _outgoing_2026_05(app: WhatsApp) -> None:
    day = _ago(app, days=40)
    rows: list[Row] = [{"text": f"{_LONG * 3} https://a.example/p \n\n{_LONG}", "own": True, "at": day}] * 2
    rows = [dict(row) for row in rows] + [{"text": "Teste Dispatch — reinicio do sistema 10:36:31", "own": True}]
    _chat(app, rows, name="CLIENTE TESTE")


def _e2e_outgoing(app: WhatsApp) -> None:
    _chat(app, [{"text": _LONG * 2, "own": True}])


def _restricted_long(app: WhatsApp) -> None:
    app.control("settings", {"is_restricted": True})
    rows: list[Row] = [{"text": _LONG * 3, "own": True}, {"text": "A lua essa campo noite?", "own": True}]
    _chat(app, rows, is_name_described=False)


def _restricted_empty(app: WhatsApp) -> None:
    app.control("settings", {"is_restricted": True})
    _chat(app, [])


def _self_photos(app: WhatsApp) -> None:
    old = _ago(app, days=27)
    rows: list[Row] = [{"kind": "photo", "name": "a.jpg", "at": _ago(app, days=28)} for _ in range(4)]
    rows += [{"kind": "photo", "name": "b.jpg", "at": old} for _ in range(4)]
    _self_chat(app, rows, name="Marina")
    app.state.book.chats[app.state.book.own_jid].is_name_described = False


def _group_keyboard(app: WhatsApp) -> None:
    vera, rui = "Vera L.", "Rui"
    rows: list[Row] = [{"kind": "sticker", "sender": vera} for _ in range(4)]
    rows += [{"text": "weg", "sender": rui}]
    rows += [{"text": "Lepel", "own": True, "status": "read"}, {"text": "Plan?", "own": True, "status": "read"}]
    rows += [
        {"text": "Ja gd", "sender": vera},
        {"text": "Wat is er", "sender": rui},
        {"text": "Vraag het", "sender": rui},
    ]
    jid = _group(app, rows, unread=3)
    deleted = next(message for message in app.state.book.chats[jid].messages if message.text == "weg")
    app.control("revoke", {"chat": jid, "message": deleted.id})
    app.state.book.chats[jid].draft = "Hi vier maten van de zaak"
    app.state.book.chats[jid].is_name_described = False
    app.state.host.show_keyboard(True)


def _group_links(app: WhatsApp) -> None:
    own: Row = {"own": True, "status": "read"}
    link: Row = {"link_title": "Lista de material", "link_url": "https://lista.example/p", "info": "Medidas"}
    rows: list[Row] = [
        {**own, **link, "text": "https://lista.example/p", "count": 1},
        {**own, "text": "Vejam esta prateleira para ali"},
        {**own, "kind": "photo", "name": "a.jpg", "is_downloaded": False},
        {**own, "text": "Preferem esta cor ou a outra da semana"},
        {**own, "kind": "photo", "name": "a.jpg", "is_downloaded": False},
        {**own, **link, "text": "Lista: https://lista.example/p"},
        {"text": "Vou ver isso mais tarde, ok", "sender": "Vera L."},
        {"own": True, "status": "delivered", "kind": "view_once", "name": "photo"},
    ]
    jid = _group(app, [dict(row) for row in rows for _ in range(2)])
    app.state.book.chats[jid].is_name_described = False


def _new_group(app: WhatsApp) -> None:
    jid = "120363000000417263@g.us"
    app.control("add_chat", {"jid": jid, "name": "Olivias", "members": {"31611111111@s.whatsapp.net": "TOM"}})
    chat = app.state.book.chats[jid]
    card = app.state.new_message(chat, "group_card", "system")
    card.name = "TOM"
    chat.place(card)
    _write(app, jid, [{"text": text, "sender": "TOM"} for text in ("Ao", *["x\n" * 9] * 4)])
    chat.unread = 0
    app.control("open_chat", {"chat": jid})


def _list(app: WhatsApp, rows: list[Row]) -> None:
    for number, row in enumerate(rows):
        chat = f"3161234{number:04}"
        count, own = row.get("unread", 0), row.get("own", False)
        fields: dict[str, Any] = {key: row[key] for key in ("photo_desc", "is_disappearing", "name") if key in row}
        if row.get("group"):
            chat = f"12036300000000{number:04}@g.us"
            fields |= {"name": "Grupo", "members": {"31611111111@s.whatsapp.net": "Bo"}}
        app.control("add_chat", {"jid" if "@" in chat else "number": chat, **fields})
        message = {"text": row.get("text", "Ramo sem"), "kind": row.get("kind", "text"), "own": own}
        message["at"] = _ago(app, hours=5 * number)
        if "file" in row:
            message["name"] = row["file"]
        _write(app, chat, [message])
        app.state.book.open(chat if "@" in chat else f"{chat}@s.whatsapp.net").unread = count


def _kinds() -> list[Row]:
    return [
        {"group": True, "unread": 2},
        {"own": True, "kind": "document", "file": "a.pdf"},
        {"kind": "photo", "unread": 5},
        {"text": "Praia-do e lua ou Cidade!"},
        {"own": True, "unread": 8},
        {"unread": 249},
        {"own": True},
        {"own": True, "unread": 1},
        {"photo_desc": "status", "own": True},
        {"is_disappearing": True, "own": True},
        {"kind": "photo"},
        {"kind": "document", "file": "Ramo 2023.pdf"},
        {"group": True, "kind": "photo"},
        {"group": True},
        {"group": True, "own": True},
        {"own": True, "kind": "sticker"},
        {"kind": "sticker", "group": True},
        {"text": "Boa tarde ok", "unread": 1},
    ]


def _many(app: WhatsApp) -> None:
    _list(app, [*_kinds(), *_kinds()])


def _many_2025(app: WhatsApp) -> None:
    _many(app)
    app.state.home.news = {"calls": 1, "updates": -1}


def _end_2025(app: WhatsApp) -> None:
    _many(app)
    app.state.home.news = {"updates": -1}
    app.state.home.scroll(-100_000, app.state.look())


def _banner(app: WhatsApp) -> None:
    _list(app, [{"own": True, "kind": "video"}, {"unread": 2, "text": "Bicicleta barco lua ao bicicleta"}])
    app.control("show", {"screen": "banner"})
    app.control("show", {"screen": "tip"})


def _scrolled_list(app: WhatsApp) -> None:
    _many(app)
    app.state.home.news = {"updates": -1}
    app.state.home.scroll(-400, app.state.look())


def _sheet(app: WhatsApp) -> None:
    _chat(app, [])
    app.control("show", {"screen": "attach_sheet"})


def _share(app: WhatsApp) -> None:
    _list(app, [{"name": f"Vera {number}", "group": number > 8} for number in range(16)])
    picker = ContactPicker(app.state.book, stream="content://media/1", mime_type="image/jpeg")
    picker.chosen.append(app.state.book.on_list()[0].jid)
    app.navigating.push(picker)


def _contacts(app: WhatsApp) -> None:
    app.control("add_chat", {"jid": app.state.book.own_jid})
    app.control("add_chat", {"number": "31612345678", "name": "Floor", "about": "Rio folha"})
    app.control("add_chat", {"number": "31687654321"})
    app.navigating.push(ContactList(app.state.book, snackbar="Floor"))


def _documents(app: WhatsApp) -> None:
    at = app.state.host.now() - timedelta(days=40)
    files = tuple(Offered(f"2023-08-14_{number}.pdf", "162 kB", at) for number in range(30))
    app.navigating.push(DocumentPicker("", files))


def _shown(screen: str, **more: Any) -> Callable[[WhatsApp], None]:
    def stage(app: WhatsApp) -> None:
        app.control("show", {"screen": screen, **more})

    return stage


_TALL: dict[str, Any] = {"display": (1080, 2400), "density": 400, "bars": (90, 120)}
_OLD: dict[str, Any] = {"display": (720, 1483), "density": 230, "bars": (48, 0)}
_EN_2026: dict[str, Any] = {"display": (1272, 2800), "density": 620, "bars": (141, 62), "locale": "en"}

SCENES: tuple[Scene, ...] = (
    Scene("chat_ptBR_2025-01_self_reaction_docs", "chat 2025", "2025", PERSONAL, _self_reaction_docs, **_OLD),
    Scene("chat_ptBR_2025-01_self_text_emoji_doc", "chat 2025", "2025", PERSONAL, _self_text_doc, **_OLD),
    Scene("chat_ptBR_2025-01_self_pdf_datedivider", "chat 2025", "2025", PERSONAL, _self_pdf, **_OLD),
    Scene(
        "chat_en_2025-01_voice_message_received",
        "chat 2025",
        "2025-01-en",
        PERSONAL,
        _voice_2025,
        display=(1080, 2340),
        density=450,
        bars=(80, 135),
        locale="en",
        is_24h=False,
    ),
    Scene(
        "chat_ptBR_2026-05_outgoing_input",
        "chat 2026",
        "2026-05",
        PERSONAL,
        _outgoing_2026_05,
        display=(720, 1640),
        density=320,
        bars=(68, 96),
    ),
    Scene("w4b_chat_ptBR_2026-08_e2e_outgoing_entry", "chat 2026", "2026", W4B, _e2e_outgoing),
    Scene("w4b_chat_ptBR_2026-08_restricted_readonly_long", "chat 2026", "2026", W4B, _restricted_long),
    Scene("chat_ptBR_2026-08_restricted_empty", "chat 2026", "2026", PERSONAL, _restricted_empty),
    Scene("chat_en_2026-07_self_photos_seen_divider", "chat 2026", "2026-07-en", PERSONAL, _self_photos, **_EN_2026),
    Scene(
        "chat_group_en_keyboard_unread_deleted_RECON",
        "chat 2026",
        "2026-group-en",
        PERSONAL,
        _group_keyboard,
        locale="en",
        is_24h=False,
        **_TALL,
    ),
    Scene(
        "chat_group_ptBR_2.26.38.73_image_link_viewonce_RECON",
        "chat 2026",
        "2026-10",
        PERSONAL,
        _group_links,
        **_TALL,
    ),
    Scene(
        "chat_group_en_2026_newgroup_context_card",
        "chat 2026",
        "2026-newgroup",
        PERSONAL,
        _new_group,
        display=(720, 1280),
        density=320,
        bars=(48, 48),
        locale="en",
        # Views added by a modified app: a layout and a picture around the sender's name.
        unwrapped=("name_in_group",),
    ),
    Scene("chatlist_ptBR_2025-01_filters", "list 2025", "2025", PERSONAL, _many_2025, **_OLD),
    Scene("chatlist_ptBR_2025-01_bottom_e2ee", "list 2025", "2025", PERSONAL, _end_2025, **_OLD),
    Scene(
        "chatlist_ptBR_2026-05_720x1640",
        "list 2026",
        "2026-05",
        PERSONAL,
        _many,
        display=(720, 1640),
        density=320,
        bars=(68, 96),
    ),
    Scene("chatlist_en_2026-07_rupee", "list 2026", "2026-07-en", PERSONAL, _scrolled_list, **_EN_2026),
    Scene("w4b_chatlist_ptBR_2026-03_unread_multiwindow", "list 2026", "2026-03", W4B, _many),
    Scene("w4b_chatlist_ptBR_2026-07_banner_tip", "list 2026", "2026-07", W4B, _banner),
    Scene("w4b_chatlist_ptBR_2026-08_long_scrolled", "list 2026", "2026", W4B, _scrolled_list),
    Scene("chat_ptBR_2026_attach_sheet_poll_location", "sheet", "2026", PERSONAL, _sheet),
    Scene("w4b_contactpicker_snackbar_ptBR_2026", "picker", "2026-07", W4B, _contacts),
    Scene("docpicker_ptBR_2025-01", "picker", "2025", PERSONAL, _documents, **_OLD),
    Scene(
        "w4b_newcontact_not_on_whatsapp_keyboard_ptBR_2026-08",
        "blocking",
        "2026",
        W4B,
        _shown("new_contact_missing"),
    ),
    Scene("share_contact_picker_ptBR_2.26.38.73_RECON", "picker", "2026-10", PERSONAL, _share, **_TALL),
    Scene(
        "dialog_not_on_whatsapp_ptBR_2026-05",
        "dialog",
        "2026-05",
        PERSONAL,
        _shown("not_on_whatsapp", form="plain"),
        display=(720, 1640),
    ),
    Scene("w4b_dialog_non_wa_invite_ptBR_2026-08", "dialog", "2026", W4B, _shown("not_on_whatsapp")),
    Scene("w4b_bottomsheet_privacy_disclosure_ptBR_2026-08", "dialog", "2026", W4B, _shown("privacy_sheet")),
    Scene("update_required_ptBR_2026-08", "blocking", "2026", PERSONAL, _shown("update_required")),
    Scene("verify_sms_ptBR_2026-08", "blocking", "2026", PERSONAL, _shown("verify_sms")),
    Scene("w4b_gdrive_backup_setup_ptBR_2026-08", "blocking", "2026", W4B, _shown("backup")),
    Scene(
        "w4b_registration_verify_en_2025-01",
        "blocking",
        "2025-01-w4b",
        W4B,
        _shown("registration"),
        display=(1080, 2352),
        density=480,
        bars=(108, 0),
        locale="en",
    ),
    Scene("w4b_newcontact_form_ptBR_2026", "blocking", "2026-07", W4B, _shown("new_contact")),
)
