"""A lead comments on a report by answering it, and only then it goes on to its readers (R11).

Nobody else's answer does anything, nor does one that is not proved to be the lead's; none of them
ever opens a ticket. What has gone to the readers is not sent again.
"""

from __future__ import annotations

import re

from maildesk.desk.arrival.standing import Proof, Standing
from maildesk.desk.arrival.subject import is_forward
from maildesk.desk.decision import (
    Decision,
    DraftPlan,
    Facts,
    Finding,
    LetterPlan,
    Outcome,
    Sender,
    Unsent,
)
from maildesk.desk.letters import staff_notices
from maildesk.desk.letters.phrases import phrase
from maildesk.desk.orders.line import is_hash_line, strip_unseen
from maildesk.desk.orders.pleasantry import says_nothing
from maildesk.desk.person import Role
from maildesk.desk.reports.report import RemarkPlan, SentReport
from maildesk.desk.reports.report_letters import Reader, name_report, write_letter
from maildesk.desk.reports.report_words import WORDS
from maildesk.desk.rules.fold import fold_characters
from maildesk.mail.message import Attachment, address_key

_PASS_ON = frozenset(
    (
        *("转发", "请转发", "可以转发", "同意转发", "直接转发", "转发吧", "发吧", "可以发", "发出"),
        *("同意", "可以", "好", "好的", "行", "没问题", "无意见", "没意见", "没有意见", "没有补充"),
        *("ok", "okay", "k", "fine", "good", "yes", "agreed", "approved", "no comment"),
        *("forward", "please forward", "pass it on", "pass on", "go ahead", "send it", "send"),
    )
)
"""What lets a report go on as it is: alone in an answer, or behind `#`."""

_RECEIPTS = frozenset(
    (
        *(
            "收到",
            "已收到",
            "已阅",
            "阅",
            "知道了",
            "了解",
            "明白",
            "谢谢",
            "多谢",
            "辛苦了",
            "辛苦",
        ),
        *("大家辛苦了", "received", "noted", "got it", "thanks", "thank you", "thx"),
    )
)
"""Who says no more than this has read it, and has not said that it may go on."""

_BREAKS = re.compile(r"[,.;!~，。；！、…\s]+(?![a-z])", re.IGNORECASE)
_MARKS = " \t\xa0\u3000,.;:!~。、…，；：！"
# Beyond these the cut may be wrong and do no harm: the report, a name and a telephone number its
# readers have anyway.
_DOUBTS = frozenset({"quoted", "header_block", "below_marker", "html_order", "empty"})


_MOST_BYTES = 10 * 1024 * 1024
"""What a lead may enclose with his comment."""


def answer_report(
    facts: Facts, sender: Sender, standing: Standing, findings: tuple[Finding, ...]
) -> Decision | None:
    """What an answer to a report becomes. None: the mail answers none."""
    sent = facts.report
    if sent is None:
        return None
    findings = (*findings, *standing.findings)
    why = _object(facts, sender, standing, sent)
    if why is not None:
        return _note(sent, sender, findings, why)
    language = sender.language or facts.desk.language
    if sent.words is not None:
        return _comment(facts, sender, sent, sent.words, sent.enclosed, findings)
    passage = facts.passage
    written = passage.words if passage else facts.mail.reply
    words, passes, strange = _read(written)
    doubts = [phrase("unknown_order", language, raw=line) for line in strange]
    if passage is not None:
        doubts += [phrase(item, language) for item in passage.doubts if item in _DOUBTS]
    if sum(item.size for item in facts.files) > _MOST_BYTES:
        doubts.append(WORDS["too_large"].in_language(language))
    if doubts:
        return _refuse(facts, sender, sent, written, tuple(doubts), findings)
    if not words and not passes:
        return _note(sent, sender, findings, "it says nothing about the report")
    if sent.passed_on is not None:
        said = WORDS["gone"].in_language(language)
        return _refuse(facts, sender, sent, written, (said,), findings)
    if standing.proof is not Proof.FULL:
        return _ask_code(facts, sender, sent, words, findings)
    return _comment(facts, sender, sent, words, facts.files, findings)


def _object(facts: Facts, sender: Sender, standing: Standing, sent: SentReport) -> str | None:
    """Why this answer does nothing at all, whatever it says."""
    if not sender.listed or sender.role is not Role.LEAD:
        return f"{sender.address} is not listed as a lead: only a lead comments on a report"
    if standing.failed:
        return "servers say that somebody else wrote it"
    if sent.words is None and is_forward(facts.mail.subject[:500]):
        return "a forwarded report is no answer to it"
    if standing.proof is Proof.NONE and not sent.to_sender:
        return "nothing shows who wrote it, and this report was sent to somebody else"
    return None


def _read(written: str) -> tuple[str, bool, tuple[str, ...]]:
    """(the comment, whether it goes on without one, lines with `#` that mean nothing here)."""
    kept: list[str] = []
    strange: list[str] = []
    passes = False
    for line in written.split("\n"):
        if not is_hash_line(line):
            kept.append(line)
        elif _fold(strip_unseen(line)[1:]) in _PASS_ON:
            passes = True
        else:
            strange.append(line.strip())
    spoken = [line for line in kept if line.strip() and not _says_nothing(line)]
    if len(spoken) == 1 and _fold(spoken[0]) in _PASS_ON:
        return "", True, tuple(strange)
    words = "\n".join(kept).strip("\n") if spoken else ""
    return words, passes, tuple(strange)


def _says_nothing(line: str) -> bool:
    pieces = [_fold(piece) for piece in _BREAKS.split(line)]
    return says_nothing(line) or all(piece in _RECEIPTS for piece in pieces if piece)


def _fold(line: str) -> str:
    return fold_characters(line).strip(_MARKS)


def _comment(
    facts: Facts,
    sender: Sender,
    sent: SentReport,
    words: str,
    enclosed: tuple[Attachment, ...],
    findings: tuple[Finding, ...],
) -> Decision:
    """The comment is kept, and the report goes on with it."""
    desk, readers = facts.desk, _list_readers(facts)
    if sent.passed_on is not None:  # meanwhile, while he looked for the code
        said = WORDS["gone"].in_language(sender.language or desk.language)
        return _refuse(facts, sender, sent, words, (said,), findings)
    letters = tuple(
        write_letter(
            desk,
            reader,
            sent.id,
            sent.report,
            (*sent.files, *enclosed),
            facts.now,
            author=sender.name,
            words=words,
        )
        for reader in readers
    )
    said = "a comment on" if words else "no comment on"
    what = f"{said} the {sent.period.kind} report {sent.period.name}"
    done = f"passed on to {len(readers)} readers" if readers else "report_readers names nobody"
    none = () if readers else (Unsent("report", "", "report_readers of the desk names nobody"),)
    return Decision(
        outcome=Outcome.NOTED,
        reason=f"{what}; {done}",
        findings=(*findings, Finding("report", what, f"by {sender.name}, a lead; {done}")),
        letters=letters,
        unsent=(*none, Unsent("ack", sender.address, "no ticket is opened for it")),
        remark=RemarkPlan(sent.id, words, bool(readers)),
        releases=(sent.draft,) if sent.draft is not None else (),
    )


def _ask_code(
    facts: Facts, sender: Sender, sent: SentReport, words: str, findings: tuple[Finding, ...]
) -> Decision:
    """It may be the lead's or anybody's who has seen his report: a code goes to his address."""
    what = f"a comment on the {sent.period.kind} report {sent.period.name}"
    why = "it waits for a code sent to the lead's own address: nothing else shows who wrote it"
    about = f"report:{sent.id}"
    language = sender.language or facts.desk.language
    title = name_report(facts.desk, sent.period, language)
    order = WORDS["pass_on"].in_language(language)
    return Decision(
        outcome=Outcome.NOTED,
        reason=f"{what}; {why}",
        findings=(*findings, Finding("report", what, why)),
        letters=(staff_notices.ask_code_for_report(facts, sender, language, title, order, words),),
        unsent=(Unsent("report", "", "the lead has not confirmed his comment yet"),),
        draft=DraftPlan("unproved", words, "internal", about, why, facts.files),
    )


def _refuse(
    facts: Facts,
    sender: Sender,
    sent: SentReport,
    words: str,
    why: tuple[str, ...],
    findings: tuple[Finding, ...],
) -> Decision:
    """The lead is told why his words go to nobody, and gets them back."""
    language = sender.language or facts.desk.language
    letter: LetterPlan = staff_notices.tell_transcript(
        facts, None, sender, language, tone="failed", failed=why, words=words
    )
    what = f"an answer to the {sent.period.kind} report {sent.period.name}"
    said = "; ".join(why)
    return Decision(
        outcome=Outcome.NOTED,
        reason=f"{what}: {said}",
        findings=(*findings, Finding("report", "held", said)),
        letters=(letter,),
        unsent=(Unsent("report", "", said),),
        releases=(sent.draft,) if sent.draft is not None else (),
    )


def _note(sent: SentReport, sender: Sender, findings: tuple[Finding, ...], why: str) -> Decision:
    what = f"an answer to the {sent.period.kind} report {sent.period.name}"
    return Decision(
        outcome=Outcome.NOTED,
        reason=f"{what}: {why}",
        findings=(*findings, Finding("report", "noted", why)),
        unsent=(
            Unsent("report", "", why),
            Unsent("ack", sender.address, "an answer to a report opens no ticket"),
        ),
    )


def _list_readers(facts: Facts) -> tuple[Reader, ...]:
    found = []
    for address in facts.desk.report_readers:
        person = facts.directory.at(address_key(address))
        name, language = (person.name, person.language) if person else ("", None)
        found.append(Reader(address, name, language))
    return tuple(found)
