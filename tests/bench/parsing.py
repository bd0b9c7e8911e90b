"""Reading alone: maildesk beside the standard library, mail-parser and fast-mail-parser.

    python tests/bench/parsing.py [--mails N] [--rounds N] [--profile] [--json]

All read the same made-up mails from memory in the same round, one after the other, mail by mail, so
that a shared machine's drift meets all alike. maildesk hashes every attachment and cuts the new
words out; the others do less. Figures are CPU per mail and the ratio to the standard library.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import logging
import pstats
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import fast_mail_parser
import mailparser

from bench import reference
from bench.corpus import generate
from maildesk.mail.files.sink import DiscardingSink
from maildesk.mail.limits import Limits
from maildesk.mail.parse import parse_source

LIMITS = Limits()
logging.getLogger("mailparser").setLevel(logging.CRITICAL)  # it warns of parts it passes over


def read_maildesk(raw: bytes) -> object:
    return parse_source(raw, DiscardingSink(), prior="gb18030", limits=LIMITS)


def read_mail_parser(raw: bytes) -> object:
    mail = mailparser.parse_from_bytes(raw)
    return mail.body, mail.attachments, mail.from_, mail.to, mail.date, mail.headers


def read_fast(raw: bytes) -> object:
    mail = fast_mail_parser.parse_email(raw)
    return mail.text_plain, mail.text_html, mail.attachments, mail.headers


READERS: dict[str, Callable[[bytes], object]] = {
    "standard library": reference.read,
    "maildesk": read_maildesk,
    "mail-parser": read_mail_parser,
    "fast-mail-parser": read_fast,
}


def measure(mails: Sequence[bytes]) -> dict[str, float]:
    """CPU seconds of each reader over all mails; who reads a mail first changes from mail to mail,
    since the first finds it in no cache."""
    spent = dict.fromkeys(READERS, 0.0)
    names = list(READERS)
    for number, raw in enumerate(mails):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            begun = time.process_time()
            READERS[name](raw)
            spent[name] += time.process_time() - begun
    return spent


def profile(mails: Sequence[bytes]) -> None:
    profiler = cProfile.Profile()
    profiler.enable()
    for raw in mails:
        read_maildesk(raw)
    profiler.disable()
    pstats.Stats(profiler).sort_stats("tottime").print_stats(30)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    arguments.add_argument("--mails", type=int, default=500)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument(
        "--profile", action="store_true", help="print where maildesk's time goes"
    )
    arguments.add_argument("--json", action="store_true")
    given = arguments.parse_args()
    rounds = []
    for number in range(given.rounds):
        mails = [made.raw for made in generate(given.mails, number * given.mails)]
        measure(mails[:20])  # imports and caches
        if given.profile:
            profile(mails)
            return
        rounds.append(measure(mails))
    yardstick = "standard library"
    figures = {}
    for name in READERS:
        ratios = [spent[name] / spent[yardstick] for spent in rounds]
        figures[name] = {
            "ms": statistics.median(spent[name] for spent in rounds) * 1000 / given.mails,
            "ratio": statistics.median(ratios),
            "least": min(ratios),
            "most": max(ratios),
        }
    if given.json:
        print(json.dumps(figures))
        return
    for name, got in figures.items():
        spread = f"{got['least']:.2f} to {got['most']:.2f}"
        print(f"{name:<18} {got['ms']:7.2f} ms  {got['ratio']:5.2f} x  ({spread})")


if __name__ == "__main__":
    main()
