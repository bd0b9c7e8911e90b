"""How long until a mail is acknowledged: from its arrival on the server to the letter's delivery.

    python tests/bench/latency.py [--mails N] [--stored N] [--json]

The daemon waits in IDLE; one mail after the other arrives, each a good second after the last.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from servers.dovecot import Dovecot

from bench.corpus import generate
from bench.ground import Ground, Process
from bench.postbox import Postbox
from bench.stored import fill

_APART = 1.1


def measure(mails: int, stored: int = 0) -> dict[str, float]:
    """Seconds from the server's storing a mail to the other server's taking the answer."""
    wanted = [made for made in generate(mails * 3) if made.kind == "request"][:mails]
    with (
        tempfile.TemporaryDirectory(prefix="mdbench") as folder,
        Dovecot() as dovecot,
        Postbox() as postbox,
    ):
        ground = Ground(Path(folder), dovecot, postbox.port, "none")
        before = fill(ground.config, stored)
        arrived: list[float] = []
        with Process(ground) as daemon:
            daemon.wait_ready()
            for number, made in enumerate(wanted):
                ground.append([made.raw])
                arrived.append(time.monotonic())
                # Not in step with anything the daemon does every second or two.
                time.sleep(_APART + number % 7 / 10)
            ground.wait_until(before.filed + len(wanted), seconds=60)
        answered = sorted(at for at, _, _ in postbox.close())
    waits = [at - came for came, at in zip(arrived, answered, strict=False)]
    return {
        "mails": len(wanted),
        "answered": len(answered),
        "median": statistics.median(waits),
        "worst": max(waits),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Seconds from arrival to acknowledgement.")
    parser.add_argument("--mails", type=int, default=30)
    parser.add_argument("--stored", type=int, default=0, help="tickets in the database before")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    found = measure(given.mails, given.stored)
    if given.json:
        print(json.dumps(found))
        return
    print(f"mails {found['mails']:.0f}, answered {found['answered']:.0f}")
    print(f"median {found['median'] * 1000:.0f} ms, worst {found['worst'] * 1000:.0f} ms")


if __name__ == "__main__":
    main()
