"""What a recording order does: its text stands in the ticket's fields, and its history in events.

Pure; listed in `effects`. A second text replaces the first; both stay on the timeline.
"""

from __future__ import annotations

from maildesk.desk.decision import Change, EventPlan
from maildesk.desk.knowledge.article import ArticlePlan, list_numbers
from maildesk.desk.orders.script import Line
from maildesk.desk.orders.table import Order
from maildesk.desk.staff.effect import Effect, Scene, fail
from maildesk.desk.staff.records import FIELDS, LABELS, MARKED, gather_records


def record(scene: Scene, line: Line) -> Effect:
    """Cause, interim and permanent solution, prevention, lesson, review."""
    key, text = FIELDS[line.order], line.argument.strip()
    what = LABELS[key].in_language(scene.language)
    return Effect(
        change=Change(fields={key: text}),
        events=(EventPlan("recorded", (("field", key), ("words", text))),),
        articles=(ArticlePlan("lesson", text),) if key == "lesson" else (),
        done=(scene.say("recorded", what=what),),
    )


def draft_article(scene: Scene, line: Line) -> Effect:
    """The ticket is worth an article: a draft is made of what it says so far (F8, N6)."""
    text = line.argument.strip()
    told = (("field", "knowledge"), ("words", text))
    return Effect(
        change=Change(fields={"knowledge": text or MARKED}),
        events=(EventPlan("recorded", told),),
        articles=(ArticlePlan("article", text),),
        done=(scene.say("kb_drafted"),),
    )


def publish_article(scene: Scene, line: Line) -> Effect:
    """The ticket's drafts become articles, with what has been recorded since."""
    kept = gather_records(scene)
    mine = {item.number for item in scene.facts.named_articles if item.ticket == scene.ticket.id}
    others = [number for number in list_numbers(line.argument) if number not in mine]
    if others:
        return fail(scene, line, "kb_of_other", number=others[0])
    if not kept.get("knowledge") and not kept.get("lesson"):
        return fail(scene, line, "kb_no_draft")
    helps = any(kept.get(key) for key in ("permanent", "interim", "lesson"))
    solves = any(item.order is Order.SOLVED for item in scene.script.orders)
    if not helps and not solves and scene.ticket.solved is None:
        return fail(scene, line, "kb_no_solution")
    return Effect(
        events=(EventPlan("published", ()),),
        publishes=True,
        done=(scene.say("kb_published"),),
        final="undo_published",
    )
