"""Draw the sheet of things one can attach, over the lower half of a conversation, as captured."""

from __future__ import annotations

from devices.simulated.contract import View
from devices.simulated.whatsapp.layout import Look
from devices.simulated.whatsapp.outline import draw_outline

SHEET_DP = 359.0
_SHEET = """
LinearLayout 0,837,720,1510
.LinearLayout#media_picker_popup_content 0,837,720,1510
..ImageView#drag_handle 330,852,390,878
..ScrollView#conversation_content_view[f] 0,878,720,1443
...LinearLayout#row_content 38,878,682,1443
....@1LinearLayout#attach_picker_row 38,916,682,1059
.....Button#pickfiletype_gallery_holder[cfl] 38,916,196,1059 D=gallery H=pickfile:gallery
......ImageButton#icon[cfl] 66,916,167,1017
......TextView#text 79,1026,154,1059 T=gallery
.....@2Button#pickfiletype_camera_holder[cfl] 200,916,358,1059 D=camera H=pickfile:camera
......ImageButton#icon[cfl] 228,916,329,1017
......TextView#text 237,1026,321,1059 T=camera
.....@4Button#pickfiletype_location_holder[cf] 362,916,520,1059 D=location H=pickfile:location
......ImageButton#icon[cf] 390,916,491,1017
......TextView#text 376,1026,506,1059 T=location
.....@6Button#pickfiletype_contact_holder[cf] 524,916,682,1059 D=contact H=pickfile:contact
......ImageButton#icon[cf] 552,916,653,1017
......TextView#text 560,1026,646,1059 T=contact
....@3LinearLayout#attach_picker_row 38,1089,682,1232
.....Button#pickfiletype_document_holder[cf] 38,1089,196,1232 D=document H=pickfile:document
......ImageButton#icon[cf] 66,1089,167,1190
......TextView#text 54,1199,179,1232 T=document
.....@2Button#pickfiletype_audio_holder[cf] 200,1089,358,1232 D=audio H=pickfile:audio
......ImageButton#icon[cf] 228,1089,329,1190
......TextView#text 247,1199,310,1232 T=audio
.....@4Button#pickfiletype_poll_holder[cf] 362,1089,520,1232 D=poll H=pickfile:poll
......ImageButton#icon[cf] 390,1089,491,1190
......TextView#text 397,1199,485,1232 T=poll
.....@6Button#pickfiletype_pix_holder[cf] 524,1089,682,1232 D=pix H=pickfile:pix
......ImageButton#icon[cf] 552,1089,653,1190
......TextView#text 586,1199,619,1232 T=pix
....@5LinearLayout#attach_picker_row 38,1262,358,1405
.....Button#pickfiletype_event_holder[cf] 38,1262,196,1405 D=event H=pickfile:event
......ImageButton#icon[cf] 66,1262,167,1363
......TextView#text 80,1372,154,1405 T=event
.....@2Button#pickfiletype_imagine_sheet_holder[cf] 200,1262,358,1405 D=imagine_sheet H=pickfile:imagine_sheet
......ImageButton#icon[cf] 228,1262,329,1363
......TextView#text 201,1372,356,1405 T=imagine_sheet
"""
_WORDS = {
    "pt": "Galeria,Câmera,Localização,Contato,Documento,Áudio,Enquete,Pix,Evento,Imagens de IA",
    "en": "Gallery,Camera,Location,Contact,Document,Audio,Poll,Pix,Event,AI images",
    "nl": "Galerij,Camera,Locatie,Contact,Document,Audio,Peiling,Pix,Evenement,AI-afbeeldingen",
}
_KINDS = "gallery camera location contact document audio poll pix event imagine_sheet"


def attach_sheet(look: Look) -> View:
    """Return the sheet."""
    words = _WORDS.get(look.words.language, _WORDS["en"])
    texts = dict(zip(_KINDS.split(), words.split(","), strict=True))
    return draw_outline(_SHEET, look, texts, (720, 1600))
