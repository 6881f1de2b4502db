"""The adb server and its phones. Every call has a serial and a deadline; streams stay open."""
