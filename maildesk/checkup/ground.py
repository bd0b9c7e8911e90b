"""Is the ground we stand on firm: configuration, rules, letters, calendar, data folder, database?

Looks at this host and the database only; changes nothing but a file it makes and removes again.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from maildesk.checkup.finding import Finding, bad, care, good
from maildesk.config.reading import Survey
from maildesk.config.values import Config
from maildesk.desk.person import Role
from maildesk.errors import ConfigFault, Transient

if TYPE_CHECKING:
    from maildesk.store.soundness import Soundness

_LEAST_BYTES = 200 * 1024**2
_COMFORTABLE_BYTES = 2 * 1024**3
_FOREIGN = "Give maildesk a database of its own."
# File locks and mmap, which SQLite's WAL needs, cannot be trusted there.
_NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "ceph", "9p"}


def check_config(survey: Survey) -> Iterator[Finding]:
    """Every fault and warning of the configuration; a short summary when it is usable."""
    for fault in survey.faults:
        yield bad("configuration", str(fault))
    for warning in survey.warnings:
        yield care("configuration", str(warning))
    config = survey.config
    if config is not None:
        counts = (
            (len(config.desks), "desk"),
            (len(config.mailboxes), "mailbox"),
            (len(config.people), "listed person"),
        )
        shown = ", ".join(f"{count} {noun}{_plural(noun, count)}" for count, noun in counts)
        yield good("configuration", f"{config.file} is complete: {shown}")


def check_rules(config: Config) -> Iterator[Finding]:
    """The rules' own test cases, under the profile of each desk."""
    from maildesk.desk.expectations import run_expectations
    from maildesk.desk.matching import compile_rules

    cases = sum(len(rule.expect) for rule in config.rules)
    for profile in {desk.profile.id: desk.profile for desk in config.desks}.values():
        failures = run_expectations(compile_rules(config.rules, profile))
        for failure in failures:
            place = f"{failure.rule.file}:{failure.expectation.line}"
            problem = f"{place}: {failure.rule.id}: {failure.why}"
            yield bad("rules", problem, "Change the rule or the case: `maildesk rules test`.")
        if not failures:
            rules = f"{len(config.rules)} rules fit profile {profile.id!r}"
            yield good("rules", f"{rules}; their {cases} test cases come out as they say")


def check_letters(config: Config) -> Iterator[Finding]:
    """Which languages there are letters in. That they can be rendered, `config` has seen to."""
    languages = sorted(
        {name.split("/")[1] for name in config.templates if name.startswith("letters/")}
    )
    yield good("letters", f"{len(config.templates)} templates in {', '.join(languages)}")
    for person in config.people:
        spoken = person.language
        if spoken is not None and not _is_covered(spoken, languages):
            yield care(
                "letters",
                f"{person.name} is listed with the language {spoken!r}, which has no letters",
                f"They get the desk's language; or write templates/letters/{spoken}/.",
            )


def check_leads(config: Config) -> Iterator[Finding]:
    """Whether anybody hears of limits, the quarantine, the doorstep and the brakes."""
    leads = [person.name for person in config.people if person.role is Role.LEAD]
    if not leads:
        remedy = "List somebody with role: lead in people.yaml."
        yield care("leads", "nobody is listed as lead, so nobody gets reminders and alarms", remedy)
    else:
        yield good("leads", f"reminders and alarms go to {', '.join(leads)}")


def check_trust(config: Config) -> Iterator[Finding]:
    """Whether a mailbox can tell an engineer's own mail from a forged one."""
    if not any(person.role in (Role.ENGINEER, Role.LEAD) for person in config.people):
        return
    for mailbox in config.mailboxes:
        if mailbox.trust is None:
            text = (
                f"mailbox {mailbox.name} has no table trust, so nothing shows who really wrote a "
                "mail: staff can only answer letters of the desk, and orders such as #solved are "
                "asked back with a one-time code"
            )
            remedy = (
                f"Add [mailbox.{mailbox.name}.trust]; the maildesk.toml that `maildesk init` "
                "writes has it for Microsoft 365, Google, QQ and Postfix."
            )
            yield care("trust", text, remedy)
        else:
            believed = (*mailbox.trust.authserv_ids, *mailbox.trust.internal)
            shown = ", ".join(believed) or "nothing"
            yield good("trust", f"mailbox {mailbox.name} believes {shown}, as its servers wrote it")


def check_calendars(config: Config, today: date) -> Iterator[Finding]:
    """Whether the holidays that due times will run into are known."""
    from maildesk.desk.almanac import find_unknown_year, known_until

    for desk in config.desks:
        calendars = desk.profile.calendars
        horizons = {
            calendar.key: until
            for calendar in calendars
            if (until := known_until(calendar)) is not None
        }
        item = f"calendar of {desk.id}"
        if not horizons:
            yield good(item, "names no holidays that could run out")
            continue
        key, until = min(horizons.items(), key=lambda entry: entry[1])
        text = f"holidays of {key!r} are known until {until}"
        year = find_unknown_year(calendars, today)
        if year is None:
            yield good(item, text)
        else:
            remedy = (
                f"Add {year} to rules/holidays/cn.yaml once the State Council has published it, "
                "update maildesk or chinesecalendar, or list its days under days_off and days_on "
                "of the calendar."
            )
            yield care(item, f"{text}; after that every weekday counts as working", remedy)


def check_data(config: Config) -> Iterator[Finding]:
    """The data folder: there or makeable, writable durably, with room."""
    item, folder = "data folder", config.data.absolute()
    place = folder
    while not place.exists():
        place = place.parent
    if not os.access(place, os.W_OK | os.X_OK):
        yield bad(item, f"{place} cannot be written", f"Run: chown maildesk {place}, or the like.")
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
    if not file.exists():
        yield good("database", f"SQLite {file} will be made at the first start")
        return
    from maildesk.store.soundness import probe

    try:
        sound = probe(config.database)
    except ConfigFault as error:
        yield bad("database", f"SQLite {file}: {error}", _FOREIGN)
        return
    except Transient as error:
        remedy = "Restore it from a backup, or move it away to begin anew."
        yield bad("database", f"SQLite {file} cannot be read ({error})", remedy)
        return
    seen = sound.settings
    if seen != {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"}:
        text = f"SQLite {file} does not accept our settings ({seen})"
        yield bad("database", text, "Put the data folder on a local disk with a usual file system.")
        return
    yield good("database", f"SQLite {file} opens; WAL and full synchronisation are on")
    yield from _check_schema(sound)


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
    yield from _check_schema(sound)


def _check_schema(sound: Soundness) -> Iterator[Finding]:
    if sound.schema is None:
        yield good("database", "it is empty; its tables will be made at the first start")
    elif sound.schema == sound.wanted:
        yield good("database", f"its tables are of this version ({sound.schema})")
    else:
        text = f"its tables are of schema {sound.schema}, this maildesk needs {sound.wanted}"
        older = sound.schema < sound.wanted
        remedy = "Run: maildesk upgrade." if older else "Install the newer maildesk that wrote it."
        yield bad("database", text, remedy)


def _plural(noun: str, count: int) -> str:
    if count == 1:
        return ""
    return "es" if noun.endswith("x") else "s"


def _is_covered(language: str, available: list[str]) -> bool:
    start = language.partition("-")[0]
    return any(other.partition("-")[0] == start for other in available)


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
