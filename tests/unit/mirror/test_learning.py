"""Learning words: against a model of all that a phone may show, no word is ever said to mean more than it does."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.domain.ids import MessageId
from app.domain.message import Content, Direction, Entry, Kind, Shown, Tick
from app.domain.observation import ListRowSeen, RowSeen
from app.domain.words import WordEvidence, evidence_of, evidence_values, ticks_of
from app.mirror.learning import find_cut, find_dates, find_deleted, follow_ticks, pair_rows

LEVELS = (Tick.PENDING, Tick.SENT, Tick.DELIVERED, Tick.READ, Tick.READ)
WORDS = ("odottaa", "lähetetty", "toimitettu", "luettu", "toistettu")
"""What each step is called; the last one, for what was listened to, comes behind `read`."""


@st.composite
def histories(draw: st.DrawFn) -> list[list[int]]:
    """Return which steps were seen of each message, in order: any may be missed, a message may stop anywhere."""
    has_receipts = draw(st.booleans())
    last = 4 if has_receipts else 2
    steps = st.lists(st.integers(0, last), unique=True, max_size=5).map(sorted)
    return draw(st.lists(steps, max_size=12))


@given(histories())
def test_a_word_is_never_said_to_mean_more_than_it_does(seen: list[list[int]]) -> None:
    followed = {(WORDS[first], WORDS[second]) for steps in seen for first, second in pairwise(steps)}
    for word, tick in ticks_of(followed).items():
        assert LEVELS.index(tick) <= WORDS.index(word)


@given(histories(), st.lists(st.sampled_from([("virhe", "odottaa"), ("odottaa", "virhe"), ("virhe", "lähetetty")])))
def test_a_failure_that_was_seen_to_come_and_go_adds_no_step(
    seen: list[list[int]], failures: list[tuple[str, str]]
) -> None:
    followed = {(WORDS[first], WORDS[second]) for steps in seen for first, second in pairwise(steps)}
    if failures:
        followed |= {*failures, ("virhe", "odottaa"), ("odottaa", "virhe")}
    found = ticks_of(followed)
    assert "virhe" not in found
    for word, tick in found.items():
        assert LEVELS.index(tick) <= WORDS.index(word)


def test_chains_give_the_least_that_their_place_proves() -> None:
    a, b, c, d, _ = WORDS
    assert ticks_of([]) == {}
    assert ticks_of([(a, b)]) == {b: Tick.SENT}
    assert ticks_of([(b, c), (c, d)]) == {c: Tick.SENT, d: Tick.DELIVERED}
    assert ticks_of([(a, b), (b, c), (c, d)]) == dict(zip(WORDS, LEVELS[:4], strict=False))
    assert ticks_of([(a, d)]) == {d: Tick.SENT}
    assert ticks_of([(b, c), (c, b), (c, d)]) == {d: Tick.SENT}
    # A fifth word is none of the four: each of them may be it.
    assert ticks_of([(a, "virhe"), ("virhe", b), (b, c), (c, d)]) == {b: Tick.SENT, c: Tick.DELIVERED, d: Tick.READ}


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh"))))
def test_any_evidence_is_kept_whole_and_judged_without_end(followed: list[tuple[str, str]]) -> None:
    evidence = WordEvidence(frozenset(followed), {"x": frozenset({1, 2})}, {"y": frozenset({3})}, frozenset({"day"}))
    assert evidence_of(evidence_values(evidence)) == evidence
    assert set(evidence.learned().ticks) <= {word for pair in followed for word in pair}
    kept = WordEvidence().joined(evidence)
    assert kept.joined(kept) == kept.joined(evidence) == kept
    assert kept.learned() == evidence.learned()
    assert evidence_of(None) == WordEvidence()


def test_evidence_has_an_end() -> None:
    evidence = WordEvidence()
    for number in range(500):
        evidence = evidence.joined(
            WordEvidence(
                frozenset({(f"a{number}", f"b{number}")}),
                {f"d{number}": frozenset({number})},
                {"c": frozenset({number})},
            )
        )
    assert len(evidence.followed) == len(evidence.deleted) == 64
    assert len(evidence.cut["c"]) == 8
    assert not any(word.startswith("d") for word in evidence.deleted)


def test_words_that_prove_nothing_yet_are_kept_veiled() -> None:
    evidence = WordEvidence().joined(WordEvidence(cut={"call me": frozenset({1})}))
    evidence = evidence.joined(WordEvidence(cut={"call me": frozenset({1, 2})}))
    assert "call" not in str(evidence_values(evidence))
    assert evidence.learned().read_more == frozenset()
    evidence = evidence_of(evidence_values(evidence)).joined(WordEvidence(cut={"call me": frozenset({7})}))
    assert evidence.cut == {"call me": frozenset({1, 2, 7})}
    assert evidence.learned().read_more == {"call me"}


# -- from rows ------------------------------------------------------------------------------------


def entry(number: int, text: str, minute: int | None = None, direction: Direction = Direction.OUT) -> Entry:
    shown = Shown(number if minute is None else minute, date(2026, 8, 18))
    return Entry(MessageId(number), number, direction, shown, Content(Kind.TEXT, text, Tick.UNKNOWN))


def row(text: str, minute: int, word: str = "", *, icon: bool = False, edited: bool = False) -> RowSeen:
    content = Content(Kind.TEXT, text, Tick.UNKNOWN, edited=edited)
    return RowSeen(
        Direction.OUT, Shown(minute, date(2026, 8, 18)), content, True, (0, 0, 1, 1), tick_word=word, has_icon=icon
    )


def test_a_word_follows_another_only_on_one_message_that_has_no_twin() -> None:
    entries = [entry(1, "ok", 5), entry(2, "ok", 5), entry(3, "moi")]
    pairs = pair_rows(entries, [row("ok", 5, "b"), row("ok", 5, "a"), row("moi", 3, "b")])
    said, evidence = follow_ticks(pairs, {MessageId(1): "x", MessageId(2): "x", MessageId(3): "a"})
    assert said == {3: "b"}
    assert evidence.followed == {("a", "b")}
    assert follow_ticks(pairs, said)[1] == WordEvidence()


def test_rows_that_are_not_the_newest_messages_prove_nothing() -> None:
    entries = [entry(1, "a"), entry(2, "b")]
    assert pair_rows(entries, [row("a", 1)]) == []
    assert pair_rows(entries, [row("x", 0), row("a", 1), row("b", 2)]) == []
    assert pair_rows(entries, []) == []


def test_words_with_an_icon_in_the_place_of_a_message_are_a_deletion_after_two_of_them() -> None:
    entries = [entry(n, f"text {n}") for n in range(1, 8)]
    gone = "Viesti poistettiin."
    rows = [row(gone if n in (3, 5) else f"text {n}", n, icon=n in (3, 5)) for n in range(1, 8)]
    evidence = find_deleted(entries, rows)
    assert evidence.deleted == {"viesti poistettiin": frozenset({3, 5})}
    assert evidence.learned().deleted == {"viesti poistettiin"}
    one = find_deleted(entries, [row(gone if n == 3 else f"text {n}", n, icon=n == 3) for n in range(1, 8)])
    assert one.learned().deleted == frozenset()


def test_an_edit_a_text_without_icon_and_a_neighbour_that_moved_are_no_deletion() -> None:
    entries = [entry(n, f"text {n}") for n in range(1, 4)]
    for middle in (row("new", 2, icon=True, edited=True), row("new", 2), row("text 2", 2, icon=True)):
        assert find_deleted(entries, [row("text 1", 1), middle, row("text 3", 3)]) == WordEvidence()
    other = [row("text 0", 1), row("new", 2, icon=True), row("text 3", 3)]
    assert find_deleted(entries, other) == WordEvidence()


def test_the_same_words_behind_three_long_texts_say_that_they_go_on() -> None:
    texts = [f"{n} " + "pitkä viesti " * 30 + "\u2026 Lue lisää" for n in range(1, 4)]
    pairs = pair_rows(
        [entry(n, text) for n, text in enumerate(texts, 1)], [row(text, n) for n, text in enumerate(texts, 1)]
    )
    assert find_cut(pairs).learned().read_more == {"lue lisää"}
    assert find_cut(pairs[:2]).learned().read_more == frozenset()
    short = [(entry(9, "no\u2026 Lue lisää"), row("no\u2026 Lue lisää", 9))]
    assert find_cut(short) == WordEvidence()


def test_a_date_tells_its_order_only_where_no_month_can_be() -> None:
    def listed(when: str) -> ListRowSeen:
        return ListRowSeen("Jan", "", "", when, Shown(None), 0, (0, 0, 1, 1))

    assert find_dates([listed("7/28/2026"), listed("7/8/2026"), listed("10:15")]).learned().month_first is True
    assert find_dates([listed("28.7.26")]).learned().month_first is False
    assert find_dates([listed("7/8/2026"), listed("Eilen")]).learned().month_first is None
    assert find_dates([listed("7/28/2026"), listed("28/7/2026")]).learned().month_first is None
