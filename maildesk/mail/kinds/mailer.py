"""How surely does a mail system, and no person, write under this sender?

From the names mail systems have, the empty return path and headers only they set. A rank is no
verdict: what a mail must say to be believed at each rank is `bounce`'s question.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import IntEnum

from maildesk.mail.message import Address


class Rank(IntEnum):
    """PERSON: nothing speaks for a machine. WEAK: people read there too. ROLE: postmasters are
    machines mostly. SYSTEM: only a mail system writes so (RFC 5321 §4.5.1, §4.5.5)."""

    PERSON = 0
    WEAK = 1
    ROLE = 2
    SYSTEM = 3


_SYSTEM = re.compile(
    r"(?:mail(?:er)?[-_.]?d(?:ae|ea)mon|mail-?deamon|mdaemon|double-bounce|"
    r"mail[-_.]?delivery(?:[-_.]?(?:sub)?system)?|mailer|microsoftexchange[0-9a-f]{32}|"
    r"(?:mail)?delivery-?(?:report|status|subsystem))(?:$|[-+=_.0-9])",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"post[-_.]?(?:master|office)|mail[-_.]?(?:system|admin|adm|master|gateway|server|robot)",
    re.IGNORECASE,
)
_WEAK = re.compile(
    r"(?:(?:mail[-_.]?)?(?:no|not|do-?not|donot|never)[-_.]?reply|system|sys|admin(?:istrator)?|"
    r"root|daemon|mail|hostmaster|bounces?|dsn|ndr|delivery|undeliver(?:ed|able)|returned?|mta|"
    r"e?smtp|notif(?:y|ications?)|notices?|anti-?spam|spam|anti-?virus|virus|security|gateway|"
    r"10000|service|robot|auto|amavis|content-?filter|mime-?defang|mailscanner)(?:$|[-+=_.0-9])",
    re.IGNORECASE,
)
_NAMES = re.compile(
    r"mail(?:er)?[- ]?daemon|(?:e-?)?mail delivery|delivery (?:sub)?system|mail (?:sub)?system|"
    r"mail administrator|system administrator|system attendant|internet mail|mail (?:router|"
    r"server|robot)|"
    r"postmaster|post office|systemadministrator|administrateur système|"
    r"administrador del? sistema|amministratore d[ei] sistema|systeembeheerder|mailzustellung|"
    r"系统管理员|系統管理員|邮件系统|郵件系統|系统退信|退信|邮件投递|邮局|メール配信|배달|"
    r"(?:система|служба) доставки|системный администратор",
    re.IGNORECASE,
)
# What a person's program signs with; a mail system has none, or its own name.
_CLIENTS = re.compile(
    r"thunderbird|outlook(?! ?express.{0,9}mimeole)|apple mail|iphone|ipad|android|foxmail|eudora|"
    r"the bat|evolution|kmail|mutt|mozilla|gnus|claws|sylpheed|pegasus|becky|shuriken|lotus notes|"
    r"zimbra|roundcube|squirrelmail|horde|qqmail|coremail|webmail|airmail|mailbird|emclient|yahoo",
    re.IGNORECASE,
)


def rank(sender: Address | None, headers: Mapping[str, str]) -> Rank:
    """`headers`: lower-case names to the first decoded value."""
    local = sender.email.rpartition("@")[0][:100] if sender else ""
    local = local or (sender.email[:100] if sender else "")
    if _SYSTEM.match(local):
        return Rank.SYSTEM
    if is_flagged(headers):
        return Rank.SYSTEM
    name = sender.name[:100] if sender else ""
    found = Rank.PERSON
    if _ROLE.match(local) or (name and _NAMES.search(name)):
        found = Rank.ROLE
    elif not local or _WEAK.match(local):
        found = Rank.WEAK
    silent = headers.get("return-path", "").replace(" ", "") == "<>"
    submitted = headers.get("auto-submitted", "").strip().lower()
    automatic = submitted.startswith("auto")
    if found is Rank.PERSON and not silent and not automatic:
        return found
    if is_client(headers) and not automatic:
        return Rank.PERSON
    if found is Rank.PERSON:  # Domino reports under the name of whom it did not reach
        return Rank.ROLE if silent else Rank.WEAK
    return Rank(found + 1) if silent or automatic else found


def is_flagged(headers: Mapping[str, str]) -> bool:
    """Headers that nothing but a failed delivery has: Exim's, Exchange's, Italian PEC's."""
    return (
        "x-failed-recipients" in headers
        or "x-ms-exchange-message-is-ndr" in headers
        or headers.get("x-ricevuta", "").strip().lower() in ("errore-consegna", "non-accettazione")
    )


def is_client(headers: Mapping[str, str]) -> bool:
    """Whether a person's program wrote the mail."""
    agent = headers.get("user-agent") or headers.get("x-mailer") or ""
    return _CLIENTS.search(agent[:200]) is not None


def is_mailer(address: str) -> bool:
    """Whether an address is a mail system's own, never a failed recipient."""
    local = address.rpartition("@")[0]
    return bool(_SYSTEM.match(local) or _ROLE.fullmatch(local))
