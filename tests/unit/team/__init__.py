"""Tests of the rules of working together."""
