"""What was odd about a mail, as short stable strings people can search for."""

from __future__ import annotations

_MOST = 100


class Defects:
    """A collection in order of finding, each once, at most 100."""

    def __init__(self) -> None:
        self.found: dict[str, None] = {}

    def add(self, defect: str | None, about: str = "") -> None:
        """Note a defect, prefixed by what it is about (`subject: …`); None is no defect."""
        if defect and len(self.found) < _MOST:
            self.found.setdefault(f"{about}: {defect}" if about else defect)
