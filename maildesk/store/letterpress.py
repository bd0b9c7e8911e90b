"""From a planned letter to the finished bytes of its outbox row.

Joins wording, signed ids and composing. Pure but for what it is given; decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from maildesk.desk.charter import DeskConfig
from maildesk.desk.decision import LetterPlan
from maildesk.desk.letters.letter_values import LetterValues
from maildesk.desk.letters.reminder_values import RemindersValues
from maildesk.desk.letters.wording import Wording
from maildesk.desk.pages import links
from maildesk.desk.privacy.mask import mask
from maildesk.desk.privacy.shield import hide_in_file, hide_in_values
from maildesk.desk.staff.marker import MARKER
from maildesk.mail.compose import Outgoing, compose
from maildesk.mail.message import Address, Attachment
from maildesk.mail.proof import ids, tokens
from maildesk.store.outbox import NewLetter

# An acknowledgement that is a day late only confuses; a notice to the lead stays worth reading.
VALID = {"ack": timedelta(days=1)}

_RELAYS = {"requester": "r", "vendor": "v", "internal": "n"}  # as `tokens` writes them
_LONGEST_LOCAL = 64  # octets before the @ (RFC 5321 §4.5.3.1.1)


@dataclass(frozen=True, slots=True)
class Letterpress:
    """Prints letters: the wording of all desks, and the secrets, the first of which signs.

    `base_url` is where our pages are found; None: letters carry no links.
    """

    wording: Wording
    secrets: tuple[bytes, ...]
    base_url: str | None = None

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

        `automatic` False: the brakes do not hold it (the alarm that they closed); nor do they ever
        hold a human's words.
        """
        plan = _hide(plan, desk)
        leaves = max(now, plan.not_before or now)
        secret = self.secrets[0]
        domain = desk.address.rpartition("@")[2]
        message_id = ids.mint(
            secret,
            letter_key=f"{cause}/{plan.letter}/{plan.address}",
            ticket=ticket or 0,
            recipient=plan.address,
            domain=domain,
        )
        code, values = self._sign(plan, desk, ticket, leaves)
        words = self.wording.render(plan.letter, plan.language, values)
        anchors = (ids.anchor(secret, ticket, domain),) if ticket else ()
        name = desk.name_in(plan.language)
        files = _show_only_what_is_named(plan.files, words.html)
        data = compose(
            Outgoing(
                message_id=message_id,
                from_=Address(name, desk.address),
                to=Address(plan.name, plan.mailbox or plan.address),
                subject=words.subject,
                text=words.text,
                html=words.html,
                date=leaves,
                references=(*anchors, *seen, *((answers,) if answers else ())),
                in_reply_to=answers,
                auto_submitted=plan.automatic,
                bulk=plan.bulk,
                reply_to=_plus_address(desk, name, code),
                files=files,
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
            automatic=automatic and plan.automatic is not None,
            message_id=message_id,
            subject=words.subject,
            data=data,
            withheld=withheld or plan.withheld,
            valid_until=leaves + valid if valid else None,
            condition=condition,
            relay=plan.relay,
            relay_to=plan.relay_to or None,
            files=files,
            not_before=plan.not_before,
        )

    def _sign(
        self, plan: LetterPlan, desk: DeskConfig, ticket: int | None, leaves: datetime
    ) -> tuple[str, LetterValues]:
        """The code that proves an answer to this letter, "" when it carries none; and the values.

        Letters to staff have room for a code and for the line to answer above; both are the same
        whatever the occasion, so no decision has to know them.
        """
        values: Any = plan.values
        code = ""
        if hasattr(values, "code"):
            code = self._mint(plan, ticket, leaves)
            values = replace(values, code=code)
        if getattr(values, "marker", None) == "":
            values = replace(values, marker=MARKER)
        return code, self._link(values, plan, desk, ticket, leaves)

    def _link(
        self, values: Any, plan: LetterPlan, desk: DeskConfig, ticket: int | None, leaves: datetime
    ) -> Any:
        """The values with their pages' addresses; without pages, a letter names none."""
        if isinstance(values, RemindersValues):
            return self._link_each(values, plan, desk, leaves)
        if self.base_url is None or ticket is None:
            return replace(values, actions=()) if getattr(values, "actions", ()) else values

        def lead_to(act: str) -> str:
            link = links.Link(act, desk.id, ticket, plan.address, leaves)
            return links.url(self.base_url or "", links.sign(self.secrets[0], link))

        if getattr(values, "actions", ()):
            # A decision names the act; its page's address is known only here.
            actions = tuple(replace(item, url=lead_to(item.url)) for item in values.actions)
            return self._link_articles(replace(values, actions=actions), desk)
        if hasattr(values, "service_url"):
            values = replace(values, service_url=f"{self.base_url}/service/{desk.id}")
            return self._link_articles(values, desk)
        if hasattr(values, "rate_url"):
            return replace(values, rate_url=lead_to(links.CONFIRM))
        if hasattr(values, "confirm_url"):
            page = lead_to(links.CONFIRM)
            return replace(values, confirm_url=page, broken_url=f"{page}#broken")
        return values

    def _link_articles(self, values: Any, desk: DeskConfig) -> Any:
        """The articles a letter offers, or names as what helped, with the address of their page."""
        base = self.base_url or ""

        def link(item: Any) -> Any:
            if not item.article:
                return item
            return replace(item, url=links.article_url(base, self.secrets[0], desk.id, item.number))

        for name in ("offered", "helped"):
            if named := getattr(values, name, ()):
                values = replace(values, **{name: tuple(map(link, named))})
        return values

    def _link_each(
        self, values: RemindersValues, plan: LetterPlan, desk: DeskConfig, leaves: datetime
    ) -> RemindersValues:
        """A letter about several tickets has the page of each that is to be confirmed."""
        if self.base_url is None:
            return values
        items = []
        for item in values.items:
            link = links.Link(links.CONFIRM, desk.id, item.ticket, plan.address, leaves)
            page = links.url(self.base_url, links.sign(self.secrets[0], link))
            asks = item.what == "confirm"
            linked = replace(item, confirm_url=page, broken_url=f"{page}#broken")
            items.append(linked if asks else item)
        return replace(values, items=tuple(items))

    def _mint(self, plan: LetterPlan, ticket: int | None, leaves: datetime) -> str:
        if ticket is None:
            return ""
        return tokens.mint(
            self.secrets[0],
            relay=_RELAYS[plan.relay],
            ticket=ticket,
            address=plan.address,
            day=tokens.day_of(leaves),
        )


def _hide(plan: LetterPlan, desk: DeskConfig) -> LetterPlan:
    """The letter without secrets, whoever planned it: words kept from before may still hold some.

    Before links and codes are signed, so that no mask can fall on them.
    """
    kinds = desk.privacy.hide - plan.shows
    return replace(
        plan,
        name=mask(plan.name, kinds),
        values=hide_in_values(plan.values, kinds),
        files=tuple(hide_in_file(item, kinds) for item in plan.files),
    )


def _show_only_what_is_named(
    files: tuple[Attachment, ...], html: str | None
) -> tuple[Attachment, ...]:
    """Files stay inline only where the letter's own HTML shows them: else clients hide them."""
    return tuple(
        item
        if not item.inline or (item.content_id and f"cid:{item.content_id}" in (html or ""))
        else replace(item, inline=False, content_id=None)
        for item in files
    )


def _plus_address(desk: DeskConfig, name: str, code: str) -> Address | None:
    """Where an answer brings its code along by itself, if the desk's provider delivers there."""
    local, _, domain = desk.address.rpartition("@")
    tagged = f"{local}+{code}"
    if not code or not desk.plus_address or len(tagged) > _LONGEST_LOCAL:
        return None
    return Address(name, f"{tagged}@{domain}")
