"""How the entries that several forms have are read off a ticket: who, what, when.

Their names on the paper are each form's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from maildesk.desk.knowledge.article import ArticleState
from maildesk.desk.label import Label
from maildesk.desk.orders.line import Line, is_hash_line, read_line
from maildesk.desk.policy import Level
from maildesk.desk.request.fields import FIELDS
from maildesk.desk.sheets.form import Read, Reader
from maildesk.desk.sheets.process import say_record
from maildesk.desk.sheets.timing import say_reasons
from maildesk.desk.staff.records import LABELS
from maildesk.desk.ticket import Part, show_state

_LONGEST_REQUEST = 4_000
_BRIEF = 300


def tell_number(reader: Reader) -> str:
    return reader.dossier.ticket.number


def tell_opened(reader: Reader) -> str:
    return reader.tell(reader.dossier.ticket.opened)


def tell_requester(reader: Reader) -> str:
    """Name and staff number (R2), with who entered it for him."""
    dossier = reader.dossier
    person = dossier.ticket.find(Part.REQUESTER)
    if person is None:
        return ""
    number = dossier.staff_numbers.get(person.key) or dossier.ticket.fields.get("staff_number")
    said = f"{person.name} / {number}" if number else person.name
    reporter = dossier.ticket.find(Part.REPORTER)
    if reporter is not None and reporter.key != person.key:
        said += reader.pick(f"（{reporter.name}代提）", f" (entered by {reporter.name})")
    return said


def tell_department(reader: Reader) -> str:
    return reader.dossier.ticket.department or ""


def tell_phone(reader: Reader) -> str:
    """The requester's: as he said, else of the people list."""
    ticket = reader.dossier.ticket
    person = ticket.find(Part.REQUESTER)
    listed = person.extension if person else None
    if said := ticket.fields.get("contact"):
        return said
    return reader.pick(f"分机 {listed}", f"ext. {listed}") if listed else ""


def tell_category(reader: Reader) -> str:
    return reader.read(reader.profile.category(reader.dossier.ticket.category).label)


def tell_type(reader: Reader) -> str:
    return reader.read(reader.profile.type(reader.dossier.ticket.type).label)


def tell_priority(reader: Reader) -> str:
    return reader.read(reader.profile.priority(reader.dossier.ticket.priority).label)


def tell_severity(reader: Reader) -> str:
    """As the requester calls it (F4)."""
    ticket = reader.dossier.ticket
    said = ticket.fields.get("severity") or ticket.fields.get("urgency") or ""
    return _name(reader, reader.profile.severities, ticket.severity) or said


def tell_impact(reader: Reader) -> str:
    """Who is affected: the level, with what was said of it."""
    ticket = reader.dossier.ticket
    level = _name(reader, reader.profile.impacts, ticket.impact)
    said = ticket.fields.get("scope", "")
    if level and said:
        return reader.pick(f"{level}（{said}）", f"{level} ({said})")
    return level or said


def tell_urgency(reader: Reader) -> str:
    ticket = reader.dossier.ticket
    return _name(reader, reader.profile.urgencies, ticket.urgency) or ticket.fields.get(
        "urgency", ""
    )


def _name(reader: Reader, levels: Sequence[Level], key: str | None) -> str:
    if not key or not levels:  # shared rules name levels, and a profile need not have any
        return ""
    return next((reader.read(item.label) for item in levels if item.key == key), key)


def tell_request(reader: Reader) -> str:
    """The title, and what was written."""
    dossier = reader.dossier
    words = _drop_orders(dossier.request)
    longest = _BRIEF if reader.brief else _LONGEST_REQUEST
    if reader.brief:
        words = " ".join(words.split())
    words = reader.shorten(words, longest)
    title = dossier.ticket.title.strip()
    if not words or words.startswith(title):
        return words or title
    return f"{title}\n{words}" if not reader.brief else f"{title}{reader.pick('：', ': ')}{words}"


def _drop_orders(words: str) -> str:
    """Without the orders of whoever entered it for somebody (#代提 张敏)."""
    lines = words.strip().split("\n")
    kept = (line for line in lines if not isinstance(read_line(line), Line))
    return "\n".join(kept).strip() if any(map(is_hash_line, lines)) else words.strip()


def tell_responded(reader: Reader) -> str:
    return reader.tell(reader.dossier.ticket.responded)


def tell_handler(reader: Reader) -> str:
    """The engineer, and who helps him."""
    dossier = reader.dossier
    named = dossier.name_part(Part.ASSIGNEE)
    helpers = dossier.name_part(Part.HELPER)
    if helpers:
        named += reader.pick(f"（协办：{helpers}）", f" (helped by {helpers})")
    return named


def tell_group(reader: Reader) -> str:
    ticket = reader.dossier.ticket
    return reader.read(reader.profile.group_of(ticket.group, ticket.category).label)


def tell_handler_phone(reader: Reader) -> str:
    """R12's 联系方式 is the handler's: 内部分机8003."""
    ticket = reader.dossier.ticket
    person = ticket.find(Part.ASSIGNEE)
    group = reader.profile.group_of(ticket.group, ticket.category)
    number = (person.extension if person else None) or group.extension
    return reader.pick(f"内部分机{number}", f"ext. {number}") if number else ""


def tell_accepted(reader: Reader) -> str:
    """When its engineer got it."""
    return reader.tell(reader.dossier.ticket.assigned)


def tell_expected(reader: Reader) -> str:
    """What the requester was told to expect, else when the solution is due."""
    ticket = reader.dossier.ticket
    return reader.tell(ticket.eta or ticket.solution_due)


def tell_solved(reader: Reader) -> str:
    return reader.tell(reader.dossier.ticket.solved)


def tell_confirmed(reader: Reader) -> str:
    return reader.tell(reader.dossier.ticket.confirmed)


def tell_closed(reader: Reader) -> str:
    """When it was closed, and by whose doing where that was not the requester's."""
    at = reader.tell(reader.dossier.ticket.closed)
    if reader.dossier.closed_by == "policy":
        at += reader.pick("（未收到答复，按规定关闭）", " (no answer came, closed by the rules)")
    return at


def tell_archived(reader: Reader) -> str:
    """ "" for one that was opened again since."""
    at, closed = reader.dossier.archived, reader.dossier.ticket.closed
    return reader.tell(at) if at and closed and at >= closed else ""


def tell_state(reader: Reader) -> str:
    return reader.read(show_state(reader.dossier.ticket.state, reader.profile))


def tell_files(reader: Reader) -> str:
    return reader.pick("、", ", ").join(reader.dossier.files)


def tell_review(reader: Reader) -> str:
    return say_record(reader, "review")


def tell_reviewer(reader: Reader) -> str:
    """Who reviewed it, and when."""
    steps = [s for s in reader.dossier.steps if s.kind == "recorded"]
    mine = [step for step in steps if step.data.get("field") == "review"]
    return f"{mine[-1].actor} {reader.tell(mine[-1].at)}" if mine else ""


def tell_field(key: str) -> Read:
    """A field of the request, as it was told."""
    return lambda reader: reader.dossier.ticket.fields.get(key, "")


def tell_record(key: str) -> Read:
    """A record of the staff: cause, solutions, lesson."""
    return lambda reader: say_record(reader, key)


def tell_knowledge(reader: Reader) -> str:
    """The articles made of it; before there is one, what was said of it."""
    return reader.pick("；", "; ").join(
        f"{item.number} {reader.read(_ARTICLES[item.state])}" for item in reader.dossier.articles
    ) or say_record(reader, "knowledge")


_ARTICLES: Mapping[ArticleState, Label] = {
    "draft": Label("草稿", "draft"),
    "published": Label("已发布", "published"),
    "withdrawn": Label("已撤回", "withdrawn"),
}


def tell_device(reader: Reader) -> str:
    """Device, system and version in one entry (F2)."""
    fields = reader.dossier.ticket.fields
    return " / ".join(filter(None, (fields.get(key) for key in ("device", "system", "version"))))


def tell_remarks(reader: Reader) -> str:
    """R12's 备注: why it was late, the lesson, and what else one should know."""
    return _tell_remarks(reader, ("lesson", "backup", "review"))


def tell_notes(reader: Reader) -> str:
    """The same where the review has an entry of its own."""
    return _tell_remarks(reader, ("lesson", "backup"))


def _tell_remarks(reader: Reader, records: Sequence[str]) -> str:
    dossier, colon = reader.dossier, reader.pick("：", ": ")
    said = []
    if reasons := say_reasons(reader):
        said.append(f"{reader.pick('超时原因', 'Why late')}{colon}{reasons}")
    for key in records:
        if text := say_record(reader, key):
            said.append(f"{reader.read(LABELS[key])}{colon}{text}")
    if dossier.parent:
        said.append(f"{reader.pick('主单', 'Main ticket')}{colon}{dossier.parent}")
    if dossier.reopens:
        times = dossier.reopens
        said.append(reader.pick(f"重新处理 {times} 次", f"Opened again: {times}"))
    if dossier.ticket.chases:
        times = dossier.ticket.chases
        said.append(reader.pick(f"催单 {times} 次", f"Chased: {times}"))
    return "\n".join(said)


LABEL_OF = FIELDS
"""What the desk calls a field of the request."""
