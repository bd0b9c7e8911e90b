"""Who is listed: the people file, YAML or CSV, as `Person` values.

Reads what Excel saves (UTF-8 with BOM, GB18030, `,` `;` or tab) with Chinese or English headers,
and lists every fault with its line. Whether somebody may do a thing is the desk's question.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from maildesk.config.faults import Fault, suggest
from maildesk.config.leave import REMEDY as LEAVE_REMEDY
from maildesk.config.leave import Days, read_leave
from maildesk.config.people_entries import Pair, Unlisted, read_entries
from maildesk.config.shape import is_address, is_language
from maildesk.desk.arrival.directory import is_called, name_group
from maildesk.desk.person import Person, Role
from maildesk.desk.profile import Group
from maildesk.mail.message import address_key

_COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "名字", "full name"),
    "staff_number": ("工号", "员工号", "staff number", "staff no", "employee id"),
    "department": ("部门", "所属部门", "dept"),
    "manager": ("上级", "直属上级", "主管", "supervisor"),
    "extension": ("分机", "分机号", "内线", "ext", "phone extension"),
    "addresses": ("邮箱", "邮箱地址", "电子邮箱", "邮件地址", "address", "email", "e-mail", "mail"),
    "language": ("语言",),
    "role": ("角色",),
    "skills": ("技能", "专长", "skill"),
    "groups": ("组", "小组", "处理组", "组别", "group", "team", "teams"),
    "away": ("休假", "请假", "休假日期", "请假日期", "leave", "absence", "on leave"),
    "vip": ("重要用户", "贵宾"),
    "delegates": ("授权代表", "代理人", "秘书", "助理", "delegate", "assistant", "secretary"),
}
_ROLES = {
    "": Role.REQUESTER,
    "员工": Role.REQUESTER,
    "用户": Role.REQUESTER,
    "工程师": Role.ENGINEER,
    "组长": Role.LEAD,
    "主管": Role.LEAD,
    "经理": Role.LEAD,
    "审计": Role.AUDITOR,
    "审计员": Role.AUDITOR,
    **{role.value: role for role in Role},
}
_YES = {"是": True, "yes": True, "y": True, "true": True, "1": True, "vip": True, "√": True}
_NO = {"": False, "否": False, "no": False, "n": False, "false": False, "0": False, "不是": False}
_LANGUAGES = {"中文": "zh-CN", "汉语": "zh-CN", "zh": "zh-CN", "英文": "en", "英语": "en"}
_BETWEEN_ADDRESSES = re.compile(r"[\s;；,，、|]+")
_BETWEEN_WORDS = re.compile(r"[;；,，、|\r\n]+")
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")  # no database takes them
_LISTS = {"addresses", "skills", "groups", "away", "delegates"}
_NOTHING = {"", "~", "null", "Null", "NULL"}


@dataclass(frozen=True, slots=True)
class _Row:
    """One entry as it stands in the file: texts by our column names, and the lines they are on."""

    line: int
    texts: dict[str, str]
    lines: dict[str, int]

    def line_of(self, column: str) -> int:
        return self.lines.get(column, self.line)


def load_people(
    file: Path, groups: Iterable[Group] | None = None
) -> tuple[tuple[Person, ...], tuple[Fault, ...]]:
    """(people, faults). A person's `manager` becomes the manager's first address, or None; so do
    his `delegates`.

    `groups` are those of all desks' profiles: another group is a fault; None when they are unknown.
    """
    name = str(file)
    try:
        text = _decode(file.read_bytes())
    except FileNotFoundError:
        return (), (Fault(name, None, "", "does not exist", "Write it, or correct `people`."),)
    except OSError as error:
        remedy = "Make it readable for the user maildesk runs as."
        return (), (Fault(name, None, "", f"cannot be read ({error.strerror})", remedy),)
    except UnicodeDecodeError:
        problem = "is neither UTF-8 nor GB18030 text"
        return (), (Fault(name, None, "", problem, "Save it as “CSV UTF-8”."),)
    reader = _Reader(name, groups)
    suffix = file.suffix.lower()
    if suffix in {".yaml", ".yml"}:
        rows = list(reader.read_yaml(text))
    elif suffix in {".csv", ".tsv", ".txt"}:
        try:
            rows = list(reader.read_csv(text))
        except csv.Error as error:
            reader.complain(None, "", f"is not a CSV file ({error})", "Save it again as CSV.")
            rows = []
    else:
        reader.complain(None, "", f"{suffix!r} is no kind of people file", "Use .yaml or .csv.")
        rows = []
    if not text.strip() and not reader.faults:
        # Cut off while it was saved; taken at its word, it would leave every ticket to nobody.
        reader.complain(None, "", "is empty", "Write the people in; `[]` for really nobody.")
    drafts = [(row, person) for row in rows if (person := reader.build(row)) is not None]
    people = reader.find_others(rows, drafts)
    reader.find_doubles(drafts)
    return people, tuple(sorted(reader.faults, key=lambda fault: fault.line or 0))


def _decode(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):  # Excel's "Unicode text"
        return raw.decode("utf-16")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")


class _Reader:
    """Gathers faults while the file is read."""

    def __init__(self, file: str, groups: Iterable[Group] | None) -> None:
        self.file = file
        self._groups = None if groups is None else tuple(groups)
        self.faults: list[Fault] = []

    def complain(self, line: int | None, key: str, problem: str, remedy: str) -> None:
        self.faults.append(Fault(self.file, line, key, problem, remedy))

    def read_csv(self, text: str) -> Iterator[_Row]:
        first = text.partition("\n")[0]
        delimiter = max(",;\t", key=first.count)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        header = next(reader, [])
        columns = [self._name_column(title, 1) if title.strip() else None for title in header]
        if "addresses" not in columns:
            shown = ", ".join(title.strip() for title in header) or "nothing"
            self.complain(
                1,
                "",
                f"the header row has no addresses column (it has {shown})",
                "Name one of them 邮箱 or addresses.",
            )
            return
        for column in _COLUMNS:
            if columns.count(column) > 1:
                self.complain(1, column, "stands twice in the header row", "Keep one of them.")
        line = reader.line_num
        for cells in reader:
            start, line = line + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(columns):
                problem = f"has {len(cells)} cells, the header {len(columns)}"
                self.complain(start, "", problem, "Put cells that hold commas in quotes.")
                continue
            pairs = zip(columns, cells, strict=False)
            yield _Row(start, {c: cell.strip() for c, cell in pairs if c}, {})

    def read_yaml(self, text: str) -> Iterator[_Row]:
        try:
            entries = read_entries(text)
        except Unlisted as fault:
            self.complain(fault.line, "", fault.problem, fault.remedy)
            return
        for entry in entries:
            if entry.pairs is None:
                remedy = "Begin each person with “- name:”."
                self.complain(entry.line, "", "is not a person", remedy)
                continue
            yield self._read_pairs(entry.line, entry.pairs)

    def _read_pairs(self, line: int, pairs: Iterable[Pair]) -> _Row:
        texts: dict[str, str] = {}
        lines: dict[str, int] = {}
        for key, place, value in pairs:
            column = self._name_column(key, place)
            if column is None:
                continue
            if column in texts:
                self.complain(place, column, "is given twice", "Keep one of them.")
            lines[column] = place
            if isinstance(value, str):
                texts[column] = value.strip()
            elif value is not None and column in _LISTS:
                texts[column] = " ; ".join(value)
            else:
                texts[column] = ""
                self.complain(place, column, "must be text", "Write it on the same line.")
        return _Row(line, texts, lines)

    def _name_column(self, title: str, line: int) -> str | None:
        wanted = title.strip().lower()
        plain = wanted.replace("_", " ")
        for column, others in _COLUMNS.items():
            if wanted == column or plain == column.replace("_", " ") or plain in others:
                return column
        known = [*_COLUMNS, *(others[0] for others in _COLUMNS.values())]
        self.complain(line, title.strip(), "is not a known column", suggest(wanted, known))
        return None

    def build(self, row: _Row) -> Person | None:
        texts = {column: "" if text in _NOTHING else text for column, text in row.texts.items()}
        before = len(self.faults)
        for column, text in texts.items():
            if found := _UNWRITABLE.search(text):
                problem = f"holds {found[0]!a}, which is no character"
                self.complain(row.line_of(column), column, problem, "Write the character itself.")
        # A cell may have several lines; a name in a greeting or a table has one.
        texts |= {c: " ".join(text.split()) for c, text in texts.items() if c not in _LISTS}
        addresses = self._read_addresses(row, texts.get("addresses", ""))
        name = texts.get("name", "")
        if not name:
            self.complain(row.line_of("name"), "name", "is missing", "Letters greet by it.")
        role_text = texts.get("role", "").lower()
        if role_text not in _ROLES:
            known = [text for text in _ROLES if text]
            problem = f"{texts['role']!r} is not a role"
            self.complain(row.line_of("role"), "role", problem, suggest(role_text, known))
        language = texts.get("language") or None
        if language is not None:
            language = _LANGUAGES.get(language, language)
            if not is_language(language):
                problem = f"{language!r} is not a language tag"
                remedy = "Write one such as zh-CN or en."
                self.complain(row.line_of("language"), "language", problem, remedy)
        groups = self._read_groups(row, texts.get("groups", ""))
        away, vip = self._read_away(row, texts.get("away", "")), self._read_vip(row, texts)
        if len(self.faults) > before:
            return None
        return Person(
            name=name,
            addresses=addresses,
            staff_number=texts.get("staff_number") or None,
            department=texts.get("department") or None,
            manager=texts.get("manager") or None,
            extension=texts.get("extension") or None,
            language=language,
            role=_ROLES[role_text],
            skills=_split(_BETWEEN_WORDS, texts.get("skills", "")),
            groups=groups,
            vip=vip,
            away=away,
            delegates=_split(_BETWEEN_WORDS, texts.get("delegates", "")),
        )

    def _read_away(self, row: _Row, text: str) -> tuple[Days, ...]:
        days, problems = read_leave(text)
        for problem in problems:
            self.complain(row.line_of("away"), "away", problem, LEAVE_REMEDY)
        return days

    def _read_vip(self, row: _Row, texts: dict[str, str]) -> bool:
        text = texts.get("vip", "")
        found = {**_YES, **_NO}.get(text.lower())
        if found is None:
            problem = f"{text!r} is neither yes nor no"
            self.complain(row.line_of("vip"), "vip", problem, "Write yes (是), or leave it blank.")
        return found is True

    def _read_groups(self, row: _Row, text: str) -> tuple[str, ...]:
        written = _split(_BETWEEN_WORDS, text)
        for name in written if self._groups is not None else ():
            if not any(is_called(group, name) for group in self._groups or ()):
                known = dict.fromkeys(n for group in self._groups or () for n in name_group(group))
                problem = f"{name!r} is a group of no desk's profile"
                self.complain(row.line_of("groups"), "groups", problem, suggest(name, known))
        return written

    def _read_addresses(self, row: _Row, text: str) -> tuple[str, ...]:
        line = row.line_of("addresses")
        written = _split(_BETWEEN_ADDRESSES, text)
        if not written:
            self.complain(line, "addresses", "is missing", "A person is known by an address.")
        for address in written:
            if not is_address(address):
                problem = f"{address!r} is not a mail address"
                self.complain(line, "addresses", problem, "Write it as name@example.com.")
        return tuple(dict.fromkeys(address_key(address) for address in written))

    def find_doubles(self, drafts: Iterable[tuple[_Row, Person]]) -> None:
        """An address or staff number that two people share would let one act as the other."""
        owners: dict[tuple[str, str], tuple[int, str]] = {}
        for row, person in drafts:
            claims = [("addresses", address) for address in person.addresses]
            if person.staff_number:
                claims.append(("staff_number", person.staff_number))
            for column, value in claims:
                if (column, value) in owners:
                    line, other = owners[column, value]
                    problem = f"{value} already belongs to {other} (line {line})"
                    remedy = "Give it to one of them only."
                    self.complain(row.line_of(column), column, problem, remedy)
                else:
                    owners[column, value] = (row.line, person.name)

    def find_others(
        self, rows: Iterable[_Row], drafts: Iterable[tuple[_Row, Person]]
    ) -> tuple[Person, ...]:
        """Managers and delegates are named by staff number, address or name; a name must be unique
        for that."""
        known: dict[str, set[str]] = {}
        for row in rows:  # also those refused: one fault must not cause another
            addresses = _split(_BETWEEN_ADDRESSES, row.texts.get("addresses", ""))
            keys = [address_key(address) for address in addresses]
            own = keys[0] if keys else f"line {row.line}"
            for handle in (row.texts.get("name"), row.texts.get("staff_number"), *keys):
                if handle:
                    known.setdefault(handle, set()).add(own)
        people = []
        for row, person in drafts:
            manager = None
            if person.manager is not None:
                manager = self._find_other(row, "manager", person.manager, known)
            named = (self._find_other(row, "delegates", n, known) for n in person.delegates)
            delegates = tuple(dict.fromkeys(key for key in named if key is not None))
            if set(delegates) & set(person.addresses):
                remedy = "Name whoever else may speak for this person."
                self.complain(
                    row.line_of("delegates"), "delegates", "names the person itself", remedy
                )
            people.append(replace(person, manager=manager, delegates=delegates))
        return tuple(people)

    def _find_other(
        self, row: _Row, column: str, name: str, known: Mapping[str, set[str]]
    ) -> str | None:
        """The first address of whom the column names, and the fault when that is not one person."""
        found = known.get(name) or known.get(address_key(name)) or set()
        line = row.line_of(column)
        if not found:
            remedy = "Add that person, or leave it blank."
            self.complain(line, column, f"{name!r} is not in this list", remedy)
        elif len(found) > 1:
            problem = f"{name!r} is the name of {len(found)} people"
            self.complain(line, column, problem, "Write the staff number or address.")
        return min(found, default=None)


def _split(between: re.Pattern[str], text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in between.split(text) if part.strip())
