"""Sending, drafts, ticks, changes afterwards, and the notifications that go with them."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from devices.simulated.whatsapp.views import walk
from tests.unit.simulated_app.conftest import JAN, JAN_JID, Phone

GROUP = "120363000000417263@g.us"
MEMBERS = {"31611111111@s.whatsapp.net": "Bo", "31622222222@s.whatsapp.net": "~\u202fVera"}


def entry_of(phone: Phone) -> str:
    return phone.texts("entry")[0]


def test_sending_goes_through_every_tick(phone: Phone) -> None:
    phone.do("customer_writes", chat=JAN, text="hoi")
    phone.do("open_chat", chat=JAN)
    assert entry_of(phone) == "Message"
    assert phone.all("voice_note_btn")
    assert phone.app.set_text(phone.all("entry")[0], "dag Jan 😊")
    assert not phone.all("voice_note_btn")
    assert not phone.all("camera_btn")
    phone.tap("send")
    assert phone.all("status")[0].desc == "Pending"
    assert entry_of(phone) == "Message"
    seen = []
    for _ in range(40):
        phone.host.advance(0.1)
        seen.append(phone.all("status")[0].desc)
    assert list(dict.fromkeys(seen)) == ["Pending", "Sent", "Delivered"]
    phone.do("advance_ticks", chat=JAN)
    assert phone.all("status")[0].desc == "Read"
    [sent] = phone.host.recorded("sent")
    assert (sent["chat"], sent["text"], sent["by_hand"]) == (JAN_JID, "dag Jan 😊", False)


def test_without_a_connection_a_message_stays_pending(phone: Phone) -> None:
    phone.do("settings", is_offline=True)
    phone.do("owner_types_by_hand", chat=JAN, text="a")
    phone.do("open_chat", chat=JAN)
    phone.host.advance(60)
    assert phone.all("status")[0].desc == "Pending"
    phone.do("settings", is_offline=False)
    phone.host.advance(5)
    assert phone.all("status")[0].desc == "Delivered"


def test_a_draft_stays_and_shows_in_the_list(phone: Phone) -> None:
    phone.do("customer_writes", chat=JAN, text="hoi")
    phone.do("open_chat", chat=JAN)
    phone.app.set_text(phone.all("entry")[0], "half")
    phone.app.key(4)
    phone.host.advance(1)
    assert "Draft: " in phone.texts("msg_from_tv")
    phone.do("open_chat", chat=JAN)
    assert entry_of(phone) == "half"
    assert phone.host.recorded("sent") == []


def test_a_message_far_from_the_screen_is_notified_with_what_is_unread(phone: Phone) -> None:
    phone.do("customer_writes", chat=JAN, text="een", name="Jan")
    phone.do("customer_writes", chat=JAN, kind="photo")
    child = next(note for note in phone.host.shown.values() if not note.is_summary)
    assert child.tag is not None
    assert child.tag.endswith("\n")
    assert child.shortcut == JAN_JID
    assert [line.text for line in child.messages] == ["een", "📷 Photo"]
    assert (child.title, child.number) == ("Jan", 2)
    assert child.channel == "individual_chat_defaults_1"
    assert (1, None) in phone.host.shown
    phone.do("open_chat", chat=JAN)
    assert phone.host.shown == {}
    assert phone.texts("unread_divider_tv") == ["2 unread messages"]


def test_the_open_chat_is_not_notified_unless_the_screen_is_dark(phone: Phone) -> None:
    phone.do("add_chat", number=JAN)
    phone.do("open_chat", chat=JAN)
    phone.do("customer_writes", chat=JAN, text="een")
    assert phone.host.posted == []
    phone.host.is_lit = False
    phone.do("customer_writes", chat=JAN, text="twee")
    assert len(phone.host.shown) == 2
    phone.host.is_lit = True
    phone.app.on_foreground(True)
    assert phone.host.shown == {}


@pytest.mark.parametrize(
    ("locale", "title"),
    [
        ("en", "Team (2 messages): ~\u202fVera"),
        ("pt-BR", "Team (2 mensagens): ~\u202fVera"),
        ("nl", "Team (\u200e2 berichten): ~\u202fVera"),
    ],
)
def test_a_group_counts_in_its_title(locale: str, title: str) -> None:
    phone = Phone(locale=locale)
    phone.do("add_chat", jid=GROUP, name="Team", members=dict(MEMBERS))
    phone.do("customer_writes", chat=GROUP, text="a", sender="Bo")
    phone.do("customer_writes", chat=GROUP, text="b", sender="~\u202fVera")
    last = [note for note in phone.host.posted if not note.is_summary][-1]
    assert (last.title, last.is_group, last.channel) == (title, True, "group_chat_defaults_2")


def test_a_muted_chat_is_silent(phone: Phone) -> None:
    phone.do("add_chat", number=JAN)
    phone.do("mute", chat=JAN)
    phone.do("customer_writes", chat=JAN, text="a")
    assert {note.channel for note in phone.host.posted} == {"silent_notifications_3"}


def test_edits_revokes_reactions_and_late_arrivals(phone: Phone) -> None:
    first = phone.do("customer_writes", chat=JAN, text="een")
    second = phone.do("customer_writes", chat=JAN, text="twee")
    assert isinstance(first, dict)
    assert isinstance(second, dict)
    phone.do("late_arrival", chat=JAN, text="anderhalf", before=second["id"])
    phone.do("open_chat", chat=JAN)
    assert phone.texts("message_text") == ["een", "anderhalf", "twee"]
    phone.do("edit", chat=JAN, message=first["id"], text="één")
    phone.do("react", chat=JAN, message=second["id"], emoji="👍", own=True)
    assert phone.texts("edit_label") == ["Edited"]
    assert phone.all("reactions_bubble_layout")[0].desc == "Reaction 👍"
    phone.do("revoke", chat=JAN, message=second["id"])
    assert phone.texts("message_text") == ["één", "anderhalf", "This message was deleted"]
    assert not phone.all("reactions_bubble_layout")


def test_only_the_first_of_a_run_names_its_sender(phone: Phone) -> None:
    phone.do("add_chat", jid=GROUP, name="Team", members=dict(MEMBERS))
    for text, who in (("a", "Bo"), ("b", "Bo"), ("c", "~\u202fVera")):
        phone.do("customer_writes", chat=GROUP, text=text, sender=who)
    phone.app.state.book.chats[GROUP].unread = 0
    phone.do("open_chat", chat=GROUP)
    assert phone.texts("name_in_group_tv") == ["Bo", "~\u202fVera"]


def test_a_long_text_ends_in_read_more_until_tapped(phone: Phone) -> None:
    phone.do("customer_writes", chat=JAN, text="woord " * 300)
    phone.do("open_chat", chat=JAN)
    [text] = phone.texts("message_text")
    assert text.endswith("… Read more")
    (link,) = [view for view in walk(phone.root()) if view.desc == "Read more"]
    phone.app.tap((link.bounds[0] + link.bounds[2]) // 2, (link.bounds[1] + link.bounds[3]) // 2)
    assert phone.texts("message_text") == ["woord " * 300]
    phone.do("go_home")
    phone.do("open_chat", chat=JAN)
    assert phone.texts("message_text") != ["woord " * 300]


@pytest.mark.parametrize("layout", ["2025", "2026"])
def test_every_kind_can_be_drawn(layout: str) -> None:
    phone = Phone(layout)
    kinds = "photo video gif voice document sticker location contact poll call view_once album unknown waiting"
    for kind in kinds.split():
        phone.do("customer_writes", chat=JAN, kind=kind)
        phone.do("owner_types_by_hand", chat=JAN, kind=kind)
        phone.do("open_chat", chat=JAN)
        assert phone.texts("date")
        phone.do("go_home")
        assert phone.texts("conversations_row_contact_name")


def test_media_are_real_files_in_the_business_folder(phone: Phone) -> None:
    phone.do("customer_writes", chat=JAN, kind="photo")
    phone.do("customer_writes", chat=JAN, kind="photo")
    folder = "/storage/emulated/0/Android/media/com.whatsapp.w4b/WhatsApp Business/Media"
    names = [f"{folder}/WhatsApp Business Images/IMG-20260818-WA000{number}.jpg" for number in (0, 1)]
    assert sorted(phone.host.files) == names
    with Image.open(io.BytesIO(phone.host.files[names[0]]), formats=("JPEG",)) as image:
        assert image.width < 200


def test_equal_seeds_give_equal_accounts() -> None:
    one, other = Phone(), Phone()
    one.do("fill", chats=6, messages=20, seed=5)
    other.do("fill", chats=6, messages=20, seed=5)
    assert one.do("truth") == other.do("truth")


def test_an_account_may_be_of_texts_alone(phone: Phone) -> None:
    phone.do("fill", chats=1, messages=60, seed=1, texts_only=True)
    (chat,) = phone.app.state.book.chats.values()
    assert {message.kind for message in chat.messages} == {"e2e", "text"}


def test_customers_write_and_answer_by_themselves(phone: Phone) -> None:
    phone.do("fill", chats=4, messages=3, seed=1)
    phone.do("live", pause_s=20)
    phone.host.advance(300)
    assert len(phone.host.posted) > 5
    chat = next(one for one in phone.app.state.book.chats.values() if one.kind == "person")
    phone.do("owner_types_by_hand", chat=chat.jid, text="Kan ik helpen?")
    mine = chat.messages[-1]
    phone.host.advance(30)
    after = chat.messages[chat.messages.index(mine) + 1 :]
    assert mine.status == "read"
    assert any(message.sender for message in after)
    phone.do("live", pause_s=0)
    phone.host.advance(30)
    number = len(phone.host.posted)
    phone.host.advance(600)
    assert len(phone.host.posted) == number
