"""One thing that was tried, and what came of it, in words an administrator understands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """Whether maildesk can work like this: yes, yes but look at it, no."""

    GOOD = "good"
    CARE = "care"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """`item` names what was tried, `text` says what was seen, `remedy` what to do about it."""

    verdict: Verdict
    item: str
    text: str
    remedy: str = ""


def good(item: str, text: str) -> Finding:
    return Finding(Verdict.GOOD, item, text)


def care(item: str, text: str, remedy: str = "") -> Finding:
    return Finding(Verdict.CARE, item, text, remedy)


def bad(item: str, text: str, remedy: str = "") -> Finding:
    return Finding(Verdict.BAD, item, text, remedy)
