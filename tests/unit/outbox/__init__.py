"""Tests of the outbox rules."""
