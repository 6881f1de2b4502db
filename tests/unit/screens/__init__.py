"""Tests of the screen parsers on made-up texts."""
