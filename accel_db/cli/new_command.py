"""``accel new``: writes the skeleton of a spec file or a source, with every key explained. Never changes what is there.

The texts are in curate/skeletons.py; here are names, files and what is said about them.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from accel_db.cli.run import guarded, say
from accel_db.words.errors import DataFault, NoAnswer, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from accel_db.curate.skeletons import Filling
    from accel_db.curate.tree import Tree

EXAMPLE = "Example: accel new accelerator nvidia/b40   accel new source tomshardware/2026-b40"
KINDS = ("accelerator", "system", "family", "architecture", "source")


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("new", epilog=EXAMPLE)(new)


def new(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="accelerator, system, family, architecture or source.")],
    key: Annotated[
        str, typer.Argument(metavar="ID", help="vendor/name, as in nvidia/b40; of a source publisher/document.")
    ],
    specs: Annotated[str | None, typer.Option("--specs", help="The spec files; the checkout's own by default.")] = None,
) -> None:
    """For editors: a commented skeleton, in form; what it still lacks accel check says. Nothing is ever overwritten."""
    raise typer.Exit(guarded(lambda: _work(kind, key, specs), "new"))


def _work(kind: str, key: str, specs: str | None) -> int:
    from accel_db.cli.editors import find_specs
    from accel_db.curate.load import read_tree

    if kind not in KINDS:
        raise UsageError(f"{kind!r} is not one of {', '.join(KINDS)}")
    owner, name = _parts(kind, key)
    tree = read_tree(find_specs(specs))
    path = _new_source(tree, owner, name) if kind == "source" else _new_subject(tree, kind, owner, name)
    say(f"wrote {os.path.relpath(path)}; fill in what it asks for, then: accel check")
    return 0


def _parts(kind: str, key: str) -> tuple[str, str]:
    """Owner and name of an id. Raises `UsageError` with an id that would do."""
    from accel_db.curate.load import FILE_NAME

    owner, slash, name = key.partition("/")
    if slash and all(FILE_NAME.fullmatch(part) for part in (owner, name)):
        return owner, name
    better = "/".join(_as_file_name(part) for part in (owner, name))
    wanted = "publisher/document" if kind == "source" else "vendor/name"
    hint = f", such as {better}" if slash and all(better.split("/")) and better.count("/") == 1 else ""
    raise UsageError(f"{key!r} is no id: write {wanted} in lower case with hyphens{hint}")


def _as_file_name(text: str) -> str:
    return "-".join("".join(char if char.isascii() and char.isalnum() else " " for char in text.lower()).split())


def _new_subject(tree: Tree, kind: str, vendor: str, name: str) -> Path:
    from accel_db.curate.skeletons import FOLDERS, subject_text

    file = f"{FOLDERS[kind]}/{vendor}/{name}.toml"
    path = tree.root / file
    if os.path.lexists(path):
        raise NoAnswer(f"{os.path.relpath(path)} is there already; nothing was written")
    filling = _filling(tree, kind, file, vendor, name)
    _refuse_taken(tree, kind, filling)
    _warn_of_vendor(tree, vendor)
    _create(path, subject_text(kind, filling))
    return path


def _filling(tree: Tree, kind: str, file: str, vendor: str, name: str) -> Filling:
    import datetime

    from accel_db.curate.skeletons import Filling, most_used, shown_name

    alike = [(one.vendor, one.spec.kind) for one in tree.of_kind(kind) if hasattr(one.spec, "kind")]
    usual = most_used((used for _, used in alike), "gpu" if kind == "accelerator" else "node")
    return Filling(
        file=file,
        id=f"{vendor}/{name}",
        vendor=vendor,
        name=name if kind == "source" else shown_name(name),
        kind=most_used((used for owner, used in alike if owner == vendor), usual),
        kinds=", ".join(sorted({usual, *(used for _, used in alike)})),
        today=datetime.date.today().isoformat(),
        source_kinds=", ".join(tree.vocabulary.kinds),
    )


def _refuse_taken(tree: Tree, kind: str, filling: Filling) -> None:
    """An id or name leads to one subject: say whose it is already."""
    from accel_db.curate.checks.subjects import names_of
    from accel_db.words.names import fold

    if kind == "architecture":
        return
    wanted = {fold(text) for text in (filling.name, filling.id, filling.id.split("/")[1])}
    for subject in tree.subjects.values():
        for _, taken in names_of(subject) if subject.kind != "architecture" else ():
            if fold(taken) in wanted:
                raise NoAnswer(f"{taken!r} already leads to {subject.id} ({subject.file}); nothing was written")


def _warn_of_vendor(tree: Tree, vendor: str) -> None:
    from accel_db.words.near import near_names

    if vendor not in tree.vendors:
        near = near_names(vendor, tree.vendors)
        meant = f"did you mean {' or '.join(near)}? Else" if near else "so"
        say(f"no vendor {vendor!r} is known: {meant} add it to vendors.toml, or accel check will complain")


def _new_source(tree: Tree, publisher: str, name: str) -> Path:
    """Add a table to the publisher's file, or begin that file."""
    from accel_db.curate.skeletons import publisher_text, shown_name, source_text
    from accel_db.words.near import near_names

    key, path = f"{publisher}/{name}", tree.root / "sources" / f"{publisher}.toml"
    if key in tree.sources or key in tree.unreadable:
        raise NoAnswer(f"source {key!r} is in {os.path.relpath(path)} already; nothing was written")
    if publisher in tree.unreadable:
        raise NoAnswer(f"{os.path.relpath(path)} cannot be read, see accel check; nothing was written")
    filling = _filling(tree, "source", path.name, publisher, name)
    maker = publisher in tree.vendors
    text = source_text(filling._replace(kind="datasheet" if maker else "press"))
    if path.exists():
        _append(path, text)
        return path
    near = near_names(publisher, {one.split("/")[0] for one in tree.sources})
    if near:
        say(f"{publisher!r} is a new publisher; did you mean {' or '.join(near)}?")
    shown = tree.vendors[publisher].name if maker else shown_name(publisher)
    _create(path, publisher_text(shown) + text)
    return path


def _create(path: Path, text: str) -> None:
    """Write a file that is not there yet, whole or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as out:
            try:
                out.write(text)
                out.flush()
            except OSError:
                path.unlink()
                raise
    except FileExistsError:
        raise NoAnswer(f"{os.path.relpath(path)} is there already; nothing was written") from None
    except OSError as error:
        raise DataFault(f"cannot write {path}: {error.strerror or error}") from error


def _append(path: Path, text: str) -> None:
    """Add to the end of a file; a failure leaves it as it was."""
    temporary = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        temporary.write_bytes(path.read_bytes().rstrip(b"\r\n") + b"\n" + text.encode())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise DataFault(f"cannot write {path}: {error.strerror or error}") from error
