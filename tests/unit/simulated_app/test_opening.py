"""Deep links, shares, dialogs and the screens that stand in the way."""

from __future__ import annotations

import pytest

from devices.simulated.contract import Intent
from tests.unit.simulated_app.conftest import JAN, JAN_JID, Phone

EVA = "31687654321"


@pytest.mark.parametrize(
    "link",
    [
        f"https://wa.me/{JAN}?text=dag%20Jan%20%26%20co",
        f"whatsapp://send?phone=%2B{JAN}&text=dag+Jan+%26+co",
        f"https://api.whatsapp.com/send?phone={JAN}&text=dag%20Jan%20%26%20co",
    ],
)
def test_a_link_prefills_and_never_sends(phone: Phone, link: str) -> None:
    phone.do("add_chat", number=JAN, name="Jan")
    assert phone.link(link) == "started"
    assert phone.app.activity() == "com.whatsapp.w4b/com.whatsapp.Conversation"
    assert phone.texts("entry") == ["dag Jan & co"]
    assert phone.host.recorded("sent") == []
    assert phone.host.recorded("opened") == [{"chat": JAN_JID}]


def test_an_sms_address_opens_the_chat(phone: Phone) -> None:
    phone.do("add_chat", number=JAN, name="Jan")
    phone.link(f"smsto:+{JAN}", "android.intent.action.SENDTO")
    assert phone.texts("conversation_contact_name") == ["Jan"]


def test_the_old_screen_shows_while_a_link_is_on_its_way(phone: Phone) -> None:
    phone.do("add_chat", number=JAN, name="Jan")
    phone.do("add_chat", number=EVA, name="Eva")
    phone.do("open_chat", chat="Eva")
    phone.app.start(Intent(action="android.intent.action.VIEW", data=f"https://wa.me/{JAN}"))
    assert phone.texts("conversation_contact_name") == ["Eva"]
    assert phone.app.is_animating()
    phone.host.advance(1)
    assert phone.texts("conversation_contact_name") == ["Jan"]
    assert not phone.app.is_animating()


@pytest.mark.parametrize(
    ("form", "safe", "invite"),
    [
        ("plain", "button2", "button1"),
        ("2026", "non_wa_invite_dialog_ok_button", "non_wa_invite_dialog_save_and_invite_button"),
    ],
)
def test_an_unknown_number_leaves_the_old_chat_below(phone: Phone, form: str, safe: str, invite: str) -> None:
    phone.do("settings", dialog_form=form)
    phone.do("add_chat", number=EVA, name="Eva")
    phone.do("open_chat", chat="Eva")
    phone.app.start(Intent(action="android.intent.action.VIEW", data="https://wa.me/31600001111?text=x"))
    phone.host.advance(0.5)
    assert phone.texts("message") == ["Searching…"]
    phone.host.advance(2)
    assert phone.all(invite)
    assert not phone.all("entry")
    phone.tap(safe)
    assert phone.texts("conversation_contact_name") == ["Eva"]
    assert phone.texts("entry") == ["Message"]
    assert phone.host.recorded("invited") == []


def test_inviting_is_written_down(phone: Phone) -> None:
    phone.do("show", screen="not_on_whatsapp", form="plain")
    phone.tap("button1")
    assert phone.host.recorded("invited")


def test_a_link_may_only_bring_the_app_to_the_front(phone: Phone) -> None:
    phone.do("add_chat", number=JAN, name="Jan")
    phone.do("settings", ignored_links=1)
    assert phone.link(f"https://wa.me/{JAN}") == "brought_to_front"
    assert not phone.all("conversation_contact_name")
    assert phone.link(f"https://wa.me/{JAN}") == "started"
    assert phone.link(f"https://wa.me/{JAN}") == "delivered"


def test_the_launcher_resumes_where_the_person_left(phone: Phone) -> None:
    phone.do("add_chat", number=JAN, name="Jan")
    phone.do("open_chat", chat="Jan")
    assert phone.app.start(Intent(action="android.intent.action.MAIN")).outcome == "brought_to_front"
    assert phone.texts("conversation_contact_name") == ["Jan"]


def test_a_share_with_a_target_opens_the_composer(phone: Phone) -> None:
    phone.do("add_chat", number=JAN, name="Jan")
    extras = {"jid": JAN_JID, "android.intent.extra.STREAM": "content://media/1/a.jpg"}
    phone.app.start(Intent(action="android.intent.action.SEND", mime_type="image/jpeg", extras=extras))
    phone.host.advance(2)
    phone.app.set_text(phone.all("caption")[0], "kijk")
    phone.tap("send")
    phone.host.advance(2)
    [sent] = phone.host.recorded("sent")
    assert (sent["chat"], sent["text"], sent["message_kind"]) == (JAN_JID, "kijk", "photo")


def test_a_share_without_a_target_asks_for_one(phone: Phone) -> None:
    phone.do("customer_writes", chat=JAN, text="hoi", name="Jan")
    extras = {"android.intent.extra.STREAM": "content://media/1/a.pdf"}
    phone.app.start(Intent(action="android.intent.action.SEND", mime_type="application/pdf", extras=extras))
    phone.host.advance(2)
    assert phone.app.activity().endswith("ContactPicker")
    assert not phone.all("send")
    phone.tap("contactpicker_row_photo")
    row = next(view for view in phone.all("contactpicker_row_name") if view.text == "Jan")
    phone.app.tap(row.bounds[0] + 3, row.bounds[1] + 3)
    phone.tap("send")
    phone.host.advance(2)
    assert [fact["message_kind"] for fact in phone.host.recorded("sent")] == ["document"]


def test_a_restricted_account_has_no_entry(phone: Phone) -> None:
    phone.do("settings", is_restricted=True)
    phone.do("add_chat", number=JAN)
    phone.do("open_chat", chat=JAN)
    assert not phone.all("entry")
    assert phone.texts("read_only_chat_info")[0].startswith("Your account has been restricted.")


@pytest.mark.parametrize(
    ("screen", "safe"),
    [
        ("backup", "gdrive_new_user_setup_not_now_btn"),
        ("privacy_sheet", "button_primary"),
        ("new_contact", "keyboard_aware_save_button"),
    ],
)
def test_a_screen_in_the_way_can_be_left(phone: Phone, screen: str, safe: str) -> None:
    phone.do("show", screen=screen)
    assert not phone.all("conversation_list_view_host")
    phone.tap(safe)
    assert phone.all("conversation_list_view_host")


@pytest.mark.parametrize("screen", ["update_required", "verify_sms", "registration"])
def test_some_screens_have_no_way_out(phone: Phone, screen: str) -> None:
    phone.do("show", screen=screen)
    assert phone.app.activity().endswith("Activity")
    for view in (phone.all("download") or phone.all("fallback_methods_entry_button"))[:1]:
        phone.app.tap(view.bounds[0] + 3, view.bounds[1] + 3)
    assert not phone.all("conversation_list_view_host")
    assert bool(phone.host.urls) == (screen == "update_required")


def test_an_unknown_dialog_is_shown_as_it_was_asked_for(phone: Phone) -> None:
    phone.do("show", screen="dialog", text="Privacy notice updated.", buttons=["Accept", "Later"])
    assert phone.texts("message") == ["Privacy notice updated."]
    assert phone.texts("button1") == ["Accept"]
    phone.tap("button2")
    assert phone.host.recorded("dialog_button") == [{"button": 2}]


def test_back_lowers_the_keyboard_before_it_leaves(phone: Phone) -> None:
    phone.do("add_chat", number=JAN, name="Jan")
    phone.do("open_chat", chat=JAN)
    tall = phone.all("footer")[0].bounds[1]
    phone.tap("entry")
    assert phone.all("footer")[0].bounds[1] < tall
    phone.app.key(4)
    assert phone.all("footer")[0].bounds[1] == tall
    phone.app.key(4)
    phone.host.advance(1)
    assert phone.all("conversation_list_view_host")


def test_a_text_field_takes_text_only_where_there_is_one(phone: Phone) -> None:
    phone.do("add_chat", number=JAN)
    assert not phone.app.set_text(phone.root(), "x")
    phone.do("show", screen="new_contact")
    name = next(view for view in phone.root_fields() if view.hint == "First name")
    assert phone.app.set_text(name, "Jan")
    assert "Jan" in [view.text for view in phone.root_fields()]


def test_an_unknown_verb_is_an_error(phone: Phone) -> None:
    with pytest.raises(KeyError):
        phone.do("nonsense")


def test_a_document_is_attached_by_the_apps_own_picker(phone: Phone) -> None:
    phone.host.files["/storage/emulated/0/Download/bon.pdf"] = b"%PDF-1.4"
    phone.do("add_chat", number=JAN)
    phone.do("open_chat", chat=JAN)
    phone.tap("input_attach_button")
    phone.tap("pickfiletype_document_holder")
    phone.host.advance(1)
    assert phone.texts("title") == ["bon.pdf"]
    phone.tap("document_picker_item")
    [sent] = phone.host.recorded("sent")
    assert (sent["message_kind"], sent["name"]) == ("document", "bon.pdf")


def test_the_round_button_leads_to_the_contacts(phone: Phone) -> None:
    phone.do("add_chat", number=JAN, name="Jan")
    phone.tap("fab")
    phone.host.advance(1)
    row = next(view for view in phone.all("contactpicker_row_name") if view.text == "Jan")
    phone.app.tap(row.bounds[0] + 3, row.bounds[1] + 3)
    phone.host.advance(1)
    assert phone.texts("conversation_contact_name") == ["Jan"]
