"""What every letter says first: whose desk it is, which ticket, who handles it, to whom by name.

Keyword arguments for the values of a letter; what a kind of letter has beyond these stands in its
own dataclass.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict
from zoneinfo import ZoneInfo

from maildesk.desk.arrival.directory import Directory, find_own_group
from maildesk.desk.arrival.salutation import greet_as
from maildesk.desk.charter import DeskConfig
from maildesk.desk.decision import Facts, Sender
from maildesk.desk.ticket import Insider, KnownTicket, Part


class Frame(TypedDict):
    """What the values of all letters share; `now` is when it is read."""

    desk: str
    now: datetime
    zone: ZoneInfo
    language: str


class Head(Frame):
    """What the values of all letters about a ticket share."""

    number: str
    title: str


class Handling(TypedDict):
    """Who handles a ticket; `handler` None: nobody has it yet."""

    handler: str | None
    group: str
    extension: str | None


def frame(desk: DeskConfig, language: str, now: datetime) -> Frame:
    return Frame(desk=desk.name_in(language), now=now, zone=desk.zone_info, language=language)


def head(facts: Facts, number: str, title: str, language: str) -> Head:
    """A letter a mail causes; `number` and `title` are "" where there is no ticket yet."""
    return head_at(facts.desk, number, title, language, facts.now)


def head_at(desk: DeskConfig, number: str, title: str, language: str, now: datetime) -> Head:
    """The same where no mail is at hand: the clock writes, or somebody pressed a button."""
    return Head(**frame(desk, language, now), number=number, title=title)


def name_handler(
    desk: DeskConfig, directory: Directory, ticket: KnownTicket, language: str
) -> Handling:
    """Who has it, in which group, and where to call: their own extension, else the group's."""
    handler = ticket.find(Part.ASSIGNEE)
    usual = desk.profile.group_of(ticket.group, ticket.category)
    listed = directory.at(handler.key) if handler else None
    group = find_own_group(listed, desk.profile, usual)
    return Handling(
        handler=handler.name if handler else None,
        group=group.label.in_language(language),
        extension=handler.extension if handler and handler.extension else group.extension,
    )


def greet(person: Insider | Sender) -> str:
    """A listed person's name as it stands; another's only when it can be one."""
    return person.name if person.listed else greet_as(person.name)
