"""The whole way of a mail: IMAP to durable ticket and acknowledgement sent, per mail.

    python tests/bench/run.py [--mails N] [--rounds N] [--stored N] [--tls] [--quick] [--json]

A real Dovecot holds the backlog, the real daemon runs as a process of its own, and its CPU (user
and system) is compared with the standard library reading the same mails in the same run. The
mails come in rounds, each with its own comparison, since a shared machine's speed drifts; the
figures are those of the median round.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from servers.dovecot import Dovecot

from bench import reference
from bench.corpus import generate
from bench.ground import Ground, Process
from bench.postbox import Postbox
from bench.stored import fill


@dataclass(frozen=True, slots=True)
class Figures:
    """One run. CPU in milliseconds per mail, sizes in bytes, memory in MB (10^6 bytes)."""

    mails: int
    rounds: int
    mean_size: int
    stored_tickets: int
    tls: bool
    acknowledged: int
    reference_ms: float
    daemon_ms: float
    ratio: float
    least_ratio: float
    most_ratio: float
    wall_seconds: float
    mails_per_second: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Round:
    """One backlog: CPU seconds of the yardstick and of the daemon, seconds it took, bytes."""

    reference: float
    daemon: float
    wall: float
    size: int

    @property
    def ratio(self) -> float:
        return self.daemon / self.reference


def measure(mails: int, rounds: int = 1, stored: int = 0, *, tls: bool = False) -> Figures:
    """Lay backlogs of `mails` one after the other and let the daemon work each off."""
    with (
        tempfile.TemporaryDirectory(prefix="mdbench") as folder,
        Dovecot() as dovecot,
        Postbox() as postbox,
    ):
        ground = Ground(Path(folder), dovecot, postbox.port, "tls" if tls else "none")
        before = fill(ground.config, stored)
        with Process(ground) as daemon:
            daemon.wait_ready()
            done = [_work_off(ground, daemon, mails, at * mails) for at in range(rounds)]
            end, peak = ground.standing(), daemon.usage().peak
    done.sort(key=lambda one: one.ratio)
    middle = done[len(done) // 2]
    return Figures(
        mails=mails,
        rounds=rounds,
        mean_size=middle.size // mails,
        stored_tickets=stored,
        tls=tls,
        acknowledged=end.accepted - before.accepted,
        reference_ms=middle.reference / mails * 1000,
        daemon_ms=middle.daemon / mails * 1000,
        ratio=middle.ratio,
        least_ratio=done[0].ratio,
        most_ratio=done[-1].ratio,
        wall_seconds=middle.wall,
        mails_per_second=mails / middle.wall,
        peak_mb=peak / 1e6,
    )


def _work_off(ground: Ground, daemon: Process, mails: int, first: int) -> Round:
    """Lay a backlog while the daemon stands still, let it go, and read its CPU at the end."""
    daemon.freeze()
    before, at_rest = ground.standing(), daemon.usage().cpu
    ground.append(made.raw for made in generate(mails, first))
    size = sum(len(made.raw) for made in generate(mails, first))
    spent, _ = reference.measure(made.raw for made in generate(mails, first))
    begun = time.monotonic()
    daemon.thaw()
    ground.wait_until(before.filed + mails)
    wall = time.monotonic() - begun
    return Round(spent, daemon.usage().cpu - at_rest, wall, size)


def show(found: Figures) -> str:
    """The figures as lines for a terminal."""
    rows = (
        ("mails", f"{found.rounds} × {found.mails} of {found.mean_size / 1000:.0f} kB on average"),
        ("tickets stored before", f"{found.stored_tickets}"),
        ("IMAP", "TLS" if found.tls else "clear text"),
        ("acknowledgements sent", f"{found.acknowledged}"),
        ("standard library, CPU per mail", f"{found.reference_ms:.2f} ms"),
        ("maildesk, CPU per mail", f"{found.daemon_ms:.2f} ms"),
        ("ratio", f"{found.ratio:.2f} ({found.least_ratio:.2f} to {found.most_ratio:.2f})"),
        ("wall time", f"{found.wall_seconds:.1f} s, {found.mails_per_second:.0f} mails a second"),
        ("peak memory", f"{found.peak_mb:.0f} MB"),
    )
    return "\n".join(f"{name:<32}{value}" for name, value in rows)


def main() -> None:
    parser = argparse.ArgumentParser(description="CPU per mail against the standard library.")
    parser.add_argument("--mails", type=int, default=500, help="mails of one round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--stored", type=int, default=0, help="tickets in the database before")
    parser.add_argument("--tls", action="store_true", help="read the mailbox over TLS")
    parser.add_argument("--quick", action="store_true", help="40 mails: does it run?")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    mails, rounds = (40, 1) if given.quick else (given.mails, given.rounds)
    found = measure(mails, rounds, given.stored, tls=given.tls)
    print(json.dumps(asdict(found)) if given.json else show(found))


if __name__ == "__main__":
    main()
