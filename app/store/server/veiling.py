"""What a member reads who may not see customers' numbers: views of the same names, first on their search path.

The views belong to the owner of the tables, whom row security does not bind, so each says itself which rows it shows.
What is changed through one is changed in the table as the member, under the member's own rights.
"""

from __future__ import annotations

from dataclasses import replace

from app.store.beside import contact
from app.store.schema import metadata
from app.store.server.rights import ALL, Right

SCHEMA = "veiled"
MASKED: dict[str, dict[str, str]] = {
    "chat": {
        "jid": "veil_jid(jid)",
        "title": "veil(title)",
        "title_key": "veil(title_key)",
        "preview": "veil(preview)",
        "list_mark": "''::text",
    },
    "message": {
        "sender": "veil(sender)",
        "text": "CASE WHEN kind = 'system' THEN veil(text) ELSE text END",
        "quoted": "veil_quote(quoted)",
    },
    "revision": {"content": "veil_content(content)"},
    "reply_quote": {"sender": "veil(sender)"},
    contact.name: {"name": "veil(name)", "name_key": "veil(name_key)"},
    "contact_chat": {"number": "veil(number)"},
    "chat_import": {"source": "veil(source)", "chat_before": "'{}'::json", "chat_after": "'{}'::json"},
}
"""What stands in which column instead, in an order in which each view may be asked by those behind it."""
_ROWS = {
    "reply_quote": "EXISTS (SELECT 1 FROM outbox o JOIN chat c ON c.id = o.chat_id WHERE o.uid = reply_uid)",
}
"""Where the rights ask a table that has no view, and so would not ask for the member."""


def veiled_rights(agent: dict[str, Right]) -> dict[str, Right]:
    """Return an agent's rights without the columns that may hold a customer's number."""
    made = dict(agent)
    for table, masks in MASKED.items():
        open_columns = [name for name in _columns(table) if name not in masks]
        made[table] = replace(agent[table], select=", ".join(open_columns))
    return made


def veil_statements(agent: dict[str, Right]) -> list[str]:
    """Return the statements that make the views of a schema that is not there, as the owner of the tables."""
    made = [f"CREATE SCHEMA {SCHEMA}", f"GRANT USAGE ON SCHEMA {SCHEMA} TO phoneshelf_veiled"]
    made.append(f"SET LOCAL search_path = {SCHEMA}, public")
    for table, masks in MASKED.items():
        right = agent[table]
        shown = ", ".join(f"{masks[name]} AS {name}" if name in masks else name for name in _columns(table))
        made.append(
            f"CREATE VIEW {SCHEMA}.{table} WITH (security_barrier) AS SELECT {shown} FROM public.{table} "  # noqa: S608
            f"WHERE {_ROWS.get(table, right.rows)}"
        )
        made.append(f"GRANT SELECT ON {SCHEMA}.{table} TO phoneshelf_veiled")
        made += _adding(table, right.insert) + _changing(table, right.update)
    return [*made, "SET LOCAL search_path = public"]


def _columns(table: str) -> list[str]:
    return [column.name for column in metadata.tables[table].columns]


def _adding(table: str, columns: str) -> list[str]:
    if not columns:
        return []
    names = _columns(table) if columns == ALL else columns.split(", ")
    values = ", ".join(f"NEW.{name}" for name in names)
    body = f"INSERT INTO public.{table} ({', '.join(names)}) VALUES ({values});"  # noqa: S608
    return [*_trigger(table, "INSERT", body), f"GRANT INSERT ({columns}) ON {SCHEMA}.{table} TO phoneshelf_veiled"]


def _changing(table: str, columns: str) -> list[str]:
    if not columns:
        return []
    key = next(iter(metadata.tables[table].primary_key.columns)).name
    names = columns.split(", ")
    where = f"WHERE {key} = OLD.{key}"
    sets = ", ".join(f"{name} = NEW.{name}" for name in names if name not in MASKED[table])
    body = (
        f"UPDATE public.{table} SET {sets} {where}; "  # noqa: S608
        "IF NOT FOUND THEN RAISE EXCEPTION 'only read' USING ERRCODE = '42501'; END IF;"
    )
    for name in set(names) & set(MASKED[table]):
        # What was not changed is not written back as it was shown.
        body += (
            f" IF NEW.{name} IS DISTINCT FROM OLD.{name} THEN "  # noqa: S608
            f"UPDATE public.{table} SET {name} = NEW.{name} {where}; END IF;"
        )
    return [*_trigger(table, "UPDATE", body), f"GRANT UPDATE ({columns}) ON {SCHEMA}.{table} TO phoneshelf_veiled"]


def _trigger(table: str, word: str, body: str) -> list[str]:
    name = f"{SCHEMA}.{word.lower()}_{table}"
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql "
        f"SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN {body} RETURN NEW; END $$",
        f"REVOKE ALL ON FUNCTION {name}() FROM PUBLIC",
        f"CREATE TRIGGER veiled INSTEAD OF {word} ON {SCHEMA}.{table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]
