"""How a stranger to the list is greeted: the name in a From line, without what directories add.

Listed people are greeted as they are listed. It guesses nothing: what has none of the known
shapes stays as it was written.
"""

from __future__ import annotations

import re

# 张敏(财务部), 张敏（财务部）, Alice Chen [IT]
_ADDED = re.compile(r"\s*[(（\[【].*?[)）\]】]\s*$")
# 张敏/财务部/集团, Alice Chen | Sales
_PATH = re.compile(r"\s*[/|｜\\].*$")
# Chen, Alice: one comma, letters on both sides, no title like "Jr."
_TURNED = re.compile(r"((?:[^\W\d_]|[' -])+),\s+((?:[^\W\d_]|[.' -])+)")
_TITLES = frozenset(("jr", "sr", "ii", "iii", "iv", "phd", "md", "inc", "ltd", "llc", "gmbh"))


def greet_as(name: str) -> str:
    """The name as a letter says it: `Chen, Alice (IT)` → `Alice Chen`; 张敏/财务部 → 张敏."""
    plain = _PATH.sub("", _ADDED.sub("", name)).strip()
    turned = _TURNED.fullmatch(plain)
    if turned is not None and turned[2].strip(". ").lower() not in _TITLES:
        plain = f"{turned[2].strip()} {turned[1].strip()}"
    return plain or name
