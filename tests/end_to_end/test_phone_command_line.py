"""`phone report`, `phone screens`, `phone words` as a person uses them."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from typer.testing import CliRunner, Result

from app.cli.entry import app
from app.domain.words import WordEvidence
from app.runtime.clock import SystemClock
from app.store import accounts
from app.store.engine import Store
from devices.whatsapp.reports import Reports
from tests.unit.screens.test_profiles import chat


def call(home: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["phone", *words, "--home", str(home)])


def learn(home: Path, evidence: WordEvidence) -> None:
    async def work() -> None:
        store = Store(home / "phoneshelf.sqlite", SystemClock().now)
        await store.open()
        async with store.write() as unit:
            account = await accounts.add_account(unit, "FAKE0001", "com.whatsapp.w4b", "Winkel", "full")
            await accounts.set_words(unit, account, evidence)
        await store.close()

    asyncio.run(work())


def test_words_are_shown_with_what_proves_them_and_forgotten(tmp_path: Path) -> None:
    followed = frozenset({("odottaa", "lähetetty"), ("lähetetty", "toimitettu")})
    learn(tmp_path, WordEvidence(followed, {"viesti poistettiin": frozenset({1, 2})}, {"lue lisää": frozenset({1})}))
    shown = call(tmp_path, "words", "1")
    assert "at least delivered" in shown.output
    assert "perhaps a text goes on" in shown.output
    assert "lue lis" not in shown.output
    form = json.loads(call(tmp_path, "words", "1", "--json").stdout)
    assert form["ticks"] == {"lähetetty": "sent", "toimitettu": "delivered"}
    assert form["deleted"] == ["viesti poistettiin"]
    assert form["read_more"] == []
    assert call(tmp_path, "words", "1", "--forget").exit_code == 0
    assert json.loads(call(tmp_path, "words", "1", "--json").stdout)["ticks"] == {}
    assert call(tmp_path, "words", "9").exit_code == 2


def test_reports_are_listed_with_their_place(tmp_path: Path) -> None:
    assert "known" in call(tmp_path, "report").output
    kept = Reports(tmp_path / "reports").keep(chat("box"), "app 1")
    assert kept is not None
    assert kept.name in call(tmp_path, "report").output
    assert json.loads(call(tmp_path, "report", "--json").stdout)[0]["file"] == str(kept)


def test_a_broken_profile_is_said_with_its_line_and_the_others_hold(tmp_path: Path) -> None:
    (tmp_path / "screens").mkdir()
    (tmp_path / "screens" / "a.toml").write_text('format = 1\n\n[parts]\nentyr = ["x"]\n')
    (tmp_path / "screens" / "b.toml").write_text('format = 1\n[parts]\nentry = ["compose_box"]\n')
    said = call(tmp_path, "screens")
    assert said.exit_code == 1
    assert "screens/a.toml, line 4: unknown key 'entyr'; perhaps entry" in said.output
    assert "screens/b.toml" in said.output
    (tmp_path / "screens" / "a.toml").unlink()
    assert call(tmp_path, "screens").exit_code == 0
