"""What the server's configuration says: TLS only, passwords as SCRAM, no text of a customer in the server's log. Pure.

The numbers are those of store.md 10 and 7.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.errors import BadInput

SUPERUSER = "postgres"
"""Reaches the server from this PC only."""
DATABASE = "phoneshelf"
INCLUDED = "phoneshelf.conf"
_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_HOST = re.compile(r"[A-Za-z0-9.:-]+")
_PORT = re.compile(r"^port = (\d+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Listening:
    """Where a server is reached, and by whom.

    Attributes:
        port: TCP.
        names: Host names and addresses that its certificate is for; this PC's own loopback is always among them.
        addresses: What it listens on, `*` for all; loopback is always among them.
        ranges: From where people come (`192.168.1.0/24`); empty for everywhere. This PC is always allowed.
        databases: Which databases they reach; empty for all.
        replicates: Whether a standby may connect (as a role with that right).
    """

    port: int
    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ("*",)
    ranges: tuple[str, ...] = ()
    databases: tuple[str, ...] = (DATABASE,)
    replicates: bool = False


def server_settings(listening: Listening, version: int, *, on_linux: bool, is_durable: bool = True) -> str:
    """Return the text of our own part of postgresql.conf.

    Raises:
        BadInput: An address or the port is none.
    """
    if not 1 <= listening.port <= 65535:
        raise BadInput(f"{listening.port} is no port: give one from 1024 to 65535")
    lines = {
        "listen_addresses": _quoted(",".join(_addresses(listening.addresses))),
        "port": str(listening.port),
        "unix_socket_directories": "''",
        "max_connections": "100",
        "ssl": "on",
        "ssl_cert_file": "'server.pem'",
        "ssl_key_file": "'server.pem'",
        "ssl_min_protocol_version": "'TLSv1.3'",
        "password_encryption": "'scram-sha-256'",
        "authentication_timeout": "'15s'",
        "idle_in_transaction_session_timeout": "'15s'",
        "tcp_keepalives_idle": "10",
        "tcp_keepalives_interval": "5",
        "tcp_keepalives_count": "3",
        "jit": "off",
        "random_page_cost": "1.1",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "timezone": "'UTC'",
        "lc_messages": "'C'",
        "default_text_search_config": "'pg_catalog.simple'",
        "max_wal_size": "'1GB'",
        "event_source": "'Phoneshelf'",
        "cluster_name": "'phoneshelf'",
    } | _logging()  # fmt: skip
    if on_linux:
        lines["tcp_user_timeout"] = "20000"
    if version >= 17:
        lines["transaction_timeout"] = "'10min'"
    if not is_durable:
        # What was committed still survives a kill of the server, only not a power cut.
        lines |= {"fsync": "off", "full_page_writes": "off"}
    head = "# Phoneshelf writes this file anew; what is changed here by hand is lost. Use ALTER SYSTEM.\n"
    return head + "".join(f"{name} = {value}\n" for name, value in lines.items())


def _logging() -> dict[str, str]:
    """Return the settings of the server's log: bounded, and with nothing that a customer wrote.

    An error quotes values in its own words, so errors of statements are not logged at all; the client gets them.
    `terse` leaves out the details, among which is the statement that a killed process was at. What is left: a panic
    (no space for the log of changes) names its statement, with placeholders where values are sent apart, as ours are.
    """
    return {
        "logging_collector": "on",
        "log_destination": "'stderr'",
        "log_directory": "'log'",
        "log_filename": "'server-%Y%m%d-%H%M%S.log'",
        "log_rotation_age": "'1d'",
        "log_rotation_size": "'10MB'",
        "log_file_mode": "0600",
        "log_timezone": "'UTC'",
        "log_line_prefix": "'%m [%p] %q%u@%d '",
        "log_min_messages": "log",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_statement": "none",
        "log_min_duration_statement": "-1",
        "log_min_duration_sample": "-1",
        "log_transaction_sample_rate": "0",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
        "log_connections": "off",
        "log_disconnections": "off",
    }


def access_rules(listening: Listening) -> str:
    """Return the text of pg_hba.conf: who may connect from where. Who is not named is refused.

    Raises:
        BadInput: A range or the name of a database is none.
    """
    databases = ",".join(_database(name) for name in listening.databases) or "all"
    ranges = [_range(text) for text in listening.ranges] or ["all"]
    own = ["127.0.0.1/32", "::1/128"]
    people = list(dict.fromkeys([*own, *ranges])) if ranges != ["all"] else ranges
    lines = [
        "# Phoneshelf writes this file anew.",
        "local all all reject",
        "hostnossl all all all reject",
        "hostnossl replication all all reject",
        *(f"hostssl all {SUPERUSER} {place} scram-sha-256" for place in own),
        f"host all {SUPERUSER} all reject",
        f"host replication {SUPERUSER} all reject",
        *(f"hostssl replication all {place} scram-sha-256" for place in people if listening.replicates),
        "host replication all all reject",
        *(f"hostssl {databases} all {place} scram-sha-256" for place in people),
        "host all all all reject",
    ]
    return "\n".join(lines) + "\n"


def port_of(settings: str) -> int | None:
    """Return the port that our own part of postgresql.conf names."""
    found = _PORT.search(settings)
    return int(found[1]) if found else None


def _addresses(addresses: Sequence[str]) -> list[str]:
    wanted = list(dict.fromkeys(addresses))
    for address in wanted:
        if address != "*" and not _HOST.fullmatch(address):
            raise BadInput(f"{address!r} is nothing to listen on: give an address of this PC, or *")
    return wanted if "*" in wanted else list(dict.fromkeys([*wanted, "127.0.0.1"]))


def _range(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text.strip(), strict=False))
    except ValueError as error:
        raise BadInput(f"{text!r} is no range of addresses: give one like 192.168.1.0/24") from error


def _database(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise BadInput(f"{name!r} is no name for a database: small letters, digits and _")
    return f'"{name}"'


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
