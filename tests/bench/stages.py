"""Where the time of one mail goes: CPU by stage, inside one process and one thread.

    python tests/bench/stages.py [--mails N] [--profile] [--json]

The real collector, intake and delivery run against a real Dovecot and the sink. A stage's time is
its own: what a stage inside it took is taken off. `--profile` prints the hottest functions instead.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import wraps
from pathlib import Path
from typing import Any
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from servers.dovecot import Dovecot

from bench import reference
from bench.corpus import generate
from bench.ground import Ground
from bench.postbox import Postbox
from bench.stored import fill
from maildesk import collect, delivery, delivery_settlement, file_away, intake
from maildesk.config import load
from maildesk.desk.answers.words import load_lexicon
from maildesk.house import House, build
from maildesk.mail.files.sink import Batch
from maildesk.memory import enter_people
from maildesk.store import facts as store_facts
from maildesk.store import outbox
from maildesk.store.letterpress import Letterpress
from maildesk.wire.imap import ImapMailbox, backoff
from maildesk.wire.smtp import SmtpTransport

# Stage → where its function is looked up.
STAGES: tuple[tuple[str, Any, str], ...] = (
    ("search and list", ImapMailbox, "search"),
    ("search and list", ImapMailbox, "envelopes"),
    ("write files", Batch, "save"),
    ("sync files", Batch, "settle"),
    ("ledger", collect.Collector, "_spool"),
    ("ledger", collect.Collector, "_set_past_aside"),
    ("parse", intake, "parse"),
    ("parse (own process)", intake, "parse_isolated"),
    ("facts", store_facts, "gather"),
    ("decide", intake, "receive"),
    ("apply", intake, "apply"),
    ("print the letter", Letterpress, "print_letter"),
    ("transaction and outcome", intake.Intake, "_commit"),
    ("file away", file_away.FileAway, "file_away"),
    ("claim letters", delivery.Delivery, "_claim"),
    ("claim letters", delivery_settlement.Settlement, "recover"),
    ("settle letters", delivery_settlement.Settlement, "settle_all"),
)


class Watch:
    """Thread CPU seconds by stage; time inside an inner stage is not the outer one's."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self._stack: list[str] = []
        self._since = 0.0

    def enter(self, stage: str) -> None:
        self._book()
        self._stack.append(stage)

    def leave(self) -> None:
        self._book()
        self._stack.pop()

    def _book(self) -> None:
        now = time.thread_time()
        if self._stack:
            stage = self._stack[-1]
            self.spent[stage] = self.spent.get(stage, 0.0) + now - self._since
        self._since = now

    def wrap(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def timed(*given: Any, **named: Any) -> Any:
            self.enter(stage)
            try:
                return function(*given, **named)
            finally:
                self.leave()

        return timed

    def wrap_fetch(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """A generator of generators: each step of either is the stage's."""

        def steps(found: Iterator[Any]) -> Iterator[Any]:
            while True:
                self.enter("fetch")
                try:
                    item = next(found, None)
                finally:
                    self.leave()
                if item is None:
                    return
                yield (item[0], steps(item[1])) if isinstance(item, tuple) else item

        @wraps(function)
        def timed(box: ImapMailbox, batch: Sequence[Any]) -> Iterator[Any]:
            return steps(function(box, batch))

        return timed


@contextmanager
def watching(watch: Watch) -> Iterator[None]:
    """Time every stage until the block ends."""
    with ExitStack() as stack:
        for stage, owner, name in STAGES:
            timed = watch.wrap(stage, getattr(owner, name))
            stack.enter_context(patch.object(owner, name, timed))
        timed = watch.wrap_fetch(ImapMailbox.fetch)
        stack.enter_context(patch.object(ImapMailbox, "fetch", timed))
        yield


def measure(mails: int, stored: int = 0, profile: bool = False) -> dict[str, float]:
    """Milliseconds of CPU per mail by stage, the yardstick and the whole included."""
    with (
        tempfile.TemporaryDirectory(prefix="mdbench") as folder,
        Dovecot() as dovecot,
        Postbox() as postbox,
    ):
        ground = Ground(Path(folder), dovecot, postbox.port, "none")
        fill(ground.config, stored)
        house = build(load(ground.config, os.environ))
        enter_people(house.store, house.config)
        mailbox = ImapMailbox(house.config.mailboxes[0].imap)
        collector = collect.Collector(house.config.mailboxes[0], mailbox, house.intake, backoff)
        collector.open()
        ground.append(made.raw for made in generate(mails))
        spent, _ = reference.measure(made.raw for made in generate(mails))
        mailbox.open()
        load_lexicon()  # as the daemon does while it starts, and the next line
        gc.freeze()
        watch = Watch()
        if profile:
            _profile(lambda: _run(house, collector, watch))
            whole = 0.0
        else:
            begun = time.thread_time()
            with watching(watch):
                _run(house, collector, watch)
            whole = time.thread_time() - begun
        mailbox.close()
        with house.store.read() as db:
            left = outbox.count_by_state(db)
        house.store.close()
    found = {stage: seconds / mails * 1000 for stage, seconds in watch.spent.items()}
    found["whole"] = whole / mails * 1000
    found["standard library"] = spent / mails * 1000
    found["letters per mail"] = left.get("accepted", 0) / mails
    return found


def _run(house: House, collector: collect.Collector, watch: Watch) -> None:
    watch.enter("round")
    collector.read_new()
    watch.leave()
    watch.enter("send")
    asyncio.run(_drain(house))
    watch.leave()


async def _drain(house: House) -> None:
    assert house.config.smtp is not None
    transport = SmtpTransport(house.config.smtp)
    desks = {desk.id: desk for desk in house.config.desks}
    await delivery.Delivery(house.store, transport, desks, "bench", jitter=random.random).drain()
    await transport.close()


def _profile(work: Callable[[], None]) -> None:
    import cProfile
    import pstats

    profiler = cProfile.Profile()
    profiler.runcall(work)
    stats = pstats.Stats(profiler)
    stats.sort_stats("tottime").print_stats(45)
    stats.sort_stats("cumulative").print_stats(70)


def main() -> None:
    parser = argparse.ArgumentParser(description="CPU per mail, stage by stage.")
    parser.add_argument("--mails", type=int, default=1000)
    parser.add_argument("--stored", type=int, default=0, help="tickets in the database before")
    parser.add_argument("--profile", action="store_true", help="print the hottest functions")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    found = measure(given.mails, given.stored, given.profile)
    if given.json:
        print(json.dumps(found))
    else:
        for stage, milliseconds in found.items():
            print(f"{stage:<28}{milliseconds:6.2f}")


if __name__ == "__main__":
    main()
