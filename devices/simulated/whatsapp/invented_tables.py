"""Two languages of which nothing was captured: Finnish and Vietnamese, all words invented after their dictionaries.

No program that reads these screens has a table for them: they test what it learns by itself.
"""

from __future__ import annotations

FINNISH: dict[str, str] = {
    "pending": "Odottaa",
    "sent": "Lähetetty",
    "delivered": "Toimitettu",
    "read": "Luettu",
    "seen": "Nähty",
    "played": "Toistettu",
    "hint": "Viesti",
    "send": "Lähetä",
    "attach": "Liitä",
    "camera": "Kamera",
    "voice_button": "Ääniviesti, painike. Pidä painettuna äänittääksesi.",
    "emoji_button": "Emojit ja tarrat",
    "back": "Takaisin",
    "more_options": "Lisää vaihtoehtoja",
    "you": "Sinä",
    "you_suffix": "(Sinä)",
    "self_status": "Viesti itsellesi",
    "today": "Tänään",
    "yesterday": "Eilen",
    "photo": "Kuva",
    "voice": "Ääniviesti",
    "document": "Asiakirja",
    "deleted": "Tämä viesti poistettiin",
    "deleted_own": "Poistit tämän viestin",
    "edited": "Muokattu",
    "forwarded": "Edelleenlähetetty",
    "read_more": "Lue lisää",
    "e2e": "\u200c Viestit ja puhelut salataan päästä päähän. Vain osapuolet voivat lukea niitä. Lue lisää.",
    "unread_one": "1 lukematon viesti",
    "unread_many": "{n} lukematonta viestiä",
    "count_one": "1 lukematon viesti",
    "count_many": "{n} lukematonta viestiä",
    "restricted": "Tiliäsi on rajoitettu. Et voi aloittaa uusia keskusteluja nyt.",
}
VIETNAMESE: dict[str, str] = {
    "pending": "Đang chờ",
    "sent": "Đã gửi",
    "delivered": "Đã nhận",
    "read": "Đã xem",
    "seen": "Đã thấy",
    "played": "Đã phát",
    "hint": "Tin nhắn",
    "send": "Gửi",
    "attach": "Đính kèm",
    "camera": "Máy ảnh",
    "voice_button": "Tin nhắn thoại, nút. Nhấn giữ để ghi âm.",
    "emoji_button": "Biểu tượng cảm xúc",
    "back": "Quay lại",
    "more_options": "Tùy chọn khác",
    "you": "Bạn",
    "you_suffix": "(Bạn)",
    "self_status": "Nhắn cho chính bạn",
    "today": "Hôm nay",
    "yesterday": "Hôm qua",
    "photo": "Ảnh",
    "voice": "Tin nhắn thoại",
    "document": "Tài liệu",
    "deleted": "Tin nhắn này đã bị xóa",
    "deleted_own": "Bạn đã xóa tin nhắn này",
    "edited": "Đã chỉnh sửa",
    "forwarded": "Đã chuyển tiếp",
    "read_more": "Đọc thêm",
    "e2e": "\u200c Tin nhắn và cuộc gọi được mã hóa đầu cuối. Chỉ những người trong cuộc trò chuyện mới đọc được.",
    "unread_one": "1 tin nhắn chưa đọc",
    "unread_many": "{n} tin nhắn chưa đọc",
    "count_one": "1 tin nhắn chưa đọc",
    "count_many": "{n} tin nhắn chưa đọc",
    "restricted": "Tài khoản của bạn đã bị hạn chế. Bạn không thể bắt đầu cuộc trò chuyện mới.",
}
FINNISH_MONTHS = (
    "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta "
    "marraskuuta joulukuuta"
)
FINNISH_WEEKDAYS = "maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai"
VIETNAMESE_MONTHS = " ".join(f"tháng_{number}" for number in range(1, 13))
VIETNAMESE_WEEKDAYS = "thứ_hai thứ_ba thứ_tư thứ_năm thứ_sáu thứ_bảy chủ_nhật"
"""A word that is written with a blank has a low line here."""
