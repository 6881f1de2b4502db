"""The system of the simulated phone: what Android is to an app and to a shell; it knows no wire."""
