"""Vital signs of a phone from dumpsys, df and getprop. Pure parsers; the driver asks the phone."""
