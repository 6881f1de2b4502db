"""The WhatsApp (Business) app on the simulated phone: it draws what real captures show and shares no code with their readers."""
