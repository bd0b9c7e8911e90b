"""What a recording order does: its text stands in the ticket's fields, and its history in events.

Pure; listed in `effects`. A second text replaces the first; both stay on the timeline.
"""

from __future__ import annotations

from maildesk.desk.decision import Change, EventPlan
from maildesk.desk.effect import Effect, Scene
from maildesk.desk.orders.script import Line
from maildesk.desk.records import FIELDS, LABELS, MARKED


def record(scene: Scene, line: Line) -> Effect:
    """Cause, interim and permanent solution, prevention, lesson, review."""
    key, text = FIELDS[line.order], line.argument.strip()
    what = LABELS[key].in_language(scene.language)
    return Effect(
        change=Change(fields={key: text}),
        events=(EventPlan("recorded", (("field", key), ("words", text))),),
        done=(scene.say("recorded", what=what),),
    )


def mark_for_knowledge(scene: Scene, line: Line) -> Effect:
    """The ticket is worth an article; its author is told that nobody has written one yet."""
    text = line.argument.strip() or MARKED
    told = (("field", "knowledge"), ("words", line.argument.strip()))
    return Effect(
        change=Change(fields={"knowledge": text}),
        events=(EventPlan("recorded", told),),
        done=(scene.say("kb_marked"),),
        answer=True,
    )
