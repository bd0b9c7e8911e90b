"""What staff write down about a ticket beside working on it: cause, solutions, lessons (F6, R10).

Kept in the ticket's fields and shown to colleagues; nothing of it leaves by itself. Which orders
write them down stands in `orders.records`, what else a ticket's fields hold is not asked here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from maildesk.desk.label import Label
from maildesk.desk.orders.table import Order
from maildesk.desk.staff.effect import Scene

FIELDS: Mapping[Order, str] = {
    Order.CAUSE: "cause",
    Order.INTERIM: "interim",
    Order.PERMANENT: "permanent",
    Order.PREVENT: "prevention",
    Order.LESSON: "lesson",
    Order.REVIEW: "review",
    Order.KB: "knowledge",
}
"""The field each order writes."""

LABELS: Mapping[str, Label] = {
    "cause": Label("根因", "Root cause"),
    "interim": Label("临时方案", "Interim solution"),
    "permanent": Label("永久方案", "Permanent solution"),
    "prevention": Label("预防措施", "Prevention"),
    "lesson": Label("经验", "Lesson learnt"),
    "backup": Label("备份", "Backup"),
    "review": Label("复核", "Review"),
    "knowledge": Label("知识库", "Knowledge base"),
}
"""What the fields are called, in the order in which they are read."""

MARKED = "1"
"""A ticket's `knowledge` when nothing was said beside the order."""


def list_records(fields: Mapping[str, str], language: str) -> tuple[str, ...]:
    """Each record as one line or several, such as 根因：证书过期."""
    return tuple(_say(fields, language))


def gather_records(scene: Scene) -> dict[str, str]:
    """What is recorded of the ticket, what this very mail records with it."""
    lines = scene.script.orders
    mine = {FIELDS[line.order]: line.argument for line in lines if line.order in FIELDS}
    if "knowledge" in mine:
        mine["knowledge"] = mine["knowledge"] or MARKED
    return {**scene.ticket.fields, **mine}


def _say(fields: Mapping[str, str], language: str) -> Iterator[str]:
    zh = language.lower().startswith("zh")
    for key, label in LABELS.items():
        text = fields.get(key)
        if not text:
            continue
        if key == "knowledge" and text == MARKED:
            text = "待收入" if zh else "to be put in"
        yield f"{label.in_language(language)}{'：' if zh else ': '}{text}"
