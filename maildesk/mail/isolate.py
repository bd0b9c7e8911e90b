"""Reading one mail in a process that may be killed (DESIGN §1.2, §12).

For large mails and for mails that have already taken a process down. The child gets a memory
limit and a time; it answers one JSON object (never pickle: its input is hostile) and writes
attachments into a folder. Whatever becomes of it, the caller gets an Incoming or Unreadable.
"""

from __future__ import annotations

import errno
import json
import signal
import subprocess
import sys
from dataclasses import asdict
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from maildesk.errors import Transient, Unreadable
from maildesk.mail.files.sink import DiscardingSink, FolderSink
from maildesk.mail.limits import Limits
from maildesk.mail.message import Incoming, Sink


def parse_isolated(
    path: Path,
    folder: Path | None,
    *,
    seconds: float,
    memory: int,
    prior: str = "gb18030",
    limits: Limits = Limits(),  # noqa: B008
) -> Incoming:
    """`parse` in a child. `folder` takes the attachments (None: they are only hashed).

    `seconds` is wall-clock time, `memory` bytes of address space. Raises Unreadable when the mail
    is, or when the child was too slow, too big or died; Transient when a file could not be
    opened or written (full disk): then nothing is wrong with the mail.
    """
    order = {
        "path": str(path.absolute()),
        "folder": None if folder is None else str(folder.absolute()),
        "memory": memory,
        "prior": prior,
        "limits": asdict(limits),
    }
    command = [sys.executable, "-m", "maildesk.mail.isolate"]
    try:
        done = subprocess.run(
            command,
            input=json.dumps(order).encode(),
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unreadable(f"reading the mail took longer than {seconds:g} seconds") from None
    if done.returncode < 0:
        name = signal.Signals(-done.returncode).name
        raise Unreadable(f"the process reading the mail was killed by {name}")
    if done.returncode != 0:
        raise Unreadable(f"the process reading the mail died: {_last_line(done.stderr)}")
    return _understand(done.stdout)


def run_child() -> None:
    """The child: reads its order from standard input, answers on standard output."""
    import resource

    from maildesk.mail.parse import parse

    order = json.loads(sys.stdin.buffer.read())
    adapter = _adapter()  # what the program itself needs is not counted against the mail
    memory = int(order["memory"])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    folder = order["folder"]
    sink: Sink = DiscardingSink() if folder is None else FolderSink(Path(folder))
    try:
        limits = Limits(**order["limits"])
        mail = parse(Path(order["path"]), sink, prior=order["prior"], limits=limits)
        kind, body = "mail", adapter.dump_json(mail)
    except Unreadable as fault:
        kind, body = "unreadable", str(fault).encode()
    except MemoryError:
        kind, body = "unreadable", f"reading the mail needs more than {memory} bytes".encode()
    except OSError as fault:
        if fault.errno == errno.ENOMEM:
            kind, body = "unreadable", f"reading the mail needs more than {memory} bytes".encode()
        else:
            kind, body = "transient", str(fault).encode("utf-8", "replace")
    sys.stdout.buffer.write(kind.encode() + b"\n" + body)


@cache
def _adapter() -> TypeAdapter[Incoming]:
    return TypeAdapter(Incoming)


def _understand(answer: bytes) -> Incoming:
    kind, _, body = answer.partition(b"\n")
    if kind == b"mail":
        try:
            return _adapter().validate_json(body)
        except ValidationError:
            raise Unreadable("the process reading the mail answered nonsense") from None
    reason = body.decode("utf-8", "replace").strip()
    if kind == b"transient":
        raise Transient(reason)
    if kind == b"unreadable":
        raise Unreadable(reason)
    raise Unreadable("the process reading the mail gave no answer")


def _last_line(data: bytes) -> str:
    lines = data.decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:300] if lines else "without a word"


if __name__ == "__main__":
    run_child()
