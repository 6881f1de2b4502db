"""Outlines of the screens that stand in the way, as captured: ids, classes, nesting, flags and places; texts by key."""

from __future__ import annotations

UPDATE_REQUIRED = """
FrameLayout 0,0,720,1600
.LinearLayout 0,0,720,1510
..FrameLayout#a:content 0,64,720,1510
...ScrollView#software_too_old_root[f] 0,64,720,1510
....LinearLayout 0,64,720,1510
.....TextView#software_too_old_title 45,94,675,140 T=t1
.....LinearLayout 45,208,675,1024
......View 45,208,675,398
......ImageView#update_whatsapp[cf] 238,398,482,642
......View 45,642,675,1024
.....LinearLayout 45,1039,675,1510
......TextView#software_too_old 45,1039,675,1170 T=t2
......TextView#current_date[f] 45,1215,675,1307 T=t3
......Button#download[cf] 267,1375,452,1465 T=t4 H=play_store
"""

VERIFY_SMS = """
FrameLayout 0,0,720,1600
.LinearLayout 0,0,720,1510
..FrameLayout 0,64,720,1510
...FrameLayout#action_bar_root 0,64,720,1510
....FrameLayout#a:content 0,64,720,1510
.....LinearLayout 0,64,720,1510
......ViewGroup#title_toolbar 0,64,720,169
.......LinearLayoutCompat 645,64,720,169
........ImageView#menuitem_overflow[cfl] 645,71,720,161 D=t1
......ScrollView#scroll_view[f] 0,169,720,1510
.......ViewGroup 0,169,720,1510
........LinearLayout 0,169,720,1510
.........TextView#toolbar_title_text_v2 137,184,583,245 T=t2
.........TextView#send_code_description[f] 67,275,652,387 T=t3
..........View[cf] 386,355,584,387 D=t4
.........RelativeLayout#code_input_layout 45,387,675,570
..........RelativeLayout#code_input_and_progress_bar 210,432,510,501
...........FrameLayout#code_input 210,432,510,488
............EditText#verify_sms_code_input[cf] 210,432,510,488 T=t5 D=t5
...........ProgressBar#progress_bar_code_input_blocked_v1 210,497,510,501 T=t6
.........Button#fallback_methods_entry_button[cf] 192,578,528,668 T=t7
"""

REGISTRATION = """
FrameLayout 0,0,1080,2352
.LinearLayout 0,0,1080,2352
..FrameLayout 0,108,1080,1683
...FrameLayout#action_bar_root 0,108,1080,1683
....FrameLayout#a:content 0,108,1080,1683
.....LinearLayout 0,108,1080,1683
......ViewGroup#title_toolbar 0,108,1080,276
.......TextView#toolbar_title_text 190,143,891,240 T=t1
.......LinearLayoutCompat 960,108,1080,276
........ImageView#menuitem_overflow[cfl] 960,120,1080,264 D=t2
......ScrollView#scroll_view[f] 0,276,1080,1683
.......ViewGroup 0,276,1080,1683
........LinearLayout 0,276,1080,1683
.........TextView#send_code_description[f] 72,300,1008,537 T=t3
..........View[cf] 581,486,885,537 D=t4
.........RelativeLayout#code_input_layout 72,537,1008,831
..........RelativeLayout#code_input_and_progress_bar 300,609,780,718
...........FrameLayout#code_input 300,609,780,697
............EditText#verify_sms_code_input[cfFl] 300,609,780,697 T=t5
...........ProgressBar#progress_bar_code_input_blocked 300,712,780,718
.........Button#fallback_methods_entry_button[cf] 298,843,781,987 T=t6
"""

PRIVACY_SHEET = """
FrameLayout 0,0,720,1600
.LinearLayout 0,0,720,1600
..FrameLayout 0,0,720,1600
...FrameLayout#action_bar_root 0,0,720,1600
....FrameLayout#a:content 0,0,720,1600
.....FrameLayout#container 0,0,720,1600
......ViewGroup#coordinator 0,0,720,1600
.......View#touch_outside[c] 0,0,720,1600 H=dismiss
.......FrameLayout#design_bottom_sheet 0,249,720,1600
........LinearLayout 0,249,720,1600
.........ScrollView#privacy_disclosure_content[f] 0,294,720,1199
..........ViewGroup 0,294,720,1199
...........FrameLayout#icon 45,339,675,507
............ImageView#privacy_disclosure_head_icon_view 278,339,441,507
...........TextView#title[f] 45,552,675,674 T=t1
...........LinearLayout#privacy_disclosure_bullets 45,704,675,1169
............LinearLayout 45,704,675,821
.............ImageView#privacy_disclosure_bullet_icon 60,732,105,777
.............LinearLayout 150,713,675,797
..............TextView#privacy_disclosure_bullet_text[f] 150,713,675,797 T=t2
............LinearLayout 45,821,675,981
.............ImageView#privacy_disclosure_bullet_icon 60,871,105,916
.............LinearLayout 150,830,675,957
..............TextView#privacy_disclosure_bullet_text[f] 150,830,675,957 T=t3
............LinearLayout 45,981,675,1169
.............ImageView#privacy_disclosure_bullet_icon 60,1052,105,1097
.............LinearLayout 150,990,675,1160
..............TextView#privacy_disclosure_bullet_text[f] 150,990,675,1160 T=t4
.........LinearLayout#button_container 0,1199,720,1600
..........TextView#footer[f] 45,1229,675,1360 T=t5
...........View[cf] 45,1266,675,1332 D=t6
...........View[cf] 304,1332,417,1360 D=t7
..........Button#button_primary[cf] 45,1390,675,1480 T=t8 H=dismiss
........ImageView#wds_bottom_sheet_handle_view[cf] 330,249,390,294 D=t9 H=dismiss
"""

BACKUP = """
FrameLayout 0,0,720,1600
.LinearLayout 0,0,720,1510
..FrameLayout 0,64,720,1510
...FrameLayout#action_bar_root 0,64,720,1510
....FrameLayout#a:content 0,64,720,1510
.....LinearLayout 0,64,720,1510
......ViewGroup#toolbar 0,64,720,169
.......TextView 30,88,706,144 T=t1
......ViewGroup 0,169,720,1510
.......ScrollView#scrollview[fs] 0,169,720,1315
........ViewGroup 0,169,720,1315
.........LinearLayout 0,169,720,1315
..........FrameLayout#backup_settings_header_view 0,169,720,310
...........ViewGroup#settings_gdrive_backup_now_category_title 0,169,720,310
............TextView#header_textview 30,192,690,228 T=t2
............TextView#sub_header_textview 30,228,690,302 T=t3
..........Button#settings_gdrive_change_account_view[cf] 0,310,720,451 D=t4
...........LinearLayout#row_content 30,340,690,421
............TextView#row_text 30,340,258,381 T=t5
............TextView#row_subtext 30,381,145,421 T=t6
..........Button#settings_gdrive_change_frequency_view[cf] 0,451,720,592 D=t7
...........LinearLayout#row_content 30,481,690,562
............TextView#row_text 30,481,295,522 T=t8
............TextView#row_subtext 30,522,175,562 T=t9
..........LinearLayout#include_video_setting[cf] 0,592,720,712 D=t10
...........LinearLayout#row_content 30,631,570,672
............TextView#row_text 30,631,211,672 T=t10
...........Switch#row_addon_end_switch_button[Kf] 570,622,690,682 D=t10
..........LinearLayout#settings_gdrive_network_settings_view[cf] 0,720,720,840 D=t11
...........LinearLayout#row_content 30,759,570,800
............TextView#row_text 30,759,518,800 T=t11
...........Switch#row_addon_end_switch_button[Kf] 570,750,690,810 D=t11
..........View 0,855,720,856
..........ViewGroup#e2e_encryption_header_view 0,871,720,1012
...........TextView#header_textview 30,894,690,930 T=t12
...........TextView#sub_header_textview 30,930,690,1004 T=t13
..........Button#settings_gdrive_e2e_encryption[cf] 0,1012,720,1157 D=t14
...........ImageView#row_addon_start 30,1047,105,1122
...........LinearLayout#row_content 105,1042,690,1127
............TextView#row_text 150,1042,681,1087 T=t15
............TextView#row_subtext 150,1087,284,1127 T=t16
..........View#gdrive_new_user_setup_footer_settings_divider 0,1172,720,1173
..........FrameLayout#gdrive_new_user_setup_footer_info 30,1188,690,1315
...........TextView#footer_textview 30,1188,690,1315 T=t17
.......Button#gdrive_new_user_setup_btn[cf] 30,1315,690,1405 T=t18 H=dismiss
.......Button#gdrive_new_user_setup_not_now_btn[cf] 30,1405,690,1495 T=t19 H=dismiss
"""

NOT_ON_WHATSAPP_PLAIN = """
FrameLayout 18,628,702,983
.LinearLayout 66,628,654,983
..FrameLayout 66,628,654,983
...FrameLayout#action_bar_root 66,628,654,983
....FrameLayout#a:content 66,628,654,983
.....LinearLayoutCompat#parentPanel 66,628,654,983
......FrameLayout#contentPanel 66,628,654,735
.......ScrollView#scrollView 66,628,654,735
........LinearLayout 66,628,654,735
.........View#textSpacerNoTitle 66,628,654,664
.........TextView#a:message[f] 66,664,654,735 T=t1
......ScrollView#buttonPanel[f] 66,735,654,983
.......LinearLayout 66,735,654,983
........Button#a:button1[cf] 191,763,606,859 T=t2 D=t2 H=invite
........Button#a:button2[cf] 420,859,606,955 T=t3 D=t3 H=dismiss
"""

NOT_ON_WHATSAPP_2026 = """
AlertDialog 18,474,702,1100
.LinearLayout 63,474,657,1100
..FrameLayout 63,474,657,1100
...FrameLayout#action_bar_root 63,474,657,1100
....FrameLayout#a:content 63,474,657,1100
.....LinearLayoutCompat#parentPanel 63,474,657,1100
......FrameLayout#customPanel 63,474,657,1100
.......FrameLayout#custom 63,474,657,1100
........LinearLayout 63,474,657,1100
.........TextView#non_wa_invite_dialog_title 108,504,612,613 T=t1
.........TextView#non_wa_invite_dialog_message 108,628,612,740 T=t2
.........Button#non_wa_invite_dialog_save_and_invite_button[cf] 108,770,612,860 T=t3 H=invite
.........Button#non_wa_invite_dialog_save_only_button[cf] 108,875,612,965 T=t4 H=dismiss
.........Button#non_wa_invite_dialog_ok_button[cf] 108,980,612,1070 T=t5 H=dismiss
"""

NEW_CONTACT = """
FrameLayout 0,0,720,1600
.LinearLayout 0,0,720,1510
..FrameLayout 0,64,720,1510
...FrameLayout#action_bar_root 0,64,720,1510
....FrameLayout#a:content 0,64,720,1510
.....RelativeLayout#contact_form_wds_content 0,64,720,1510
......ViewGroup#toolbar 0,64,720,169
.......ImageButton[cf] 0,64,90,169 D=t1 H=dismiss
.......TextView 97,88,339,144 T=t2
.......LinearLayoutCompat 629,64,720,169
........Button#add_contact_qr_code[cf] 629,71,720,161 D=t3
......ScrollView#scroll_view[f] 0,169,720,1360
.......ViewGroup#contact_form_fields 0,169,720,739
........ImageView#contact_name_icon 33,227,78,287
........LinearLayout#first_name_input_layout 112,199,675,314
.........FrameLayout 112,209,675,314
..........EditText[cfl] 112,209,675,314 T=t4 N=t4
........LinearLayout#last_name_input_layout 112,359,675,474
.........FrameLayout 112,369,675,474
..........EditText[cfl] 112,369,675,474 T=t5 N=t5
........ImageView#phone_icon 33,525,78,600
........LinearLayout#cc_phone_container 112,519,675,634
.........LinearLayout#country_code_selector 112,519,329,634
..........FrameLayout 112,529,329,634
...........EditText[cfl] 112,529,329,634 T=t6 D=t7 N=t8
.........LinearLayout#phone_input_layout 344,519,675,634
..........FrameLayout 344,529,675,634
...........EditText[cfl] 344,529,675,634 T=t9 N=t9
........ImageView#sync_to_phone_icon 33,679,78,724
........TextView#sync_to_phone_toggle_text 112,679,555,720 T=t10
........Switch#sync_to_device[Kcf] 555,679,675,739 D=t11
......Button#keyboard_aware_save_button[cf] 45,1390,675,1480 T=t12 H=save_contact
"""

NEW_CONTACT_MISSING = """
FrameLayout 0,0,720,1600
.LinearLayout 0,0,720,1510
..FrameLayout 0,64,720,928
...FrameLayout#action_bar_root 0,64,720,928
....FrameLayout#a:content 0,64,720,928
.....RelativeLayout#contact_form_wds_content 0,64,720,928
......ViewGroup#toolbar 0,64,720,169
.......ImageButton[cf] 0,64,90,169 D=t1 H=dismiss
.......TextView 97,88,339,144 T=t2
.......LinearLayoutCompat 629,64,720,169
........Button#add_contact_qr_code[cf] 629,71,720,161 D=t3
......ScrollView#scroll_view[fs] 0,169,720,778
.......ViewGroup#contact_form_fields 0,169,720,778
........ImageView#contact_name_icon 33,201,78,261
........LinearLayout#first_name_input_layout 112,173,675,288
.........FrameLayout 112,183,675,288
..........EditText[cfl] 112,183,675,288 T=t4 N=t4
........LinearLayout#last_name_input_layout 112,333,675,448
.........FrameLayout 112,343,675,448
..........EditText[cfl] 112,343,675,448 T=t5 N=t5
........ImageView#username_icon 33,538,78,583
........LinearLayout#username_input_layout 112,493,675,608
.........FrameLayout 112,503,675,608
..........EditText[cfl] 112,503,675,608 T=t6 N=t6
........ImageView#phone_icon 33,659,78,734
........LinearLayout#cc_phone_container 112,653,675,768
.........LinearLayout#country_code_selector 112,653,329,768
..........FrameLayout 112,663,329,768
...........EditText[cfl] 112,663,329,768 T=t7 D=t8 N=t9
.........LinearLayout#phone_input_layout 344,653,675,768
..........FrameLayout 344,663,675,768
...........EditText[cfFl] 344,663,675,768 T=t10 N=t11
........TextView#number_on_whatsapp_message 112,768,675,778 T=t12
......Button#keyboard_aware_save_button[cf] 45,808,675,898 T=t13 H=save_contact
"""

OUTLINES: dict[str, tuple[str, tuple[int, int]]] = {
    "update_required": (UPDATE_REQUIRED, (720, 1600)),
    "verify_sms": (VERIFY_SMS, (720, 1600)),
    "registration": (REGISTRATION, (1080, 2352)),
    "privacy_sheet": (PRIVACY_SHEET, (720, 1600)),
    "backup": (BACKUP, (720, 1600)),
    "not_on_whatsapp_plain": (NOT_ON_WHATSAPP_PLAIN, (720, 1640)),
    "not_on_whatsapp_2026": (NOT_ON_WHATSAPP_2026, (720, 1600)),
    "new_contact": (NEW_CONTACT, (720, 1600)),
    "new_contact_missing": (NEW_CONTACT_MISSING, (720, 1600)),
}
