"""The static API: every card, an index, the names, and the JSON Schema of a card, as files that any web server can serve."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accel_db.catalog.export.compact import compact
from accel_db.catalog.export.layout import facts
from accel_db.catalog.export.writers import Piece, write

if TYPE_CHECKING:
    from accel_db.catalog.export.writers import Job

SIMPLE: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "date": {"type": "string", "format": "date"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
}


def write_api(job: Job) -> list[Piece]:
    """``cards/<vendor>/<name>.json``, ``index.json``, ``names.json``, ``metrics.json``, ``sources.json`` and ``schema/card.json``."""
    store, found = job.store, facts(job.connection)
    said = {"edition": found["edition"], "schema": int(found["schema"]), "licence": found["licence"]}
    names: dict[str, dict[str, Any]] = {}
    for key, kind, subject, name in store.names():
        names.setdefault(key, {"name": name, "subjects": []})["subjects"].append({"id": subject, "kind": kind})
    listed = _listed(job)
    documents: dict[str, Any] = {
        "index.json": said | {"subjects": list(listed.values())},
        "names.json": said | {"names": names},
        "metrics.json": said | {"metrics": store.rows("metrics")},
        "sources.json": said | {"sources": store.rows("sources")},
        "schema/card.json": card_schema(job.connection),
    }
    pieces = [_document(job, path, document) for path, document in documents.items()]
    return pieces + [_document(job, f"cards/{key}.json", store.card(key)) for key in listed]


def _document(job: Job, path: str, document: Any) -> Piece:
    target = job.folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    write(target, compact(document) + "\n")
    return Piece(path)


def _listed(job: Job) -> dict[str, dict[str, Any]]:
    """What ``accel list`` knows of every subject, by id, with the path of its card and the sources of each headline."""
    rests_on = {
        (subject, headline): sources
        for subject, headline, sources in job.connection.execute(
            "SELECT subject, headline, sources FROM headline"
        ).fetchall()
    }
    return {
        row["id"]: {
            **row,
            "headlines": [{**one, "sources": rests_on[row["id"], one["headline"]]} for one in row["headlines"]],
            "card": f"cards/{row['id']}.json",
        }
        for row in (one.row() for one in job.store.listed())
    }


def card_schema(connection: Any) -> dict[str, Any]:
    """The JSON Schema of a card. Keys may be added within one schema number, so unknown ones are allowed."""
    parts = tomllib.loads(Path(__file__).with_name("card.toml").read_text(encoding="utf-8"))
    codes: dict[str, list[str]] = {}
    for name, code in connection.execute("SELECT list, code FROM code").fetchall():
        codes.setdefault(name, []).append(code)
    comments = {
        (table, column): comment
        for table, column, comment in connection.execute(
            "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE database_name = 'db' AND NOT internal"
        ).fetchall()
    }
    made = {name: _part(part, codes, comments) for name, part in parts.items()}
    card = made.pop("card")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A card of accel-db",
        **card,
        "$defs": made,
    }


def _part(part: dict[str, Any], codes: dict[str, list[str]], comments: dict[tuple[str, str], str]) -> dict[str, Any]:
    properties = {}
    for name, kind, *meaning in part["keys"]:
        told = meaning[0] if meaning else comments[part["table"], name]
        properties[name] = {"description": told, **_shape(kind, codes)}
    return {
        "type": "object",
        "description": part["meaning"],
        "properties": properties,
        "required": list(properties),
    }


def _shape(kind: str, codes: dict[str, list[str]]) -> dict[str, Any]:
    """The schema of a type as ``card.toml`` writes it."""
    if kind.endswith("?"):
        return {"anyOf": [_shape(kind[:-1], codes), {"type": "null"}]}
    if kind.endswith("[]"):
        return {"type": "array", "items": _shape(kind[:-2], codes)}
    if kind.endswith("{}"):
        return {"type": "object", "additionalProperties": _shape(kind[:-2], codes)}
    listed = re.fullmatch(r"code\((\w+)\)", kind)
    if listed:
        return {"enum": codes[listed[1]]}
    return SIMPLE.get(kind) or {"$ref": f"#/$defs/{kind}"}
