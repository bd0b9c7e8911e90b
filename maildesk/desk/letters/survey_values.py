"""What the letter that asks for a rating is told: only after a yes without a score (M7).

Texts stand in the reader's language, moments are aware. The link is filled in when the letter is
printed, only where pages run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from maildesk.desk.letters.letter import HandledLetter
from maildesk.desk.letters.sample import SAMPLE


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyValues(HandledLetter):
    """`answers` are the scale as (score, word), the best first. `by_word`: its words are answered,
    since its figures mean nothing to anybody (three-way scales)."""

    answers: tuple[tuple[str, str], ...]
    by_word: bool
    rate_url: str | None = None


_FIVE = (
    ("5", "非常满意"),
    ("4", "满意"),
    ("3", "一般"),
    ("2", "不满意"),
    ("1", "非常不满意"),
)
_SURVEY = SurveyValues(
    **SAMPLE,
    name="张敏",
    number="IT-20261120-0001",
    title="VPN 连不上",
    answers=_FIVE,
    by_word=False,
    handler="刘洋",
    group="网络组",
    extension="8005",
)

SURVEY_SAMPLES: Mapping[str, tuple[SurveyValues, ...]] = {
    "survey": (
        _SURVEY,
        replace(_SURVEY, rate_url="https://desk.corp.test/t/sample"),
        replace(
            _SURVEY,
            answers=(("5", "满意"), ("4", "基本满意"), ("2", "需进一步优化")),
            by_word=True,
            handler=None,
            name="",
            title="",
        ),
        replace(_SURVEY, extension=None, answers=()),
    ),
}
"""What the letter is tried with: each value present and absent at least once."""
