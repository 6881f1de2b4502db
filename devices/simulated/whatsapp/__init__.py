"""The WhatsApp (Business) app on the simulated phone: it draws what captures show.

It shares no code with the readers of its screens.
"""
