"""An article of the knowledge base as a value: what was wrong, why, what helps.  (F8, M9, N6)

Made from a ticket by `#知识库` or `#经验`, published by `#发布` or by hand. How articles are kept
and found is the store's question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from maildesk.desk.knowledge.learnt import Learnt
from maildesk.desk.rules.fold import fold_characters

ArticleKind = Literal["article", "lesson"]
ArticleState = Literal["draft", "published", "withdrawn"]


@dataclass(frozen=True, slots=True)
class ArticlePlan:
    """A draft to make of the ticket. `text`: what stood behind the order, a title or the lesson."""

    kind: ArticleKind
    text: str = ""


@dataclass(frozen=True, slots=True)
class NamedArticle:
    """An article somebody calls by its number. `lacks`: it says no solution, and neither does its
    ticket (a row, None: it came from none)."""

    id: int
    number: str
    title: str
    state: ArticleState
    ticket: int | None = None
    lacks: bool = False


@dataclass(frozen=True, slots=True)
class Article:
    """One article whole; `author` is a person's key and name, `ticket` the number it came from."""

    id: int
    number: str
    kind: ArticleKind
    state: ArticleState
    title: str
    category: str
    language: str
    symptom: str
    cause: str
    solution: str
    prevention: str
    author: str
    author_name: str
    ticket: str
    created: datetime
    updated: datetime
    published: datetime | None

    @property
    def gist(self) -> Learnt:
        """What it is found and offered by."""
        first = "\n".join(self.solution.strip().splitlines()[:3])
        return Learnt(
            "article", self.id, self.number, self.title, self.category, self.symptom, first
        )


def lacks(article: Article) -> str | None:
    """Why it cannot be published as it is: the name of the missing part."""
    needed = {"title": article.title, "solution": article.solution}
    return next((name for name, text in needed.items() if not text.strip()), None)


def list_numbers(argument: str) -> tuple[str, ...]:
    """The article numbers behind the word, as they are kept."""
    found = _NUMBER.findall(fold_characters(argument))
    return tuple(dict.fromkeys(f"KB-{int(digits):04d}" for digits in found))


_NUMBER = re.compile(r"kb-?(\d{1,9})")
