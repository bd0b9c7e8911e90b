"""How far is a sender believed? Evidence of the border and of our own letters, weighed (DESIGN §7).

A failure beats everything. What each level allows is `orders.permit`'s question, and who the
sender says he is was `store.people`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from maildesk.desk.decision import Facts, Finding
from maildesk.desk.evidence import Answering
from maildesk.desk.ticket import KnownTicket
from maildesk.mail.message import Verdict


class Proof(StrEnum):
    """NONE: anybody could have written it. TOKEN: it answers a letter only he got. FULL: proved."""

    NONE = "none"
    TOKEN = "token"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Standing:
    """`failed`: the border says that somebody else wrote it; then nothing is believed.

    `answering` is the letter of this ticket that the mail answers, if any.
    """

    proof: Proof
    failed: bool
    answering: Answering | None
    findings: tuple[Finding, ...]


def weigh(facts: Facts, ticket: KnownTicket | None) -> Standing:
    """What this mail's sender has proved, about `ticket` when there is one."""
    clues = tuple(
        Finding("trust", f"{clue.source} says {clue.says.value}", clue.why)
        for clue in facts.authenticity.clues
    )
    answering = None
    if ticket is not None:
        answering = next((item for item in facts.answering if item.ticket == ticket.id), None)
    if answering is not None:
        what = f"our {answering.letter}" if answering.letter else "a letter of ours"
        why = f"it answers {what}, which only {_name(facts)} got ({answering.sign})"
        clues += (Finding("trust", "token", why),)
    verdict = facts.authenticity.verdict
    if verdict is Verdict.FAIL:
        why = f"{_name(facts)} did not write it, and a failure outweighs everything else"
        end = Finding("trust", "failed", why)
        return Standing(Proof.NONE, True, answering, (*clues, end))
    if verdict is Verdict.PASS:
        end = Finding("trust", "proved", f"the mail is really from {_name(facts)}")
        return Standing(Proof.FULL, False, answering, (*clues, end))
    if answering is not None:
        end = Finding("trust", "token only", "enough for words and simple orders")
        return Standing(Proof.TOKEN, False, answering, (*clues, end))
    end = Finding("trust", "not proved", "nothing shows who wrote it")
    return Standing(Proof.NONE, False, None, (*clues, end))


def _name(facts: Facts) -> str:
    return facts.sender.address if facts.sender else "?"
