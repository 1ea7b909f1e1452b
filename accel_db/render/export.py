"""``export``: the files that were written, one a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accel_db.render.answer import Answer, Table, edition_line

if TYPE_CHECKING:
    from accel_db.catalog.export.export import Exported

COLUMNS = ("path", "table", "rows", "bytes", "sha256")


def exported_view(exported: Exported) -> Answer:
    """The answer: every file with the table and number of rows it holds; a manifest lists all but itself."""
    held = {one["path"]: one for one in exported.manifest["tables"]}
    rows = [
        {
            **one,
            "path": str(exported.directory / one["path"]),
            "table": held.get(one["path"], {}).get("name"),
            "rows": held.get(one["path"], {}).get("rows"),
        }
        for one in exported.manifest["files"]
    ]
    lines = [
        [row["path"], row["table"] or "", "" if row["rows"] is None else f"{row['rows']:,}", f"{row['bytes']:,}"]
        for row in rows
    ]
    document = {
        "command": "export",
        "kind": exported.kind,
        "directory": str(exported.directory),
        "layout": exported.manifest["layout"],
        "licence": exported.manifest["licence"],
        "files": rows,
    }
    return Answer(document, COLUMNS, rows, [Table(COLUMNS[:4], lines, "llrr"), "", edition_line()])
