"""What the parts of the configuration write down while they are read.

One collector of faults and warnings about maildesk.toml, with the two lookups every part needs:
paths relative to the file, and secrets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from maildesk.config.faults import Fault
from maildesk.config.lines import KeyPath
from maildesk.config.secrets import find_secret
from maildesk.config.shape import Table
from maildesk.config.toml import Source

PASSWORD_REMEDY = "Add password_file, password_env or password_credential."


class Notes:
    """Faults make the configuration unusable; warnings are only told."""

    def __init__(self, source: Source, environ: Mapping[str, str] | None) -> None:
        """Without `environ` no secret is looked for, and none is missed."""
        self.source = source
        self.faults: list[Fault] = []
        self.warnings: list[Fault] = []
        self._environ = environ
        self._home = Path(source.file).parent

    @property
    def keyless(self) -> bool:
        """Whether no secret is looked for."""
        return self._environ is None

    def object(self, path: KeyPath, problem: str, remedy: str) -> None:
        """A fault at a key of the toml."""
        self.faults.append(self.source.fault(path, problem, remedy))

    def warn(self, path: KeyPath, problem: str, remedy: str) -> None:
        """A warning at a key of the toml."""
        self.warnings.append(self.source.fault(path, problem, remedy))

    def take(self, faults: Iterable[Fault], warnings: Iterable[Fault] = ()) -> None:
        """What another reader found."""
        self.faults += faults
        self.warnings += warnings

    def forgive(self, since: int) -> tuple[Fault, ...]:
        """Take back every fault from that place on, for who must look in spite of them."""
        forgiven = tuple(self.faults[since:])
        del self.faults[since:]
        return forgiven

    def resolve(self, text: str) -> Path:
        """A path starts at the toml's folder, wherever maildesk was started from."""
        return self._home / Path(text).expanduser()

    def secret(self, path: KeyPath, key: str, table: Table) -> str | None:
        """The secret's value; None when none is given, looked for, or it has a fault."""
        if self._environ is None:
            return None
        found = find_secret(self.source, path, key, table, self._environ)
        self.take(found.faults, found.warnings)
        return found.value

    def may_lack(self, path: KeyPath, key: str) -> bool:
        """Whether this secret is not looked for, or has a fault, and needs no second one."""
        if self.keyless:
            return True
        start = ".".join(str(part) for part in (*path, key))
        return any(fault.key.startswith(start) for fault in self.faults)
