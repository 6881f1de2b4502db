"""Canned replies as a table file (CSV), for a spreadsheet: no cell of it is ever taken for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping

from app.domain.errors import BadInput
from app.domain.ids import AccountId
from app.store.canned import CannedFile, CannedReply, Draft

COLUMNS = ("shortcut", "title", "language", "number", "text", "files")
MAX_ROWS = 5_000
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
"""What a spreadsheet would run, or what stands behind our own guard."""
_FILE = re.compile(r"([0-9a-f]{64}) ([^\r\n]{1,255})")


def guard_cell(text: str) -> str:
    """Return a text that a spreadsheet shows and does not run."""
    return f"'{text}" if _FORMULA.match(text) else text


def bare_cell(text: str) -> str:
    """Return the text that `guard_cell` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def write_table(replies: Iterable[CannedReply], numbers: Mapping[AccountId, str]) -> bytes:
    """Return canned replies as a file that Excel opens as it is.

    Args:
        replies: What goes in.
        numbers: What our numbers are called.
    """
    text = io.StringIO(newline="")
    table = csv.writer(text, delimiter=";", lineterminator="\r\n")
    table.writerow(COLUMNS)
    for draft in (one.draft for one in replies):
        number = numbers.get(draft.account, str(draft.account)) if draft.account is not None else ""
        files = "\n".join(f"{one.sha256} {one.name}" for one in draft.files)
        row = (draft.shortcut, draft.title, draft.language, number, draft.body, files)
        table.writerow([guard_cell(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def read_table(data: bytes, numbers: Mapping[AccountId, str]) -> list[Draft]:
    """Return the canned replies of such a file, separated by `;` or `,`.

    Args:
        data: The file.
        numbers: What our numbers are called.

    Raises:
        BadInput: It is no such file, or a row cannot be read; the text says which.
    """
    try:
        text = data.decode("utf-8-sig")
        heading = text.partition("\n")[0]
        delimiter = ";" if heading.count(";") >= heading.count(",") else ","
        table = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        if not {"shortcut", "text"} <= {name.strip().lower() for name in table.fieldnames or ()}:
            raise BadInput(f"the first line must name the columns {', '.join(COLUMNS)}; nothing was changed")
        rows = [{str(key).strip().lower(): value for key, value in row.items()} for row in table]
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInput("this is not a CSV file in UTF-8; nothing was changed. Save it as `CSV UTF-8`") from error
    if len(rows) > MAX_ROWS:
        raise BadInput(f"at most {MAX_ROWS} canned replies are taken from one file; nothing was changed")
    known = {name.casefold(): account for account, name in numbers.items()}
    return [_draft(place, row, known) for place, row in enumerate(rows, 2)]


def _draft(place: int, row: Mapping[str, str | list[str] | None], known: Mapping[str, AccountId]) -> Draft:
    cells = {name: bare_cell(value) for name, value in row.items() if isinstance(value, str)}
    number = cells.get("number", "").strip()
    account = known.get(number.casefold()) if number else None
    if number and account is None:
        raise BadInput(f"row {place}: none of our numbers is called {number!r}; nothing was changed")
    files = []
    for line in cells.get("files", "").split("\n"):
        found = _FILE.fullmatch(line.strip())
        if line.strip() and found is None:
            raise BadInput(f"row {place}: a file is written as its SHA-256 and its name; nothing was changed")
        files += [CannedFile(found[1], found[2])] if found is not None else []
    language = cells.get("language", "").strip().lower() or "any"
    return Draft(
        cells.get("shortcut", ""), cells.get("title", ""), cells.get("text", ""), language, account, tuple(files)
    )
