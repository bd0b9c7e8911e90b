"""How much memory the daemon takes at most: over a backlog, and with very large attachments.

    python tests/bench/memory.py [--mails N] [--large N] [--megabytes N] [--json]

Peak resident memory (VmHWM) of the daemon, and of the largest process it started to read a mail.
"""

from __future__ import annotations

import argparse
import base64
import json
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from servers.dovecot import Dovecot

from bench.corpus import DESK, generate, person
from bench.ground import Ground, Process
from bench.postbox import Postbox
from bench.stored import fill

_BETWEEN_LOOKS = 0.02


def measure(mails: int, large: int, megabytes: int) -> dict[str, float]:
    """Megabytes (10^6 bytes): at rest, after the backlog, after the large mails, largest child."""
    with (
        tempfile.TemporaryDirectory(prefix="mdbench") as folder,
        Dovecot() as dovecot,
        Postbox() as postbox,
    ):
        ground = Ground(Path(folder), dovecot, postbox.port, "none")
        fill(ground.config, 0)
        with Process(ground) as daemon, _children(daemon) as largest:
            daemon.wait_ready()
            at_rest = daemon.usage().peak
            daemon.freeze()
            ground.append(made.raw for made in generate(mails))
            daemon.thaw()
            ground.wait_until(mails)
            backlog = daemon.usage().peak
            for number in range(large):
                ground.append([_large(number, megabytes)])
            ground.wait_until(mails + large)
            end = daemon.usage().peak
    return {
        "at rest": at_rest / 1e6,
        f"after {mails} mails": backlog / 1e6,
        f"after {large} of {megabytes} MB": end / 1e6,
        "largest reader process": max(largest, default=0) / 1e6,
    }


@contextmanager
def _children(daemon: Process) -> Iterator[list[int]]:
    """Peaks of the daemon's children, looked at often enough to catch the large ones."""
    found: list[int] = []
    done = threading.Event()

    def look() -> None:
        while not done.wait(_BETWEEN_LOOKS):
            found[:] = [max([*found, *daemon.children()], default=0)]

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield found
    finally:
        done.set()
        watcher.join()


def _large(number: int, megabytes: int) -> bytes:
    """A request with one file of that size; made of one block, to be quick."""
    name, address = person(number * 6)
    block = base64.encodebytes(Random(number).randbytes(57 * 20_000)).replace(b"\n", b"\r\n")
    head = (
        f"From: {name} <{address}>\r\nTo: {DESK}\r\nSubject: Log files of today\r\n"
        f"Message-ID: <large{number}@mail.test>\r\nDate: Fri, 20 Nov 2026 09:00:00 +0800\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="cut"\r\n\r\n'
        "--cut\r\nContent-Type: text/plain\r\n\r\nThe log files you asked for.\r\n"
        '--cut\r\nContent-Type: application/zip; name="logs.zip"\r\n'
        'Content-Disposition: attachment; filename="logs.zip"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    return head.encode() + block * (megabytes * 1_000_000 // 1_140_000 + 1) + b"\r\n--cut--\r\n"


def main() -> None:
    parser = argparse.ArgumentParser(description="Peak memory of the daemon.")
    parser.add_argument("--mails", type=int, default=5000)
    parser.add_argument("--large", type=int, default=5)
    parser.add_argument("--megabytes", type=int, default=50)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    found = measure(given.mails, given.large, given.megabytes)
    if given.json:
        print(json.dumps(found))
        return
    for what, megabytes in found.items():
        print(f"{what:<28}{megabytes:6.0f} MB")


if __name__ == "__main__":
    main()
