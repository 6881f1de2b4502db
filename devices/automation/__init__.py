"""The UiAutomator2 session: what is on the screen, and a finger on it."""
