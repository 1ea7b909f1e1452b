r"""Characters that act instead of showing: controls, terminal escapes, marks that turn the reading direction, line separators.

Written as JSON writes them, ``\u202e``, wherever a text meets a terminal or a file. On the fast path: imports nothing.
"""

from __future__ import annotations

RANGES = (
    *((0x00, 0x1F), (0x7F, 0x9F), (0xAD, 0xAD), (0x600, 0x605), (0x61C, 0x61C), (0x6DD, 0x6DD), (0x70F, 0x70F)),
    *((0x890, 0x891), (0x8E2, 0x8E2), (0x180E, 0x180E), (0x200B, 0x200F), (0x2028, 0x202E), (0x2060, 0x206F)),
    *((0xD800, 0xDFFF), (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFB), (0x110BD, 0x110BD), (0x110CD, 0x110CD)),
    *((0x13430, 0x1345F), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE007F)),
)
"""First and last code points: Unicode's categories Cc, Cf, Cs, Zl and Zp."""
_tables: dict[str, dict[int, str]] = {}
"""What `str.translate` needs, by the characters to keep."""


def visible(text: str, keep: str = "") -> str:
    r"""A text with every hidden character escaped, but for those of ``keep``: ``visible(document, "\n")``."""
    bare = text
    for char in keep:
        bare = bare.replace(char, "")
    if bare.isprintable():
        return text
    table = _tables.get(keep)
    if table is None:
        codes = (code for first, last in RANGES for code in range(first, last + 1) if chr(code) not in keep)
        table = _tables[keep] = {code: _escaped(code) for code in codes}
    return text.translate(table)


def _escaped(code: int) -> str:
    """As in JSON: four digits, beyond the first plane the two halves of a pair."""
    if code <= 0xFFFF:
        return f"\\u{code:04x}"
    high, low = divmod(code - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
