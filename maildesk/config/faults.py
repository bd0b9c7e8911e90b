"""What is wrong with a configuration file: one fault, said so that it can be put right.

Faults are collected, never raised one by one: an administrator sees all of them in one go.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to put right. `line` counts from 1; None when the whole file is meant.

    `problem` continues a sentence that starts with the key; `remedy` is a whole sentence.
    """

    file: str
    line: int | None
    key: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        subject = f"{self.key}: " if self.key else ""
        return f"{place}: {subject}{self.problem}. {self.remedy}"


def suggest(word: str, known: Iterable[str]) -> str:
    """A remedy for a word that is not known: the nearest known one, else all of them."""
    from difflib import get_close_matches

    choices = list(known)
    near = get_close_matches(word, choices, n=1, cutoff=0.6)
    if near:
        return f"Did you mean {near[0]!r}?"
    return f"Use one of: {', '.join(choices)}"
