"""Somebody's mails say whether he is there: an out-of-office notice, and his own words after it.

An engineer gets no tickets then, a requester no reminders. Believed like any mail that acts: proved
by the border, or as an answer to a letter only he got; a forged notice must not take anybody out.
What the notice says is `absence`'s; who gets the tickets instead is `assignment`'s. Pure.
"""

from __future__ import annotations

from maildesk.desk.arrival.directory import STAFF
from maildesk.desk.arrival.standing import Proof, Standing
from maildesk.desk.calendar.absence import Away, read_absence
from maildesk.desk.calendar.quiet import choose_calendar
from maildesk.desk.decision import AbsencePlan, Facts, Finding, Sender
from maildesk.mail.message import Kind, Verdict

STEP = "absence"


def note_absence(facts: Facts) -> tuple[AbsencePlan | None, tuple[Finding, ...]]:
    """What an automatic reply changes: nothing, or from when until when its author is not there."""
    sender, mail = facts.sender, facts.mail
    if mail.kind is not Kind.AUTO_REPLY or sender is None or sender.person is None:
        return None, ()
    desk = facts.desk
    told = read_absence(
        mail.subject,
        mail.reply or mail.text,
        facts.now,
        desk.zone_info,
        choose_calendar(desk.profile),
    )
    if told.until is None:
        return None, (Finding(STEP, "not away", told.why),)
    away = f"is {Away(told.until, planned=False).describe(desk.zone_info)}"
    if told.since is not None:
        away = f"{away}, from {told.since.astimezone(desk.zone_info):%Y-%m-%d} on"
    verdict = facts.authenticity.verdict
    if verdict is Verdict.FAIL or not (
        verdict is Verdict.PASS or facts.answering or facts.answers_us
    ):
        why = "the border says that somebody else wrote it"
        if verdict is not Verdict.FAIL:
            why = "nothing shows who wrote it, and it answers no letter of ours to him"
        return None, (Finding(STEP, "not believed", f"{sender.name} {away}: {why}"),)
    since = told.since or (None if sender.find_return(facts.now) else facts.now)
    found = Finding(STEP, f"{sender.name} {away}", told.why)
    return AbsencePlan(told.until, since, _works(sender)), (found,)


def note_return(
    facts: Facts, sender: Sender, standing: Standing
) -> tuple[AbsencePlan | None, tuple[Finding, ...]]:
    """Who writes himself is back, whatever his notice said; planned leave goes on."""
    until = sender.find_return(facts.now)
    if until is None:
        return None, ()
    away = Away(until, planned=False).describe(facts.desk.zone_info)
    if standing.proof is Proof.NONE or facts.mail.auto_generated:
        why = f"he is {away}, and nothing shows that he wrote this himself"
        return None, (Finding(STEP, "still away", why),)
    return AbsencePlan(None), (Finding(STEP, "back", f"he was {away}, and writes himself"),)


def _works(sender: Sender) -> bool:
    return sender.listed and sender.role in STAFF
