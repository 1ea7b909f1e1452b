"""``controls``: one accelerator under the rules of a day, or all of them in a table. Words only; what is met is the catalogue's finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accel_db.render.answer import Answer, Footnotes, Table, edition_line, legend, source_words
from accel_db.words.shown import significant

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Row = dict[str, Any]
COLUMNS = (
    "id",
    "name",
    "vendor",
    "country",
    "as_of",
    "datacentre",
    "rule",
    "state",
    "paragraph",
    "possible",
    "decided",
    "makers",
    "tpp_low",
    "tpp_value",
    "tpp_high",
    "density_low",
    "density_value",
    "density_high",
    "published_tpp",
    "published_eccn",
)
"""The flat form: one row a subject, rule and branch."""
BRANCHES = {"yes": "in a data centre", "no": "not for data centres"}
NOTHING = "none"
OPEN = "not computable"


def controls_view(found: Row, *, sources: bool = False) -> Answer:
    """The reports on some accelerators, each with its measures, rules and margins."""
    blocks: list[str | Table] = []
    for report in found["reports"]:
        blocks += [*_report(report, found, sources), ""]
    return _answer(found, [*blocks, found["caution"], edition_line()], found["notes"])


def every_view(found: Row) -> Answer:
    """One line an accelerator: TPP, density, what is published, and the answer of every rule that is computed of it."""
    rules = [(rule["id"], rule["state"]) for rule in found["reports"][0]["rules"] if rule["computable"]]
    header = ["id", "TPP", "density", "published TPP", "ECCN", *(f"{name}" for name, _ in rules)]
    lines = [
        [
            one["id"],
            span_words(one["tpp"]),
            span_words(one["density"], 3),
            _published_words(one["published"]["tpp"]),
            _published_words(one["published"]["eccn"]),
            *(_all_branches(rule) for rule in one["rules"] if rule["computable"]),
        ]
        for one in found["reports"]
    ]
    table = Table(header, lines, "lrrll" + "l" * len(rules))
    states = [f"{name}: {state}" for name, state in rules if state != "in force"]
    told = [
        "in a data centre / not for data centres; or: the figures allow both; ? within the usual spread of data sheets another answer is possible",
        *states,
    ]
    return _answer(found, [table, "", *told, found["caution"], edition_line()], found["notes"])


def _answer(found: Row, blocks: Sequence[str | Table], notes: Sequence[str]) -> Answer:
    reports = [{key: value for key, value in one.items() if key != "cards"} for one in found["reports"]]
    document = {"command": "controls", **{key: found[key] for key in ("as_of", "datacentre", "caution", "sources")}}
    return Answer({**document, "reports": reports}, COLUMNS, _flat(found), blocks, notes)


def _flat(found: Row) -> list[Row]:
    return [
        {
            **{key: one[key] for key in ("id", "name", "vendor", "country")},
            "as_of": found["as_of"],
            "datacentre": branch["datacentre"],
            "rule": rule["id"],
            "state": rule["state"],
            **{key: _joined(branch[key]) for key in ("paragraph", "possible", "makers")},
            "decided": branch["decided"],
            **{f"{name}_{end}": one[name][end] for name in ("tpp", "density") for end in ("low", "value", "high")},
            "published_tpp": _first_value(one["published"]["tpp"], "value"),
            "published_eccn": _first_value(one["published"]["eccn"], "text"),
        }
        for one in found["reports"]
        for rule in one["rules"]
        for branch in rule["branches"]
    ]


def _joined(found: Iterable[str | None] | None) -> str | None:
    return None if found is None else " or ".join(one or NOTHING for one in found)


def _first_value(published: Sequence[Row], key: str) -> Any:
    return next((one[key] for one in published if one["maker"] and not one["deprecated"]), None)


def _report(report: Row, found: Row, sources: bool) -> list[str | Table]:
    notes = Footnotes()
    level = "" if report["per"] == "accelerator" else f", per {report['per']}"
    blocks: list[str | Table] = [f"{report['name']}  ({report['id']}) under the rules of {found['as_of']}{level}", ""]
    if report["candidates"]:
        blocks += [_candidates(report, notes), ""]
    blocks += [_measures(report, notes), ""]
    blocks += [f"not used: {reason}" for reason in report["refused"]] + ([""] if report["refused"] else [])
    blocks += [_rules(report), ""]
    closest = _margins(report)
    if closest:
        blocks += [closest, ""]
    used = {letter for one in report["candidates"] for letter in one["marks"]}
    blocks += legend(used, _card(report)["marks"], False)
    return [*blocks, *notes.blocks(sources), *(_citations(report, found) if sources else [])]


def _citations(report: Row, found: Row) -> list[str | Table]:
    """Where every rule was read, with what could not be confirmed."""
    lines: list[str | Table] = [""]
    for rule in report["rules"]:
        lines.append(f"{rule['id']}: {rule['name']}, {rule['citation']}. {rule['binds']} {rule['effect']}")
        lines += [f"    {rule['note']}"] if rule["note"] else []
        cites = [cite for one in (rule, *rule["tests"]) for cite in one["cites"]]
        for key, at in dict.fromkeys((cite["source"], cite["at"]) for cite in cites):
            source = found["sources"][key]
            lines.append(f"    {source_words(source)}: {at}  {source['url']}")
    return lines


def _card(report: Row) -> Row:
    card: Row = report["cards"][report["id"]]
    return card


def _candidates(report: Row, notes: Footnotes) -> Table:
    """Every rate times its bits, the largest first."""
    card, lines = _card(report), []
    for one in sorted(report["candidates"], key=lambda one: -(one["tpp_high"] or 0)):
        claim = card["claims"][one["claim"]]
        cite = notes.cite(card, claim)
        format_ = one["label"] + (f", {one['accumulate'].upper()} accumulate" if one["accumulate"] else "")
        tpp = {end: one[f"tpp_{end}"] for end in ("low", "value", "high")}
        marks = "".join(f" {letter}" for letter in one["marks"])
        stage = "" if one["stage"] == "plain" else f", {one['stage']}"
        lines.append(
            [
                format_,
                one["engine"],
                f"{span_words(one['rate'], 5)}{marks}",
                " or ".join(str(bits) for bits in one["bits"]),
                span_words(tpp),
                f'"{claim["printed"]}"{stage} [{cite}]',
            ]
        )
    return Table(["format", "engine", "dense TFLOPS/TOPS", "bits", "TPP", "as printed"], lines, "llrrrl")


def _measures(report: Row, notes: Footnotes) -> Table:
    """Every quantity with what it rests on; below, what others publish."""
    card, labels, lines = _card(report), _labels(report), []
    for name, one in report["measured"].items():
        numbers = dict.fromkeys(notes.cite(card, card["claims"][place]) for place in one["claims"])
        cites = " ".join(f"[{number}]" for number in numbers)
        unit = f" {one['unit']}" if one["unit"] else ""
        told = span_words(one, 3 if name == "density" else 6)
        lines.append([labels[name], told + (unit if told != OPEN else ""), " ".join(filter(None, [cites, one["why"]]))])
    for name, published in report["published"].items():
        for one in published:
            holder = report["cards"][one["of"]]
            claim = next(claim for claim in holder["claims"] if _same(claim, one))
            family = "" if one["of"] == report["id"] else f" of the family {holder['name']}"
            who = "by its maker" if one["maker"] else f"by others ({one['kind_short']})"
            told = one["absent"] or one["printed"]
            struck = ", deprecated" if one["deprecated"] else ""
            lines.append(
                [f"{PUBLISHED_LABELS[name]}, published", told, f"[{notes.cite(holder, claim)}] {who}{family}{struck}"]
            )
    return Table(["measure", "value", "rests on"], lines, "lrl")


PUBLISHED_LABELS = {"tpp": "TPP", "density": "performance density", "eccn": "ECCN"}


def _labels(report: Row) -> dict[str, str]:
    return {name: name.replace("_", " ") if name != "tpp" else "TPP" for name in report["measured"]}


def _same(claim: Row, one: Row) -> bool:
    return all(claim[key] == one[key] for key in ("source", "locator", "printed", "absent", "value", "text"))


def _named(rule: Row, found: Iterable[str | None]) -> list[str]:
    """Answers in words: a paragraph that frees a part is no paragraph met."""
    free = {test["id"] for test in rule["tests"] if test["class"] == NOTHING}
    return [f"{NOTHING} ({one})" if one in free else one or NOTHING for one in found]


def _rules(report: Row) -> Table:
    """What every rule says; one line a rule, a column a branch."""
    branches = list(dict.fromkeys(one["datacentre"] for rule in report["rules"] for one in rule["branches"]))
    lines = []
    for rule in report["rules"]:
        cells = [branch_words(rule, one) for one in rule["branches"]] or ["not of an accelerator"] * len(branches)
        lines.append([rule["id"], rule["state"], *cells])
    return Table(["rule", "state", *(BRANCHES[one] for one in branches)], lines, "ll" + "l" * len(branches))


def branch_words(rule: Row, branch: Row) -> str:
    """``none; not decidable: 3A090.b.1 within the usual spread``; with the maker's own TPP where that says otherwise."""
    told = " or ".join(_named(rule, branch["paragraph"]))
    more = _named(rule, [one for one in branch["possible"] if one not in branch["paragraph"]])
    if more:
        told += f"; not decidable: {' or '.join(more)} within the usual spread"
    elif not branch["decided"]:
        told += "; not decidable"
    if branch["makers"] is not None and branch["makers"] != branch["possible"]:
        told += f"; with the maker's TPP {' or '.join(_named(rule, branch['makers']))}"
    return told


def _all_branches(rule: Row) -> str:
    """The answers of all branches in short; one where they are the same."""
    told = [" or ".join(_named(rule, one["paragraph"])) + ("" if one["decided"] else " ?") for one in rule["branches"]]
    return " / ".join(dict.fromkeys(told))


def _margins(report: Row) -> Table | None:
    """How far each threshold is."""
    lines = []
    for rule in report["rules"]:
        for one in rule["margins"]:
            unit = report["measured"][one["quantity"]]["unit"]
            threshold = f"{one['threshold']:,}" + (f" {unit}" if unit else "")
            ends = {end: one[end] for end in ("low", "value", "high")}
            percent = "" if one["percent"] is None else f"{one['percent']:+.1f} %"
            lines.append(
                [rule["id"], one["quantity"].replace("_", " "), threshold, _signed(ends), percent, one["side"]]
            )
    return Table(["rule", "quantity", "threshold", "margin", "", "side"], lines, "llrrrl") if lines else None


def _signed(ends: Row) -> str:
    if ends["value"] is not None and ends["low"] == ends["high"]:
        return f"{ends['value']:+,.6g}"
    parts = ["…" if ends[end] is None else f"{ends[end]:+,.6g}" for end in ("low", "high")]
    return OPEN if parts == ["…", "…"] else " to ".join(parts)


def span_words(one: Row, digits: int = 6) -> str:
    """``2,368``; ``at most 2.91``; ``752–800``; not computable."""
    low, value, high = one["low"], one["value"], one["high"]
    if low is None and high is None:
        return OPEN
    if high is None:
        return f"at least {significant(low, digits)}" if low else OPEN
    if low is None:
        return f"at most {significant(high, digits)}"
    if low == high:
        return significant(high, digits)
    ends = f"{significant(low, digits)}–{significant(high, digits)}"
    return ends if value is None else f"{significant(value, digits)} ({ends})"


def _published_words(published: Sequence[Row]) -> str:
    own = [one for one in published if one["maker"] and not one["deprecated"]]
    return ", ".join(dict.fromkeys(one["absent"] or one["printed"] for one in own)) or "—"
