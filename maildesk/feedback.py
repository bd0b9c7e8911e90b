"""A link answers: a requester confirms or says it still fails, an engineer acts from a phone.

Looking changes nothing (DESIGN §1.6); an answer is decided like a mail would be and applied in one
transaction. The signed link proves who answers, since only he got the letter it stood in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from maildesk import journal
from maildesk.desk.aftercare.follow_up import keep_follow_up
from maildesk.desk.aftercare.opinion_form import NO_OPINION, Opinion, read_opinion
from maildesk.desk.aftercare.reminders import keep_reminders
from maildesk.desk.answers.conversation import answer_page
from maildesk.desk.approvals.escalation import keep_watch
from maildesk.desk.arrival.directory import NOBODY, Directory
from maildesk.desk.charter import DeskConfig
from maildesk.desk.decision import Facts, Lead, Outcome
from maildesk.desk.evidence import LastAnswer
from maildesk.desk.limits.changes import keep_time
from maildesk.desk.outages.ending import set_free
from maildesk.desk.pages import pages_of
from maildesk.desk.pages.links import CONFIRM, Link
from maildesk.desk.pages.page_values import Done, Sight
from maildesk.desk.privacy.mask import mask
from maildesk.desk.privacy.shield import hide_in_facts, hide_in_values
from maildesk.desk.staff.work import act
from maildesk.desk.ticket import KnownTicket
from maildesk.journal import Step, reach
from maildesk.mail.message import Address, Incoming, Kind
from maildesk.store import approvals, cases, follow_ups, people, ratings, sayings, steps
from maildesk.store.apply import apply_answer
from maildesk.store.engine import Connection, Store
from maildesk.store.letterpress import Letterpress

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Feedback:
    """The desk behind the pages. `woken` is called when a letter was queued."""

    store: Store
    press: Letterpress
    desks: Mapping[str, DeskConfig]
    leads: tuple[Lead, ...] = ()
    directory: Directory = NOBODY
    woken: Callable[[], None] = lambda: None

    def look(self, link: Link) -> Sight | None:
        """The ticket as the link's reader may see it now; None when there is nothing for him."""
        if link.desk not in self.desks:
            return None
        with self.store.read() as db:
            facts = self._gather(db, link, "", lock=False)
            return _show(db, facts, link)

    def answer(
        self, link: Link, choice: str, words: str, argument: str, opinion: Opinion = NO_OPINION
    ) -> Done:
        """Decide what was answered and make it true. The same answer twice counts once.

        `words` beside a yes are a remark of the rating; a question of his is in `opinion`.
        """
        if link.desk not in self.desks:
            return Done(False, "refused", None)
        with self.store.write() as db:
            said = "\n".join(filter(None, (words.strip(), opinion.further.strip())))
            facts = self._gather(db, link, said, lock=True)
            if facts is None or facts.sender is None:
                return Done(False, "refused", None)
            ticket = facts.ticket(link.ticket)
            sight = _show(db, facts, link)
            if sight is None:
                return Done(False, "refused", None)
            print_ = pages_of.print_answer(choice, words, argument, opinion)
            if pages_of.is_said_already(ticket, choice, _recall(db, facts, link), print_):
                return Done(True, pages_of.SAID[choice], sight)
            if choice not in sight.choices:
                return Done(False, "stale", sight)
            if link.act == CONFIRM:
                survey = facts.desk.profile.survey
                remark = mask(words, facts.desk.privacy.hide)
                rating = read_opinion(opinion, remark, survey)
                further = bool(opinion.further.strip())
                decision = answer_page(facts, facts.sender, ticket, choice, rating, further=further)
            else:
                decision = act(facts, facts.sender, ticket, choice, argument)
            if decision.outcome is not Outcome.APPENDED:
                why = "；".join(dict.fromkeys(item.why for item in decision.unsent))
                return Done(False, "refused", sight, why)
            decision = keep_watch(facts, keep_time(facts, set_free(facts, decision)))
            decision = keep_follow_up(facts, keep_reminders(facts, decision))
            cause = f"page:{ticket.id}:{(facts.now - _EPOCH) // _MICROSECOND}:{print_}"
            applied = apply_answer(db, self.press, facts, decision, cause)
            reach(Step.APPLIED)
            shown = _show(db, self._gather(db, link, "", lock=False), link)
        reach(Step.COMMITTED)
        journal.appended(ticket.number, f"{facts.sender.address} (page: {choice})")
        if applied.queued:
            self.woken()
        return Done(True, pages_of.SAID[choice], shown)

    def _gather(self, db: Connection, link: Link, words: str, *, lock: bool) -> Facts | None:
        """The facts of an answer by link, as a mail with these words would have them."""
        now = self.store.now()
        kin: cases.Kin = "none" if link.act == CONFIRM else "family"
        found: tuple[KnownTicket, ...] = cases.load(
            db, link.desk, [link.ticket], self.directory, now, lock=lock, kin=kin
        )
        if not found:
            return None
        sender = people.find_sender(db, link.person, "")
        mail = Incoming(
            kind=Kind.ORDINARY,
            message_id=None,
            subject="",
            sender=Address(sender.name, link.person),
            text=words,
            reply=words,
        )
        facts = Facts(
            now=now,
            received=now,
            desk=self.desks[link.desk],
            mail=mail,
            sender=sender,
            tickets=found,
            leads=self.leads,
            directory=self.directory,
            said=sayings.read_said(db, link.ticket),
            approvals=approvals.read(db, link.ticket) if link.act != CONFIRM else (),
            follow_up=follow_ups.find_open(db, link.ticket),
        )
        return hide_in_facts(facts)


def _show(db: Connection, facts: Facts | None, link: Link) -> Sight | None:
    if facts is None:
        return None
    last, solution = _recall(db, facts, link), sayings.read_solution(db, link.ticket)
    ticket, given = facts.ticket(link.ticket), None
    if link.act == CONFIRM and facts.sender is not None:
        rated = ratings.read_current(db, link.ticket)
        given = rated.rating if rated and rated.person == facts.sender.person else None
    sight = pages_of.show(facts, ticket, link, last, solution, given)
    sight = hide_in_values(sight, facts.desk.privacy.hide)
    if sight is None or link.act == CONFIRM or facts.sender is None or not facts.sender.person:
        return sight
    exposed = steps.read_exposure(db, link.ticket, facts.sender.person)
    if exposed is not None and link.issued <= exposed:
        return replace(sight, choices=())  # others got this link by his own mail
    return sight


def _recall(db: Connection, facts: Facts, link: Link) -> LastAnswer | None:
    if facts.sender is None or facts.sender.person is None:
        return None
    return steps.read_page_answer(db, link.ticket, facts.sender.person)
