"""`#发布 KB-0001`: drafts published by their numbers, without a word of their tickets.  (M9, N6)

For whoever answers the digest that lists them. Who may is as on a ticket, where `#发布` alone is
enough (`effects_record`); it is all of them or none. Pure.
"""

from __future__ import annotations

from maildesk.desk.arrival.standing import Proof, Standing
from maildesk.desk.decision import Decision, Facts, Finding, Outcome, Sender, Unsent
from maildesk.desk.knowledge.article import NamedArticle, list_numbers
from maildesk.desk.letters import staff_notices
from maildesk.desk.letters.phrases import phrase
from maildesk.desk.orders.line import Line, Suspect
from maildesk.desk.orders.permit import ONLY_READS, may
from maildesk.desk.orders.script import read_script
from maildesk.desk.orders.table import Order

MOST = 20
"""Articles one mail publishes."""


def publish_named(
    facts: Facts, sender: Sender, standing: Standing, findings: tuple[Finding, ...]
) -> Decision | None:
    """What becomes of a staff member's mail that names no ticket. None: it publishes nothing."""
    script = read_script(facts.passage.words if facts.passage else facts.mail.reply)
    lines = [line for line in script.orders if line.order is Order.PUBLISH]
    if not lines or len(lines) < len(script.orders) or not all(line.argument for line in lines):
        return None
    if standing.proof is not Proof.FULL and not facts.answers_us:
        return None  # an ordinary first mail, by whomever
    language = sender.language or facts.desk.language
    findings = (*findings, *standing.findings)
    problems = _object(facts, sender, standing, lines, script.suspects, language)
    if problems:
        failed = standing.failed
        return _refuse(facts, sender, language, problems, script.words, findings, failed=failed)
    found = _find(facts, lines)
    told = tuple(
        phrase("kb_published_named", language, number=item.number, title=item.title)
        for item in found
    )
    what = ", ".join(item.number for item in found)
    letter = staff_notices.tell_transcript(facts, None, sender, language, tone="done", done=told)
    return Decision(
        outcome=Outcome.NOTED,
        reason=f"{sender.name} published {what}",
        findings=(*findings, Finding("knowledge", "published", f"{what}, called by number")),
        letters=(letter,),
        unsent=(Unsent("ack", sender.address, "no ticket is opened for it"),),
        published=tuple(item.id for item in found),
    )


def _find(facts: Facts, lines: list[Line]) -> list[NamedArticle]:
    there = {item.number: item for item in facts.named_articles}
    numbers = dict.fromkeys(number for line in lines for number in list_numbers(line.argument))
    return [there[number] for number in numbers if number in there]


def _object(
    facts: Facts,
    sender: Sender,
    standing: Standing,
    lines: list[Line],
    suspects: tuple[Suspect, ...],
    language: str,
) -> tuple[str, ...]:
    """Why none of them is published, in the author's language."""
    refused = may(Order.PUBLISH, sender.role, None, standing.proof)
    if refused == ONLY_READS:
        return (phrase("auditor", language),)
    if refused is not None:
        return (phrase("kb_unproved", language),)
    doubts = [
        phrase(f"{item.why.name.lower()}_order", language, raw=item.raw.strip())
        for item in suspects
    ]
    there = {item.number: item for item in facts.named_articles}
    numbers = dict.fromkeys(number for line in lines for number in list_numbers(line.argument))
    if len(numbers) > MOST:
        doubts.append(phrase("kb_too_many", language, most=str(MOST)))
    for number in numbers:
        item = there.get(number)
        key = "kb_unknown" if item is None else _judge(item)
        if key is not None:
            doubts.append(phrase(key, language, number=number))
    return tuple(doubts)


def _judge(item: NamedArticle) -> str | None:
    if item.state == "published":
        return "kb_there"
    if item.state == "withdrawn":
        return "kb_withdrawn"
    return "kb_lacks" if item.lacks else None


def _refuse(
    facts: Facts,
    sender: Sender,
    language: str,
    problems: tuple[str, ...],
    words: str,
    findings: tuple[Finding, ...],
    *,
    failed: bool,
) -> Decision:
    """`failed`: somebody else wrote it, and whoever he named is told nothing."""
    told = staff_notices.tell_transcript(
        facts, None, sender, language, tone="failed", failed=problems, words=words
    )
    why = "; ".join(problems)
    return Decision(
        outcome=Outcome.NOTED,
        reason=f"nothing is published: {why}",
        findings=(*findings, Finding("knowledge", "not published", why)),
        letters=() if failed else (told,),
        unsent=(Unsent("ack", sender.address, "no ticket is opened for it"),),
    )
