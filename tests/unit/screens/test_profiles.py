"""Screen profiles: what a file may say, what is wrong with one, and which files hold for which app."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path

import pytest

from app.domain.observation import ScreenKind
from devices.screens.profile import BASE, BASE_FILE, ProfileBroken, compose, parse_profile
from devices.screens.recognise import parse_screen
from devices.whatsapp.profiles import ScreenProfiles

SCREENS = Path(__file__).parents[3] / "devices" / "screens"
TODAY = date(2026, 8, 18)


def chat(entry: str = "entry", button: str = "voice_note_btn") -> str:
    def one(cls: str, local: str, bounds: str, inner: str = "", text: str = "") -> str:
        return (
            f'<node class="{cls}" package="com.whatsapp.w4b" text="{text}" bounds="{bounds}" '
            f'resource-id="com.whatsapp.w4b:id/{local}">{inner}</node>'
        )

    inner = one("TextView", "conversation_contact_name", "[0,0][700,90]", text="Jan")
    inner += one("ListView", "list", "[0,90][720,1400]")
    inner += one("android.widget.EditText", entry, "[0,1400][600,1600]", text="Message")
    inner += one("ImageButton", button, "[600,1400][720,1600]")
    return f"<hierarchy>{one('FrameLayout', 'conversation_root_layout', '[0,0][720,1600]', inner)}</hierarchy>"


def test_the_built_in_profile_needs_no_translation() -> None:
    assert BASE.aliases == {}
    assert BASE.names == ("base.toml",)
    assert BASE.knows("2.26.38.73")
    assert BASE.knows("2.25.1")
    assert not BASE.knows("2.27.1.1")
    assert not BASE.knows("")


def test_every_id_that_the_parsers_name_is_a_part() -> None:
    named = set()
    for path in SCREENS.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.In, ast.NotIn)):
                where = ast.unparse(node.comparators[0])
                if isinstance(node.left, ast.Constant) and where in ("ids", "own", "quote_ids"):
                    named.add(node.left.value)
            if isinstance(node, ast.Subscript) and ast.unparse(node.value) in ("ids", "own"):
                named |= {node.slice.value} if isinstance(node.slice, ast.Constant) else set()
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                is_asked = node.func.attr in ("first", "all") or (
                    node.func.attr == "get" and ast.unparse(node.func.value) in ("ids", "own")
                )
                named |= {a.value for a in node.args if isinstance(a, ast.Constant)} if is_asked else set()
    assert len(named) > 30
    assert named <= set(BASE_FILE.parts)


def test_a_part_with_another_id_is_read_and_its_old_id_means_nothing_any_more() -> None:
    found = compose([BASE_FILE, parse_profile('format = 1\n[parts]\nentry = ["compose_box"]\n', "a.toml")])
    seen = parse_screen(chat("compose_box"), TODAY, found)
    assert (seen.kind, seen.lacks) == (ScreenKind.CHAT, ())
    assert seen.chat is not None
    assert seen.chat.entry is not None
    assert parse_screen(chat("compose_box"), TODAY).lacks == ("entry",)
    assert parse_screen(chat("entry"), TODAY, found).lacks == ("entry",)


def test_parts_may_swap_their_ids_and_lists_may_name_either() -> None:
    text = 'format = 1\nhome = ["title"]\n[parts]\ntitle = ["url"]\nurl = ["title"]\n[[rows]]\nkind = "text"\n'
    found = compose([BASE_FILE, parse_profile(text + 'ids = ["body"]\ntext = ["body"]\n', "a.toml")])
    assert (found.aliases["url"], found.aliases["title"]) == ("title", "url")
    assert found.home == ("url",)
    assert next(rule.text for rule in found.rows if rule.kind == "text") == ("body",)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("format = 1\n[parts\n", 2, "not TOML"),
        ("parts = 3\n", 1, "format must be 1"),
        ('format = 1\n\nhint = "x"\n', 3, "unknown key 'hint'"),
        ('format = 1\n[parts]\ndate = ["d"]\nentyr = ["x"]\n', 4, "unknown key 'entyr'"),
        ('format = 1\n[parts]\nentry = "x"\n', 3, "list of texts"),
        ('format = 1\n[[screens]]\nkind = "call"\n[[screens]]\nkind = "nothing"\n', 5, "kind must be one of"),
        ('format = 1\n[[rows]]\nkind = "text"\nexits = ["x"]\n', 4, "unknown key 'exits'"),
        ('format = 1\nfrom = "new"\n', 2, "must be a version"),
        ("format = 1\nscreens = 1\n", 2, "write [[screens]]"),
        ("format = 1\nparts = 1\n", 2, "must be a table"),
    ],
)
def test_a_broken_file_says_what_is_wrong_where_and_what_to_do(text: str, line: int, says: str) -> None:
    with pytest.raises(ProfileBroken) as broken:
        parse_profile(text, "screens/mine.toml")
    assert f"screens/mine.toml, line {line}: " in broken.value.words["en"]
    assert says in broken.value.words["en"]
    assert "Correct or remove the file" in broken.value.words["en"]
    assert f"regel {line}" in broken.value.words["nl"]
    assert "Verbeter of verwijder" in broken.value.words["nl"]


def test_one_id_for_two_parts_is_an_error() -> None:
    with pytest.raises(ProfileBroken, match="two parts"):
        compose([BASE_FILE, parse_profile('format = 1\n[parts]\nentry = ["title"]\n', "a.toml")])


def test_files_of_a_folder_hold_for_their_app_and_versions_and_a_broken_one_is_left_out(tmp_path: Path) -> None:
    profiles = ScreenProfiles(tmp_path)
    assert profiles.find("com.whatsapp.w4b", "2.27.1").names == ("base.toml",)
    (tmp_path / "a.toml").write_text('format = 1\nfrom = "2.27"\nbelow = "2.28"\n[parts]\nentry = ["box"]\n')
    (tmp_path / "b.toml").write_text('format = 1\npackages = ["com.whatsapp"]\n[parts]\nstatus = ["mark"]\n')
    (tmp_path / "broken.toml").write_text("format = 2\n")
    (tmp_path / "clash.toml").write_text('format = 1\n[parts]\ndate = ["box", "title"]\n')
    (tmp_path / "latin.toml").write_bytes(b"format = 1 # \xe9\n")
    assert profiles.is_changed()
    for version, package, parts in (
        ("2.27.1.1", "com.whatsapp.w4b", {"entry"}),
        ("2.27", "com.whatsapp", {"entry", "status"}),
        ("2.28.0", "com.whatsapp", {"status"}),
        ("2.26.99", "com.whatsapp.w4b", set()),
        ("", "com.whatsapp.w4b", set()),
    ):
        assert set(profiles.find(package, version).aliases.values()) - {"~entry", "~status"} == parts
    said = "\n".join(map(str, profiles.broken))
    assert "broken.toml" in said
    assert "clash.toml" in said
    assert "latin.toml" in said
    assert not profiles.is_changed()
    (tmp_path / "clash.toml").unlink()
    assert profiles.is_changed()
