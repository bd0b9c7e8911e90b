"""Real and scripted servers for tests: what runs, where it listens, what it has seen.

`require` is the one answer to a missing program: the test is skipped, or, where the run demands
servers (MAILDESK_REQUIRE_SERVERS=1), it fails.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from typing import NoReturn

import pytest

LOOPBACK = "127.0.0.1"


class UnavailableError(Exception):
    """This machine cannot run the server; the text says what is missing."""


def require(reason: str) -> NoReturn:
    """Skip the test for `reason`, or fail it when the run demands every server."""
    if os.environ.get("MAILDESK_REQUIRE_SERVERS") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def find_program(name: str) -> str:
    """The path of a program, also where a plain user's PATH ends before /usr/sbin."""
    path = os.environ.get("PATH", "") + os.pathsep + "/usr/sbin" + os.pathsep + "/usr/local/sbin"
    found = shutil.which(name, path=path)
    if found is None:
        raise UnavailableError(f"the program {name} is not installed")
    return found


def free_port() -> int:
    """A TCP port of the loopback that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(condition: Callable[[], object], seconds: float = 10.0, step: float = 0.01) -> bool:
    """Whether `condition` became true within `seconds`."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(step)
    return True


def is_listening(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=1):
        return True
    return False


def stop_process(process: subprocess.Popen[bytes]) -> None:
    """Ask a server to end, and end it after five seconds."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)
