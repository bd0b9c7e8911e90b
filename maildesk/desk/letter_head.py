"""What every letter about a ticket is told: the desk, the number, the moment, the language.

The values a kind of letter has beyond these stand in its own dataclass.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict
from zoneinfo import ZoneInfo

from maildesk.desk.decision import Facts


class Head(TypedDict):
    """Keyword arguments that all values of letters about a ticket share."""

    desk: str
    number: str
    title: str
    now: datetime
    zone: ZoneInfo
    language: str


def head(facts: Facts, number: str, title: str, language: str) -> Head:
    """The shared values; `number` and `title` are "" where there is no ticket yet."""
    return Head(
        desk=facts.desk.name_in(language),
        number=number,
        title=title,
        now=facts.now,
        zone=facts.desk.zone_info,
        language=language,
    )
