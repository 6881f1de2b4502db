"""A server from its making to its end."""

from __future__ import annotations

import asyncio
import os
import ssl
import struct

import asyncpg
import pytest

from app.domain.errors import BadInput, HostingFailed
from app.hosting.binaries import Binaries
from app.hosting.certificates import fingerprint, names_of
from app.hosting.cluster import Cluster
from app.hosting.configuring import Listening
from app.hosting.processes import begin
from tests.fakes.postgres import HOST, Postgres, binaries, free_port, listening
from tests.hosting.conftest import everything, kill


async def test_a_server_starts_says_so_and_stops(own: Postgres) -> None:
    running = await own.cluster.status()
    again = await own.cluster.start()
    same = await own.cluster.status()
    await own.cluster.stop()
    stopped = await own.cluster.status()
    assert (running.is_running, running.is_ready, running.port) == (True, True, own.port)
    assert (again, same.pid) == ("", running.pid)
    assert (stopped.is_running, stopped.pid) == (False, None)


async def test_what_is_secret_is_for_its_owner_only(own: Postgres) -> None:
    secret = ["authority/authority.key", "data/server.pem", "data/pg_hba.conf", "data/phoneshelf.conf"]
    modes = {oct((own.cluster.folder / name).stat().st_mode & 0o777) for name in secret}
    logs = {oct(path.stat().st_mode & 0o777) for path in (own.cluster.data / "log").iterdir()}
    assert modes | logs == {"0o600"}
    assert not (own.cluster.folder / "data.word").exists()


async def test_after_a_kill_it_starts_again_with_what_was_committed(own: Postgres) -> None:
    await own.execute("CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)")
    await kill(own.cluster)
    while await own.cluster.is_running():
        continue
    await _start_among_orphans(own.cluster)
    connection = await own.connect()
    found = await connection.fetchval("SELECT id FROM kept")
    await connection.close()
    assert found == 7


async def test_a_pid_file_whose_number_is_another_programs_now_does_not_stop_it(own: Postgres) -> None:
    await own.cluster.stop()
    other = await asyncio.create_subprocess_exec("sleep", "600")
    pid_file = own.cluster.data / "postmaster.pid"
    pid_file.write_text(f"{other.pid}\n{own.cluster.data}\n1700000000\n{own.port}\n\n{HOST}\n  1234  5678\nready   \n")
    assert not await own.cluster.is_running()
    await own.cluster.start()
    status = await own.cluster.status()
    other.kill()
    await other.wait()
    assert status.is_running
    assert status.pid != other.pid


async def test_a_port_that_is_taken_is_named_and_nothing_stays_running(own: Postgres) -> None:
    await own.cluster.stop()
    taker = await asyncio.start_server(lambda _, writer: writer.close(), HOST, own.port)
    with pytest.raises(HostingFailed, match=f"port {own.port}") as failure:
        await own.cluster.start()
    taker.close()
    await taker.wait_closed()
    assert "another port" in failure.value.next_step
    assert not await own.cluster.is_running()


async def test_a_port_taken_on_one_of_two_addresses_is_no_start_either(own: Postgres) -> None:
    taker = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.2", 0)
    port = taker.sockets[0].getsockname()[1]
    await own.cluster.configure(Listening(port, addresses=(HOST, "127.0.0.2")))
    with pytest.raises(HostingFailed, match=f"port {port}"):
        await own.cluster.start()
    taker.close()
    await taker.wait_closed()
    assert not await own.cluster.is_running()


async def test_an_address_this_pc_does_not_have_is_told_while_the_rest_works(own: Postgres) -> None:
    port = free_port()
    await own.cluster.configure(Listening(port, addresses=("192.0.2.7",), databases=()))
    notice = await own.cluster.start()
    own.port = port
    connection = await own.connect()
    await connection.close()
    assert "192.0.2.7" in notice


async def test_a_making_that_was_cut_leaves_nothing_in_the_way(empty: Cluster) -> None:
    work = begin(empty.create(listening(free_port())))
    while not (empty.folder / "data.making" / "base").is_dir() and not work.done():  # noqa: ASYNC110 - a file tells nobody
        await asyncio.sleep(0)
    work.cancel()
    await asyncio.wait({work})
    left = everything(empty.folder)
    # And one that was killed with the program: its remains are still there.
    (empty.folder / "data.making" / "base").mkdir(parents=True)
    (empty.folder / "data.word").write_text("old")
    await empty.create(listening(free_port()))
    assert work.cancelled()
    assert left == {"authority", "authority/authority.crt", "authority/authority.key"}
    assert empty.is_made
    assert {path.name for path in empty.folder.iterdir()} == {"data", "authority"}


async def test_a_server_is_never_made_over_another(own: Postgres) -> None:
    with pytest.raises(HostingFailed, match="holds a server already"):
        await own.cluster.create(listening(own.port))
    assert await own.cluster.is_running()


async def test_a_start_that_is_cancelled_leaves_a_server_that_can_be_stopped(own: Postgres) -> None:
    await own.cluster.stop()
    work = begin(own.cluster.start())
    while not (own.cluster.data / "begun.log").exists() and not work.done():  # noqa: ASYNC110 - a file tells nobody
        await asyncio.sleep(0)
    work.cancel()
    await asyncio.wait({work})
    if await own.cluster.is_running():
        await own.cluster.stop()
    assert not await own.cluster.is_running()
    assert not (own.cluster.data / "postmaster.pid").exists()


async def test_a_new_certificate_is_in_use_at_once_and_the_authority_stays(own: Postgres) -> None:
    authority, before = own.cluster.authority, fingerprint(own.cluster.certificate)
    unchanged = await own.cluster.renew(["127.0.0.1"])
    renewed = await own.cluster.renew(["shelf.example"])
    assert (unchanged, renewed, own.cluster.authority) == (False, True, authority)
    assert "shelf.example" in names_of(own.cluster.certificate)
    while await _shown(own) == before:
        continue
    assert await _shown(own) == fingerprint(own.cluster.certificate)


async def test_a_lost_password_is_replaced_while_the_server_is_stopped(own: Postgres) -> None:
    with pytest.raises(HostingFailed, match="runs"):
        await own.cluster.set_password("n3w-password")
    await own.cluster.stop()
    await own.cluster.set_password("n3w-password")
    await own.cluster.start()
    with pytest.raises(asyncpg.InvalidPasswordError):
        await own.connect()
    connection = await own.connect(password="n3w-password")  # noqa: S106
    await connection.close()


async def test_only_the_named_databases_are_reached_and_only_from_the_named_ranges(own: Postgres) -> None:
    await own.execute("CREATE ROLE eva LOGIN PASSWORD 'secret'")
    await own.execute("CREATE DATABASE phoneshelf")
    await own.cluster.configure(Listening(own.port, addresses=(HOST,), ranges=("192.0.2.0/24",)))
    await own.cluster.stop()
    await own.cluster.start()
    connection = await own.connect("phoneshelf", "eva", "secret")
    await connection.close()
    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
        await own.connect("postgres", "eva", "secret")
    assert b"C28000" in await _answer_to("127.0.0.9", own)
    assert b"C28000" not in await _answer_to("127.0.0.1", own)


async def test_data_of_another_version_is_not_started(own: Postgres) -> None:
    await own.cluster.stop()
    here = binaries()
    other = Cluster(own.cluster.folder, Binaries(here.folder, here.version + 1))
    with pytest.raises(HostingFailed, match=f"PostgreSQL {here.version}") as failure:
        await other.start()
    assert "backup" in failure.value.next_step


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root is refused")
async def test_root_is_refused_unless_somebody_is_named(empty: Cluster) -> None:
    cluster = Cluster(empty.folder, binaries())
    with pytest.raises(HostingFailed, match="root"):
        await cluster.create(listening(free_port()))
    assert not empty.folder.exists()


async def test_bad_input_leaves_nothing(empty: Cluster) -> None:
    for wrong in (Listening(0), Listening(5433, names=("a b",)), Listening(5433, ranges=("office",))):
        with pytest.raises(BadInput):
            await empty.create(wrong)
    assert not (empty.folder / "data").exists()


async def test_old_logs_go(own: Postgres) -> None:
    folder = own.cluster.data / "log"
    for day in range(10, 25):
        (folder / f"server-200101{day}-000000.log").touch()
    own.cluster.prune_logs()
    left = sorted(path.name for path in folder.iterdir())
    assert len(left) == 10
    assert left[0] > "server-20010115"


async def _start_among_orphans(cluster: Cluster) -> None:
    """Start; parts of a killed server may live on for a moment."""
    while True:
        try:
            await cluster.start()
        except HostingFailed as error:
            assert "still ends" in error.reason  # noqa: PT017
        else:
            return


async def _shown(server: Postgres) -> str:
    """Return the fingerprint of the certificate that the server shows now."""
    connection = await server.connect()
    shown = connection._transport.get_extra_info("ssl_object").getpeercert(binary_form=True)
    await connection.close()
    return fingerprint(ssl.DER_cert_to_PEM_cert(shown).encode())


async def _answer_to(source: str, server: Postgres) -> bytes:
    """Return how the server answers somebody from another address who names a user, over TLS."""
    reader, writer = await asyncio.open_connection(HOST, server.port, local_addr=(source, 0))
    writer.write(struct.pack("!ii", 8, 80877103))
    assert await reader.readexactly(1) == b"S"
    await writer.start_tls(server.tls(), server_hostname=HOST)
    words = b"user\0eva\0database\0phoneshelf\0\0"
    writer.write(struct.pack("!ii", 8 + len(words), 3 << 16) + words)
    answer = await reader.read(4096)
    writer.close()
    return answer
