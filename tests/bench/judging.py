"""Judging alone: the shipped rules, and as many more as make 10,000 keywords, on 3 kB mails.

    python tests/bench/judging.py [--mails N] [--rounds N] [--keywords N] [--usual] [--profile]

Each mail is judged by both rule sets and read by the standard library, one after the other, so
that a shared machine's drift meets all alike. Figures are CPU per mail; the ratio is to the
standard library reading that very mail.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import json
import pstats
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ruamel.yaml import YAML

from bench import reference
from bench.corpus import _EN_SENTENCES, _EN_SUBJECTS, _ZH_SENTENCES, _ZH_SUBJECTS
from maildesk.config import shipped
from maildesk.config.profile import load_profile
from maildesk.config.rules import load_rules
from maildesk.desk.profile import Label
from maildesk.desk.rules.expectations import read_case
from maildesk.desk.rules.matching import RuleSet, Searchable, compile_rules, judge
from maildesk.desk.rules.rule import Condition, Rule, Setting

SIZE = 3000
"""Bytes of new words: a long request. Half of all mails have less than a third of it."""

# What people write around their one problem: where, since when, what was tried, who waits.
_ZH_AROUND = (
    "资产编号 PC-20250317-118，去年三月领的，一直放在工位上没有动过。",
    "昨天下班之前还是好的，我走的时候没有关机，只是锁了屏。",
    "我们这边网络正常，其他网站都能开，所以应该不是网络的问题。",
    "按照上次群里发的说明清理了缓存，结果一样。",
    "这个月已经是第三次了，每次都是月底用得最多的时候出现。",
    "麻烦处理完告诉我一下原因，我好写到周报里。",
    "如果今天处理不完，请告诉我一个大概的时间，我跟客户解释一下。",
    "我在 3 号楼 5 层，工位号 A-0512，分机 6021。",
    "附件里是操作步骤的录屏，声音有点小，见谅。",
    "我周三下午要去分公司，周四回来，这两天可以联系我同组的周婷。",
)
_EN_AROUND = (
    "The asset number is PC-20250317-118, handed out in March, and it has not been moved.",
    "Yesterday evening everything was still fine; I only locked the screen when I left.",
    "Other sites open without trouble, so it is probably not a network problem.",
    "I followed the instructions in the newsletter, with the same result.",
    "This is the third time this month, always in the last week when we need it most.",
    "My manager asks what the reason is, so a short note for the report would help a lot.",
    "If it cannot be done today, please tell me roughly when, so that I can tell the customer.",
    "I am on the fifth floor, building 3, extension 6021.",
    "I attach a recording of the steps, sorry for the background noise.",
)
_LOG = "2026-11-20 09:{:02d}:17,{:03d} INFO  [worker-{}] session {:012x} state ACTIVE rows {}"


def make_mails(count: int) -> list[Searchable]:
    """One problem told at length: what is wrong, what is around it, and a piece of a log, together
    `SIZE` bytes; two Chinese to one English."""
    mails = []
    for number in range(count):
        random = Random(number)
        subjects, sentences, around = (
            (_ZH_SUBJECTS, _ZH_SENTENCES, _ZH_AROUND)
            if number % 3 != 2
            else (_EN_SUBJECTS, _EN_SENTENCES, _EN_AROUND)
        )
        subject = random.choice(subjects)
        lines = [subject, *random.sample(sentences, 3), *random.sample(around, 7)]
        random.shuffle(lines)
        while len("\n".join(lines).encode()) < SIZE:
            place = len(lines)
            figures = (place % 60, random.randrange(1000), place % 7, random.getrandbits(48), place)
            lines.append(_LOG.format(*figures))
        mails.append(Searchable({"subject": subject, "body": "\n".join(lines)}))
    return mails


def read_usual(count: int) -> list[Searchable]:
    """Mails as staff write them, most of two or three lines: those of the second examination."""
    text = (Path(__file__).parents[1] / "heldout" / "second.yaml").read_text(encoding="utf-8")
    cases = YAML(typ="safe").load(text)
    return [read_case(str(case["mail"])) for case in cases[:count]]


def write(mail: Searchable) -> bytes:
    """The same words as bytes, for the yardstick."""
    message = EmailMessage()
    message["From"], message["To"] = "张敏 <zhang@corp.test>", "desk@corp.test"
    message["Subject"] = mail.fields["subject"]
    message.set_content(mail.fields["body"])
    return message.as_bytes()


def build(keywords: int) -> tuple[RuleSet, RuleSet]:
    """The shipped rules, and the same with rules of made-up words until there are so many."""
    folder = shipped.folder("rules")
    profile, faults = load_profile(folder / "profiles" / "default.yaml")
    assert profile is not None, faults
    rules, faults = load_rules(folder, profile)
    assert not faults, faults
    count = sum(len(rule.any) + len(rule.none) for rule in rules)
    random = Random(1)
    more: list[Rule] = []
    while count < keywords:
        words = tuple(Condition(word=_make_word(random)) for _ in range(10))
        name = f"made-up-{len(more)}"
        more.append(Rule(name, Label(name, name), words, set=Setting(category="service")))
        count += len(words)
    return compile_rules(rules, profile), compile_rules([*rules, *more], profile)


def _make_word(random: Random) -> str:
    """A product, a place, an error: what keeps a long list of keywords long."""
    if random.random() < 0.5:
        return "".join(chr(random.randrange(0x4E00, 0x9FA5)) for _ in range(random.randint(2, 5)))
    return "".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=random.randint(4, 10)))


def measure(
    small: RuleSet, large: RuleSet, mails: Sequence[Searchable], raws: Sequence[bytes]
) -> tuple[float, float, float]:
    """CPU seconds of the shipped rules, of all keywords, and of the standard library."""

    def judge_by(rules: RuleSet, mail: Searchable) -> Callable[[], object]:
        return lambda: judge(rules, mail)

    spent = [0.0, 0.0, 0.0]
    for number, (mail, raw) in enumerate(zip(mails, raws, strict=True)):
        work = (judge_by(small, mail), judge_by(large, mail), lambda raw=raw: reference.read(raw))
        for turn in range(3):
            place = (turn + number) % 3
            begun = time.process_time()
            work[place]()
            spent[place] += time.process_time() - begun
    return spent[0], spent[1], spent[2]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    arguments.add_argument("--mails", type=int, default=300)
    arguments.add_argument("--rounds", type=int, default=7)
    arguments.add_argument("--keywords", type=int, default=10_000)
    arguments.add_argument("--usual", action="store_true", help="mails of usual length instead")
    arguments.add_argument("--profile", action="store_true", help="print where the time goes")
    arguments.add_argument("--json", action="store_true")
    given = arguments.parse_args()
    small, large = build(given.keywords)
    gc.freeze()  # as the daemon does
    mails = read_usual(given.mails) if given.usual else make_mails(given.mails)
    raws = [write(mail) for mail in mails]
    measure(small, large, mails[:30], raws[:30])  # caches
    if given.profile:
        profiler = cProfile.Profile()
        profiler.enable()
        for mail in mails:
            judge(small, mail)
        profiler.disable()
        pstats.Stats(profiler).sort_stats("tottime").print_stats(25)
        return
    rounds = [measure(small, large, mails, raws) for _ in range(given.rounds)]
    yardstick = [spent[2] for spent in rounds]
    figures = {"standard library": _sum_up([spent[2] for spent in rounds], yardstick, len(mails))}
    for place, name in enumerate(("shipped rules", f"{given.keywords} keywords")):
        figures[name] = _sum_up([spent[place] for spent in rounds], yardstick, len(mails))
    if given.json:
        print(json.dumps(figures))
        return
    for name, got in figures.items():
        spread = f"({got['least']:.2f} to {got['most']:.2f})"
        print(f"{name:<18} {got['ms']:7.3f} ms  {got['ratio']:5.2f} x  {spread}")


def _sum_up(spent: list[float], yardstick: list[float], mails: int) -> dict[str, float]:
    ratios = [mine / theirs for mine, theirs in zip(spent, yardstick, strict=True)]
    return {
        "ms": statistics.median(spent) * 1000 / mails,
        "ratio": statistics.median(ratios),
        "least": min(ratios),
        "most": max(ratios),
    }


if __name__ == "__main__":
    main()
