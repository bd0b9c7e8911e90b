"""Does everything we were told fit together, and what does it come to?

Joins the toml, secrets, people, profiles, rules and templates into one `Config` and gathers the
faults and warnings of all of them. Writes nothing and connects to nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from maildesk.config import secrets
from maildesk.config.accounts import read_database, read_mailboxes, read_smtp, read_web
from maildesk.config.faults import Fault, suggest
from maildesk.config.lines import KeyPath
from maildesk.config.notes import Notes
from maildesk.config.people import load_people
from maildesk.config.profile import load_profile
from maildesk.config.rule_files import RuleFiles
from maildesk.config.shape import DeskTable, Toml
from maildesk.config.shipped import folder as shipped_folder
from maildesk.config.templates import check_templates, load_templates
from maildesk.config.toml import Source, read_toml
from maildesk.config.values import Budgets, Config, DeskConfig
from maildesk.desk.arrival.directory import Directory
from maildesk.desk.person import Person, Role
from maildesk.desk.privacy.mask import Privacy, Secret
from maildesk.desk.profile import Group, Profile
from maildesk.desk.rules.rule import Rule
from maildesk.desk.staff.snippet import Snippet, read_snippets
from maildesk.errors import ConfigFault
from maildesk.mail.message import address_key


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found. `config` is None when there are faults; its `secret` is empty as long as
    the signing key is still to be made (`secrets.ensure_secret`)."""

    config: Config | None
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    forgiven: tuple[Fault, ...] = ()


def survey(
    file: Path, environ: Mapping[str, str], *, patient: bool = False, keyless: bool = False
) -> Survey:
    """Reads everything `file` names; faults and warnings come in the order of the files.

    `patient`: for who asks what a desk has, while somebody may be editing. Rules are not read at
    all, since only deciding needs them and they take longer than everything else together; faults
    in profiles are only told as `forgiven`, and the shipped profile stands in.
    `keyless`: for who connects to nothing. No secret is looked for, since whoever writes rules need
    not be able to read the daemon's.
    """
    source = read_toml(file, environ)
    if source.toml is None:
        return Survey(None, source.faults)
    notes = Notes(source, None if keyless else environ)
    config, forgiven = _read_config(source.toml, notes, patient=patient)
    found = [fault for fault in notes.faults if not _is_echo(fault, source)]
    told = dict.fromkeys((*source.faults, *found))
    # The toml's own first, from top to bottom; then the other files as they were read.
    faults = tuple(sorted(told, key=lambda f: (f.file != source.file, _line_in(source, f))))
    return Survey(
        None if faults else config, faults, tuple(dict.fromkeys(notes.warnings)), forgiven
    )


def _line_in(source: Source, fault: Fault) -> int:
    return fault.line or 0 if fault.file == source.file else 0


def _is_echo(fault: Fault, source: Source) -> bool:
    """Whether a fault may only be there because the table it is in was mended (toml.Source)."""
    if fault.file != source.file:
        return False
    mended = {_table_of(other.key) for other in source.faults}
    if any(table.startswith("desk") for table in mended):
        mended.add("mailbox")  # it names desks
    return _table_of(fault.key) in mended or fault.key.partition(".")[0] in mended


def _table_of(key: str) -> str:
    """`mailbox.support` of `mailbox.support.port`; a key at the top stands for itself."""
    return ".".join(key.split(".")[:2])


def _read_config(toml: Toml, notes: Notes, *, patient: bool) -> tuple[Config, tuple[Fault, ...]]:
    data = notes.resolve(toml.data)
    if data.exists() and not data.is_dir():
        notes.object(("data",), f"{data} is not a folder", "Name a folder that is ours alone.")
    secret = b"" if notes.keyless else _read_signing_secret(toml, data, notes)
    database = read_database(toml, data, notes)
    smtp = read_smtp(toml.smtp, notes)
    mailboxes = read_mailboxes(toml, notes)
    rule_files = _find_rule_files(toml, notes)
    stamp = rule_files.stamp()
    files = _find_profiles(toml, rule_files, notes)
    before = len(notes.faults)
    profiles = _read_profiles(files, notes)
    forgiven = notes.forgive(before) if patient else ()
    groups = _list_groups(toml, profiles)  # not of a profile that only stands in
    if patient and len(profiles) < len(files):
        usual = _read_profiles({"": shipped_folder("rules") / "profiles" / "default.yaml"}, notes)
        profiles = {name: profiles.get(name, usual[""]) for name in files}
    before = len(notes.faults)
    people = _read_people(toml, groups, notes)
    whole = len(notes.faults) == before
    rules = () if patient else _read_rules(rule_files, profiles, notes)
    if whole and not patient:  # else nobody can say who is missing in it
        from maildesk.config.references import check_names

        notes.take(*check_names(rule_files, profiles, files, Directory(people), rules))
    templates = _read_templates(toml, notes)
    config = Config(
        file=Path(notes.source.file).absolute(),
        data=data.absolute(),
        database=database,
        secret=secret,
        desks=_read_desks(toml, profiles, people, read_snippets(templates), notes),
        mailboxes=mailboxes,
        smtp=smtp,
        web=read_web(toml.web, notes),
        people=people,
        rules=rules,
        rule_files=rule_files,
        rules_stamp=stamp,
        templates=templates,
        worker_bytes=toml.limits.worker_size,
        parse_seconds=toml.limits.parse_seconds,
        parse_memory=toml.limits.parse_memory,
    )
    return config, tuple(dict.fromkeys(forgiven))


def _read_signing_secret(toml: Toml, data: Path, notes: Notes) -> bytes:
    value = notes.secret((), "secret", toml)
    if value is not None:
        if len(value.encode()) < secrets.LEAST_BYTES:
            problem = f"is shorter than {secrets.LEAST_BYTES} bytes"
            notes.object(("secret",), problem, "Make one with: openssl rand -hex 32.")
        return value.encode()
    try:
        return secrets.find_signing_secret(data) or b""
    except ConfigFault as error:
        problem, _, remedy = str(error).partition(". ")
        notes.object(("secret",), problem, remedy)
        return b""


def _list_groups(toml: Toml, profiles: Mapping[str, Profile]) -> list[Group] | None:
    """The groups of all desks; None when a profile of theirs could not be read."""
    if any(table.profile not in profiles for table in toml.desk.values()):
        return None
    return [group for profile in profiles.values() for group in profile.groups]


def _read_people(toml: Toml, groups: list[Group] | None, notes: Notes) -> tuple[Person, ...]:
    if toml.people is None:
        remedy = "Without a list, everybody is an outsider or a plain requester."
        notes.warn(("people",), "is missing", remedy)
        return ()
    file = notes.resolve(toml.people)
    if not file.exists():
        notes.object(("people",), f"{file} does not exist", "Write it, or correct the name.")
        return ()
    people, faults = load_people(file, groups)
    notes.take(faults)
    if not faults and not any(person.role is Role.LEAD for person in people):
        remedy = "Give somebody the role lead; alarms and missed limits are written to leads."
        notes.warn(("people",), "lists no lead", remedy)
    return people


def _find_folder(text: str | None, key: str, notes: Notes) -> Path | None:
    """The user's own folder; None when there is none, which is a fault if one is named."""
    if text is None:
        return None
    folder = notes.resolve(text)
    if folder.is_dir():
        return folder
    problem = f"{folder} is not a folder" if folder.exists() else f"{folder} does not exist"
    notes.object((key,), problem, "Create it, or take the line out for what is shipped.")
    return None


def _find_rule_files(toml: Toml, notes: Notes) -> RuleFiles:
    names = {desk_id: table.profile for desk_id, table in toml.desk.items()}
    return RuleFiles(_find_folder(toml.rules, "rules", notes), names)


def _find_profiles(toml: Toml, rule_files: RuleFiles, notes: Notes) -> dict[str, Path]:
    """The file of each profile a desk names; the user's own folder first, then the shipped ones."""
    files: dict[str, Path] = {}
    missing: set[str] = set()
    for desk_id, table in toml.desk.items():
        if table.profile in files or table.profile in missing:
            continue
        file = rule_files.find_profile(table.profile)
        if file is None:
            missing.add(table.profile)
            problem = f"there is no profile {table.profile!r}"
            remedy = suggest(table.profile, rule_files.list_profiles())
            notes.object(("desk", desk_id, "profile"), problem, remedy)
        else:
            files[table.profile] = file
    return files


def _read_profiles(files: Mapping[str, Path], notes: Notes) -> dict[str, Profile]:
    profiles: dict[str, Profile] = {}
    for name, file in files.items():
        profile, faults = load_profile(file)
        notes.take(faults)
        if profile is not None:
            profiles[name] = profile
    return profiles


def _read_rules(
    rule_files: RuleFiles, profiles: Mapping[str, Profile], notes: Notes
) -> tuple[Rule, ...]:
    """One set of rules for all desks: its words must be known to every desk's profile."""
    from maildesk.config.rules import load_rules

    rules: tuple[Rule, ...] = ()
    for profile in profiles.values():
        rules, faults = load_rules(rule_files.folder, profile)
        notes.take(faults)
    return rules


def _read_templates(toml: Toml, notes: Notes) -> Mapping[str, str]:
    folder = _find_folder(toml.templates, "templates", notes)
    templates, faults = load_templates(folder)
    notes.take((*faults, *check_templates(templates, folder)))
    languages = {name.split("/")[1] for name in templates if name.startswith("letters/")}
    for desk_id, table in toml.desk.items():
        if table.language not in languages:
            path: KeyPath = ("desk", desk_id, "language")
            problem = f"there are no letters in {table.language!r}"
            notes.object(path, problem, suggest(table.language, sorted(languages)))
    return templates


def _read_desks(
    toml: Toml,
    profiles: Mapping[str, Profile],
    people: tuple[Person, ...],
    snippets: tuple[Snippet, ...],
    notes: Notes,
) -> tuple[DeskConfig, ...]:
    owners: dict[str, str] = {}
    formats: dict[str, str] = {}
    for desk_id, table in toml.desk.items():
        pattern = profiles[table.profile].number_format if table.profile in profiles else desk_id
        if (other := formats.setdefault(pattern, desk_id)) != desk_id:
            problem = f"gives its tickets the same numbers as desk.{other}"
            remedy = "Give it a profile with another number_format: commands know tickets by it."
            notes.warn(("desk", desk_id, "profile"), problem, remedy)
        for position, address in enumerate(table.addresses):
            path: KeyPath = ("desk", desk_id, "addresses", position)
            key = address_key(address)
            if key in owners:
                problem = f"{address} already belongs to desk.{owners[key]}"
                notes.object(path, problem, "Give it to one desk, once.")
            owners.setdefault(key, desk_id)
            if owner := next((person for person in people if key in person.addresses), None):
                problem = f"{address} is also the address of {owner.name} in the people list"
                notes.object(path, problem, "Take it out there: the desk would write to itself.")
    return tuple(
        _build_desk(desk_id, table, profiles[table.profile], snippets)
        for desk_id, table in toml.desk.items()
        if table.profile in profiles
    )


def _build_desk(
    desk_id: str, table: DeskTable, profile: Profile, snippets: tuple[Snippet, ...]
) -> DeskConfig:
    own_domains = dict.fromkeys(item.rpartition("@")[2].lower() for item in table.addresses)
    return DeskConfig(
        id=desk_id,
        name=table.name,
        name_en=table.name_en,
        addresses=tuple(table.addresses),
        profile=profile,
        zone=table.zone,
        language=table.language,
        hotline=table.hotline,
        accept_from=tuple(table.accept_from or own_domains),
        report_readers=tuple(dict.fromkeys(table.report_readers)),
        budgets=Budgets(**table.budgets.model_dump()),
        plus_address=table.plus_address,
        snippets=snippets,
        privacy=Privacy(
            hide=frozenset(map(Secret, table.privacy.hide)),
            staff_may_send=frozenset(map(Secret, table.privacy.staff_may_send)),
        ),
    )
