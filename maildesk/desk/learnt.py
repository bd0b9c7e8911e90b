"""What was learnt before and fits a new request: solved tickets and articles.  (M11, F8, N6)

Engineers get what may help; a requester is offered an article only when it really fits: a wrong one
tells him that nobody read his mail. How candidates are found is the store's question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from maildesk.desk.similar import MOST, Candidate, compare_words, find_similar
from maildesk.desk.ticket import State

OFFERED = 0.78
"""How well an article must fit before its requester is offered it. Chosen on one half of
tests/desk/offers.yaml, where 0.76 is the least without a wrong offer, and held against the other:
18 right offers of 25, none wrong."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """A solved ticket or a published article. `extract` is the solution's first lines, `symptom`
    what the request said; `id` is its row."""

    kind: Literal["ticket", "article"]
    id: int
    number: str
    title: str
    category: str
    symptom: str = ""
    extract: str = ""


def recall(
    title: str, words: str, known: Sequence[Learnt], category: str
) -> tuple[tuple[Learnt, ...], tuple[Learnt, ...]]:
    """For the engineer: at most three solved tickets and three articles, the most alike first."""
    return (
        _pick(title, words, [item for item in known if item.kind == "ticket"], category),
        _pick(title, words, [item for item in known if item.kind == "article"], category),
    )


def offer(title: str, words: str, known: Sequence[Learnt], category: str) -> tuple[Learnt, ...]:
    """Articles for the requester, the best first; () when none fits for certain."""
    articles = [item for item in known if item.kind == "article"]
    scored = sorted(
        ((rate_fit(title, words, item, category), -place) for place, item in enumerate(articles)),
        reverse=True,
    )
    return tuple(articles[-place] for score, place in scored[:MOST] if score >= OFFERED)


def rate_fit(title: str, words: str, article: Learnt, category: str) -> float:
    """How well an article answers a request, between 0 and 1."""
    fit = compare_words((title, words), (article.title, article.symptom))
    return fit if article.category in ("", category) else fit * 0.8


def _pick(title: str, words: str, items: Sequence[Learnt], category: str) -> tuple[Learnt, ...]:
    candidates = [
        Candidate(place, item.number, item.title, item.category, State.SOLVED)
        for place, item in enumerate(items)
    ]
    return tuple(items[found.id] for found in find_similar(title, words, candidates, category))
