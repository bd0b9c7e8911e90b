"""Is this mail about another mail's fate? Delivery reports, read receipts, abuse reports.

RFC 3464 reports first, wherever their fields stand, then the prose of mail systems, believed only
as far as sender, subject, words and the returned mail agree. A person who forwards a bounce asks a
question: that is ordinary. What a bounce does to an address is the desk's decision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from maildesk.mail.cut import prefix
from maildesk.mail.header.people import recover
from maildesk.mail.kinds import dsn, notice, receipt
from maildesk.mail.kinds.mailer import Rank, is_client, is_flagged, is_mailer, rank
from maildesk.mail.kinds.notice import Notice
from maildesk.mail.kinds.refusal import Prose, read_prose
from maildesk.mail.kinds.returned import find_original, is_copy
from maildesk.mail.message import Address, Bounce, Kind
from maildesk.mail.parts.structure import Leaf, Outline

_READ = 256 * 1024
_MOST = 50  # recipients of one report we remember
_MOST_FILES = 20
_FIELDS = frozenset(
    {"message/delivery-status", "message/global-delivery-status", "message/delivery_status"}
)
_RECEIPT = "message/disposition-notification"
_OTHERS = frozenset(
    {_RECEIPT, "message/global-disposition-notification", "message/feedback-report"}
)
_REPORT_TYPES = frozenset({"disposition-notification", "feedback-report", "tlsrpt"})
_MAY_HOLD_FIELDS = frozenset({"text/plain", "application/octet-stream"})
_OWN = ("to", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "apparently-to")


@dataclass(frozen=True, slots=True)
class Fate:
    """What a report says: `kind` is BOUNCE or REPORT; `bounce` None for receipts and abuse."""

    kind: Kind
    bounce: Bounce | None = None


def find_fate(
    outline: Outline,
    headers: Mapping[str, str],
    sender: Address | None,
    subject: str,
    text: str,
) -> Fate | None:
    """The report this mail is, or None. `headers`: lower-case names to the first decoded value."""
    if "x-ricevuta" in headers and not is_flagged(headers):
        return Fate(Kind.REPORT)  # Italian certified mail tells every step of a letter
    is_report = outline.top == "multipart/report"
    who = Rank.SYSTEM if is_report else rank(sender, headers)  # no person's program makes one
    files = outline.files[:_MOST_FILES]
    if who is Rank.PERSON and not any(leaf.content_type in _OTHERS for leaf in files):
        return _read_receipt(subject, text)
    if who < Rank.SYSTEM and (prefix.is_forward(subject, text) or prefix.is_reply(subject)):
        return None
    if who is Rank.PERSON:
        odd = outline.top == "multipart/mixed" and not receipt.may_be_receipt(subject)
        return None if odd or is_client(headers) else Fate(Kind.REPORT)
    claim = notice.read_subject(subject)
    found = _read_parts(files, headers, claim, text)
    if found is not None:
        return found
    kind = outline.parameters.get("report-type", "").strip().lower() if is_report else ""
    if kind in _REPORT_TYPES:
        return Fate(Kind.REPORT)
    hidden = _find_fields(files, text) if who >= Rank.ROLE else []
    if hidden:
        return _settle(hidden, files, headers, text)
    found = _read_receipt(subject, text) or _read_words(who, claim, text, headers, sender, files)
    if found is None and kind == "delivery-status":
        return Fate(Kind.REPORT, Bounce(None, None, (), find_original(files, text, headers)))
    return found


def _read_receipt(subject: str, text: str) -> Fate | None:
    return Fate(Kind.REPORT) if receipt.is_receipt(subject, text) else None


def _read_parts(
    files: Sequence[Leaf], headers: Mapping[str, str], claim: Notice, text: str
) -> Fate | None:
    """The parts only reports have: delivery status first, then receipts and abuse reports."""
    statuses = [leaf for leaf in files if leaf.content_type in _FIELDS]
    if statuses:
        people = [one for leaf in statuses for one in dsn.read_fields(_decode(leaf))]
        if people:
            return _settle(people, files, headers, text)
        return None
    for leaf in files:
        if leaf.content_type == _RECEIPT and _is_refused(leaf, claim):
            prose = read_prose(text, _list_own(headers))
            people = [dsn.Recipient(one, "failed", prose.status) for one in prose.recipients]
            people = people or [dsn.Recipient("", "failed", prose.status)]
            return _settle(people, files, headers, text)
        if leaf.content_type in _OTHERS:
            return Fate(Kind.REPORT)
    return None


def _is_refused(leaf: Leaf, claim: Notice) -> bool:
    """Sieve's refusals come dressed as receipts (RFC 5429 §2.1.1): believed when both say so."""
    if claim.action != "failed" or not claim.anchored:
        return False
    for line in _decode(leaf).lower().split("\n")[:50]:
        if line.startswith("disposition:"):
            return line.rpartition(";")[2].strip().startswith(("deleted", "failed", "rejected"))
    return False


def _find_fields(files: Sequence[Leaf], text: str) -> list[dsn.Recipient]:
    """Fields under a wrong label, or in the words themselves."""
    for leaf in files:
        if leaf.content_type in _MAY_HOLD_FIELDS:
            found = _decode(leaf)
            if dsn.looks_like_fields(found):
                return list(dsn.read_fields(found))
    if dsn.looks_like_fields(text[:_READ]):
        return [one for one in dsn.read_fields(text[:_READ]) if one.address]
    return []


def _settle(
    people: Sequence[dsn.Recipient],
    files: Sequence[Leaf],
    headers: Mapping[str, str],
    text: str,
) -> Fate:
    """RFC 3464 §2: one action per recipient; those that failed outweigh the others."""
    chosen = next(
        (
            group
            for group in ([one for one in people if one.action == act] for act in _WEIGHTY)
            if group
        ),
        list(people),
    )
    action = chosen[0].action or None
    addresses = dict.fromkeys(one.address for one in chosen if one.address)
    if not addresses and action in ("failed", "delayed"):
        named = _read_named(headers)
        addresses = dict.fromkeys(named or read_prose(text, _list_own(headers)).recipients)
    status = next((one.status for one in chosen if one.status), None)
    if status is None and action == "failed":
        status = read_prose(text, _list_own(headers), addresses).status
    said = f"{chosen[0].diagnostic}\n{text[:2000] if not chosen[0].diagnostic else ''}"
    return Fate(
        Kind.BOUNCE if action == "failed" else Kind.REPORT,
        Bounce(
            status=status,
            action=action,
            recipients=tuple(addresses)[:_MOST],
            original_message_id=find_original(files, text, headers),
            permanent=dsn.is_permanent(status, said, action),
        ),
    )


_WEIGHTY = ("failed", "delayed")


def _read_words(
    who: Rank,
    claim: Notice,
    text: str,
    headers: Mapping[str, str],
    sender: Address | None,
    files: Sequence[Leaf],
) -> Fate | None:
    """Reports of systems that send prose."""
    own = _list_own(headers)
    if sender is not None and is_mailer(sender.email):
        own.append(sender.email)
    prose = read_prose(text, own, _read_named(headers))
    copied = prose.copied or any(is_copy(leaf) for leaf in files)
    if not _is_believed(who, claim, prose, copied, is_flagged(headers)):
        return None
    action = claim.action
    if action != "delivered" and prose.waiting and not (action == "failed" and claim.anchored):
        action = "delayed"
    action = action or "failed"
    status = prose.status if action != "delivered" else None
    return Fate(
        Kind.BOUNCE if action == "failed" else Kind.REPORT,
        Bounce(
            status=status,
            action=action,
            recipients=prose.recipients,
            original_message_id=find_original(files, text, headers),
            permanent=dsn.is_permanent(status, text, action),
        ),
    )


def _is_believed(who: Rank, claim: Notice, prose: Prose, copied: bool, flagged: bool) -> bool:
    """Whether the evidence is enough: the less the sender is a machine, the more it must be."""
    if flagged:
        return bool(claim.action) or prose.fixed or prose.failure or prose.coded
    told = bool(prose.recipients) or copied
    reason = prose.coded or prose.status is not None
    if claim.action == "delivered":
        return claim.anchored and who >= Rank.ROLE and told
    if who is Rank.SYSTEM:
        if claim.anchored:
            return (told and (reason or prose.failure or prose.fixed)) or (reason and prose.failure)
        if claim.action:
            return told and (prose.fixed or (reason and prose.failure))
        return told and prose.failure and (prose.fixed or copied or reason)
    if who is Rank.ROLE:
        if claim.anchored:
            return told and (reason or prose.failure or prose.fixed)
        return told and prose.fixed and (copied or reason)
    if not (claim.anchored and told and prose.leads and (prose.failure or reason)):
        return False
    return copied or claim.exact


def _read_named(headers: Mapping[str, str]) -> tuple[str, ...]:
    value = headers.get("x-failed-recipients", "")
    return tuple(one for one in map(dsn.read_address, value.split(",")[:_MOST]) if one)


def _list_own(headers: Mapping[str, str]) -> list[str]:
    """Addresses the report itself was sent to: whoever wrote the mail that came back."""
    return [
        one.email
        for name in _OWN
        if "@" in headers.get(name, "")
        for one in recover(headers[name][:4000])
    ]


def _decode(leaf: Leaf) -> str:
    return leaf.read(_READ)[0].decode("utf-8", "replace")
