"""Where does a secret come from, and who else could read it?

A secret is given in exactly one of four ways: `<key>`, `<key>_file`, `<key>_env` or
`<key>_credential` (systemd). Its value appears in no fault, log or repr.
"""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from maildesk.config.faults import Fault
from maildesk.config.lines import KeyPath
from maildesk.config.shape import Table
from maildesk.config.toml import Source
from maildesk.errors import ConfigFault

LEAST_BYTES = 16
_FORMS = ("", "_file", "_env", "_credential")


@dataclass(frozen=True, slots=True)
class Found:
    """A secret's value (None when there is none), with what is wrong or careless about it."""

    value: str | None = None
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()

    def __repr__(self) -> str:
        return f"Found({'…' if self.value else None}, {self.faults}, {self.warnings})"


def find_secret(
    source: Source, path: KeyPath, key: str, table: Table, environ: Mapping[str, str]
) -> Found:
    """The secret `key` of the table at `path`; no form given is not a fault here."""
    given = [f"{key}{form}" for form in _FORMS if getattr(table, f"{key}{form}") is not None]
    if not given:
        return Found()
    if len(given) > 1:
        fault = source.fault(
            (*path, given[1]), f"{' and '.join(given)} are both given", "Keep one of them."
        )
        return Found(faults=(fault,))
    name = given[0]
    text = str(getattr(table, name))

    def refuse(problem: str, remedy: str) -> Found:
        return Found(faults=(source.fault((*path, name), problem, remedy),))

    if name.endswith("_env"):
        found = _from_environment(text, environ, refuse)
    elif name.endswith("_credential"):
        found = _from_credential(text, environ, refuse)
    elif name.endswith("_file"):
        found = _from_file(Path(source.file).parent / Path(text).expanduser(), refuse)
        found = _warn_open(found, source, (*path, name), Path(source.file).parent / text)
    elif (*path, name) in source.filled:
        found = Found(text)
    else:
        found = _warn_open(Found(text), source, (*path, name), Path(source.file))
    if found.value is not None and not found.value.strip():
        return refuse("the secret is empty", "Write the secret there, or take the line out.")
    if key.endswith("password") and found.value and len(found.value.splitlines()) > 1:
        return refuse("the password has several lines", "Write the password alone there.")
    return found


def find_signing_secret(data: Path) -> bytes | None:
    """The signing key made earlier in the data folder; None when there is none. Writes nothing."""
    try:
        text = (data / "secret").read_bytes().strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ConfigFault(
            f"{data / 'secret'}: cannot be read ({error.strerror}). "
            "Make it readable for the user maildesk runs as."
        ) from error
    if len(text) < LEAST_BYTES:
        raise ConfigFault(
            f"{data / 'secret'}: the signing key is shorter than {LEAST_BYTES} bytes. "
            "Restore it from a backup; a new one makes our own letters strangers to us."
        )
    return text


def ensure_secret(data: Path) -> bytes:
    """The signing key of the data folder, made at random when there is none yet.

    Whole or absent, mode 0600; of two processes starting at once, both get the first one's key.
    Raises ConfigFault when the folder cannot be written or the key is unusable.
    """
    existing = find_signing_secret(data)
    if existing is not None:
        return existing
    draft = data / f".secret.{os.getpid()}.{secrets.token_hex(4)}"
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(handle, secrets.token_hex(32).encode("ascii") + b"\n")
            os.fsync(handle)
        finally:
            os.close(handle)
        _publish(draft, data / "secret")
    except OSError as error:
        raise ConfigFault(
            f"{data}: the signing key cannot be written ({error.strerror}). "
            "Make the data folder writable for the user maildesk runs as."
        ) from error
    kept = find_signing_secret(data)
    assert kept is not None
    return kept


def _publish(draft: Path, final: Path) -> None:
    """A link never replaces: whoever comes second keeps the first one's file."""
    try:
        final.hardlink_to(draft)
    except FileExistsError:
        draft.unlink()
    except OSError:
        draft.rename(final)  # a file system without links; two first starts at once are unlikely
    else:
        draft.unlink()
    folder = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _from_environment(
    variable: str, environ: Mapping[str, str], refuse: Callable[[str, str], Found]
) -> Found:
    if variable not in environ:
        return refuse(
            f"the environment variable {variable!r} is not set",
            "Set it where maildesk starts, for example in the unit's EnvironmentFile.",
        )
    return Found(environ[variable])


def _from_credential(
    name: str, environ: Mapping[str, str], refuse: Callable[[str, str], Found]
) -> Found:
    folder = environ.get("CREDENTIALS_DIRECTORY")
    if not folder:
        return refuse(
            "systemd passed no credentials (CREDENTIALS_DIRECTORY is not set)",
            f"Add LoadCredential={name}:/path/to/file to the unit, or use another form.",
        )
    return _from_file(Path(folder) / name, refuse)


def _from_file(path: Path, refuse: Callable[[str, str], Found]) -> Found:
    try:
        return Found(path.read_text(encoding="utf-8").rstrip("\r\n"))
    except FileNotFoundError:
        return refuse(f"{path} does not exist", "Write the secret alone into that file.")
    except UnicodeDecodeError:
        return refuse(f"{path} is not UTF-8 text", "Save it as plain UTF-8 text.")
    except OSError as error:
        remedy = "Make it readable for the user maildesk runs as."
        return refuse(f"{path} cannot be read ({error.strerror})", remedy)


def _warn_open(found: Found, source: Source, path: KeyPath, file: Path) -> Found:
    """A file with a secret in it that others may read is a warning, not a fault."""
    if found.value is None:
        return found
    try:
        mode = file.stat().st_mode
    except OSError:
        return found
    if not mode & (stat.S_IWGRP | stat.S_IRWXO):  # 0640 for the daemon's group is good practice
        return found
    warning = source.fault(
        path, f"{file} can be read by other users of this machine", f"Run: chmod 600 {file}."
    )
    return Found(found.value, found.faults, (warning,))
