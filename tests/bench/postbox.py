"""The mail server that takes the letters, in a process of its own so that its CPU is not counted.

Prints its port; at end of input one JSON line: [[seconds, message_id, recipient], …] (monotonic).
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType

_TESTS = Path(__file__).resolve().parents[1]


class Postbox:
    """The running process. `close` ends it and returns what it took."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.postbox"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=_TESTS,
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    def close(self) -> list[tuple[float, str, str]]:
        """Every letter taken, in order: (monotonic seconds, Message-ID, recipient)."""
        answer, _ = self._process.communicate(timeout=60)
        return [(at, message_id, to) for at, message_id, to in json.loads(answer)]

    def __enter__(self) -> Postbox:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()


def _serve() -> None:
    from servers.sink import Sink

    with Sink() as sink:
        print(sink.port, flush=True)
        sys.stdin.read()
        print(json.dumps([[mail.at, mail.message_id, mail.recipient] for mail in sink.mails]))


if __name__ == "__main__":
    _serve()
