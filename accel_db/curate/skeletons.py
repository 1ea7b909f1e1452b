"""The texts that ``accel new`` writes: a spec file or source that passes every check, with every key explained.

A key that is not yet filled in stands behind a ``#`` without a space: taking that sign away gives valid TOML. Owns no files.
"""

from __future__ import annotations

import re
from string import Template
from typing import TYPE_CHECKING, NamedTuple

from accel_db.curate.models import SINGULAR

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Filling(NamedTuple):
    """What a skeleton is filled with; the texts need no escaping."""

    file: str
    id: str
    vendor: str
    name: str
    kind: str
    kinds: str
    today: str
    source_kinds: str


FOLDERS = {singular: folder for folder, singular in SINGULAR.items()}
"""What can be made anew, besides a source, and its folder."""

_HEADS: Mapping[str, str] = {
    "accelerator": """\
# specs/$file                      the id is $id
# The figures are still missing: fill in a reading below. CONTRIBUTING.md explains the format, docs/data-guidelines.md the laws.
name         = "$name"             # as the maker writes it
kind         = "$kind"             # one of $kinds …
#architecture = "$vendor/some-architecture"   # a file of specs/architectures/: what its members share
#aliases      = ["$name 64GB"]      # every other name, in any script; a name of several products is a family's
#family       = ["$vendor/some-family"]   # files of specs/families/ that cover it
#note         = "Our own words, if a reader needs them."
""",
    "system": """\
# specs/$file                      the id is $id
# The figures are still missing: fill in a reading below. A figure per accelerator goes into the accelerator's file.
name       = "$name"               # as the maker writes it
kind       = "$kind"               # one of $kinds …
#aliases    = ["$name pod"]         # every other name, in any script
#family     = ["$vendor/some-family"]   # files of specs/families/ that cover it
#built_from = [{ accelerator = "$vendor/some-accelerator", count = 8, note = "as binned there" }]   # each count is a count.accelerators figure below
#note       = "Our own words, if a reader needs them."
""",
    "family": """\
# specs/$file                      the id is $id
# A name that covers several products; each member's file names it in `family`. It holds figures whose product is unknown; nothing inherits them.
name    = "$name"                  # as the maker writes it
#aliases = ["$name series"]         # every other name, in any script
#note    = "Our own words, if a reader needs them."
""",
    "architecture": """\
# specs/$file                      the id is $id
# What the members share: operations per clock, sparsity, formats supported. A member's file names it in `architecture`.
name    = "$name"                  # as the maker writes it
#aliases = ["$name generation"]     # every other name, in any script
#note    = "Our own words, if a reader needs them."
""",
}

_FIGURES: Mapping[str, str] = {
    "accelerator": """\
#  { metric = "memory.capacity", printed = "64 GB", row = "HBM" },                       # exactly as printed; row: label or whole cell
#  { metric = "memory.bandwidth", printed = "1.6", unit = "TB/s", row = "BW (TB/s)" },   # the unit stands in the heading
#  { metric = "power.tdp", printed = "Up to 400 W", term = "Max power", mark = "*" },    # the maker's own term; a footnote sign
#  { metric = ["matrix.bf16.dense", "matrix.fp16.dense"], printed = "376 TFLOPS", per = "die", accumulate = "fp32" },   # one figure, two metrics
#  { metric = "matrix.fp8", absent = "not supported", row = "FP8 | –" },                 # not supported, none, not published; may cover a prefix
#  { metric = "units.compute", printed = "132", unit_name = "SM", note = "our own words" },
#  { metric = "status", printed = "shipping", as_of = "2026-01", variant = "64 GB version" },   # variant: one of several values all true
#  { metric = "clock.boost", printed = "1.9 GHz", deprecated = "why it is wrong and would come back" },
""",
    "system": """\
#  { metric = "count.accelerators", printed = "8" },                                     # exactly as printed
#  { metric = "memory.capacity", printed = "1,024", unit = "GB", row = "Memory (GB)" },  # the unit stands in the heading
#  { metric = "power.system", printed = "Up to 10 kW", term = "Max power", mark = "*" }, # the maker's own term; a footnote sign
#  { metric = ["matrix.bf16.dense", "matrix.fp16.dense"], printed = "16 PFLOPS", accumulate = "fp32", variant = "air-cooled" },   # one figure, two metrics
#  { metric = "matrix.fp8", absent = "not supported", row = "FP8 | –" },                 # not supported, none, not published; may cover a prefix
#  { metric = "status", printed = "shipping", as_of = "2026-01", note = "our own words" },
#  { metric = "count.cpus", printed = "2", per = "system", unit_name = "CPU", deprecated = "why it is wrong and would come back" },
""",
    "architecture": """\
#  { metric = "sparsity.pattern", printed = "2:4", row = "Structured sparsity" },        # exactly as printed; row: label or whole cell
#  { metric = ["sparsity.speedup.bf16", "sparsity.speedup.fp8"], printed = "2x" },       # one figure under two metrics
#  { metric = "ops_per_clock.matrix.bf16", printed = "4096", unit = "FLOPS/clk", unit_name = "SM", per = "architecture", accumulate = "fp32" },
#  { metric = "matrix.fp4", absent = "not supported", mark = "*", term = "FP4 Tensor Core", note = "our own words" },
#  { metric = "ops_per_clock.vector.fp32", printed = "256 FLOPS/clk", variant = "first revision", as_of = "2026-01", deprecated = "why it is wrong" },
""",
}
_FIGURES = {**_FIGURES, "family": _FIGURES["accelerator"]}

_READING = """
#[[reading]]                        # one place in one document, in the order printed
#source  = "$vendor/some-document"  # specs/sources/$vendor.toml, table ["some-document"]: accel new source $vendor/some-document
#at      = "p. 2, table 1"          # where: a PDF needs a page, section or table; a web page a heading or table
#per     = "$per"                   # what all its figures are per; $per unless said otherwise
#stage   = "plain"                  # plain (default), preliminary, measured, estimate, rumour
#origin  = "Somebody"               # whom the page credits; else its author
#how     = "quoted"                 # full, excerpt or quoted, where it differs from the source's
#via     = ["public file 1"]        # the copy it was read in
#variant = "64 GB version"          # one label for all its figures; as_of and accumulate likewise
#as_of   = "2026-01"                # when it was true: prices and states need it
#accumulate = "fp32"
#note    = "Our own words."
#figures = [
$figures#]
"""

_MEASURED = """
#[[reading]]                        # what somebody measured says of its work, here or on each figure
#source = "$vendor/some-measurement"
#at = "table 3"
#stage = "measured"
#model = "DeepSeek-R1"
#precision = "fp8"
#scenario = "decode, 4k input"
#count = 8                          # accelerators that took part
#figures = [{ metric = "achieved.decode", printed = "2,000 tok/s", model = "DeepSeek-R1", precision = "fp8", scenario = "decode, 4k input", count = 8 }]
"""

_JUDGED = """
#[[ruling]]                         # only where claims dispute or variants are open
#headline = "half"                  # or metric = "memory.bandwidth", with per where it matters
#prefer   = "$vendor/some-document" # or variant = "…"
#why      = "One sentence that a reader can check."

#[[looked]]                         # looked and found nothing
#metrics = ["power.tdp"]
#where   = ["$vendor/some-document"]
#on      = $today
#note    = "Our own words."
"""

_SOURCE = """
["$name"]                          # cited as $id
title     = "FILL-IN"              # the document's own title
url       = "https://example.invalid/FILL-IN"   # the document itself, never a home page
kind      = "$kind"                # the source's own: $source_kinds
read      = $today                 # the day it was read
how       = "excerpt"              # full, excerpt, or quoted (then via)
#by        = "$vendor"              # who wrote it, if not the publisher: a vendor id for a maker
#published = "2026-01"              # its own date, may be partial; left out if unknown
#revision  = "v1.2"
#via       = ["public file 1"]      # the copies it was read in: source keys or public files
#format    = "pdf"                  # web (default), pdf, repository
#language  = "zh"                   # en by default
#replaced_by = "$vendor/newer-document"   # a newer revision that corrects it
#note      = "Our own words."
"""

_PUBLISHER = 'publisher = "$publisher"   # the site or organisation; first line of the file\n'


def subject_text(kind: str, filling: Filling) -> str:
    """The spec file of a new subject of ``kind``: its head in force, everything else behind ``#``."""
    per = "accelerator" if kind == "family" else kind
    parts = [_HEADS[kind], _READING, *(() if kind == "architecture" else (_MEASURED,)), _JUDGED]
    return "".join(_fill(part, filling, per=per, figures=_FIGURES[kind]) for part in parts)


def source_text(filling: Filling) -> str:
    """The table of a new source."""
    return _fill(_SOURCE, filling)


def publisher_text(publisher: str) -> str:
    """The first line of a new publisher's file."""
    return Template(_PUBLISHER).substitute(publisher=publisher)


def _fill(text: str, filling: Filling, **more: str) -> str:
    """The text filled in, its explanations in one column."""
    filled = Template(text).substitute(**filling._asdict(), **more)
    return "".join(
        _EXPLAINED.sub(lambda found: f"{found[1]:<{COLUMN}}  # {found[2]}", line) for line in filled.splitlines(True)
    )


_EXPLAINED = re.compile(r"^(#?[\[a-z].*?) +# (.*)$")
COLUMN = 36


def shown_name(name: str) -> str:
    """A first guess at a product's name, from its file's: ``h200-sxm`` is ``H200 SXM``, ``cloudmatrix-384`` is ``Cloudmatrix 384``."""
    return " ".join(
        word.upper() if len(word) <= LONGEST_INITIALS or any(char.isdigit() for char in word) else word.capitalize()
        for word in name.split("-")
    )


LONGEST_INITIALS = 3


def most_used(values: Iterable[str], otherwise: str) -> str:
    """The commonest of some words, the first by name among equals."""
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return min(counts, key=lambda value: (-counts[value], value)) if counts else otherwise
