"""What a requester ticks and writes on the confirmation page beside his yes; what he is offered.

Pure; what was not on the page is left out rather than refused. What a rating does is others'
question.
"""

from __future__ import annotations

from dataclasses import dataclass

from maildesk.desk.aftercare.rating import Rating
from maildesk.desk.policy import Survey

MARKS = ("5", "4", "3", "2", "1")
"""What each of the profile's questions can be given, the best first."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """A form as it was sent: the score, (question, mark) pairs, and another question of his (N5).

    Nothing is checked yet; "" for what was left open.
    """

    score: str = ""
    marks: tuple[tuple[str, str], ...] = ()
    further: str = ""

    def print(self) -> str:
        """What tells this form from another one of the same words."""
        marks = ",".join(f"{key}={mark}" for key, mark in sorted(self.marks))
        return "|".join((self.score, marks, self.further.strip()))


NO_OPINION = Opinion()


def read_opinion(opinion: Opinion, words: str, survey: Survey) -> Rating | None:
    """The rating of a form with these words; None: nothing was said of how it went."""
    scores = {level.key for level in survey.answers}
    known = {level.key for level in survey.questions}
    score = int(opinion.score) if opinion.score in scores else None
    answers = {key: int(mark) for key, mark in opinion.marks if key in known and mark in MARKS}
    if score is None and not answers and not words.strip():
        return None
    return Rating(score, answers, words.strip(), "page")


def list_scale(survey: Survey, language: str) -> tuple[tuple[str, str], ...]:
    """The scale as (score, word), the best first."""
    return tuple((level.key, level.label.in_language(language)) for level in survey.answers)


def list_questions(survey: Survey, language: str) -> tuple[tuple[str, str], ...]:
    """The profile's questions as (key, words)."""
    return tuple((level.key, level.label.in_language(language)) for level in survey.questions)
