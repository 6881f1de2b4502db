"""`python3 run.py bench WHAT [--json]`: runs one benchmark, or says which there are."""

import asyncio
import json
import sys

from tests.bench import history, mirror, phone, team

BENCHES = {"history": history.measure}
TABLES = {"phone": phone.main, "mirror": mirror.main, "team": team.main}
"""Benchmarks with options and a table of their own."""


def main(words: list[str]) -> int:
    """Run the benchmark that the first word names."""
    if words and words[0] in TABLES:
        return TABLES[words[0]](words[1:])
    as_json = "--json" in words
    names = [word for word in words if not word.startswith("-")]
    if not names or names[0] not in BENCHES:
        sys.stderr.write(f"benchmarks: {', '.join([*BENCHES, *TABLES])}\n")
        return 2
    rows = asyncio.run(BENCHES[names[0]]())
    if as_json:
        sys.stdout.write(json.dumps({row[0]: {"value": row[1], "unit": row[2], "note": row[3]} for row in rows}) + "\n")
        return 0
    widths = [max(len(str(row[i])) for row in rows) for i in range(3)]
    for row in rows:
        sys.stdout.write("  ".join(str(v).ljust(w) for v, w in zip(row, widths, strict=False)) + f"  {row[3]}\n")
    return 0


sys.exit(main(sys.argv[1:]))
