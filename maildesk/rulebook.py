"""The rules and profiles in force: changed files are taken, without a restart, when they are whole.

Who edits a rule need not stop the desk, and a slip of the pen must not stop it either: until the
files are valid again the rules read before go on, and `maildesk status` says why. The two mappings
are those every journey looks into; their values are replaced, one desk after the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from maildesk import journal
from maildesk.config.faults import Fault
from maildesk.config.rereading import Reread, reread
from maildesk.config.rule_files import Stamp
from maildesk.config.values import Config
from maildesk.desk.charter import DeskConfig
from maildesk.desk.rules.expectations import run_expectations
from maildesk.desk.rules.matching import RuleSet, compile_rules
from maildesk.store import health
from maildesk.store.engine import Store

_PART = "rules"


@dataclass(slots=True)
class Rulebook:
    """`desks` and `rules` by desk. Only `look` changes them, from one thread."""

    config: Config
    store: Store
    desks: dict[str, DeskConfig]
    rules: dict[str, RuleSet]
    _taken: Stamp = field(init=False)
    _seen: Stamp = field(init=False)

    def __post_init__(self) -> None:
        self._taken = self.config.rules_stamp or self.config.rule_files.stamp()
        self._seen = self._taken

    def begin(self) -> None:
        """What was wrong while another daemon ran is mended, or this one would not have begun."""
        with self.store.read() as db:
            parts = {part.part: part.state for part in health.list_health(db)}
        if parts.get(_PART, "ok") != "ok":
            self._report("ok", self._describe())

    def look(self) -> bool:
        """Take changed files; whether other rules hold now. Cheap when nothing has changed.

        Files that are still being written differ from one look to the next, and are waited for.
        """
        stamp = self.config.rule_files.stamp()
        if stamp != self._seen:
            self._seen = stamp
            return False
        if stamp == self._taken:
            return False
        self._taken = stamp
        try:
            found = reread(self.config)
            compiled = {desk.id: compile_rules(found.rules, desk.profile) for desk in found.desks}
        except Exception as reason:  # no check foresaw it: say so, rather than that all is well
            why = f"cannot be read ({type(reason).__name__}: {reason})"
            found = Reread(faults=(Fault("rules", None, "", why, "Take back the last change."),))
        if found.faults:
            self._refuse(found)
            return False
        self._take(found, compiled)
        return True

    def _take(self, found: Reread, compiled: Mapping[str, RuleSet]) -> None:
        # A mail decided in between meets new rules and the old profile: a key that one does not
        # know means its default, for that one mail.
        self.rules.update(compiled)
        self.desks.update({desk.id: desk for desk in found.desks})
        failures = [fault for rules in compiled.values() for fault in run_expectations(rules)]
        for failure in failures[:1]:
            place = f"{failure.rule.file}:{failure.expectation.line}"
            journal.rules_doubted(place, failure.rule.id, len(failures))
        journal.rules_taken(
            len(found.rules), ", ".join(rules.hash[:12] for rules in compiled.values())
        )
        self._report("ok", self._describe())

    def _refuse(self, found: Reread) -> None:
        first, more = found.faults[0], len(found.faults) - 1
        others = f" (and {more} more: maildesk check)" if more else ""
        journal.rules_refused(str(first), more)
        self._report("degraded", f"{first}{others} The rules read before go on")

    def _describe(self) -> str:
        rules = next(iter(self.rules.values()))
        return f"{len(rules.rules)} rules in force"

    def _report(self, state: health.State, detail: str) -> None:
        with self.store.write() as db:
            health.report(db, _PART, state, detail, self.store.now())
