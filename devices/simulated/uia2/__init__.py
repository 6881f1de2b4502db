"""The on-device UiAutomator2 server (phone-wire.md 3); it sees the phone through a protocol."""
