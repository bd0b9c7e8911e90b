"""Takes every letter and sends none: where a mail server would stand."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Taken:
    """What a server says that takes a letter."""

    answer: str = "accepted"
    code: int | None = 250
    text: str = "taken, not sent"
    phase: str = "dot"


class Postman:
    """A `delivery.Transport` without a wire."""

    async def send(self, sender: str, recipient: str, data: bytes) -> Taken:
        return Taken()

    async def close(self) -> None:
        pass
