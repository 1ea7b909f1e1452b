"""The files of ``specs/rules/``: their form, and what every check of them refuses."""

from __future__ import annotations

import pytest

from tests.conftest import World


def told(world: World) -> list[str]:
    """The problems of a world's rules, as printed."""
    return [one for one in world.problems() if one.startswith("rules/")]


def test_the_projects_own_rules_pass(ruled: World) -> None:
    """The copied rules have no problem in the tiny world."""
    assert told(ruled) == []


def test_a_tree_without_rules_is_fine(world: World) -> None:
    """Rules may be missing altogether."""
    assert world.problems() == []


WRONG = [
    ("us-2022-10", 'source = "press/2025-a1"', 'source = "press/2025-a2"', "rule-source: no source 'press/2025-a2'; near: press/2025-a1"),
    ("us-2022-10", 'quantity = "tpp"', 'quantity = "ttp"', "rule-test: no quantity 'ttp'; near: tpp"),
    ("us-2022-10", 'at_least = "4800" }', 'one_of = ["4800"] }', "rule-test: a number needs bounds, not `one_of` [tpp]; write at_least, above, at_most or below"),
    ("us-2023-11", 'one_of = ["no"]', 'one_of = ["maybe"]', "rule-test: datacentre is never 'maybe'; one of: yes, no"),
    ("us-2023-11", '"datacentre", one_of = ["no"]', '"datacentre", below = "1"', "rule-test: datacentre is a word, not a number; write one_of = [ … ]"),
    ("us-2026-01-tariff", 'id     = "Band 2"', 'id     = "Band 1"', "rule-test: two tests are called 'Band 1'; rename one"),
    ("us-2024-04", '["3A090.b.1", "3A090.b.2"]', '["3A090.b.3"]', "rule-test: paragraph is never '3A090.b.3'; one of: Note 2 to 3A090, 3A090.a.1, 3A090.a.2, 3A090.b.1, 3A090.b.2"),
    ("us-2022-10", 'quantity = "tpp", at_least = "4800"', 'quantity = "paragraph", one_of = ["a"]', "rule-test: paragraph is never 'a'; one of: none, as the rule builds upon no other"),
    ("us-2023-11", '["us-2022-10"]', '["us-2022-11"]', "rule-order: no rule 'us-2022-11'; near: us-20"),
    ("us-2023-11", '"2023-11-17"', '"2023-01-17"', "rule-date: effective 2023-01-17, before it was announced on 2023-10-17; correct one of them"),
    ("us-2022-10", 'announced = "2022-10-07"', 'announced = "2999-10-07"', "rule-date: "),
    ("us-2025-01-diffusion", '"2025-05-13"', '"2024-05-13"', "rule-date: a state of 2024-05-13 stands after 2025-01-13; oldest first, none before the rule"),
    ("definitions", '["fp64"]', '["fp65"]', "rule-subject: 'fp65' is not known; near: fp"),
    ("definitions", '"memory.bandwidth"', '"memory.bandwith"', "rule-subject: 'memory.bandwith' is not known; near: memory.bandwidth"),
    ("definitions", '["io_bandwidth", "dram_bandwidth"]', '["io_bandwidth", "ram"]', "rule-subject: 'ram' is not known"),
    ("us-2022-10", 'at_least = "4800"', 'at_leats = "4800"', "form: unknown key 'at_leats'; did you mean 'at_least'?"),
    ("us-2022-10", 'at_least = "4800"', 'at_least = "4,800"', "form: test.0.needs.1.at_least: String should match pattern"),
    ("us-2022-10", 'effective = "2022-10-21"', 'effective = "2022-02-30"', "form: effective: "),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "problem"), WRONG)
def test_a_wrong_rule_is_told_with_its_cure(ruled: World, name: str, old: str, new: str, problem: str) -> None:
    """What is wrong, the offending text and the cure, at the line that is wrong."""
    path = ruled.specs / "rules" / f"{name}.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = told(ruled)
    first = found[0]
    line = path.read_text(encoding="utf-8").splitlines()[int(first.split(":")[1]) - 1]

    assert first.split(": ", 1)[1].startswith(problem)
    assert new in line or problem.startswith("rule-date: ")
    assert len({one.split(": ")[1] for one in found}) == 1


def test_rules_that_lead_back_to_themselves(ruled: World) -> None:
    """Two rules that supersede one another: each is told."""
    ruled.replace(
        "rules/us-2022-10.toml", 'effective = "2022-10-21"', 'effective = "2022-10-21"\nsupersedes = ["us-2023-11"]'
    )
    assert [one.split("; ")[0] for one in told(ruled)] == [
        "rules/us-2022-10.toml:7: rule-order: supersedes leads back to us-2022-10",
        "rules/us-2023-11.toml:7: rule-order: supersedes leads back to us-2023-11",
    ]


@pytest.mark.parametrize(
    ("needs", "message"),
    [
        ('{ quantity = "tpp" }', "a condition has either bounds"),
        ('{ quantity = "tpp", at_least = "2", above = "3" }', "one lower and one upper bound at most"),
        ('{ quantity = "tpp", at_least = "3", below = "3" }', "nothing is 3 or more and 3 or less"),
    ],
)
def test_a_condition_that_cannot_hold_or_says_nothing(ruled: World, needs: str, message: str) -> None:
    """A condition demands something that some number meets."""
    ruled.replace("rules/us-2022-10.toml", '{ quantity = "tpp", at_least = "4800" }', needs)
    assert [message in one for one in told(ruled) if ": form: " in one] == [True]


def test_events_name_subjects_that_exist_and_days_that_were(ruled: World) -> None:
    """An event of tomorrow about nobody."""
    ruled.write(
        "rules/events.toml",
        """
        [[event]]
        on = "2999-01-01"
        by = "Nobody"
        country = "US"
        what = "Nothing."
        subjects = ["acme/a3"]
        cites = [{ source = "press/2025-a1", at = "nowhere" }]
        """,
    )
    assert told(ruled) == [
        "rules/events.toml:2: rule-date: on = 2999-01-01 is in the future; correct the date",
        "rules/events.toml:6: rule-subject: no subject 'acme/a3'; near: acme/a, acme/a2, acme/a1, acme/rack",
    ]


def test_a_rule_file_in_a_folder_and_rules_without_definitions(ruled: World) -> None:
    """What would not be read is told, and so are rules of which nobody says what they measure."""
    ruled.write("rules/old/us.toml", "")
    assert told(ruled) == [
        "rules/old/us.toml:1: file-name: a file in a folder of rules/ is not read [rules/old/us.toml]; one file a rule, directly in rules/"
    ]
    (ruled.specs / "rules/old/us.toml").unlink()
    (ruled.specs / "rules/definitions.toml").unlink()
    assert told(ruled) == [
        "rules/definitions.toml:1: form: there are rules, and nothing says what they measure; write what their tests name there"
    ]


def test_a_source_that_only_a_rule_cites_is_used(ruled: World) -> None:
    """Rules use sources as readings do."""
    ruled.append(
        "sources/press.toml",
        """
        ["gazette"]
        title = "Gazette"
        url = "https://dailychip.example/gazette"
        kind = "press"
        read = 2026-01-02
        """,
    )
    assert "unused-source" in ruled.checks()
    ruled.replace("rules/us-2022-10.toml", 'source = "press/2025-a1"', 'source = "press/gazette"')
    assert ruled.checks() == set()
