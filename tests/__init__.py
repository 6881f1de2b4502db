"""Tests: they say behaviours, use fakes, and wait on conditions."""
