"""Tests of the reading of exported chats."""
