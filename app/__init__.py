"""Phoneshelf: a team's own inbox on the WhatsApp Business phone that stays on the shelf."""
