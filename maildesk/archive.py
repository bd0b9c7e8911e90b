"""A ticket taken out of the desk: one zip that says everything of it without the desk (M9, W9).

Sheet, timeline, escalation forms, approvals, ratings, the words of its mails, its attachments, and
a manifest with a hash of each. What is rendered is masked; mails as they came are put in only when
asked for. The same ticket gives the same bytes: no time of taking out is in it.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from maildesk.desk.arrival.program import find_lie, runs
from maildesk.desk.sheets.dossier import Dossier, Opinion
from maildesk.desk.sheets.form import Form, Reader, Sheet, fill
from maildesk.desk.sheets.forms import choose_form
from maildesk.desk.sheets.grid import list_styled, write_sheets
from maildesk.desk.sheets.manual_form import ESCALATION
from maildesk.desk.sheets.member import name_member
from maildesk.desk.sheets.page import write_page
from maildesk.desk.sheets.timeline import SentLetter, write_timeline
from maildesk.store.blobs import Blobs
from maildesk.store.tickets import History
from maildesk.workbook import Page, Row, write_workbook

_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say, and always the same
_NEVER = datetime(1980, 1, 1, tzinfo=UTC)
_CHUNK = 1024 * 1024
_ESCALATION = Form("escalation", ESCALATION.title, (ESCALATION,), ())


@dataclass(frozen=True, slots=True)
class Taken:
    """What there is of one ticket. `opinions` are all it ever got, the newest last."""

    dossier: Dossier
    history: History
    opinions: tuple[Opinion, ...] = ()


@dataclass(slots=True)
class Archive:
    """One zip being written: members are added once, and listed for its manifest."""

    file: zipfile.ZipFile
    members: list[dict[str, Any]] = field(default_factory=list)
    taken: dict[str, set[str]] = field(default_factory=dict)
    """The names of each folder, in lower case."""

    def add(self, folder: str, name: str, chunks: Iterable[bytes], **about: Any) -> str:
        """Put a file in, hashed as it passes; the name it got."""
        there = self.taken.setdefault(folder, set())
        member_name = name_member(name, there)
        there.add(member_name.casefold())
        path = f"{folder}/{member_name}" if folder else member_name
        size, digest = 0, hashlib.sha256()
        with self.file.open(_describe(path), "w") as member:
            for chunk in chunks:
                member.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        entry = {"name": path, "size": size, "sha256": digest.hexdigest()}
        self.members.append({**entry, **about})
        return path


def _describe(path: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(path, _DATE)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3
    info.external_attr = 0o644 << 16
    return info


def write_archive(
    folder: Path,
    taken: Taken,
    blobs: Blobs,
    hide: Callable[[str], str],
    language: str,
    now: datetime,
    *,
    raw: bool = False,
) -> Path:
    """The ticket's zip in the folder; a file of that name is replaced, whole or not at all.

    `hide` masks a text. `now` only counts for what still runs. OSError: the disk.
    """
    target = folder / name_member(f"{taken.dossier.ticket.number}.zip")
    part = target.with_name(f".{target.name}.part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as file:
            _write_members(Archive(file), taken, blobs, hide, language, now, raw=raw)
        with part.open("rb") as done:
            os.fsync(done.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target


def _write_members(
    archive: Archive,
    taken: Taken,
    blobs: Blobs,
    hide: Callable[[str], str],
    language: str,
    now: datetime,
    *,
    raw: bool,
) -> None:
    dossier = taken.dossier
    reader = Reader(dossier, language, now)
    sheet = fill(choose_form(dossier.desk.profile), dossier, language, now)
    archive.add("", "sheet.html", _encode(write_page([sheet])))
    archive.add("", "sheet.csv", _encode(write_sheets([sheet])))
    archive.add("", "sheet.xlsx", [_write_book(sheet, dossier)])
    letters = [_read_letter(row) for row in taken.history.letters]
    archive.add("", "timeline.html", _encode(write_timeline(reader, letters)))
    archive.add("", "timeline.json", [_dump(_list_timeline(reader, letters), hide)])
    if ESCALATION.when(dossier):
        form = fill(_ESCALATION, dossier, language, now)
        archive.add("", "escalation.html", _encode(write_page([form])))
    archive.add("", "approvals.json", [_dump(_list_approvals(dossier, reader.zone), hide)])
    archive.add("", "feedback.json", [_dump(_list_feedback(taken, reader.zone), hide)])
    missing = [*_add_mails(archive, taken, blobs, hide, reader, raw=raw)]
    # Not masked again: a hash has long numbers in it, and the names are masked already.
    manifest = _write_manifest(archive, dossier, missing, raw=raw)
    archive.add("", "manifest.json", [_dump(manifest, lambda text: text)])


def _add_mails(
    archive: Archive,
    taken: Taken,
    blobs: Blobs,
    hide: Callable[[str], str],
    reader: Reader,
    *,
    raw: bool,
) -> Iterator[str]:
    """Each mail's words and files, and the mail as it came if asked for; yields what is gone."""
    files = defaultdict[int, list[Any]](list)
    for item in taken.history.files:
        files[item.letter_id].append(item)
    for count, mail in enumerate(taken.history.mails, 1):
        head = (
            f"{reader.pick('发件人', 'From')}: {mail.sender or '-'}\n"
            f"{reader.pick('收到', 'Received')}: {reader.tell(mail.received_at)}\n"
            f"{reader.pick('主题', 'Subject')}: {mail.subject}\n\n"
        )
        words = hide(f"{head}{(mail.body or mail.reply or '').strip()}\n")
        archive.add("mails", f"{count:03d}.txt", [words.encode("utf-8", "replace")])
        if raw:
            path = blobs.raw_path(mail.raw_sha)
            if path.exists():
                archive.add("raw", f"{count:03d}.eml", _read(path), kept_as=mail.raw_sha)
            else:
                yield f"raw/{count:03d}.eml"
        for item in files[mail.id]:
            if item.decoration:
                continue
            name = f"{count:03d}-{item.position + 1} {hide(item.filename)}"
            path = blobs.file_path(item.sha256)
            if not path.exists():
                yield f"attachments/{name}"
                continue
            about: dict[str, Any] = {"content_type": item.content_type}
            if lie := find_lie(item.filename, item.content_type, item.detected):
                about["really"] = lie
            if runs(item.filename, item.content_type, item.detected):
                about["program"] = True
            archive.add("attachments", name, _read(path), **about)


def _write_manifest(
    archive: Archive, dossier: Dossier, missing: list[str], *, raw: bool
) -> dict[str, Any]:
    """What is in the zip, and what somebody who reads it must know."""
    return {
        "ticket": dossier.ticket.number,
        "desk": dossier.desk.id,
        "form": choose_form(dossier.desk.profile).key,
        "masked": "ID numbers, bank cards, home addresses and passwords are masked in every text;"
        " attachments are as they came",
        "raw_mails": "as they came, NOT masked" if raw else "left out; --raw puts them in",
        "no_longer_kept": missing,
        "files": sorted(archive.members, key=lambda item: str(item["name"])),
    }


def _list_timeline(reader: Reader, letters: Iterable[SentLetter]) -> dict[str, Any]:
    told = [
        {
            "at": _stamp(step.at, reader.zone),
            "kind": step.kind,
            "actor": step.actor or None,
            "words": step.words or None,
            "data": {key: value for key, value in step.data.items() if key != "cause"},
        }
        for step in reader.dossier.steps
    ]
    sent = [
        {
            "at": _stamp(item.at, reader.zone),
            "letter": item.letter,
            "to": item.address,
            "subject": item.subject,
            "state": item.state,
            "reason": item.reason,
        }
        for item in letters
    ]
    return {"ticket": reader.dossier.ticket.number, "events": told, "letters": sent}


def _list_approvals(dossier: Dossier, zone: ZoneInfo) -> list[dict[str, Any]]:
    return [
        {
            "kind": item.kind.value,
            "asked_by": item.asker or None,
            "asked_of": list(item.asked_of),
            "asked_at": _stamp(item.asked, zone),
            "due_at": _stamp(item.due, zone),
            "form": dict(item.form),
            "decision": item.verdict.value if item.verdict else None,
            "decided_by": item.decider or None,
            "decided_at": _stamp(item.decided, zone),
            "owner": item.owner,
            "reason": item.reason or None,
        }
        for item in dossier.approvals
    ]


def _list_feedback(taken: Taken, zone: ZoneInfo) -> dict[str, Any]:
    ratings = [
        {
            "at": _stamp(item.at, zone),
            "by": item.person,
            "score": item.score,
            "answers": dict(item.answers),
            "words": item.words or None,
            "by_way_of": item.source,
        }
        for item in taken.opinions
    ]
    followed = [
        {
            "why": item.why,
            "due_at": _stamp(item.due, zone),
            "done_at": _stamp(item.done, zone),
            "by": item.by or None,
            "record": item.record or None,
        }
        for item in taken.dossier.follow_ups
    ]
    return {"ratings": ratings, "follow_ups": followed}


def _stamp(moment: datetime | None, zone: ZoneInfo) -> str | None:
    return moment.astimezone(zone).isoformat(timespec="seconds") if moment else None


def _read_letter(row: Any) -> SentLetter:
    return SentLetter(row.created_at, row.letter, row.address, row.subject, row.state, row.reason)


def _write_book(sheet: Sheet, dossier: Dossier) -> bytes:
    file = io.BytesIO()
    rows = (Row(values, style, pair) for values, style, pair in list_styled(sheet))
    page = Page(sheet.number, (18, 76), rows, upright=True)
    write_workbook(file, [page], dossier.ticket.opened or _NEVER)
    return file.getvalue()


def _dump(value: Any, hide: Callable[[str], str]) -> bytes:
    """As JSON, each text of it masked."""
    hidden = _hide_all(value, hide)
    return f"{json.dumps(hidden, ensure_ascii=False, indent=2)}\n".encode("utf-8", "replace")


def _hide_all(value: Any, hide: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return hide(value)
    if isinstance(value, dict):
        return {key: _hide_all(item, hide) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_hide_all(item, hide) for item in value]
    return value


def _encode(pieces: Iterable[str]) -> Iterator[bytes]:
    return (piece.encode("utf-8", "replace") for piece in pieces)


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
