"""From a planned letter to the finished bytes of its outbox row.

Joins wording, signed ids and composing. Pure but for what it is given; decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from maildesk.desk.charter import DeskConfig
from maildesk.desk.decision import LetterPlan
from maildesk.desk.wording import Wording
from maildesk.mail import ids
from maildesk.mail.compose import Outgoing, compose
from maildesk.mail.message import Address
from maildesk.store.outbox import NewLetter

# An acknowledgement that is a day late only confuses; a notice to the lead stays worth reading.
VALID = {"ack": timedelta(days=1)}


@dataclass(frozen=True, slots=True)
class Letterpress:
    """Prints letters: the wording of all desks, and the secrets, the first of which signs."""

    wording: Wording
    secrets: tuple[bytes, ...]

    def print_letter(
        self,
        plan: LetterPlan,
        desk: DeskConfig,
        *,
        cause: str,
        ticket: int | None,
        now: datetime,
        answers: str | None = None,
        seen: Sequence[str] = (),
        condition: str | None = None,
        withheld: str | None = None,
        automatic: bool = True,
    ) -> NewLetter:
        """`answers` is the Message-ID replied to; `seen` are ids this person has had before.

        `automatic` False: the brakes do not hold it (the alarm that they closed).
        """
        secret = self.secrets[0]
        domain = desk.address.rpartition("@")[2]
        message_id = ids.mint(
            secret,
            letter_key=f"{cause}/{plan.letter}/{plan.address}",
            ticket=ticket or 0,
            recipient=plan.address,
            domain=domain,
        )
        words = self.wording.render(plan.letter, plan.language, plan.values)
        anchors = (ids.anchor(secret, ticket, domain),) if ticket else ()
        name = desk.name if plan.language.startswith("zh") else desk.name_en
        data = compose(
            Outgoing(
                message_id=message_id,
                from_=Address(name, desk.address),
                to=Address(plan.name, plan.mailbox or plan.address),
                subject=words.subject,
                text=words.text,
                html=words.html,
                date=now,
                references=(*anchors, *seen, *((answers,) if answers else ())),
                in_reply_to=answers,
                auto_submitted=plan.automatic,
                mark=ids.mark(secret, desk.id),
            )
        )
        valid = VALID.get(plan.letter)
        return NewLetter(
            desk_id=desk.id,
            ticket=ticket,
            cause=cause,
            letter=plan.letter,
            address=plan.address,
            mailbox=plan.mailbox or plan.address,
            automatic=automatic,
            message_id=message_id,
            subject=words.subject,
            data=data,
            withheld=withheld or plan.withheld,
            valid_until=now + valid if valid else None,
            condition=condition,
        )
