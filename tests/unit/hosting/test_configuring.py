"""What the configuration says for which wish."""

from __future__ import annotations

import pytest

from app.domain.errors import BadInput
from app.hosting.configuring import Listening, access_rules, port_of, server_settings


def rules(listening: Listening) -> list[str]:
    return [line for line in access_rules(listening).splitlines() if not line.startswith("#")]


def test_plain_connections_are_refused_before_anything_is_allowed() -> None:
    found = rules(Listening(5433))
    first = next(index for index, line in enumerate(found) if line.endswith("scram-sha-256"))
    assert {"hostnossl all all all reject", "local all all reject"} <= set(found[:first])
    assert found[-1] == "host all all all reject"
    assert all(line.startswith("hostssl") for line in found if line.endswith("scram-sha-256"))
    assert not any(word in line for line in found for word in ("trust", "md5", "password", "peer"))


def test_the_superuser_comes_from_this_pc_only() -> None:
    found = rules(Listening(5433))
    refused = found.index("host all postgres all reject")
    assert [line.split()[3] for line in found[:refused] if " postgres " in line] == ["127.0.0.1/32", "::1/128"]
    assert found.index('hostssl "phoneshelf" all all scram-sha-256') > refused


def test_ranges_and_databases_are_named() -> None:
    found = rules(Listening(5433, ranges=("192.168.1.7/24", "fd00::/8"), databases=("one", "two")))
    allowed = [line.split()[3] for line in found if line.startswith('hostssl "one","two" all')]
    assert allowed == ["127.0.0.1/32", "::1/128", "192.168.1.0/24", "fd00::/8"]


@pytest.mark.parametrize("replicates", [True, False])
def test_a_standby_is_let_in_only_where_asked(*, replicates: bool) -> None:
    found = rules(Listening(5433, replicates=replicates))
    assert any(line.startswith("hostssl replication") for line in found) is replicates
    assert "host replication all all reject" in found
    assert "host replication postgres all reject" in found


@pytest.mark.parametrize(
    "wrong",
    [
        Listening(0),
        Listening(65536),
        Listening(5433, addresses=("a'b",)),
        Listening(5433, addresses=("",)),
        Listening(5433, ranges=("all",)),
        Listening(5433, ranges=("10.0.0.0/33",)),
        Listening(5433, databases=("all trust",)),
        Listening(5433, databases=('x" all all trust\n',)),
    ],
)
def test_what_is_wrong_is_refused(wrong: Listening) -> None:
    with pytest.raises(BadInput):
        server_settings(wrong, 18, on_linux=True), access_rules(wrong)


def test_settings_fit_the_system_and_the_version() -> None:
    settings = {
        (version, on_linux): server_settings(Listening(5433), version, on_linux=on_linux)
        for version in (15, 18)
        for on_linux in (True, False)
    }
    assert {key for key, text in settings.items() if "tcp_user_timeout" in text} == {(15, True), (18, True)}
    assert {key for key, text in settings.items() if "transaction_timeout =" in text.replace("in_", "")} >= {(18, True)}
    assert "\ntransaction_timeout" not in settings[15, True]
    assert "\ntransaction_timeout" in settings[18, False]
    assert all("fsync" not in text and port_of(text) == 5433 for text in settings.values())


def test_loopback_is_always_listened_on() -> None:
    assert "listen_addresses = '192.168.1.20,127.0.0.1'\n" in server_settings(
        Listening(5433, addresses=("192.168.1.20",)), 18, on_linux=True
    )
    assert "listen_addresses = '*'\n" in server_settings(Listening(5433), 18, on_linux=True)
