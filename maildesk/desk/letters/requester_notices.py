"""Which letters a decision writes, and which it deliberately does not (WORDS.md, DESIGN §8).

Every letter one could expect and does not get has its reason in the trace. What the letters say
is `wording`'s and the templates' business.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypedDict
from zoneinfo import ZoneInfo

from maildesk.desk.arrival.directory import find_own_group
from maildesk.desk.arrival.guard import accepts, is_desk_address
from maildesk.desk.arrival.machine import NO_REPLY
from maildesk.desk.calendar.hours import is_open, next_open
from maildesk.desk.decision import Facts, Finding, LetterPlan, Opening, Sender, Unsent
from maildesk.desk.knowledge.learnt import Learnt, offer
from maildesk.desk.letters.head import greet, head, head_at, name_handler
from maildesk.desk.letters.letter_values import AckValues, LetterValues, OfferedArticle
from maildesk.desk.letters.phrases import phrase
from maildesk.desk.letters.requester_values import ClarifyValues, EncryptedValues, StatusValues
from maildesk.desk.person import Person
from maildesk.desk.profile import Calendar, Profile
from maildesk.desk.request.asking import Asking
from maildesk.desk.ticket import KnownTicket, Part, tell_state

_NOTHING = Asking()


def acknowledge(
    facts: Facts,
    sender: Sender,
    opening: Opening,
    linked: KnownTicket | None,
    *,
    handler: Person | None = None,
    requester: Person | None = None,
    echo: bool = True,
    asking: Asking = _NOTHING,
) -> tuple[tuple[LetterPlan, ...], tuple[Unsent, ...]]:
    """The acknowledgement of a new ticket, or the reason why there is none.

    It goes to the sender, or to the `requester` for whom the sender wrote (R1). `echo` False keeps
    the words of a mail that failed the border's checks out of it. `asking`: what the mail does
    not tell is asked here, so that it costs no letter of its own.
    """
    silent = None if requester else stay_silent(facts, sender)
    if silent is not None:
        return (), (Unsent("ack", sender.address, silent),)
    values = _fill_ack(facts, sender, opening, linked)
    if handler is not None:
        profile = facts.desk.profile
        group = find_own_group(handler, profile, profile.group(opening.group))
        values = replace(
            values,
            handler=handler.name,
            group=group.label.in_language(opening.language),
            extension=handler.extension or group.extension,
        )
    values = replace(
        values,
        questions=tuple(item.ask.in_language(opening.language) for item in asking.questions),
        outside=asking.outside.answer.in_language(opening.language) if asking.outside else None,
    )
    if not echo:
        values = replace(values, echo_title=False)
    elif values.echo_title and not values.urgent and not opening.linked:
        fits = offer(opening.title, facts.mail.reply, facts.learnt, opening.category)
        values = replace(values, offered=tuple(map(_show_article, fits)))
    mailbox = facts.mail.sender.email if facts.mail.sender else ""
    address, name = sender.address, sender.name
    if requester is not None:
        address, name, mailbox = requester.addresses[0], requester.name, ""
        values = replace(
            values,
            name=name,
            contact=opening.fields.get("contact") or requester.extension,
            reporter=sender.name,
            echo_title=True,
        )
    plan = LetterPlan(
        letter="ack",
        address=address,
        mailbox=mailbox,
        name=name,
        language=opening.language,
        values=values,
        # The brake counts the sender's letters; another's acknowledgement is counted when it is
        # queued.
        withheld=None if requester else _brake(facts, sender),
    )
    return (plan,), ()


def explain_offer(facts: Facts, plans: Iterable[LetterPlan]) -> tuple[Finding, ...]:
    """Which articles the acknowledgement offers, or that none of those that share words fits."""
    articles = [item.number for item in facts.learnt if item.kind == "article"]
    given = [plan.values for plan in plans if isinstance(plan.values, AckValues)]
    offered = [item.number for values in given for item in values.offered]
    if offered:
        return (Finding("knowledge", "offered", ", ".join(offered)),)
    if not articles or not given:
        return ()
    why = f"of {len(articles)} articles that share words none fits for certain"
    if any(values.urgent for values in given):
        why = "an urgent request is offered no article"
    return (Finding("knowledge", "nothing offered", why),)


def _show_article(item: Learnt) -> OfferedArticle:
    return OfferedArticle(item.number, item.title, " ".join(item.extract.split()))


def acknowledge_again(facts: Facts, ticket: KnownTicket, person: Person, by: str) -> LetterPlan:
    """A ticket turned out to be this person's request: what was recorded, and by whom (R1)."""
    desk, profile = facts.desk, facts.desk.profile
    language = person.language or ticket.language
    due = None if ticket.responded else ticket.response_due
    values = AckValues(
        name=person.name,
        hotline=desk.hotline,
        due=due if due and due > facts.now else None,
        category=profile.category(ticket.category).label.in_language(language),
        priority=profile.priority(ticket.priority).label.in_language(language),
        type=profile.type(ticket.type).label.in_language(language),
        contact=person.extension,
        reporter=by,
        scope=_say_scope(profile, ticket.fields, ticket.impact, language),
        **name_handler(desk, facts.directory, ticket, language),
        **head_at(desk, ticket.number, ticket.title, language, facts.now),
    )
    return LetterPlan("ack", person.addresses[0], person.name, language, values)


def tell_status(facts: Facts, ticket: KnownTicket, sender: Sender) -> LetterPlan:
    """How things stand, to a requester who asks (F1, W4)."""
    head = _describe(facts, ticket, sender)
    eta = ticket.eta if ticket.eta and ticket.eta > facts.now else None
    state = tell_state(ticket.state, facts.desk.profile).in_language(head["language"])
    due = ticket.response_due if ticket.responded is None else None
    # What she wrote herself is no progress, and what staff say among themselves not hers to read.
    requester = ticket.find(Part.REQUESTER)
    own = [item for item in facts.said if item.internal]
    told = [item for item in own if requester is not None and item.told == requester.name]
    last = told[-1] if told else own[-1] if own else None
    values = StatusValues(
        state=state,
        eta=eta,
        opened=ticket.opened or facts.now,
        due=due if due and due > facts.now else None,
        last_action=told[-1].words.strip() if told else None,
        last_at=last.at if last else None,
        hotline=facts.desk.hotline,
        **head,
    )
    return answer(facts, "status", sender, values)


def ask_whether(facts: Facts, ticket: KnownTicket, sender: Sender) -> LetterPlan:
    """A lone `1`: did it work, or not?"""
    rates = facts.desk.profile.survey.rates_at_once
    values = ClarifyValues(rates=rates, **_describe(facts, ticket, sender))
    return answer(facts, "clarify", sender, values)


def ask_plain(
    facts: Facts, ticket: KnownTicket, sender: Sender
) -> tuple[tuple[LetterPlan, ...], tuple[Unsent, ...]]:
    """An encrypted mail on a ticket: its sender is asked for the words, once a day."""
    silent = stay_silent(facts, sender)
    if facts.asked_plain:
        silent = "the ticket had this letter within the day"
    if silent is not None:
        return (), (Unsent("encrypted", sender.address, silent),)
    values = EncryptedValues(**_describe(facts, ticket, sender))
    return (answer(facts, "encrypted", sender, values),), ()


def answer(facts: Facts, letter: str, sender: Sender, values: LetterValues) -> LetterPlan:
    """A letter of the desk's own to who wrote the mail, under his brake."""
    return LetterPlan(
        letter=letter,
        address=sender.address,
        mailbox=facts.mail.sender.email if facts.mail.sender else "",
        name=sender.name,
        language=values.language,
        values=values,
        withheld=_brake(facts, sender),
    )


def _brake(facts: Facts, sender: Sender) -> str | None:
    """An engineer with five dispatches this hour must not go without answer to his own request."""
    budgets = facts.desk.budgets
    allowed = budgets.per_staff_hour if sender.is_staff else budgets.per_address_hour
    return brake_address(facts.sent_to_address, allowed)


def _describe(facts: Facts, ticket: KnownTicket, sender: Sender) -> dict[str, Any]:
    """What a letter to the requester says of his ticket's handler."""
    language = sender.language or ticket.language
    return {
        "name": greet(sender),
        **head(facts, ticket.number, ticket.title, language),
        **name_handler(facts.desk, facts.directory, ticket, language),
    }


def brake_address(sent: int, allowed: int) -> str | None:
    """Why one more automatic letter to an address must wait, or None."""
    if sent < allowed:
        return None
    return f"brake: {sent} automatic letters to this address within the hour, {allowed} are allowed"


def brake_ticket(sent: int, allowed: int) -> str | None:
    """Why one more automatic letter about a ticket must wait, or None."""
    if sent < allowed:
        return None
    return f"brake: {sent} automatic letters about this ticket within a day, {allowed} are allowed"


def addressed_to_desk(facts: Facts) -> bool:
    """Whether To names the desk. In Cc only, or nowhere, it is a circular to be sorted."""
    return any(is_desk_address(facts.desk, item.key) for item in facts.mail.to)


def stay_silent(facts: Facts, sender: Sender) -> str | None:
    """Why a mail of its own is not answered by the desk, or None."""
    if facts.mail.auto_generated:
        return "a machine wrote it (Auto-Submitted: auto-generated); machines are not answered"
    if is_desk_address(facts.desk, sender.address):
        return "it says it is from the desk's own address"
    local = sender.address.rpartition("@")[0]
    if local in NO_REPLY:
        return f"{sender.address} does not read answers"
    if not addressed_to_desk(facts):
        return "the desk is not in To: a circular, to be sorted by a person"
    return None


def _fill_ack(
    facts: Facts, sender: Sender, opening: Opening, linked: KnownTicket | None
) -> AckValues:
    desk, profile = facts.desk, facts.desk.profile
    group = profile.group(opening.group)
    priority = profile.priority(opening.priority)
    calendar = profile.calendar(priority.calendar)
    zone = desk.zone_info
    language = opening.language
    open_now = is_open(facts.now, calendar, zone)
    return AckValues(
        desk=desk.name_in(language),
        name=greet(sender),
        number="",
        title=opening.title,
        handler=None,
        group=group.label.in_language(language),
        extension=group.extension,
        hotline=desk.hotline,
        due=opening.response_due if opening.response_due > facts.now else None,
        now=facts.now,
        zone=zone,
        language=language,
        category=profile.category(opening.category).label.in_language(language),
        priority=priority.label.in_language(language),
        type=profile.type(opening.type).label.in_language(language),
        attachments=len(facts.files),
        resumes=_resumes(facts.now, opening, calendar, zone, open_now),
        open_now=open_now,
        urgent=priority.rank == 0,
        contact=opening.fields.get("contact") or sender.extension,
        scope=_say_scope(profile, opening.fields, opening.impact, language),
        severity=opening.fields.get("severity") or opening.fields.get("urgency"),
        **_answer_wish(facts, opening),
        linked=linked.number if linked and not opening.renewed else None,
        reopened_from=linked.number if linked and opening.renewed else None,
        echo_title=sender.listed or accepts(desk, sender.address),
        encrypted=facts.mail.encrypted,
    )


class _WishAnswer(TypedDict):
    wished: datetime | None
    wish_late: bool
    promised: datetime | None


def _answer_wish(facts: Facts, opening: Opening) -> _WishAnswer:
    """The wished-for time against what the priority promises (W5): a solution, else a response.

    Sooner than that it may come about, and nobody should count on it.
    """
    kept = opening.fields.get("wished_at")
    wished = datetime.fromisoformat(kept) if kept else None
    promised = opening.solution_due or opening.response_due
    late = wished is not None and wished < promised
    return _WishAnswer(wished=wished, wish_late=late, promised=opening.solution_due)


def _say_scope(
    profile: Profile, fields: Mapping[str, str], impact: str | None, language: str
) -> str | None:
    """Who is affected: as the requester states it, else what the rules made of it."""
    stated = fields.get("scope")
    if stated is None:
        level = next((item for item in profile.impacts if item.key == impact), None)
        if level is None:
            return None
        stated = level.label.in_language(language)
        stated = stated[:1].lower() + stated[1:]
    return stated if "影响" in stated else phrase("affects", language, whom=stated)


def _resumes(
    now: datetime, opening: Opening, calendar: Calendar, zone: ZoneInfo, open_now: bool
) -> datetime | None:
    """When work goes on: in closed hours, and before days off that lie ahead of the limit."""
    if not open_now:
        return next_open(now, calendar, zone)
    tomorrow = now.astimezone(zone).replace(hour=0, minute=0, second=0) + timedelta(days=1)
    again = next_open(tomorrow, calendar, zone)
    if again - tomorrow < timedelta(days=1) or opening.response_due < again:
        return None
    return again
