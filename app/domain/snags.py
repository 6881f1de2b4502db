"""What stands in the way of working as a team, by name: each interface says it in its own words."""

from __future__ import annotations

from enum import StrEnum


class Snag(StrEnum):
    """One obstacle that a person can do something about."""

    TORN = "torn"
    """What was given is no whole invitation."""
    OVER = "over"
    USED = "used"
    """The invitation was used before, or taken back: a server cannot tell which."""
    SEATED = "seated"
    """This profile belongs to a team already."""
    TAKEN = "taken"
    """The database belongs to another team."""
    DRIVEN = "driven"
    """Another window or bridge drives phones on the profile's file."""
    NAME = "name"
    """No login can be made of the name."""
    MEMBER = "member"
    """Somebody of that name is a member."""
    PLACE = "place"
    """The address of the server is none."""
    AUTHORITY = "authority"
    """The file of who vouches for the server cannot be read."""
    NO_POSTGRES = "no-postgres"
    """Its programs are not on this PC."""
    ROOT = "root"
    """PostgreSQL does not run as the PC's superuser."""
    NO_KEYRING = "no-keyring"
    SHUT_KEYRING = "shut-keyring"
    UNREACHED = "unreached"
    SILENT = "silent"
    CERTIFICATE = "certificate"
    PASSWORD = "password"  # noqa: S105 - a name
    SHUT_OUT = "shut-out"
    NO_DATABASE = "no-database"
    FULL = "full"
    RIGHTS = "rights"
    TOO_NEW = "too-new"
    TOO_OLD = "too-old"
