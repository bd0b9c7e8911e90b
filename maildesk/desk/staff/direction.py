"""Are a staff member's words for somebody outside, and how does the trace explain it?

An order may say so, else the letter answered does (DESIGN §6). Pure; what is done with them is
`carrying`'s.
"""

from __future__ import annotations

from collections.abc import Mapping

from maildesk.desk.arrival.machine import asks_nobody
from maildesk.desk.decision import Finding
from maildesk.desk.letters.phrases import phrase
from maildesk.desk.orders.table import Order
from maildesk.desk.staff.effect import Effect, Scene
from maildesk.desk.staff.verdicts import calls_vendor

ASKING_HER = frozenset({Order.SOLVED, Order.WAITING, Order.REJECT, Order.SNIPPET})
_SPEAKING = ASKING_HER | {Order.VENDOR}


def goes_out(scene: Scene) -> bool:
    """Whether the words are for somebody outside: an order says so, or the letter answered."""
    if scene.script.internal or any(line.order is Order.SPAM for line in scene.script.orders):
        return False
    if asks_nobody(scene.ticket) and any(
        line.order is Order.SOLVED for line in scene.script.orders
    ):
        return False  # a machine reads no solution
    return is_directed(scene) or scene.relay != "internal"


def is_directed(scene: Scene) -> bool:
    """Whether an order itself says that the words below it are for somebody outside."""
    return any(line.order in _SPEAKING or calls_vendor(scene, line) for line in scene.script.orders)


def explain(scene: Scene, fate: tuple[str, str]) -> tuple[Finding, ...]:
    """Each line that orders something or might, and what became of the words."""
    found = [
        Finding("order", line.order.value, f"“{line.raw.strip()}”") for line in scene.script.orders
    ]
    for item in scene.script.suspects:
        meant = f"; meant for {', '.join(item.near)}?" if item.near else ""
        found.append(Finding("doubt", f"{item.why.value} order", f"“{item.raw.strip()}”{meant}"))
    passage = scene.facts.passage
    for doubt in passage.doubts if passage is not None and goes_out(scene) else ():
        found.append(Finding("doubt", doubt.replace("_", " "), phrase(doubt, "en")))
    if scene.script.words.strip():
        found.append(Finding("words", *fate))
    return tuple(found)


def explain_others(effect: Effect) -> tuple[Finding, ...]:
    """What the mail does to other tickets."""
    return tuple(
        Finding(
            "other ticket",
            other.ticket.number if other.ticket else "a new one",
            ", ".join(event.kind.replace("_", " ") for event in other.events) or "follows along",
        )
        for other in effect.others
    )


UNTOLD = ("not passed on", "nothing of the mail is carried out")
HELD_FATE: Mapping[str, tuple[str, str]] = {
    "held": ("held back", "their author is asked first"),
    "challenged": ("held back", "a one-time code is asked for first"),
    "refused": ("not passed on", "not everything that was ordered can be done"),
    "unverified_note": ("not passed on", "nobody knows who wrote them"),
}


def say_fate(scene: Scene) -> tuple[str, str]:
    """Where the words go, and why there."""
    fate = "passed on" if goes_out(scene) else "kept as a note"
    answered = scene.standing.answering
    what = f"our {answered.letter}" if answered and answered.letter else "a letter of ours"
    if scene.script.internal:
        return fate, "an order keeps the whole mail inside"
    if is_directed(scene):
        return fate, "an order says that they are for somebody outside"
    if answered is None:
        return fate, "the mail answers no letter of ours"
    whose = {"requester": "the requester", "vendor": "the vendor", "internal": "nobody outside"}
    return fate, f"the mail answers {what}, and answers to that go to {whose[answered.relay]}"
