"""docs/requirements.md names every point of the five documents once, and only tests that exist.

Whether those tests show what the page says of them is not asked here.
"""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "requirements.md").read_text("utf-8")
IDS = [
    f"{letter}{number}"
    for letter, last in (("R", 17), ("F", 13), ("M", 11), ("W", 9), ("N", 11))
    for number in range(1, last + 1)
]
# What needs the survey, the knowledge base, reports or public pages, wholly or for a part.
LATER = frozenset(
    "R8 R9 R10 R11 R12 F8 F9 F10 M3 M7 M8 M9 M10 M11 W7 W8 W9 N5 N6 N7 N10 N11".split()  # noqa: SIM905
)
ROWS = re.findall(r"^\| ([A-Z]\d+) \| (.*) \| ?(.*?) ?\|$", PAGE, re.MULTILINE)
NAMED = re.compile(r"`(\w+)::(\w+)`")


def test_every_point_stands_there_once() -> None:
    assert sorted(key for key, _, _ in ROWS) == sorted(IDS)


def test_every_point_says_how_and_shows_it_or_says_what_is_missing() -> None:
    for key, how, shown in ROWS:
        assert how.strip(), key
        assert NAMED.findall(shown) or "*Next:*" in how, key
        assert "*Next:*" not in how or key in LATER, key


def test_every_test_named_exists() -> None:
    named = {found for _, _, shown in ROWS for found in NAMED.findall(shown)}
    assert len(named) > 15
    for file, name in sorted(named):
        source = ROOT / "tests" / "house" / f"test_house_{file}.py"
        assert source.exists(), file
        assert re.search(rf"^def {name}\(", source.read_text("utf-8"), re.MULTILINE), (file, name)


def test_every_order_named_is_one_an_engineer_may_write() -> None:
    page = (ROOT / "docs" / "engineers.md").read_text("utf-8")
    for order in sorted(set(re.findall(r"`(#\w+)", PAGE))):
        if order != "#会诊":  # another word for #协办
            assert f"`{order}" in page, order


def test_every_link_leads_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", PAGE):
        assert (ROOT / "docs" / target).exists(), target
