"""What a desk is told to be: its addresses, process profile, manners and brakes.

Filled by `config`; here because every decision is made under it.
"""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from maildesk.desk.privacy.mask import USUAL, Privacy
from maildesk.desk.profile import Profile
from maildesk.desk.staff.snippet import Snippet


@dataclass(frozen=True, slots=True)
class Budgets:
    """Brakes on automatic letters (DESIGN §8): how many may leave before they pause, and for how
    many hours they do when one came back: the address is gone, or its mailbox full or the like."""

    per_address_hour: int = 5
    per_staff_hour: int = 100  # an engineer has forty open threads
    per_ticket_day: int = 20
    per_desk_hour: int = 500
    bounced_hours: int = 7 * 24
    bounced_soft_hours: int = 24


@dataclass(frozen=True, slots=True)
class DeskConfig:
    """One desk. `accept_from` holds domains and addresses; empty means its own address's domain.
    `snippets` are its ready-made answers; `report_readers` get a report once the lead has
    commented on it.

    `plus_address`: replies may carry a plus-address because `maildesk check` proved delivery.
    """

    id: str
    name: str
    name_en: str
    addresses: tuple[str, ...]
    profile: Profile
    zone: str
    language: str
    hotline: str | None
    accept_from: tuple[str, ...]
    budgets: Budgets = Budgets()
    plus_address: bool = False
    snippets: tuple[Snippet, ...] = ()
    privacy: Privacy = USUAL
    report_readers: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """The address the desk writes from."""
        return self.addresses[0]

    def name_in(self, language: str) -> str:
        """What the desk is called; `language` is a BCP 47 tag such as `zh-CN` or `en`."""
        return self.name if language.startswith("zh") else self.name_en

    @property
    def zone_info(self) -> ZoneInfo:
        """The desk's zone; the standard library keeps one object per zone."""
        return ZoneInfo(self.zone)
