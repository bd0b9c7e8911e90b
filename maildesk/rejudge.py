"""What would the desk's own mails get by other rules?  Reads them again and judges them twice.

The kept raw mails that opened tickets, or any folder of mail files. Nothing is written, and no
ticket changes: what was decided stays decided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from maildesk.desk.arrival.directory import NOBODY, Directory
from maildesk.desk.privacy.mask import ALL
from maildesk.desk.privacy.shield import hide_in_mail
from maildesk.desk.rules.circumstances import surround
from maildesk.desk.rules.comparison import Difference, compare
from maildesk.desk.rules.matching import RuleSet, searchable
from maildesk.mail.files.sink import DiscardingSink
from maildesk.mail.parse import parse
from maildesk.store.blobs import Blobs
from maildesk.store.judged import Opener


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mail to judge again: where it lies, what it is called, when it came to which desk."""

    path: Path
    name: str
    desk: str = ""
    title: str = ""
    received: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rejudged:
    """What differs for one mail; `trouble` when it could not be read."""

    candidate: Candidate
    title: str
    differences: tuple[Difference, ...] = ()
    trouble: str = ""


def list_stored(openers: Iterable[Opener], blobs: Blobs) -> list[Candidate]:
    """The kept mails behind these tickets."""
    return [
        Candidate(blobs.raw_path(item.raw_sha), item.number, item.desk, item.title, item.received)
        for item in openers
    ]


def list_files(paths: Sequence[Path]) -> list[Candidate]:
    """Mail files, and those in folders, by name."""
    files: list[Path] = []
    for path in paths:
        files += sorted(path.rglob("*.eml")) if path.is_dir() else [path]
    return [Candidate(path, path.name) for path in files]


def rejudge(
    candidates: Iterable[Candidate],
    choose: Callable[[str], tuple[RuleSet, RuleSet, ZoneInfo]],
    directory: Directory = NOBODY,
) -> Iterator[Rejudged]:
    """Each mail by the old and the new rules; `choose` gives both for a desk, and its zone."""
    for candidate in candidates:
        old, new, zone = choose(candidate.desk)
        try:
            mail = hide_in_mail(parse(candidate.path, DiscardingSink()), ALL)  # as intake judges it
        except Exception as fault:  # one unreadable file must not hide what the others become
            why = f"{type(fault).__name__}: {fault}"
            yield Rejudged(candidate, candidate.title, trouble=why)
            continue
        about = surround(mail, directory, candidate.received or mail.date, zone)
        differences = compare(old, new, searchable(mail, about))
        yield Rejudged(candidate, candidate.title or mail.subject, differences)
