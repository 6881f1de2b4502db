"""Reads files that the app's "Export chat" made. Pure: bytes or text in, frozen values out; no clock."""
