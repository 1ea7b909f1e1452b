"""The tiny world with the project's own rules of export control, every citation moved to one of the tiny world's documents."""

from __future__ import annotations

import re

from tests.conftest import ROOT, World

RULES = ROOT / "specs" / "rules"
CITED = "press/2025-a1"


def add_rules(world: World) -> World:
    """Copy the rules and definitions; events and explanations name subjects that the tiny world does not have."""
    for path in sorted(RULES.glob("*.toml")):
        if path.name == "events.toml":
            continue
        text = re.sub(r'source = "[^"]+"', f'source = "{CITED}"', path.read_text(encoding="utf-8"))
        text = re.sub(r", via = \[[^\]]*\]", "", text).split("[[explained]]")[0]
        world.write(f"rules/{path.name}", text)
    return world


def accelerator(world: World, name: str, figures: str, *, architecture: str = "bolt/beta", head: str = "") -> str:
    """Write an accelerator of Bolt whose data sheet prints these figures; returns its id."""
    world.write(
        f"accelerators/bolt/{name}.toml",
        f'name = "{name.upper()}"\nkind = "gpu"\narchitecture = "{architecture}"\n{head}\n'
        f'[[reading]]\nsource = "bolt/b100-page"\nat = "table {name}"\nfigures = [\n{figures}\n]\n',
    )
    return f"bolt/{name}"


def figure(metric: str, printed: str, **more: str) -> str:
    """One figure as a line of a spec file."""
    pairs = "".join(f', {key} = "{value}"' for key, value in more.items())
    return f'  {{ metric = "{metric}", printed = "{printed}"{pairs} }},\n'
