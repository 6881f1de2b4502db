"""The wire of the simulated phone: adb frames, streams, services on them. It knows no screen."""
