"""What happened to a ticket, line by line: when, who, what, and in which words (R7, W7).

For forms and the archive. Which events there are words for stands in `happenings`; others are told
by their bare values in the full history, and left out where only the handling is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from maildesk.desk.label import Label
from maildesk.desk.orders.line import Line, read_line
from maildesk.desk.orders.order import Order
from maildesk.desk.sheets.dossier import Step
from maildesk.desk.sheets.form import Reader
from maildesk.desk.sheets.happenings import BESIDE, HANDLING, OF_NOBODY
from maildesk.desk.sheets.posted import name_letter, say_reason
from maildesk.desk.staff.records import LABELS, MARKED
from maildesk.desk.ticket import State, show_state

_LONGEST = 600  # characters of somebody's words in one line of a form
_BRIEF = 120  # and of a register

# Orders that have no event of their own: what is left of them is the line somebody typed.
_TYPED: Mapping[Order, Label] = {
    Order.START: Label("开始处理", "began to work on it"),
    Order.WAITING: Label("等用户补充", "waits for the requester"),
    Order.RESUME: Label("恢复处理", "goes on with it"),
}
_KEYS = ("to", "who", "of", "owner")  # address keys among an event's values


def list_handling(reader: Reader) -> str:
    """The process record: one line an event, the oldest first."""
    lines = _list_lines(reader, HANDLING, _BRIEF if reader.brief else _LONGEST)
    return "\n".join(line for _, line in lines)


def list_contacts(reader: Reader) -> str:
    """Only what the requester was told and what he said (N4)."""
    kinds = ("relayed", "contacted", "answered", "corrected", "words", "eta", "confirmed")
    table = {kind: HANDLING[kind] for kind in (*kinds, "reopened", "chased")}
    return "\n".join(line for _, line in _list_lines(reader, table, _LONGEST))


def list_history(reader: Reader) -> list[tuple[datetime, str]]:
    """Everything, for the archive; nothing is cut short."""
    return list(_list_lines(reader, None, None))


def _list_lines(
    reader: Reader, table: Mapping[str, Label] | None, longest: int | None
) -> Iterator[tuple[datetime, str]]:
    """(when, line) of the steps that stand in the table; all of them without one."""
    for step in reader.dossier.steps:
        said = _say(reader, step, table)
        if said is None:
            continue
        words = step.data.get("words") or step.words or step.data.get("said", "")
        if step.kind == "opened":
            words = reader.dossier.request
        words = reader.shorten(" ".join(words.split()), longest) if longest else words.strip()
        if step.kind in _WORDLESS or words in said or step.data.get("how"):
            words = ""
        who = step.actor if step.kind not in OF_NOBODY else ""
        what = f"{who} {said}".strip()
        tail = f"{reader.pick('：', ': ')}{words}" if words else ""
        yield step.at, f"{_stamp(reader, step.at)} {what}{tail}"


_WORDLESS = frozenset(("assigned", "merged_in", "archived", "hung", "linked"))


def _stamp(reader: Reader, moment: datetime) -> str:
    """The year stands on the form already, unless it has changed since."""
    there, opened = moment.astimezone(reader.zone), reader.dossier.ticket.opened
    same = opened is not None and opened.astimezone(reader.zone).year == there.year
    return there.strftime("%m-%d %H:%M" if same else "%Y-%m-%d %H:%M")


def _say(reader: Reader, step: Step, table: Mapping[str, Label] | None) -> str | None:
    """What happened, without who and without his words; None: it is not told here."""
    known = table if table is not None else {**HANDLING, **BESIDE}
    label = known.get(step.kind)
    if step.kind in ("changed", "ordered") and (table is None or table is HANDLING):
        return _say_typed(reader, step.data.get("orders", ""), whole=table is None)
    if label is None:
        return _say_bare(step) if table is None else None
    values = dict(step.data)
    for key in _KEYS:
        if values.get(key):
            values[key] = reader.dossier.name(values[key])
    values = {**dict.fromkeys(_VALUES, ""), **values, **_translate(reader, step)}
    if step.kind == "assigned" and not values["to"]:
        return reader.pick("退回待派", "given back: nobody has it")
    if step.kind == "escalation_asked" and not step.actor:  # the clock did; it gives no reason
        return reader.pick("处理超时未解决，提请升级", "handled for too long: escalation asked for")
    if step.kind == "rated" and not values["score"].isdigit():
        return reader.pick("评价", "rated it")
    if step.kind == "closed" and values["by"] == "policy":
        return reader.pick("未收到答复，按规定关闭", "closed by the rules: no answer came")
    said = reader.read(label).format_map(values)
    return said.strip().rstrip("：:").strip()


_VALUES = (
    *("to", "group", "who", "at", "why", "from", "owner", "of", "condition", "field", "how"),
    *("orders", "score", "with", "rule", "note", "letter", "by", "times"),
)

# The desk's own reasons; of the others somebody wrote them.
_OURS = frozenset(("not_reminded", "unverified_note", "not_asked"))


def _translate(reader: Reader, step: Step) -> dict[str, str]:
    """Values that are keys or moments, as people call them."""
    found: dict[str, str] = {}
    profile = reader.profile
    name = {
        "priority": lambda key: reader.read(profile.priority(key).label),
        "scope_grew": lambda key: reader.read(profile.priority(key).label),
        "category": lambda key: reader.read(profile.category(key).label),
        "type": lambda key: reader.read(profile.type(key).label),
    }.get(step.kind)
    if name is not None:
        found = {key: name(step.data[key]) for key in ("from", "to") if step.data.get(key)}
    if step.data.get("at"):
        found["at"] = _stamp(reader, datetime.fromisoformat(step.data["at"]))
    if step.kind in _OURS and step.data.get("why"):
        found["why"] = reader.read(say_reason(step.data["why"]))
    if step.data.get("letter"):
        found["letter"] = reader.read(name_letter(step.data["letter"]))
    if step.kind == "handed_to_group":
        found["group"] = reader.read(profile.group(step.data.get("group", "")).label)
    if step.kind == "recorded":
        field = step.data.get("field", "")
        found["field"] = reader.read(LABELS.get(field, Label(field, field)))
    return found


def _say_typed(reader: Reader, orders: str, *, whole: bool) -> str | None:
    """What the typed orders did that no other event tells; in the whole history the lines too."""
    lines = (read_line(part) for part in re.split(r"\s+(?=[#＃])", orders.strip()))
    told = [line.order for line in lines if isinstance(line, Line) and line.order in _TYPED]
    said = reader.pick("，", ", ").join(reader.read(_TYPED[order]) for order in told)
    if whole and orders.strip():
        return f"{orders.strip()} {f'({said})' if said else ''}".strip()
    return said or None


def _say_bare(step: Step) -> str:
    data = {key: value for key, value in step.data.items() if value and key not in _HIDDEN}
    values = ", ".join(f"{key} {value}" for key, value in data.items())
    return f"{step.kind.replace('_', ' ')}{f': {values}' if values else ''}"


_HIDDEN = frozenset(("cause", "before", "words", "final"))


def say_solution(reader: Reader) -> str:
    """What was done: the words the requester got with it, else the recorded permanent solution."""
    told = [
        step.data.get("words", "")
        for step in reader.dossier.steps
        if step.kind == "relayed" and step.data.get("letter") in ("solved", "rejected")
    ]
    fields = reader.dossier.ticket.fields
    said = told[-1] if told else fields.get("permanent") or fields.get("interim") or ""
    return said.strip()


def say_result(reader: Reader) -> str:
    """R8: the result as the profile calls it, with the final solution."""
    ticket = reader.dossier.ticket
    if reader.dossier.merged_into:
        number = reader.dossier.merged_into
        return reader.pick(f"并入 {number}", f"merged into {number}")
    result = next((item for item in reader.profile.results if item.key == ticket.result), None)
    if result is not None:
        named = reader.read(result.label)
    elif ticket.result:
        named = reader.read(_RESULTS.get(ticket.result, Label(ticket.result, ticket.result)))
    elif ticket.solved is not None:
        named = reader.read(_RESULTS["solved"])
    elif ticket.state is State.REJECTED:
        named = reader.read(show_state(ticket.state, reader.profile))
    else:
        return ""
    solution = say_solution(reader)
    return f"{named}{reader.pick('：', ': ')}{solution}" if solution else named


_RESULTS: Mapping[str, Label] = {
    "solved": Label("已解决", "Solved"),
    "follow_up": Label("待跟进", "To follow up"),
    "external": Label("转交外部", "With a third party"),
}


def say_record(reader: Reader, key: str) -> str:
    """What staff wrote down under that key."""
    text = reader.dossier.ticket.fields.get(key, "")
    if key == "knowledge" and text == MARKED:
        return reader.pick("待收入", "to be put in")
    return text
