"""What an order is: its name, its words in two languages, what may stand behind it.

Which orders there are stands in `table`; how a line is read is `script`'s question.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Order(StrEnum):
    """Everything staff can tell the desk to do (WORDS.md)."""

    START = "start"
    NOTE = "note"
    CONTACTED = "contacted"
    WAITING = "waiting"
    HOLD = "hold"
    RESUME = "resume"
    SOLVED = "solved"
    CONFIRMED = "confirmed"
    ASSIGN = "assign"
    JOIN = "join"
    VENDOR = "vendor"
    FOLLOWUP = "followup"
    ETA = "eta"
    PRIORITY = "priority"
    CATEGORY = "category"
    ESCALATE = "escalate"
    AGREE = "agree"
    DECLINE = "decline"
    APPROVE = "approve"
    DISAPPROVE = "disapprove"
    LATE = "late"
    MERGE = "merge"
    SPLIT = "split"
    PARENT = "parent"
    ONBEHALF = "onbehalf"
    REJECT = "reject"
    SPAM = "spam"
    REOPEN = "reopen"
    CAUSE = "cause"
    INTERIM = "interim"
    PERMANENT = "permanent"
    PREVENT = "prevent"
    KB = "kb"
    LESSON = "lesson"
    REVIEW = "review"
    PUBLISH = "publish"
    FOLLOW = "follow"
    SNIPPET = "snippet"
    UNDO = "undo"
    STATUS = "status"
    HELP = "help"
    SEND = "send"


class Argument(StrEnum):
    """What may stand after the word."""

    NONE = "none"
    TEXT = "text"
    TIME = "time"
    PERSON = "person"
    PRIORITY = "priority"
    CATEGORY = "category"
    TICKET = "ticket"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True)
class OrderSpec:
    """An order as people type it and as it is explained to them. The first word is the usual one.

    `required`: without its argument the order means nothing. `block`: the lines below it, up to the
    next order, are its argument when nothing stands behind its word. The samples are whole lines.
    """

    order: Order
    words: tuple[str, ...]
    english: tuple[str, ...]
    sample_zh: str
    sample_en: str
    help_zh: str
    help_en: str
    argument: Argument = Argument.NONE
    required: bool = False
    block: bool = False

    @property
    def aliases(self) -> tuple[str, ...]:
        return self.words + self.english
