"""Archives of tickets with thousands of mails, and with files whose names mean harm."""

from __future__ import annotations

import json
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from thread import PEOPLE, open_desk, open_ticket, write
from worlds import World

from maildesk.archive import Taken, write_archive
from maildesk.desk.arrival.directory import Directory
from maildesk.desk.privacy.mask import mask
from maildesk.store.dossiers import read_dossier
from maildesk.store.tickets import read_history

MakeWorld = Callable[..., World]
NAMES = ("../../x.txt", "..\\..\\x.txt", "/etc/passwd", "C:\\con.txt", "x.txt", "X.TXT", "...", "")


def take(world: World) -> Taken:
    with world.store.read() as db:
        dossier = read_dossier(db, world.desk, 1, Directory(PEOPLE), world.now)
        assert dossier is not None
        return Taken(dossier, read_history(db, 1))


def multiply(taken: Taken, count: int) -> Taken:
    """As if the ticket's first mail, with files of every name, had come so often."""
    mail, file = (dict(rows[0]._mapping) for rows in (taken.history.mails, taken.history.files))

    def attach(at: int, place: int, name: str) -> Any:
        return SimpleNamespace(**{**file, "letter_id": at, "position": place, "filename": name})

    history = replace(
        taken.history,
        mails=[SimpleNamespace(**{**mail, "id": at}) for at in range(count)],
        files=[attach(at, *named) for at in range(count) for named in enumerate(NAMES)],
    )
    return replace(taken, history=history)


@pytest.mark.parametrize("raw", [False, True])
def test_no_name_of_a_file_leads_out_of_the_folder_or_hides_another(
    make_world: MakeWorld, tmp_path: Path, raw: bool
) -> None:
    world = open_desk(make_world)
    open_ticket(world, attachment=("x.txt", b"hello"))
    made = write_archive(
        tmp_path, multiply(take(world), 3), world.blobs, mask, "zh-CN", world.now, raw=raw
    )
    with zipfile.ZipFile(made) as file:
        names = file.namelist()
        assert file.testzip() is None
        listed = {item["name"] for item in json.loads(file.read("manifest.json"))["files"]}
    assert len({name.casefold() for name in names}) == len(names)
    assert listed == set(names) - {"manifest.json"}
    assert sum(name.startswith("attachments/") for name in names) == 3 * len(NAMES)
    for name in names:
        folder, _, last = name.rpartition("/")
        assert folder in ("", "attachments", "mails", "raw")
        assert not {"/", "\\", ":"} & set(last)


def test_mails_that_are_no_longer_kept_are_named(make_world: MakeWorld, tmp_path: Path) -> None:
    world = open_desk(make_world)
    open_ticket(world, attachment=("x.txt", b"hello"))
    write(world, PEOPLE[-1], "还有一件事。\n", subject="[IT-20261120-0001]")
    taken = take(world)
    world.blobs.raw_path(taken.history.mails[0].raw_sha).unlink()
    world.blobs.file_path(taken.history.files[0].sha256).unlink()
    made = write_archive(tmp_path, taken, world.blobs, mask, "zh-CN", world.now, raw=True)
    with zipfile.ZipFile(made) as file:
        assert "raw/002.eml" in file.namelist()
        missing = json.loads(file.read("manifest.json"))["no_longer_kept"]
    assert missing == ["raw/001.eml", "attachments/001-1 x.txt"]


def test_ten_times_the_mails_take_ten_times_as_long(make_world: MakeWorld, tmp_path: Path) -> None:
    world = open_desk(make_world)
    open_ticket(world, attachment=("x.txt", b"hello"))
    taken, took = take(world), []
    for count in (100, 1_000):
        many = multiply(taken, count)
        began = time.process_time()
        write_archive(tmp_path, many, world.blobs, mask, "zh-CN", world.now)
        took.append(time.process_time() - began)
    assert took[1] < 25 * took[0]
