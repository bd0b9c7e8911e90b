"""The log's vocabulary: one function per thing that can happen, and the journeys' named steps.

Who reads a log line should learn what happened and to which mail; nothing secret and no words of a
mail are ever logged. `reach` marks the places between two effects where a crash must do no harm:
tests kill the process there (MAILDESK_KILL_AT=step:count), production pays one comparison.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
from datetime import UTC, datetime
from enum import StrEnum

_log = logging.getLogger("maildesk")


class Step(StrEnum):
    """Every place in a mail's way in and a letter's way out between two effects."""

    FETCHED = "fetched"  # bytes read from the server, nothing kept yet
    SPOOLED = "spooled"  # raw file durable, no ledger row
    RECORDED = "recorded"  # ledger row durable, not yet parsed
    PARSED = "parsed"  # attachments durable, nothing decided
    CLAIMED = "claimed"  # inside the transaction: ids claimed, facts read
    APPLIED = "applied"  # inside the transaction: all rows written, no commit
    COMMITTED = "committed"  # decided; the server still shows the mail as new
    FILED = "filed"  # filed on the server, the ledger does not know yet
    MARKED = "marked"  # the ledger knows
    LEASED = "leased"  # a letter is claimed, nothing sent
    SENT = "sent"  # the server took the letter, the outbox does not know yet
    SETTLED = "settled"  # the outbox knows


def _arm() -> tuple[str, int] | None:
    step, _, count = os.environ.get("MAILDESK_KILL_AT", "").partition(":")
    return (step, int(count or 1)) if step else None


_armed = _arm()


def reach(step: Step) -> None:
    """Pass a named step; dies here by SIGKILL when a test armed this step's n-th passing."""
    global _armed  # noqa: PLW0603 - counts down in place; None in production
    if _armed is None or _armed[0] != step:
        return
    _armed = (_armed[0], _armed[1] - 1)
    if _armed[1] == 0:
        os.kill(os.getpid(), signal.SIGKILL)


# ── a mail's way in ──────────────────────────────────────────────────────────────────────────


def opened(number: str, category: str, priority: str, sender: str) -> None:
    _say("opened", number=number, category=category, priority=priority, sender=sender)


def appended(number: str, sender: str) -> None:
    _say("appended", number=number, sender=sender)


def noted(number: str, why: str) -> None:
    _say("noted", number=number, why=why)


def ignored(sighting: int, why: str) -> None:
    _say("ignored", mail=sighting, why=why)


def waits_at_doorstep(sighting: int, why: str) -> None:
    _say("doorstep", mail=sighting, why=why)


def met_again(sighting: int, number: str | None) -> None:
    _say("duplicate", mail=sighting, number=number)


def quarantined(sighting: int, why: str) -> None:
    _say("quarantined", logging.ERROR, mail=sighting, why=why)


def postponed(sighting: int, why: str) -> None:
    _say("postponed", logging.WARNING, mail=sighting, why=why)


def recorded_past(mailbox: str, mails: int, why: str) -> None:
    _say("recorded", mailbox=mailbox, mails=mails, why=why)


# ── a mailbox ────────────────────────────────────────────────────────────────────────────────


def watching(mailbox: str, exists: int, idle: bool) -> None:
    _say("watching", mailbox=mailbox, mails=exists, idle=idle)


def mailbox_failed(mailbox: str, why: str, again_in: float) -> None:
    _say("mailbox failed", logging.WARNING, mailbox=mailbox, why=why, again_in=f"{again_in:.0f}s")


def unfiled(mailbox: str, why: str) -> None:
    _say("not filed away", logging.WARNING, mailbox=mailbox, why=why)


def mailbox_held(mailbox: str) -> None:
    _say("mailbox held by another daemon", mailbox=mailbox)


# ── a letter's way out ───────────────────────────────────────────────────────────────────────


def sent(letter: int, kind: str, address: str) -> None:
    _say("sent", letter=letter, kind=kind, to=address)


def deferred(letter: int, address: str, why: str, again: datetime) -> None:
    _say("deferred", logging.WARNING, letter=letter, to=address, why=why, again=again.isoformat())


def dead(letter: int, address: str, why: str) -> None:
    _say("dead", logging.ERROR, letter=letter, to=address, why=why)


def in_doubt(letter: int, address: str, why: str) -> None:
    _say("in doubt", logging.WARNING, letter=letter, to=address, why=why)


def superseded(letter: int, why: str) -> None:
    _say("superseded", letter=letter, why=why)


def account_held(why: str, again_in: float) -> None:
    _say("account held", logging.ERROR, why=why, again_in=f"{again_in:.0f}s")


def braked(desk: str, sent_in_hour: int) -> None:
    _say("braked", logging.ERROR, desk=desk, sent_in_hour=sent_in_hour)


# ── time, and the whole ──────────────────────────────────────────────────────────────────────


def fired(kind: str, subject: str, note: str) -> None:
    _say("fired", kind=kind, subject=subject, note=note)


def started(version: str, parts: str) -> None:
    _say("started", version=version, parts=parts)


def serving(listen: str, base_url: str) -> None:
    _say("serving", listen=listen, base_url=base_url)


def holidays_unknown(desk: str, year: int) -> None:
    why = "days off and make-up workdays are not known; every weekday counts as worked"
    _say("holidays unknown", logging.WARNING, desk=desk, year=year, why=why)


def rules_taken(rules: int, hashes: str) -> None:
    _say("rules taken", rules=rules, hash=hashes)


def rules_refused(why: str, more: int) -> None:
    _say("rules refused, the old ones go on", logging.ERROR, why=why, more=more)


def rules_doubted(place: str, rule: str, failed: int) -> None:
    """A case of the rule files fails; `maildesk rules test` tells all."""
    _say("rules fail their own case", logging.WARNING, case=place, rule=rule, failed=failed)


def was_down(since: datetime, until: datetime) -> None:
    why = "nothing of ours ran; limits that ran out are marked as missed by our own outage"
    _say("was down", logging.WARNING, since=since.isoformat(), until=until.isoformat(), why=why)


def stopped() -> None:
    _say("stopped")


def failed(where: str, why: str) -> None:
    """Something nobody foresaw; the traceback follows on debug level."""
    _say("failed", logging.ERROR, where=where, why=why)
    _log.debug("traceback of the failure in %s", where, exc_info=True)


def _say(what: str, level: int = logging.INFO, **about: object) -> None:
    if _log.isEnabledFor(level):
        _log.log(level, what, extra={"about": about})


class _Line(logging.Formatter):
    """`12:00:01 opened number=IT-… category=network` for people."""

    def format(self, record: logging.LogRecord) -> str:
        about = getattr(record, "about", {})
        told = " ".join(f"{key}={_clean(value)}" for key, value in about.items())
        at = datetime.fromtimestamp(record.created).astimezone().strftime("%H:%M:%S")
        mark = "" if record.levelno < logging.WARNING else f"{record.levelname}: "
        line = f"{at} {mark}{record.getMessage()} {told}".rstrip()
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class _Json(logging.Formatter):
    """One JSON object a line for machines."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "what": record.getMessage(),
            **{key: str(value) for key, value in getattr(record, "about", {}).items()},
        }
        return json.dumps(told, ensure_ascii=False)


def start_logging(*, as_json: bool = False, level: str = "INFO") -> None:
    """Write the journal to standard error. Called once, by the command line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if as_json else _Line())
    _log.handlers[:] = [handler]
    _log.setLevel(level)
    _log.propagate = False


def _clean(value: object) -> str:
    text = " ".join(str(value).split())
    return json.dumps(text, ensure_ascii=False) if " " in text or "=" in text else text
