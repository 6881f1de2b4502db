"""Phones: adb, UI automation, screens, the app's driver and the simulated phone."""
