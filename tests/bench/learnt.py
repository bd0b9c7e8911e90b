"""What looking for knowledge costs a new request, beside few and many solved tickets.

    python tests/bench/learnt.py [--solved N …] [--requests N] [--rounds N] [--postgres]

Invented tickets of twenty things and sixteen faults, so that every word stands in very many of
them: the worst case for an index of words. The yardstick is reading one row by its key, over the
same connection, as often, in the same round. Seconds are wall time: with PostgreSQL most of it is
the server's.
"""

from __future__ import annotations

import argparse
import logging
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import Connection, select, text

from bench.tick import NOW, standing_house
from maildesk.desk.knowledge.learnt import Learnt, offer, recall
from maildesk.store import passages, schema

_THINGS = (
    *("打印机", "VPN", "邮箱", "投影仪", "笔记本", "显示器", "ERP", "OA系统", "共享盘", "电话"),
    *(
        "无线网",
        "扫描仪",
        "门禁卡",
        "键盘",
        "会议室",
        "Outlook",
        "Excel",
        "浏览器",
        "财务软件",
        "考勤机",
    ),
)
_FAULTS = (
    *("连不上", "打不开", "很慢", "报错", "没有声音", "蓝屏", "卡纸", "密码忘了"),
    *("无法登录", "掉线", "乱码", "找不到文件", "闪退", "没有权限", "不亮", "需要更换"),
)
_WHERE = ("三楼", "财务部", "新办公区", "一号车间", "会议室", "家里", "出差在外", "前台")
_BLOCK = 1000


@dataclass(frozen=True, slots=True)
class Round:
    """Milliseconds for one request: the yardstick, looking, comparing."""

    bare: float
    looking: float
    comparing: float


def make(dice: Random) -> tuple[str, str]:
    """A title and the words below it."""
    thing, fault = dice.choice(_THINGS), dice.choice(_FAULTS)
    place = dice.choice(_WHERE)
    return f"{place}{thing}{fault}", f"{thing}从今天早上开始{fault}，{place}的同事也遇到过{fault}。"


def fill(db: Connection, first: int, last: int) -> None:
    """Solved tickets of these numbers, and an article to every hundred of them."""
    for number in range(first, last):
        dice = Random(number)
        title, words = make(dice)
        article = number % 101 == 0
        item = Learnt(
            "article" if article else "ticket",
            number,
            f"{'KB' if article else 'IT'}-{number}",
            title,
            "network",
            words,
            "重启后恢复",
        )
        passages.put(db, "helpdesk", item, words, NOW)


def measure(db: Connection, requests: int, seed: int) -> Round:
    """One round of so many requests."""
    dice = Random(f"requests {seed}")
    asked = [make(dice) for _ in range(requests)]
    row = select(schema.passages.c.title).where(schema.passages.c.id == 1)
    begun = time.perf_counter()
    for _ in asked:
        db.execute(row).all()
    bare = time.perf_counter() - begun
    begun = time.perf_counter()
    known = [passages.find_like(db, "helpdesk", title, words) for title, words in asked]
    looking = time.perf_counter() - begun
    begun = time.perf_counter()
    for (title, words), found in zip(asked, known, strict=True):
        recall(title, words, found, "network")
        offer(title, words, found, "network")
    comparing = time.perf_counter() - begun
    each = 1000 / requests
    return Round(bare * each, looking * each, comparing * each)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    arguments.add_argument("--solved", type=int, nargs="+", default=[0, 1000, 10_000, 50_000])
    arguments.add_argument("--requests", type=int, default=200)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--postgres", action="store_true")
    given = arguments.parse_args()
    logging.disable()
    print(
        f"{'solved':>8}  {'one row, ms':>11}  {'looking, ms':>11}  {'÷ one row':>9}  comparing, ms"
    )
    with (
        tempfile.TemporaryDirectory(prefix="mdlearnt") as folder,
        standing_house(Path(folder), 0, given.postgres) as house,
    ):
        there = 0
        for solved in sorted(given.solved):
            for first in range(there, solved, _BLOCK):
                with house.store.write() as db:
                    fill(db, first, min(first + _BLOCK, solved))
            there = max(there, solved)
            if given.postgres:  # as its own housekeeping does within the minute
                with house.store.write() as db:
                    db.execute(text("ANALYZE"))
            with house.store.read() as db:
                measure(db, 20, 0)  # statements are compiled once
                rounds = [measure(db, given.requests, turn + 1) for turn in range(given.rounds)]
            middle = sorted(rounds, key=lambda item: item.looking)[len(rounds) // 2]
            ratio = statistics.median(item.looking / item.bare for item in rounds)
            print(
                f"{solved:>8}  {middle.bare:>11.2f}  {middle.looking:>11.2f}  {ratio:>9.1f}"
                f"  {middle.comparing:>13.2f}"
            )


if __name__ == "__main__":
    main()
