"""A TCP proxy before any clear-text server that cuts, stalls or splits the conversation.

Faults are armed from the test thread and fire once; counting starts when a fault is armed.
A cut closes both sides with a reset, as a failing network or a killed peer would.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Literal

from servers import LOOPBACK

Side = Literal["client", "server"]
Hook = Callable[[bytes], bool]


class Proxy:
    """Listens on `port` and forwards to the server at `target` (a loopback port)."""

    host = LOOPBACK

    def __init__(self, target: int) -> None:
        self.target = target
        self.commands: list[bytes] = []
        self.connections = 0
        self.cuts = 0
        self.chunk = 65536
        self.pause = 0.0
        self._flowing = threading.Event()
        self._flowing.set()
        self._lock = threading.Lock()
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._bytes_left: dict[Side, int | None] = {"client": None, "server": None}
        self._commands_left: int | None = None
        self._hook: Hook | None = None
        self._listener = socket.socket()
        self.port = 0

    def start(self) -> None:
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind((LOOPBACK, 0))
        self._listener.listen(64)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._flowing.set()
        self.cut()

    def __enter__(self) -> Proxy:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def cut(self) -> None:
        """Cut all present connections now."""
        with self._lock:
            pairs, self._pairs = self._pairs, []
        for pair in pairs:
            self._reset(pair)

    def cut_after_bytes(self, count: int, side: Side = "server") -> None:
        """Cut once `count` more bytes of `side` were forwarded."""
        with self._lock:
            self._bytes_left[side] = count

    def cut_at_command(self, number: int) -> None:
        """Cut instead of forwarding the `number`-th next line of a client (1 = the next)."""
        with self._lock:
            self._commands_left = number

    def cut_when(self, hook: Hook) -> None:
        """Cut instead of forwarding the first client line for which `hook` is true."""
        with self._lock:
            self._hook = hook

    def disarm(self) -> None:
        with self._lock:
            self._bytes_left = {"client": None, "server": None}
            self._commands_left = None
            self._hook = None

    def stall(self) -> None:
        """Forward nothing any more, in no direction, until `resume`."""
        self._flowing.clear()

    def resume(self) -> None:
        self._flowing.set()

    def split(self, size: int, pause: float = 0.002) -> None:
        """Forward in pieces of `size` bytes with a pause (seconds) between them."""
        self.chunk, self.pause = size, pause

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection((LOOPBACK, self.target), timeout=10)
            except OSError:
                client.close()
                continue
            for end in (client, server):
                end.settimeout(None)
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            pair = (client, server)
            with self._lock:
                self.connections += 1
                self._pairs.append(pair)
            ends: tuple[tuple[socket.socket, socket.socket, Side], ...] = (
                (client, server, "client"),
                (server, client, "server"),
            )
            for source, sink, side in ends:
                arguments = (pair, source, sink, side)
                threading.Thread(target=self._pump, args=arguments, daemon=True).start()

    def _pump(
        self,
        pair: tuple[socket.socket, socket.socket],
        source: socket.socket,
        sink: socket.socket,
        side: Side,
    ) -> None:
        # A fault must fire once, so the thread that meets it cuts, and disarms it under the lock.
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                self._flowing.wait()
                for piece in self._pieces(data, side):
                    allowed = self._admit(piece, side)
                    sink.sendall(piece[:allowed])
                    if allowed < len(piece):
                        self.cuts += 1
                        self._reset(pair)
                        return
                    if self.pause:
                        time.sleep(self.pause)
            sink.shutdown(socket.SHUT_WR)

    def _pieces(self, data: bytes, side: Side) -> list[bytes]:
        if side == "client":
            return data.splitlines(keepends=True)
        return [data[start : start + self.chunk] for start in range(0, len(data), self.chunk)]

    def _admit(self, piece: bytes, side: Side) -> int:
        """How many bytes of the piece may pass; fewer than all of them means cut."""
        with self._lock:
            if side == "client":
                self.commands.append(piece)
                if self._commands_left is not None:
                    self._commands_left -= 1
                    if self._commands_left <= 0:
                        self._commands_left = None
                        return 0
                if self._hook is not None and self._hook(piece):
                    self._hook = None
                    return 0
            left = self._bytes_left[side]
            if left is None:
                return len(piece)
            if left < len(piece):
                self._bytes_left[side] = None
                return left
            self._bytes_left[side] = left - len(piece)
            return len(piece)

    def _reset(self, pair: tuple[socket.socket, socket.socket]) -> None:
        for end in pair:
            with contextlib.suppress(OSError):
                # Linger 0 makes close send a reset, and shutdown wakes the other thread's recv.
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                end.shutdown(socket.SHUT_RDWR)
            end.close()
