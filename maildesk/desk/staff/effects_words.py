"""What happens to an engineer's words before they are passed on: a ready-made answer is put in, the
line about the backup is taken out.

Pure. How the words then leave is `relay`'s; what a text says is `snippet`'s, what of a line is said
about the backup is `backup`'s question.
"""

from __future__ import annotations

from dataclasses import replace

from maildesk.desk.arrival.directory import find_own_group
from maildesk.desk.letters.head import greet
from maildesk.desk.orders.script import Line
from maildesk.desk.orders.table import Order
from maildesk.desk.staff.backup import read_backup
from maildesk.desk.staff.effect import Effect, Scene, fail
from maildesk.desk.staff.snippet import Filling, fill, find_snippet, list_names
from maildesk.desk.ticket import Part

_ENDING = frozenset({Order.SOLVED, Order.CONFIRMED})


def prepare_words(scene: Scene) -> Scene:
    """The scene with the words as they will leave. What cannot be put in, its order refuses."""
    return _take_out_backup(_put_in_snippets(scene))


def use_snippet(scene: Scene, line: Line) -> Effect:
    """The text stands among the words already; the order alone asks which there are."""
    known = scene.facts.desk.snippets
    names = "、".join(list_names(known, scene.language))
    if not names:
        return fail(scene, line, "no_snippets")
    if not line.argument.strip():
        if scene.words.strip() or len(scene.script.orders) > 1:
            return fail(scene, line, "which_snippet", names=names)
        return Effect(answer=True, done=(scene.say("snippets", names=names),))
    found = find_snippet(known, line.argument, _speak_to(scene))
    if found is None:
        return fail(scene, line, "no_snippet", text=line.argument.strip(), names=names)
    return Effect(done=(scene.say("snippet_used", name=found.names[0]),))


def _put_in_snippets(scene: Scene) -> Scene:
    lines = [line for line in scene.script.orders if line.order is Order.SNIPPET]
    if not lines:
        return scene
    known, language = scene.facts.desk.snippets, _speak_to(scene)
    texts = [find_snippet(known, line.argument, language) for line in lines if line.argument]
    filling = _fill_in(scene)
    facts = scene.facts
    said = [fill(item, filling, facts.now, facts.desk.zone_info) for item in texts if item]
    words = "\n\n".join((*said, *([scene.words] if scene.words.strip() else [])))
    return replace(scene, script=replace(scene.script, words=words))


def _speak_to(scene: Scene) -> str:
    """The language the requester reads."""
    requester = scene.ticket.find(Part.REQUESTER)
    return (requester.language if requester else None) or scene.ticket.language


def _fill_in(scene: Scene) -> Filling:
    profile, ticket = scene.facts.desk.profile, scene.ticket
    usual = profile.group_of(ticket.group, ticket.category)
    group = find_own_group(scene.facts.directory.at(scene.actor.address), profile, usual)
    requester = ticket.find(Part.REQUESTER)
    return Filling(
        name=greet(requester) if requester else "",
        handler=scene.actor.name,
        extension=scene.actor.extension or group.extension or "",
        number=ticket.number,
    )


def _take_out_backup(scene: Scene) -> Scene:
    """A ticket that touches data is solved with a word on the backup, which is for the record."""
    category = scene.facts.desk.profile.category(scene.ticket.category)
    if not category.backup or not any(line.order in _ENDING for line in scene.script.orders):
        return scene
    found = read_backup(scene.words)
    script = replace(scene.script, words=found.words)
    return replace(scene, script=script, backup=found.said)
