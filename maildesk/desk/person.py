"""Who somebody is to the desk: listed people and the roles they hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Role(StrEnum):
    """What a listed person may be; requester is everybody else."""

    REQUESTER = "requester"
    ENGINEER = "engineer"
    LEAD = "lead"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the people list. `addresses` are keys (`mail.message.address_key`); others refer
    to him by the first. `groups` are keys or labels of a profile's groups, as the list has them.
    `away` are planned absences: first and last day. `delegates` are the first addresses of those
    who may speak for him (W8).
    """

    name: str
    addresses: tuple[str, ...]
    staff_number: str | None = None
    department: str | None = None
    manager: str | None = None
    extension: str | None = None
    language: str | None = None
    role: Role = Role.REQUESTER
    skills: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    vip: bool = False
    away: tuple[tuple[date, date], ...] = ()
    delegates: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The address letters go to, and what a ticket knows him by."""
        return self.addresses[0]
