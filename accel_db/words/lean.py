"""Cards are written lean: a claim, quantity or headline leaves out every key that has its usual empty value. Readers put them back.

The keys and their usual values are part of the card's schema.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

CLAIM: dict[str, Any] = {
    "metric": "",
    "per": "accelerator",
    "variant": None,
    "accumulate": None,
    "value": None,
    "unit": None,
    "low": None,
    "high": None,
    "text": None,
    "date": None,
    "printed": None,
    "hedge": None,
    "term": None,
    "source": "",
    "locator": "",
    "row": None,
    "via": [],
    "origin": "",
    "kind": "",
    "stage": "plain",
    "access": "full",
    "as_of": None,
    "rank": 1,
    "verdict": None,
    "reason": None,
    "deprecated": None,
    "absent": None,
    "derived": None,
    "note": None,
    "expression": None,
    "replaced": False,
    "counted": True,
    "unit_name": None,
    "model": None,
    "precision": None,
    "scenario": None,
    "count": None,
    "mark": None,
    "published": None,
    "kind_short": "",
    "shown": "",
    "compared": None,
    "order": [],
    "interval": None,
}
QUANTITY: dict[str, Any] = {
    "metric": "",
    "label": "",
    "group": "",
    "unit": None,
    "basis": None,
    "marketed": False,
    "additive": False,
    "per": "accelerator",
    "variant": None,
    "accumulate": None,
    "verdict": None,
    "value": None,
    "low": None,
    "high": None,
    "text": None,
    "absent": None,
    "shown": None,
    "spread": None,
    "marks": "",
    "reason": "",
    "ruled": False,
    "origins": 0,
    "joins": None,
    "claims": [],
}
HEADLINE: dict[str, Any] = {
    "headline": "",
    "label": "",
    "unit": None,
    "basis": None,
    "marketed": False,
    "additive": False,
    "better": "higher",
    "default": False,
    "metric": None,
    "per": None,
    "variant": None,
    "value": None,
    "low": None,
    "high": None,
    "shown": None,
    "spread": None,
    "marks": "",
    "verdict": None,
    "ruled": False,
    "reason": None,
    "absent": None,
    "looked": None,
    "claim": None,
    "source": None,
    "variants": [],
    "expression": None,
    "inputs": [],
}
PLACE = ("source", "locator", "via", "origin", "kind", "kind_short", "stage", "access", "published")
"""Keys that the claims of one reading share: written once, under ``places``."""


def lean(card: dict[str, Any]) -> dict[str, Any]:
    """A card with the usual values left out of its claims, quantities and headlines, and what readings share written once."""
    places: list[dict[str, Any]] = []
    claims = []
    for row in card["claims"]:
        place = {key: row[key] for key in PLACE}
        if place not in places:
            places.append(place)
        own = _thin(row, CLAIM)
        for key in PLACE:
            own.pop(key, None)
        claims.append({"place": places.index(place), **own})
    return {
        **card,
        "quantities": [_thin(row, QUANTITY) for row in card["quantities"]],
        "headlines": [_thin(row, HEADLINE) for row in card["headlines"]],
        "places": places,
        "claims": claims,
    }


def brief(card: dict[str, Any]) -> dict[str, Any]:
    """What a comparison of headlines needs of a card: their leading claims and sources, renumbered."""
    places = [row["claim"] for row in card["headlines"] if row["claim"] is not None]
    number = {place: i for i, place in enumerate(dict.fromkeys(places))}
    headlines = [
        {**row, "claim": number.get(row["claim"]), "variants": []} if row["claim"] is not None else row
        for row in card["headlines"]
    ]
    claims = [card["claims"][place] for place in number]
    keys = {claim["source"] for claim in claims}
    empty: dict[str, Any] = {"quantities": [], "looked": [], "systems": [], "contradictions": [], "controls": None}
    sources = {key: source for key, source in card["sources"].items() if key in keys}
    return lean({**card, **empty, "headlines": headlines, "claims": claims, "sources": sources})


def full(card: dict[str, Any]) -> dict[str, Any]:
    """A lean card with everything put back."""
    places = [{**CLAIM, **place} for place in card.pop("places")]
    card["claims"] = [{**places[row.pop("place")], **row} for row in card["claims"]]
    card["quantities"] = [{**QUANTITY, **row} for row in card["quantities"]]
    card["headlines"] = [{**HEADLINE, **row} for row in card["headlines"]]
    return card


def _thin(row: dict[str, Any], usual: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value
        for key, value in row.items()
        if key not in usual or value != (other := usual[key]) or (value.__class__ is bool) != (other.__class__ is bool)
    }
