"""One mail's story on the screen: ticket, class, why, the letter that left or why there is none.

Says what an `Explanation` holds, in the screen's language; decides and checks nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from maildesk.config.values import Config
from maildesk.demo.observer import Letter
from maildesk.demo.screen import Screen
from maildesk.desk.profile import Label
from maildesk.desk.rules.rule import Rule, RuleTrace
from maildesk.explanation import Explanation

TICKET = Label("工单", "ticket")
CLASS = Label("归类", "class")
WHY = Label("依据", "why")
LETTER = Label("回信", "letter")
EVIDENCE = Label("证据", "evidence")
OUTCOME = Label("结果", "outcome")

_MOST_RULES = 2
_OUTCOMES = {
    "opened": Label("开单", "opened"),
    "appended": Label("并入", "joined"),
    "noted": Label("只记录", "noted on"),
    "ignored": Label("不处理", "ignored"),
    "doorstep": Label("在门口等候", "waits at the doorstep"),
    "duplicate": Label("重复来信", "duplicate"),
    "quarantined": Label("已隔离", "quarantined"),
    "before_start": Label("启动前的旧邮件", "before the start"),
}
_PRIORITY_STYLES: tuple[str | None, ...] = ("red", "yellow")  # by rank; the others plain


class Teller:
    """Shows stories of one desk."""

    def __init__(self, screen: Screen, config: Config) -> None:
        self.screen = screen
        self._desk = config.desks[0]
        self._rules: dict[str, Rule] = {rule.id: rule for rule in config.rules}

    def tell_opened(self, story: Explanation, letter: Letter | None) -> None:
        """A ticket was opened: everything one would ask about it."""
        screen, profile = self.screen, self._desk.profile
        screen.show_fact(TICKET, story.ticket or "?", "green")
        if story.category and story.priority and story.group:
            priority = profile.priority(story.priority)
            group = profile.group(story.group)
            named = [profile.category(story.category).label, priority.label]
            text = " · ".join(screen.choose(label) for label in named)
            said = screen.choose(Label("分机", "ext."))
            phone = f" ({said} {group.extension})" if group.extension else ""
            style = dict(enumerate(_PRIORITY_STYLES)).get(priority.rank)
            screen.show_fact(CLASS, f"{text} → {screen.choose(group.label)}{phone}", style)
        screen.show_fact(WHY, self._say_why(story))
        self.tell_letter(story, letter)

    def tell_letter(self, story: Explanation, letter: Letter | None) -> None:
        if letter is None:
            unsent = next((item for item in story.letters if item.state == "not written"), None)
            none = self.screen.choose(Label("无", "none"))
            because = f": {unsent.why}" if unsent and unsent.why != story.reason else ""
            self.screen.show_fact(LETTER, none + because)
            return
        took = f"{letter.seconds:.2f} s  " if letter.seconds is not None else ""
        self.screen.show_fact(LETTER, took + letter.subject)

    def tell_outcome(self, story: Explanation) -> None:
        """Anything but a new ticket: what became of it and why, in the ledger's words."""
        number = f" {story.ticket}" if story.ticket else ""
        self.screen.show_fact(OUTCOME, self.name_outcome(story.outcome) + number, "yellow")
        self.screen.show_fact(WHY, story.reason)

    def tell_letters(self, story: Explanation) -> None:
        """Which letters a mail led to, and to whom."""
        for item in story.letters:
            if item.state != "not written":
                self.screen.show_fact(LETTER, f"{item.letter} → {item.to}")

    def tell_evidence(self, story: Explanation) -> None:
        """What spoke for the sender being who he says he is, and what did not."""
        found = [item for item in story.findings if item.step == "trust"]
        self.screen.show_fact(EVIDENCE, "; ".join(f"{item.found}: {item.why}" for item in found))

    def name_outcome(self, outcome: str) -> str:
        """An outcome in the screen's words; in Chinese with the ledger's key behind it."""
        label = _OUTCOMES.get(outcome, Label(outcome, outcome))
        said = self.screen.choose(label)
        return said if said == label.en else f"{said} ({outcome})"

    def _say_why(self, story: Explanation) -> str:
        """The rules that decided category and priority, with the words they met."""
        matched = sorted(
            (trace for trace in story.rules if trace.matched and trace.hits),
            key=lambda trace: -trace.weight,
        )
        chosen = self._choose(matched, "category", story.category)
        chosen += [
            trace
            for trace in self._choose(matched, "priority", story.priority)
            if trace not in chosen
        ]
        if not chosen:
            said = Label("没有规则命中，按流程默认值", "no rule spoke; the profile's default")
            return self.screen.choose(said)
        return "; ".join(self._name(trace) for trace in chosen)

    def _choose(self, traces: Sequence[RuleTrace], key: str, value: str | None) -> list[RuleTrace]:
        found = [
            trace
            for trace in traces
            if value is not None
            and trace.rule in self._rules
            and getattr(self._rules[trace.rule].set, key) == value
        ]
        return found[:_MOST_RULES]

    def _name(self, trace: RuleTrace) -> str:
        words = min((hit.matched for hit in trace.hits), key=len)
        return f"{self.screen.choose(self._rules[trace.rule].name)} “{words}”"
