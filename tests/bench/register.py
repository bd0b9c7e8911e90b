"""What a register costs: a month's tickets with people, timeline and words, a row each.

    python tests/bench/register.py [--tickets N] [--json]

The month of `report`, with an address for everybody and words for every ticket, and one of a tenth
as many; each is written as CSV and as a workbook by a process of its own.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from builders import desk as make_desk
from sqlalchemy import insert, select, text

from bench.report import _MONTH, _peak, fill
from maildesk.desk.arrival.directory import NOBODY
from maildesk.desk.sheets.form import fill_row, head_row
from maildesk.desk.sheets.forms import FORMS
from maildesk.desk.sheets.grid import write_register
from maildesk.store import schema
from maildesk.store.dossiers import read_register
from maildesk.store.engine import Store
from maildesk.workbook import Page, Row, write_workbook

_WORDS = "三楼的打印机又卡纸了，麻烦看一下。今天上午开始的，只有我这台，报错 13.A1。"
_FORM = FORMS["default"]


def furnish(url: str) -> None:
    """Addresses, parts and words, so that no row is cheaper than a desk's own."""
    store = Store(url)
    with store.write() as db:
        keys = db.execute(select(schema.people.c.id, schema.people.c.key)).all()
        rows = [{"address": f"{row.key}@corp.test", "person_id": row.id} for row in keys]
        db.execute(insert(schema.addresses), rows)
        for part, column in (("requester", "requester_id"), ("assignee", "assignee_id")):
            db.execute(
                text(
                    "INSERT INTO participants (ticket_id, person_id, role) "
                    f"SELECT id, {column}, '{part}' FROM tickets"
                )
            )
        db.execute(
            text(
                "INSERT INTO letters (id, desk_id, fingerprint, raw_sha, kind, subject, "
                "received_at, ticket_id) SELECT id, desk_id, number, '', 'ordinary', title, "
                "opened_at, id FROM tickets"
            )
        )
        db.execute(
            text(
                "INSERT INTO texts (letter_id, ticket_id, reply, body) "
                f"SELECT id, id, '{_WORDS}', '{_WORDS}' FROM tickets"
            )
        )
    store.close()


def measure(url: str, kind: str, target: Path) -> dict[str, float]:
    """Seconds and peak memory of one register."""
    store, desk = Store(url), make_desk()
    since, until = _MONTH - timedelta(days=1), _MONTH + timedelta(days=40)
    now, told = until, 0

    def rows() -> Iterator[tuple[str, ...]]:
        nonlocal told
        with store.read() as db:
            for item in read_register(db, desk, since, until, NOBODY, now):
                told += 1
                yield fill_row(_FORM, item, "zh-CN", now)

    begun = time.perf_counter()
    head = head_row(_FORM, "zh-CN")
    if kind == "csv":
        with target.open("w", encoding="utf-8", newline="") as file:
            file.writelines(write_register(head, rows()))
    else:
        with target.open("wb") as book:
            page = Page("x", [18] * len(head), (Row(row) for row in rows()))
            write_workbook(book, [page], since)
    took = time.perf_counter() - begun
    store.close()
    size = target.stat().st_size / 1e6
    return {"tickets": told, "seconds": took, "peak MB": _peak(), "file MB": size}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--measure", choices=("csv", "xlsx"), help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mdbench") as folder:
        if given.measure:
            print(json.dumps(measure(given.url, given.measure, Path(folder) / "register")))
            return
        found = {}
        for count in (given.tickets // 10, given.tickets):
            url = f"sqlite:///{Path(folder) / f'{count}.db'}"
            fill(url, count)
            furnish(url)
            for kind in ("csv", "xlsx"):
                command = [sys.executable, __file__, "--measure", kind, "--url", url]
                found[f"{kind}, {count}"] = json.loads(subprocess.check_output(command, text=True))
    if given.json:
        print(json.dumps(found))
        return
    for name, figure in found.items():
        print(
            f"{name} tickets: " + ", ".join(f"{key} {value:,.1f}" for key, value in figure.items())
        )


if __name__ == "__main__":
    main()
