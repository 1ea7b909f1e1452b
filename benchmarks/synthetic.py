"""Catalogues of any size, made from the real one: every vendor, subject and document once more under another brand, with its disputes and aliases.

Run: python benchmarks/synthetic.py TIMES DIR. The figures are the real ones under made-up names: for timing, never to be read.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import tomllib
from pathlib import Path

SPECS = Path(__file__).resolve().parents[1] / "specs"
FOLDERS = ("architectures", "families", "accelerators", "systems")
VOCABULARY = ("metrics.toml", "units.toml", "derived.toml", "changes.toml")
STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')
HEADING_OR_STRING = re.compile(rf"^\[.*$|{STRING.pattern}", re.M)
HEADING = re.compile(r"^\[", re.M)
TABLE = re.compile(r"^(?=\[)", re.M)
SYLLABLES = ("ar", "bel", "cor", "dan", "el", "fen", "gal", "hel", "is", "jun", "kes", "lor", "mir", "nov", "or", "pel")


def brands(count: int) -> list[str]:
    """So many different made-up brands, always the same ones."""
    chance = random.Random(count)
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(chance.sample(SYLLABLES, 3)).capitalize()] = None
    return list(found)


class Original:
    """The real tree as text, and the words in it that a copy has to rename."""

    def __init__(self, specs: Path) -> None:
        self.specs = specs
        self.vendors = tomllib.loads((specs / "vendors.toml").read_text(encoding="utf-8"))
        self.sources = {path.stem: path.read_text(encoding="utf-8") for path in sorted(specs.glob("sources/*.toml"))}
        self.subjects = {
            path.relative_to(specs): path.read_text(encoding="utf-8")
            for folder in FOLDERS
            for path in sorted((specs / folder).glob("*/*.toml"))
        }
        self.waivers = tomllib.loads((specs / "waivers.toml").read_text(encoding="utf-8")).get("waiver", [])
        self.ids = {path.with_suffix("").relative_to(path.parts[0]).as_posix() for path in self.subjects}
        self.keys = self._used()
        self.makers = {row["name"] for row in self.vendors.values()}

    def _used(self) -> set[str]:
        """The keys of the sources that subjects rest on, directly or through copies; what rules alone cite is not copied."""
        entries = {
            f"{stem}/{key}": row for stem, text in self.sources.items() for key, row in tomllib.loads(text).items()
        }
        words = {match.group()[1:-1] for text in self.subjects.values() for match in STRING.finditer(text)}
        used, todo = set(), [key for key in entries if key in words]
        while todo:
            key = todo.pop()
            if key in used or not isinstance(entries.get(key), dict):
                continue
            used.add(key)
            todo += [*entries[key].get("via", []), entries[key].get("replaced_by", "")]
        return used

    def copy(self, brand: str, out: Path) -> None:
        """Write the whole tree once more, renamed after a brand."""
        lower = brand.lower()
        for stem, text in self.sources.items():
            head, *tables = TABLE.split(text)
            kept = [table for table in tables if f"{stem}/{next(iter(tomllib.loads(table)))}" in self.keys]
            if kept:
                renamed = self._renamed(head + "".join(kept), brand)
                (out / "sources" / f"{lower}-{stem}.toml").write_text(renamed, encoding="utf-8")
        for path, text in self.subjects.items():
            target = out / path.parts[0] / f"{lower}-{path.parts[1]}" / f"{lower}-{path.name}"
            target.parent.mkdir(parents=True, exist_ok=True)
            start = HEADING.search(text)
            head, body = (text[: start.start()], text[start.start() :]) if start else (text, "")
            named = {name for key, name in _names(head)}
            target.write_text(self._renamed(head, brand, named) + self._renamed(body, brand), encoding="utf-8")
        with (out / "vendors.toml").open("a", encoding="utf-8") as file:
            for key, row in self.vendors.items():
                file.write(f'[{lower}-{key}]\nname = "{brand} {row["name"]}"\ncountry = "{row["country"]}"\n')
        with (out / "waivers.toml").open("a", encoding="utf-8") as file:
            for row in self.waivers:
                folder, vendor, name = row["file"].split("/")
                words = row["text"].split(" ")
                words[0] = self._word(words[0], brand)
                file.write(f'[[waiver]]\ncheck = "{row["check"]}"\nfile = "{folder}/{lower}-{vendor}/{lower}-{name}"\n')
                file.write(f'text = "{" ".join(words)}"\nreason = "as of the original"\n')

    def _word(self, word: str, brand: str) -> str:
        """A source's key, a subject's id, a vendor's id or name under the brand; any other word as it is."""
        if word in self.makers:
            return f"{brand} {word}"
        if word in self.ids:
            vendor, name = word.split("/")
            return f"{brand.lower()}-{vendor}/{brand.lower()}-{name}"
        return f"{brand.lower()}-{word}" if word in self.keys or word in self.vendors else word

    def _renamed(self, text: str, brand: str, named: frozenset[str] | set[str] = frozenset()) -> str:
        def one(match: re.Match[str]) -> str:
            if match.group().startswith("["):
                return match.group()  # the name of a table, which its key gives with the publisher's before it
            word = match.group()[1:-1]
            return f'"{brand} {word}"' if word in named else f'"{self._word(word, brand)}"'

        return HEADING_OR_STRING.sub(one, text)


def _names(head: str) -> list[tuple[str, str]]:
    """The names in a spec file's head that must stay one subject's."""
    data = tomllib.loads(head)
    return [("name", data["name"]), *(("aliases", alias) for alias in data.get("aliases", []))]


def make(times: int, out: Path, specs: Path = SPECS) -> None:
    """Write a tree ``times`` as large as ``specs`` to ``out``, which is emptied first."""
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(specs, out, ignore=shutil.ignore_patterns("schema.json"))
    original = Original(specs)
    for brand in brands(times - 1):
        original.copy(brand, out)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("times", type=int)
    parser.add_argument("directory", type=Path)
    given = parser.parse_args()
    make(given.times, given.directory)
