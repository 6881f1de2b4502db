"""Texts of the screens that stand in the way.

pt-BR (and one English screen) as captured; the other English and the Dutch are invented after them.
"""

from __future__ import annotations

_PT: dict[str, tuple[str, ...]] = {
    "update_required": (
        "Atualize o WhatsApp",
        'Esta versão do WhatsApp está desatualizada desde 11 de ago. de 2026. Toque em "Baixar" para atualizar.',
        "A data do seu dispositivo é 17 de ago. de 2026. Se essa informação estiver incorreta, corrija as "
        "configurações de data do dispositivo e reinicie o WhatsApp.",
        "BAIXAR",
    ),
    "verify_sms": (
        "Mais opções",
        "Confirmar seu número",
        "Aguardando para detectar automaticamente um código de 6 dígitos enviado por SMS para +55 00 0000-0000. "
        "Número errado?",
        "Número errado?",
        "Código de verificação",
        "0.0",
        "NÃO RECEBEU O CÓDIGO?",
    ),
    "privacy_sheet": (
        "Mais formas de gerenciar seus contatos no WhatsApp",
        "Adicione e gerencie seus contatos usando dispositivos conectados.",
        "Escolha salvar contatos somente no WhatsApp ou sincronizar com seu celular.",
        "Seus contatos do WhatsApp serão salvos com segurança para que você possa restaurá-los em qualquer "
        "dispositivo.",
        "Você pode desativar os contatos do WhatsApp nas configurações quando quiser. Os Termos de Serviço do "
        "WhatsApp Business incluem informações sobre os contatos. Saiba mais",
        "Termos de Serviço do WhatsApp Business",
        "Saiba mais",
        "OK",
        "Drag handle",
    ),
    "backup": (
        "Backup no armazenamento do Google",
        "Fazer backup de suas mensagens e mídias",
        "Faça backup das suas conversas e mídias na nuvem para não perdê-las ao trocar de celular Android.",
        "Conta do Google,Nenhuma",
        "Conta do Google",
        "Nenhuma",
        "Backup automático,Diariamente",
        "Backup automático",
        "Diariamente",
        "Incluir vídeos",
        "Fazer backup usando dados móveis",
        "Criptografia de ponta a ponta",
        "Para mais segurança, proteja seu backup com a criptografia de ponta a ponta.",
        "Backup criptografado de ponta a ponta,Desativado",
        "Backup criptografado de ponta a ponta",
        "Desativado",
        "Você pode mudar essas configurações a qualquer hora no WhatsApp Configurações > Conversas > Backup de "
        "conversas.",
        "OK",
        "AGORA NÃO",
    ),
    "not_on_whatsapp_plain": (
        "O número de telefone {number} não está no WhatsApp.",
        "Convidar para o WhatsApp",
        "Cancelar",
    ),
    "not_on_whatsapp_2026": (
        "Esse número não está no WhatsApp",
        "Você pode salvar esse contato no seu dispositivo e enviar um convite para o WhatsApp.",
        "SALVAR E CONVIDAR",
        "APENAS SALVAR",
        "OK",
    ),
    "new_contact": (
        "Voltar",
        "Novo contato",
        "Adicionar contato via QR code",
        "Nome",
        "Sobrenome",
        "BR +55",
        "\u200eBR +55, toque duas vezes para mudar o código do país",
        "País",
        "Telefone",
        "Sincronizar contato com celular",
        "Sincronizar contato com celular, desativado",
        "SALVAR",
    ),
    "new_contact_missing": (
        "Voltar",
        "Novo contato",
        "Adicionar contato via QR code",
        "Nome",
        "Sobrenome",
        "Nome de usuário",
        "BR +55",
        "\u200eBR +55, toque duas vezes para mudar o código do país",
        "País",
        "00 00000-0000",
        "Telefone",
        "Esse número de telefone não está no WhatsApp.",
        "SALVAR",
    ),
}

_EN: dict[str, tuple[str, ...]] = {
    "update_required": (
        "Update WhatsApp",
        'This version of WhatsApp became out of date on 11 Aug 2026. Tap "Download" to update.',
        "Your device's date is 17 Aug 2026. If this is wrong, correct your device's date settings and restart "
        "WhatsApp.",
        "DOWNLOAD",
    ),
    "verify_sms": (
        "More options",
        "Verify your number",
        "Waiting to automatically detect a 6-digit code sent by SMS to +31 6 00000000. Wrong number?",
        "Wrong number?",
        "Verification code",
        "0.0",
        "DIDN'T RECEIVE CODE?",
    ),
    "registration": (
        "Verifying your number",
        "More options",
        "Can't send an SMS with your code because you've tried to register +31\u00a06\u00a000000000 recently. "
        "Request a call or wait before requesting an SMS. Wrong number?",
        "Wrong number?",
        "\u2013\u2013\u2013\u00a0\u2013\u2013\u2013",
        "DIDN'T RECEIVE CODE?",
    ),
    "privacy_sheet": (
        "More ways to manage your contacts on WhatsApp",
        "Add and manage your contacts using linked devices.",
        "Choose to save contacts only on WhatsApp or to sync them with your phone.",
        "Your WhatsApp contacts will be saved securely so that you can restore them on any device.",
        "You can turn off WhatsApp contacts in settings at any time. The WhatsApp Business Terms of Service "
        "include information about contacts. Learn more",
        "WhatsApp Business Terms of Service",
        "Learn more",
        "OK",
        "Drag handle",
    ),
    "backup": (
        "Google storage backup",
        "Back up your messages and media",
        "Back up your chats and media to the cloud so you don't lose them when you change your Android phone.",
        "Google Account,None",
        "Google Account",
        "None",
        "Automatic backups,Daily",
        "Automatic backups",
        "Daily",
        "Include videos",
        "Back up using cellular",
        "End-to-end encryption",
        "For added security, protect your backup with end-to-end encryption.",
        "End-to-end encrypted backup,Off",
        "End-to-end encrypted backup",
        "Off",
        "You can change these settings any time in WhatsApp Settings > Chats > Chat backup.",
        "OK",
        "NOT NOW",
    ),
    "not_on_whatsapp_plain": (
        "The phone number {number} is not on WhatsApp.",
        "Invite to WhatsApp",
        "Cancel",
    ),
    "not_on_whatsapp_2026": (
        "This number isn't on WhatsApp",
        "You can save this contact to your device and send them an invite to WhatsApp.",
        "SAVE AND INVITE",
        "SAVE ONLY",
        "OK",
    ),
    "new_contact": (
        "Back",
        "New contact",
        "Add contact via QR code",
        "First name",
        "Last name",
        "NL +31",
        "\u200eNL +31, double tap to change the country code",
        "Country",
        "Phone",
        "Sync contact to phone",
        "Sync contact to phone, off",
        "SAVE",
    ),
    "new_contact_missing": (
        "Back",
        "New contact",
        "Add contact via QR code",
        "First name",
        "Last name",
        "Username",
        "NL +31",
        "\u200eNL +31, double tap to change the country code",
        "Country",
        "6 00000000",
        "Phone",
        "This phone number isn't on WhatsApp.",
        "SAVE",
    ),
}

_NL: dict[str, tuple[str, ...]] = {
    "update_required": (
        "WhatsApp bijwerken",
        "Deze versie van WhatsApp is verouderd sinds 11 aug. 2026. Tik op 'Downloaden' om bij te werken.",
        "De datum van uw apparaat is 17 aug. 2026. Is dit onjuist, corrigeer dan de datum en start WhatsApp opnieuw.",
        "DOWNLOADEN",
    ),
    "verify_sms": (
        "Meer opties",
        "Uw nummer verifiëren",
        "Wachten op een 6-cijferige code per sms naar +31 6 00000000. Verkeerd nummer?",
        "Verkeerd nummer?",
        "Verificatiecode",
        "0.0",
        "GEEN CODE ONTVANGEN?",
    ),
    "privacy_sheet": (
        "Meer manieren om uw contacten op WhatsApp te beheren",
        "Voeg contacten toe en beheer ze met gekoppelde apparaten.",
        "Kies of contacten alleen op WhatsApp of ook op uw telefoon worden bewaard.",
        "Uw WhatsApp-contacten worden veilig bewaard, zodat u ze op elk apparaat kunt herstellen.",
        "U kunt WhatsApp-contacten altijd uitschakelen. De Servicevoorwaarden van WhatsApp Business bevatten "
        "informatie over contacten. Meer informatie",
        "Servicevoorwaarden van WhatsApp Business",
        "Meer informatie",
        "OK",
        "Drag handle",
    ),
    "backup": (
        "Back-up in Google-opslag",
        "Maak een back-up van uw berichten en media",
        "Bewaar uw chats en media in de cloud, zodat u ze niet kwijtraakt bij een nieuwe telefoon.",
        "Google-account,Geen",
        "Google-account",
        "Geen",
        "Automatische back-ups,Dagelijks",
        "Automatische back-ups",
        "Dagelijks",
        "Inclusief video's",
        "Back-up via mobiele data",
        "End-to-end versleuteling",
        "Beveilig uw back-up extra met end-to-end versleuteling.",
        "End-to-end versleutelde back-up,Uit",
        "End-to-end versleutelde back-up",
        "Uit",
        "U kunt deze instellingen altijd wijzigen in WhatsApp Instellingen > Chats > Chatback-up.",
        "OK",
        "NIET NU",
    ),
    "not_on_whatsapp_plain": (
        "Er is geen WhatsApp-account gelinkt aan het telefoonnummer {number}.",
        "Uitnodigen voor WhatsApp",
        "Annuleren",
    ),
    "not_on_whatsapp_2026": (
        "Dit nummer gebruikt geen WhatsApp",
        "U kunt dit contact op uw apparaat opslaan en een uitnodiging voor WhatsApp sturen.",
        "OPSLAAN EN UITNODIGEN",
        "ALLEEN OPSLAAN",
        "OK",
    ),
    "new_contact": (
        "Terug",
        "Nieuw contact",
        "Contact toevoegen via QR-code",
        "Voornaam",
        "Achternaam",
        "NL +31",
        "\u200eNL +31, dubbeltik om de landcode te wijzigen",
        "Land",
        "Telefoon",
        "Contact synchroniseren met telefoon",
        "Contact synchroniseren met telefoon, uit",
        "OPSLAAN",
    ),
    "new_contact_missing": (
        "Terug",
        "Nieuw contact",
        "Contact toevoegen via QR-code",
        "Voornaam",
        "Achternaam",
        "Gebruikersnaam",
        "NL +31",
        "\u200eNL +31, dubbeltik om de landcode te wijzigen",
        "Land",
        "6 00000000",
        "Telefoon",
        "Dit telefoonnummer gebruikt geen WhatsApp.",
        "OPSLAAN",
    ),
}
_TABLES = {"pt": _PT, "en": _EN, "nl": _NL}


def blocking_texts(name: str, language: str, **values: str) -> dict[str, str]:
    """Return a screen's texts by the keys of its outline."""
    table = _TABLES.get(language, _EN)
    texts = table.get(name) or _EN[name]
    return {f"t{number}": _filled(text, values) for number, text in enumerate(texts, 1)}


def _filled(text: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text
