"""What a monthly report costs, against reading its table once, and how much memory it takes.

    python tests/bench/report.py [--tickets N] [--rounds N] [--postgres] [--json]

A month of N tickets as a desk leaves them, and one of a tenth as many. Each measurement is a
process of its own. "by CPU" leaves out what other processes took, and PostgreSQL's own share.
The yardstick: every column of every row of `tickets`, read once through the
same connection, in the same round.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from builders import desk as make_desk
from servers.postgres import Postgres
from sqlalchemy import Table, insert, select

from maildesk.desk.reports.period import find_period
from maildesk.store import figures, schema
from maildesk.store.engine import Store
from maildesk.store.migration import prepare

_BLOCK = 2000
_MONTH = datetime(2026, 10, 31, 16, tzinfo=UTC)
_SPAN = timedelta(days=30)
_ENGINEERS = 12
_REQUESTERS = 400
_THINGS = (
    "打印机",
    "VPN",
    "OA",
    "ERP",
    "邮箱",
    "共享文件夹",
    "投影仪",
    "笔记本",
    "电话",
    "门禁系统",
)
_TROUBLE = ("卡纸了", "连不上", "登录不了", "报错", "打不开", "很慢", "申请权限", "没有声音")
_PLACES = ("", "三楼", "财务部", "会议室", "仓库", "分公司", "前台", "研发部")
_CATEGORIES = ("hardware", "software", "network", "account", "how_to")
_PRIORITIES = ("urgent", "high", "medium", "low")
_MINUTE = timedelta(minutes=1)


def fill(url: str, count: int) -> None:
    """A database with a month of so many tickets, their events, ratings and follow-ups."""
    store = Store(url)
    prepare(store)
    random = Random(count)
    with store.write() as db:
        db.execute(insert(schema.people), [_person(number) for number in range(1, _REQUESTERS)])
    for start in range(0, count, _BLOCK):
        rows: dict[str, tuple[Table, list[dict[str, Any]]]] = {}
        for number in range(start + 1, min(start + _BLOCK, count) + 1):
            for table, row in _make(number, _MONTH + _SPAN * number / (count + 1), random):
                rows.setdefault(table.name, (table, []))[1].append(row)
        with store.write() as db:
            for table, block in rows.values():
                db.execute(insert(table), block)
    store.close()


def _person(number: int) -> dict[str, Any]:
    role = "engineer" if number <= _ENGINEERS else "requester"
    name = f"同事{number}"
    return {"key": f"p{number}", "name": name, "listed": True, "role": role, "skills": []}


def _make(number: int, opened: datetime, random: Random) -> Iterator[tuple[Table, dict[str, Any]]]:
    responded = opened + random.randrange(5, 400) * _MINUTE
    solved = responded if random.random() < 0.3 else responded + random.randrange(600) * _MINUTE
    open_ = random.random() < 0.05
    engineer = random.randrange(1, _ENGINEERS)
    requester = random.randrange(_ENGINEERS + 1, _REQUESTERS)
    pause = [[responded.isoformat(), (responded + 9 * _MINUTE).isoformat()]]
    due, solution = opened + 240 * _MINUTE, opened + 900 * _MINUTE
    yield schema.tickets, {
        "id": number,
        "desk_id": "it",
        "number": f"IT-{number:07d}",
        "title": "".join(map(random.choice, (_PLACES, _THINGS, _TROUBLE))),
        "state": "in_progress" if open_ else "closed",
        "category": random.choice(_CATEGORIES),
        "priority": random.choice(_PRIORITIES),
        "type": "incident",
        "group_key": "desktop",
        "assignee_id": engineer,
        "requester_id": requester,
        "reporter_id": requester,
        "department": "财务部",
        "language": "zh-CN",
        "opened_at": opened,
        "response_due": due,
        "responded_at": responded,
        "updated_at": opened if open_ else solved + 60 * _MINUTE,
        "solved_at": None if open_ else solved,
        "confirmed_at": None if open_ else solved + 50 * _MINUTE,
        "confirmed_by_id": requester,
        "closed_at": None if open_ else solved + 60 * _MINUTE,
        "closed_by": None if open_ else "requester",
        "reopens": 0,
        "chases": 0,
        "assigned_at": opened,
        "contact_due": due,
        "solution_due": solution,
        "pauses": pause if random.random() < 0.4 else None,
        "fields": {"contact": "8003", "device": "ThinkPad X1"},
        "tags": None,
        "result": "solved",
    }  # fmt: skip
    told: list[tuple[str, datetime, dict[str, str]]] = [
        ("opened", opened, {"from": "p@corp.test"}),
        ("assigned", opened, {"to": f"p{engineer}", "by": ""}),
        *(("letter_queued", opened, {"letter": item, "to": "p@corp.test", "why": ""})
          for item in ("ack", "dispatch", "progress", "solved")),
        ("relayed", responded, {"to": "p@corp.test"}),
    ]  # fmt: skip
    if responded > due:
        told.append(("response_missed", due, {"limit": "response", "due": due.isoformat()}))
        told.append(("late_reason", due, {"why": "外出", "limits": "response"}))
    if not open_:
        told.append(("solved", solved, {}))
        told.append(("confirmed", solved + 50 * _MINUTE, {"from": "p@corp.test"}))
    if random.random() < 0.05:
        told.append(("chased", responded, {"from": "p@corp.test"}))
    for kind, at, data in told:
        yield schema.events, {"ticket_id": number, "at": at, "kind": kind, "data": data}
    if not open_ and random.random() < 0.4:
        score = random.choice((5, 5, 5, 4, 2))
        answers = {"speed": score, "attitude": 5}
        yield schema.ratings, {
            "id": number, "desk_id": "it", "ticket_id": number, "person_id": requester,
            "at": solved + 50 * _MINUTE, "score": score, "answers": answers, "words": "",
            "source": "page", "current": True,
        }  # fmt: skip
        if score < 4:
            yield schema.follow_ups, {
                "desk_id": "it", "ticket_id": number, "rating_id": number, "why": "低分",
                "opened_at": solved + 51 * _MINUTE, "due_at": solved + 1491 * _MINUTE,
                "done_at": solved + 600 * _MINUTE, "record": "已电话沟通",
            }  # fmt: skip


def measure(url: str, what: str) -> dict[str, float]:
    """Seconds, processor seconds and peak memory of one reading of the table or of one report."""
    store, desk = Store(url), make_desk()
    period = find_period("monthly", desk.profile, desk.zone_info, (_MONTH + _SPAN / 2).date())
    with figures.read_steadily(store) as db:
        begun, cpu = time.perf_counter(), time.process_time()
        if what == "scan":
            rows = db.execute(select(schema.tickets), execution_options={"yield_per": 1000})
            counted = sum(1 for _ in rows)
        else:
            counted = figures.sum_up(db, desk, period).counts.opened.count
        took = time.perf_counter() - begun
        worked = time.process_time() - cpu
    store.close()
    return {"tickets": counted, "seconds": took, "cpu": worked, "peak": _peak()}


def _peak() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1000


def _run(url: str, what: str) -> dict[str, float]:
    command = [sys.executable, __file__, "--measure", what, "--url", url]
    found: dict[str, float] = json.loads(subprocess.check_output(command, text=True))
    return found


def compare(url: str, rounds: int) -> dict[str, float]:
    """The report against one reading of the table, side by side in each round."""
    pairs = [(_run(url, "scan"), _run(url, "report")) for _ in range(rounds)]
    ratios = sorted(report["seconds"] / scan["seconds"] for scan, report in pairs)
    cpu = sorted(report["cpu"] / scan["cpu"] for scan, report in pairs)
    return {
        "tickets": pairs[0][1]["tickets"],
        "ratio": median(ratios),
        "least": ratios[0],
        "most": ratios[-1],
        "by CPU": median(cpu),
        "scan s": median(scan["seconds"] for scan, _ in pairs),
        "report s": median(report["seconds"] for _, report in pairs),
        "peak MB": max(report["peak"] for _, report in pairs),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL as well")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--measure", choices=("scan", "report"), help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measure(given.url, given.measure)))
        return
    found = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mdbench")))
        server = stack.enter_context(Postgres()) if given.postgres else None
        for count in (given.tickets // 10, given.tickets):
            urls = {"SQLite": f"sqlite:///{folder / f'{count}.db'}"}
            if server is not None:
                urls["PostgreSQL"] = server.fresh_database()
            for name, url in urls.items():
                fill(url, count)
                found[f"{name}, {count}"] = compare(url, given.rounds)
    if given.json:
        print(json.dumps(found))
        return
    for name, figure in found.items():
        print(f"{name} tickets")
        for key, value in figure.items():
            print(f"  {key:<9} {value:,.2f}")


if __name__ == "__main__":
    main()
