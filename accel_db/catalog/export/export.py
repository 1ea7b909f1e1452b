"""``Catalog.export``: writes one kind of export into a folder of its own and moves it into place whole. Replaces only what an export wrote."""

from __future__ import annotations

import json
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accel_db.catalog.export.api import write_api
from accel_db.catalog.export.layout import LAYOUT, facts, opened, sweep, tables
from accel_db.catalog.export.packages import write_croissant, write_datapackage
from accel_db.catalog.export.writers import (
    Job,
    checksum,
    write,
    write_csv,
    write_duckdb,
    write_json,
    write_jsonl,
    write_parquet,
)
from accel_db.words.errors import DataFault, UsageError
from accel_db.words.files import read_regular
from accel_db.words.near import near_names

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from accel_db.catalog.export.writers import Piece
    from accel_db.catalog.store import Store

KINDS: dict[str, Callable[[Job], list[Piece]]] = {
    "duckdb": write_duckdb,
    "parquet": write_parquet,
    "csv": write_csv,
    "json": write_json,
    "jsonl": write_jsonl,
    "datapackage": write_datapackage,
    "croissant": write_croissant,
    "api": write_api,
}
WHOLE = ("duckdb", "api")
"""Kinds that are not made of tables one can choose from."""
MANIFEST = "manifest.json"
LONGEST_MANIFEST = 64_000_000
"""Bytes of an earlier export's manifest that are read."""
WORKING = ".accel-export-"
"""How the folder begins in which an export is made; a killed one leaves it behind."""
CREDIT = "The accel-db editors, accel-db, edition {edition}, CC BY 4.0"


@dataclass(frozen=True)
class Exported:
    """What was written: the kind, the folder, and its manifest."""

    kind: str
    directory: Path
    manifest: dict[str, Any]


def export(
    store: Store, kind: str, directory: str | os.PathLike[str], wanted: Sequence[str] = (), *, force: bool = False
) -> Exported:
    """Write a kind of export to a new or empty folder, or with ``force`` in place of an earlier export.

    Raises `UsageError` for an unknown kind or table, a folder in use or not writable, a missing library; `DataFault` for the rest.
    """
    if kind not in KINDS:
        close = near_names(kind, KINDS, 1)
        hint = f"did you mean {close[0]}? " if close else ""
        raise UsageError(f"cannot export {kind!r}; {hint}The kinds are {', '.join(KINDS)}")
    if wanted and kind in WHOLE:
        raise UsageError(f"export {kind} is whole: --table does not go with it")
    target = _resolved(directory)
    earlier = _earlier(target, force=force)
    with opened(store) as connection:
        chosen = [] if kind in WHOLE else tables(connection, wanted)
        folder = _own_folder(target)
        try:
            pieces = KINDS[kind](Job(store, connection, chosen, folder))
            manifest = _manifest(kind, facts(connection), pieces, folder)
            write(folder / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=2) + "\n")
            _place(folder, target, earlier)
        except OSError as error:
            raise DataFault(f"cannot write the export to {target}: {error.strerror or error}") from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return Exported(kind, target, manifest)


def _resolved(directory: str | os.PathLike[str]) -> Path:
    """The folder meant. Raises `UsageError` for a name that the database cannot write to."""
    try:
        str(directory).encode()
        return Path(directory).resolve()
    except (ValueError, OSError, RuntimeError) as error:
        raise UsageError(f"cannot export to {str(directory)!r}: {error}") from None


def _earlier(target: Path, *, force: bool) -> set[str]:
    """The files of the export that stands in a folder; none in a new or empty one. Raises `UsageError` where we may not write."""
    manifest = target / MANIFEST
    try:
        if not target.exists() or all(one.name.startswith(WORKING) for one in target.iterdir()):
            return set()
        if not force:
            raise UsageError(f"{target} is not empty; name a new folder, or replace an earlier export with --force")
        told = json.loads(read_regular(manifest, LONGEST_MANIFEST))
        listed = {one["path"] for one in told["files"]} if told["name"] == "accel-db" else None
        ours = listed is not None and all(_inside(target, path) for path in listed)
    except FileNotFoundError:
        raise UsageError(f"{target} holds no earlier export ({MANIFEST} is missing); name a new folder") from None
    except OSError as error:
        raise UsageError(f"cannot export to {target}: {error.strerror or error}") from None
    except (
        ValueError,
        KeyError,
        TypeError,
        RuntimeError,
    ):  # of any form, as deep as it likes, with paths that are none
        ours = False
    if not ours or listed is None:
        raise UsageError(f"{manifest} is no export's; name a new folder")
    return {*listed, MANIFEST}


def _inside(target: Path, path: Any) -> bool:
    """Whether a path of a manifest stays in its folder: somebody else's manifest must not make us delete what lies elsewhere."""
    return isinstance(path, str) and target in (target / path).resolve().parents


def _own_folder(target: Path) -> Path:
    """A new folder on the same disk, in the target where there is one, else beside it. Raises `UsageError` where none can be made."""
    place = target if target.exists() else target.parent
    folder = place / f"{WORKING}{os.getpid()}-{time.time_ns()}"
    try:
        sweep(place, WORKING)
        folder.mkdir(parents=True)
    except OSError as error:
        raise UsageError(f"cannot export to {target}: {error.strerror or error}") from None
    return folder


def _manifest(kind: str, found: dict[str, str], pieces: Sequence[Piece], folder: Path) -> dict[str, Any]:
    """What the folder holds: edition, licence, tables with their columns and numbers of rows, files with their checksums."""
    return {
        "name": "accel-db",
        "kind": kind,
        "layout": LAYOUT,
        "edition": found["edition"],
        "schema": int(found["schema"]),
        "licence": found["licence"],
        "credit": CREDIT.format(edition=found["edition"]),
        "tables": [
            {
                "name": piece.table.name,
                "path": piece.path,
                "rows": piece.rows,
                "comment": piece.table.comment,
                "columns": [vars(column) for column in piece.table.columns],
            }
            for piece in pieces
            if piece.table
        ],
        "files": [_file(folder, piece.path) for piece in pieces],
    }


def _file(folder: Path, path: str) -> dict[str, Any]:
    return {"path": path, "bytes": (folder / path).stat().st_size, "sha256": checksum(folder / path)}


def _place(folder: Path, target: Path, earlier: set[str]) -> None:
    """Put the finished folder in its place: at once where there is nothing, else file by file, the manifest last."""
    if folder.parent != target:
        folder.rename(target)
        return
    made = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file()]
    strange = [path for path in made if path not in earlier and os.path.lexists(target / path)]
    if strange:
        raise UsageError(f"{target / strange[0]} is no export's and would be replaced; name a new folder")
    for path in sorted(made, key=lambda path: path == MANIFEST):
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).replace(target / path)
    for path in sorted(earlier - set(made)):
        (target / path).unlink(missing_ok=True)
        for above in (target / path).parents:
            if above == target or not above.is_dir() or any(above.iterdir()):
                break
            above.rmdir()
