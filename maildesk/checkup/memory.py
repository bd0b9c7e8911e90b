"""Can anything be kept here: data folder, room on the disk, database?

Looks at this host and the database only; changes nothing but a file it makes and removes again.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from maildesk.checkup.finding import Finding, bad, care, good
from maildesk.config.values import Config
from maildesk.errors import ConfigFault, Transient

if TYPE_CHECKING:
    from maildesk.store.soundness import Soundness

_LEAST_BYTES = 200 * 1024**2
_COMFORTABLE_BYTES = 2 * 1024**3
_FOREIGN = "Give maildesk a database of its own."
# File locks and mmap, which SQLite's WAL needs, cannot be trusted there.
_NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "ceph", "9p"}


def check_data(config: Config) -> Iterator[Finding]:
    """The data folder: there or makeable, writable durably, with room."""
    item, folder = "data folder", config.data.absolute()
    place = folder
    while not place.exists():
        place = place.parent
    if not os.access(place, os.W_OK | os.X_OK):
        remedy = f"It must belong to who runs maildesk: chown {_name_user()} {place}, or the like."
        yield bad(item, f"{place} cannot be written", remedy)
        return
    if folder.exists():
        try:
            _write_durably(folder)
        except OSError as error:
            remedy = "Nothing can be kept safely there: look at the disk, or name another folder."
            yield bad(item, f"{folder}: a file cannot be written ({error.strerror})", remedy)
            return
        yield good(item, f"{folder} takes files durably")
        if folder.stat().st_mode & 0o007:
            text = f"{folder} is open to other users of this machine"
            yield care(item, text, f"It will hold all mail. Run: chmod 700 {folder}.")
    else:
        yield good(item, f"{folder} will be made at the first start")
    yield from _check_room(item, folder, place)


def check_database(config: Config) -> Iterator[Finding]:
    """The database answers, keeps what it is given, and has a schema we know."""
    if config.database.startswith("sqlite"):
        yield from _check_sqlite(config)
    else:
        yield from _check_postgresql(config)


def _check_sqlite(config: Config) -> Iterator[Finding]:
    file = Path(config.database.removeprefix("sqlite:///"))
    kind = _file_system(file)
    if kind in _NETWORK_FILE_SYSTEMS:
        text = f"{file} lies on a network file system ({kind}), where SQLite loses data"
        yield bad("database", text, "Put the data folder on a local disk, or use PostgreSQL.")
        return
    if file.exists() and not os.access(file, os.W_OK):
        remedy = f"It must belong to who runs maildesk: chown {_name_user()} {file}, or the like."
        yield bad("database", f"SQLite {file} cannot be written", remedy)
        return
    if not file.exists():
        if (lost := _find_loss(config)) is not None:
            yield lost
            return
        yield good("database", f"SQLite {file} will be made at the first start")
        return
    from maildesk.store.soundness import probe

    try:
        sound = probe(config.database)
    except ConfigFault as error:
        yield bad("database", f"SQLite {file}: {error}", _FOREIGN)
        return
    except Transient as error:
        remedy = "Restore it from a backup, or move the data folder away to begin anew."
        yield bad("database", f"SQLite {file} cannot be read ({error})", remedy)
        return
    seen = sound.settings
    if seen != {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"}:
        text = f"SQLite {file} does not accept our settings ({seen})"
        yield bad("database", text, "Put the data folder on a local disk with a usual file system.")
        return
    yield good("database", f"SQLite {file} opens; WAL and full synchronisation are on")
    yield from _check_schema(config, sound)


def _check_postgresql(config: Config) -> Iterator[Finding]:
    from maildesk.store.soundness import hide_password, probe

    shown = hide_password(config.database)
    try:
        sound = probe(config.database)
    except ConfigFault as error:
        yield bad("database", f"{shown}: {error}", _FOREIGN if "tables" in str(error) else "")
        return
    except Transient as error:
        remedy = "Check host, port, user and password, and that the database exists."
        yield bad("database", f"{shown}: no connection ({error})", remedy)
        return
    seen = sound.settings
    if seen["server_encoding"] != "UTF8":
        text = f"{shown} stores text as {seen['server_encoding']}"
        yield bad("database", text, "Create it anew: CREATE DATABASE … ENCODING 'UTF8'.")
        return
    unsafe = [name for name in ("fsync", "synchronous_commit") if seen[name] == "off"]
    if unsafe:
        text = f"{shown} has {' and '.join(unsafe)} off: a power loss would lose mail"
        yield bad("database", text, "Turn it on in postgresql.conf.")
        return
    yield good("database", f"PostgreSQL {seen['server_version']} answers at {shown}")
    yield from _check_schema(config, sound)


def _find_loss(config: Config) -> Finding | None:
    """Mails are kept, but the database that knew them is another one, or gone."""
    from maildesk.store.blobs import Blobs

    blobs = Blobs(config.data)
    if next(blobs.list_raws(), None) is None:
        return None
    return bad(
        "database",
        f"it is empty or not there, but mails are kept in {blobs.raw.folder}",
        "Is it another database? Put `database` in maildesk.toml right, or restore it from a "
        "backup, or move the data folder away to begin anew.",
    )


def _check_schema(config: Config, sound: Soundness) -> Iterator[Finding]:
    if sound.schema is None and (lost := _find_loss(config)) is not None:
        yield lost
    elif sound.schema is None:
        yield good("database", "it is empty; its tables will be made at the first start")
    elif sound.schema == sound.wanted:
        yield good("database", f"its tables are of this version ({sound.schema})")
    else:
        text = f"its tables are of schema {sound.schema}, this maildesk needs {sound.wanted}"
        older = sound.schema < sound.wanted
        remedy = "Run: maildesk upgrade." if older else "Install the newer maildesk that wrote it."
        yield bad("database", text, remedy)


def _name_user() -> str:
    """Whose rights we have; its number where the system has no name for it."""
    import pwd

    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())


def _write_durably(folder: Path) -> None:
    file = folder / f".check-{secrets.token_hex(8)}"
    content = secrets.token_bytes(4096)
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, content)
        os.fsync(handle)
        if os.pread(handle, len(content), 0) != content:
            raise OSError(5, "what was read back is not what was written")
    finally:
        os.close(handle)
        file.unlink()
    directory = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _check_room(item: str, folder: Path, place: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(place).free
    shown = f"{free / 1024**3:.1f} GB are free for {folder}"
    if free < _LEAST_BYTES:
        yield bad(item, shown, "Make room: maildesk stops taking mail rather than losing it.")
    elif free < _COMFORTABLE_BYTES:
        yield care(item, shown, "Every mail and attachment is kept there: give it more room.")
    else:
        yield good(item, shown)


def _file_system(path: Path) -> str:
    """The kind of file system a path lies on, by the kernel's list; "" where there is none."""
    try:
        lines = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    mounts = [line.split(" ")[1:3] for line in lines]
    best = ("", "")
    for point, kind in mounts:
        place = point.replace("\\040", " ")
        inside = path.is_relative_to(place)
        if inside and len(place) >= len(best[0]):
            best = (place, kind)
    return best[1]
