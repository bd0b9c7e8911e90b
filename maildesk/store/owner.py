"""Who holds a lease: a name for this run of this process, and whether another's is dead.

A lease of a killed daemon on the same host is taken over at once instead of waiting it out.
"""

from __future__ import annotations

import os
import socket
import uuid


def name_owner() -> str:
    """`host/pid/run`: unique to this run."""
    return f"{socket.gethostname()}/{os.getpid()}/{uuid.uuid4().hex[:12]}"


def is_gone(owner: str) -> bool:
    """True only when that run certainly ended: it was on this host and its process is no more."""
    host, _, rest = owner.partition("/")
    pid = rest.partition("/")[0]
    if host != socket.gethostname() or not pid.isdigit():
        return False
    if int(pid) == os.getpid():
        # A container restarts as the same pid: an owner of our pid but another run is a past one.
        return owner not in _ALIVE
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


_ALIVE: set[str] = set()


def announce(owner: str) -> str:
    """Note that this run lives in this process; returns the name."""
    _ALIVE.add(owner)
    return owner
