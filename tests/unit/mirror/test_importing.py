"""An export and the screens tell one history: in whatever order they come, nothing is lost, doubled or moved."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.domain.ids import ChatId
from app.domain.message import ChatWindow, Direction, Kind
from app.mirror.importing import ImportPlan, plan_import
from app.mirror.planning import plan
from app.mirror.run import begin_run
from tests.fakes.chat import Key
from tests.fakes.export import FORMS, Form, exported_rows
from tests.unit.mirror.model import Mirror
from tests.unit.mirror.test_properties import BURST, HAPPENED, HEIGHTS, JITTER, QUICK, READ, TOLD, Did, Said, Story

EXPORT = st.just(Did("export"))
MIXED = st.lists(st.one_of(BURST, READ, TOLD, EXPORT, EXPORT), min_size=2, max_size=10)
EVENTFUL = st.lists(st.one_of(BURST, READ, TOLD, EXPORT, HAPPENED), min_size=2, max_size=12)
FORM = st.sampled_from(sorted(FORMS)).map(FORMS.__getitem__)


def take(mirror: Mirror, story: Story, form: Form, *, with_files: bool = True, last: int | None = None) -> ImportPlan:
    """Import the chat as it stands on the phone now."""
    rows, starts = exported_rows(story.chat, form, with_files=with_files, last=last)
    before = mirror.order()
    found = plan_import(ChatWindow(ChatId(1), tuple(mirror.entries), mirror.complete), rows, starts_chat=starts)
    mirror.apply(found.changes)
    mirror.complete = mirror.complete or found.reaches_start
    assert [i for i in mirror.order() if i in set(before)] == before, "known messages changed places"
    return found


def without_notices(keys: list[Key]) -> list[Key]:
    return [key for key in keys if key[2] is not Kind.SYSTEM]


def without_kinds(keys: list[Key]) -> list[tuple[Direction, int | None, str]]:
    """An export without its files does not say what they were."""
    return [(side, minute, text) for side, minute, _, text in keys]


class Both(Story):
    """A story in which the chat is exported now and then."""

    def __init__(
        self, height: int, jitter: int, form: Form, *, with_files: bool = True, last: int | None = None
    ) -> None:
        super().__init__(height, jitter)
        self.form, self.with_files, self.last = form, with_files, last
        self.left = 0

    def say(self, one: Said) -> None:
        super().say(replace(one, text=one.text.strip()))  # the app sends no blanks at the end

    def do(self, did: Did) -> None:
        if did.what == "export":
            found = take(self.mirror, self, self.form, with_files=self.with_files, last=self.last)
            self.left += found.not_placed
        else:
            super().do(did)


@QUICK
@given(MIXED, HEIGHTS, JITTER, FORM)
def test_screens_and_exports_in_any_order_are_one_chat(
    steps: list[list[Said] | Did], height: int, jitter: int, form: Form
) -> None:
    story = Both(height, jitter, form)
    story.live(steps)
    story.read()
    assert story.mirror.flagged or story.mirror.keys() == story.chat.keys()


@QUICK
@given(MIXED, HEIGHTS, JITTER, FORM)
def test_an_export_of_the_whole_chat_makes_the_mirror_whole(
    steps: list[list[Said] | Did], height: int, jitter: int, form: Form
) -> None:
    story = Both(height, jitter, form)
    story.live(steps)
    found = take(story.mirror, story, form)
    if not (found.not_placed or story.left):
        assert without_notices(story.mirror.keys()) == without_notices(story.chat.keys())
    assert take(story.mirror, story, form).changes == ()


@QUICK
@given(EVENTFUL, HEIGHTS, JITTER, FORM)
def test_edits_and_deletions_between_double_nothing(
    steps: list[list[Said] | Did], height: int, jitter: int, form: Form
) -> None:
    story = Both(height, jitter, form)
    story.live(steps)
    story.read()
    assert story.mirror.flagged or story.chat.agrees_with(story.mirror.keys())


@QUICK
@given(MIXED, HEIGHTS, JITTER, FORM, st.integers(1, 12))
def test_the_last_part_of_a_chat_may_leave_a_gap_but_never_a_wrong_chat(
    steps: list[list[Said] | Did], height: int, jitter: int, form: Form, last: int
) -> None:
    story = Both(height, jitter, form, last=last)
    story.live(steps)
    story.read()
    assert story.mirror.flagged or story.mirror.keys() == story.chat.keys()


@QUICK
@given(MIXED, HEIGHTS, JITTER, FORM)
def test_an_export_without_files_doubles_none(
    steps: list[list[Said] | Did], height: int, jitter: int, form: Form
) -> None:
    story = Both(height, jitter, form, with_files=False)
    story.live(steps)
    story.read()
    told = without_kinds(story.mirror.keys())
    assert story.mirror.flagged or told == without_kinds(story.chat.keys())


@QUICK
@given(MIXED, HEIGHTS, FORM, FORM)
def test_another_language_gives_the_same_mirror(
    steps: list[list[Said] | Did], height: int, one: Form, other: Form
) -> None:
    first, second = Both(height, 0, one), Both(height, 0, other)
    for story in (first, second):
        story.live(steps)
    assert first.mirror.keys() == second.mirror.keys()
    assert [e.gap_before for e in first.mirror.entries] == [e.gap_before for e in second.mirror.entries]


@QUICK
@given(st.lists(BURST, min_size=1, max_size=6), st.lists(BURST, max_size=4), HEIGHTS, JITTER, FORM)
def test_an_export_closes_the_gap_of_a_reading_that_ended_early(
    before: list[list[Said]], after: list[list[Said]], height: int, jitter: int, form: Form
) -> None:
    story = Both(height, jitter, form)
    story.live(before)
    first = plan(story.mirror.window(), begin_run(story.chat.newest()), is_last=True)
    story.mirror.apply(first.changes)
    for burst in after:
        story.live([burst])
        story.read()
    found = take(story.mirror, story, form)
    if not found.not_placed:
        assert not any(e.gap_before for e in story.mirror.live())
        assert without_notices(story.mirror.keys()) == without_notices(story.chat.keys())
    story.read()
    assert story.mirror.flagged or story.mirror.keys() == story.chat.keys()
