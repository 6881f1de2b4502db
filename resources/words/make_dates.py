"""Writes dates.json: what months, weekdays and halves of the day are called in the languages the app speaks.

From Unicode CLDR by way of Babel, the same data that phones format dates with. Run by hand with Babel installed; a word
that means two months, or both halves of the day, in different languages is left out.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from babel import Locale  # type: ignore[import-not-found]

LANGUAGES = """
    af am ar az be bg bn bs ca cs da de el en es et eu fa fi fil fr ga gl gu ha he hi hr hu hy id is it ja ka kk km kn
    ko ky lo lt lv mk ml mn mr ms my nb ne nl pa pl ps pt pt_PT ro ru si sk sl sq sr sr_Latn sv sw ta te th tr uk ur
    uz vi zh zh_Hant zu
"""


def main() -> None:
    """Write the file beside this one."""
    months: list[set[str]] = [set() for _ in range(12)]
    days: list[set[str]] = [set() for _ in range(7)]
    halves: list[set[str]] = [set(), set()]
    for name in LANGUAGES.split():
        locale = Locale.parse(name)
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, word in locale.months[context][width].items():
                    months[number - 1].add(word)
                for number, word in locale.days[context][width].items():
                    days[number].add(word)
            for periods in locale.day_periods.get(context, {}).values():
                halves[0].add(periods.get("am", ""))
                halves[1].add(periods.get("pm", ""))
    words = {"months": _told_apart(months), "weekdays": _told_apart(days), "halves": _told_apart(halves)}
    text = json.dumps({"source": "Unicode CLDR"} | words, ensure_ascii=False, separators=(",", ":"))
    Path(__file__).with_name("dates.json").write_text(text.replace("],[", "],\n[") + "\n", "utf-8")


def _told_apart(groups: list[set[str]]) -> list[list[str]]:
    counted = Counter(word.casefold() for group in groups for word in {w.casefold() for w in group})
    return [sorted({w for w in group if w and counted[w.casefold()] == 1}) for group in groups]


if __name__ == "__main__":
    main()
