"""Drives WhatsApp on one phone: the Phone port. Recognise before touching; an unknown screen stops everything."""
