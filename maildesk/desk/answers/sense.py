"""What a single word says in a short answer, before anything is made of the whole."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Sense(StrEnum):
    """A word with several senses has the first of them."""

    SOLVED = "solved"
    SETTLED = "settled"  # says so only when it was asked: 没问题, 满意
    YES = "yes"
    HEDGE = "hedge"
    ASIDE = "aside"  # no complaint though it holds a negation; no confirmation either
    UNDONE = "undone"  # asks, and says that it is not done: 怎么还没好
    ASKS = "asks"
    PARTIAL = "partial"
    BAD = "bad"
    BUT = "but"
    AGAIN = "again"
    FILLER = "filler"
    THANKS = "thanks"
    PRAISE = "praise"
    NOTED = "noted"
    ACK = "ack"
    TRY = "try"  # will be tried later
    ANOTHER = "another"
    QUESTION = "question"
    TOPIC = "topic"  # asks when nothing else is said: 进度
    URGE = "urge"
    PLEA = "plea"
    POLITE = "polite"
    THING = "thing"  # a subject, a time, a step that was done
    NOT = "not"  # a bare negation: what it denies is not known
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a folded text, and what it says."""

    sense: Sense
    text: str
