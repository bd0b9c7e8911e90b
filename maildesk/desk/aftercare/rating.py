"""What did the requester think of it: a score, the profile's questions, words; and is that low?

How a score is read out of a mail, and what follows from a low one, others decide.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from maildesk.desk.policy import Survey
from maildesk.desk.rules.fold import fold

Source = Literal["page", "mail", "phone"]


@dataclass(frozen=True, slots=True)
class Rating:
    """`score` and each of `answers` (by key of the profile's question) are 1 to 5, 5 the best.

    `score` None: only questions were answered, or only words were written.
    """

    score: int | None
    answers: Mapping[str, int] = field(default_factory=dict)
    words: str = ""
    source: Source = "page"


def is_low(rating: Rating, survey: Survey) -> bool:
    """Whether somebody must speak with the requester (M8): any low score, or a complaint."""
    scores = (*([] if rating.score is None else [rating.score]), *rating.answers.values())
    return any(score < survey.low_below for score in scores) or complains(rating.words)


def complains(words: str) -> bool:
    """Whether the words are plainly negative. Conservative: a wish or a "but" is no complaint."""
    return _COMPLAINT.search(fold(words[:_READ])) is not None


_READ = 2_000
_COMPLAINT = re.compile(
    r"(?<!不)(?<!不太)(?<!没)(?:太|很|非常|特别|真|有点|比较|实在)(?:慢|差|糟|拖|敷衍|冷淡|失望|生气|不专业|不耐烦)"
    r"|态度(?:不好|恶劣|差|不太好|有问题)|服务(?:不好|差|太差)|不(?:太)?满意|不专业|不耐烦|不负责"
    r"|投诉|敷衍|推诿|失望|没人(?:管|理|回)|差评|拖了|等了.{0,6}(?:天|小时|周|个月)|催了.{0,4}次|浪费时间"
    r"|\b(?:slow|rude|unhappy|dissatisfied|disappointed|disappointing|terrible|awful"
    r"|unprofessional|useless|unacceptable|complain\w*|waited (?:for )?(?:days|hours|weeks)"
    r"|too long|poor(?:ly)?|bad (?:service|attitude|experience))\b"
)
