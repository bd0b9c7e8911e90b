"""How a terminal shows what rules did: those that matched, those that nearly did, the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maildesk.desk.rules.rule import Hit, RuleTrace


def write_traces(
    traces: Sequence[RuleTrace], everything: bool, near: bool = False
) -> Iterator[str]:
    """A line a rule. `near`: also those of which some words stood there; `everything`: all."""
    for trace in traces:
        if trace.matched:
            yield _write_match(trace)
    missed = [trace for trace in traces if not trace.matched]
    shown = [item for item in missed if everything or (near and (item.hits or item.denied))]
    yield from (f"rule -     {trace.rule}: {trace.failed}" for trace in shown)
    if len(shown) < len(missed):
        more = "more " if shown else ""
        yield f"rules -    {len(missed) - len(shown)} {more}did not match; --all shows why"


def _write_match(trace: RuleTrace) -> str:
    hits = ", ".join(f"“{hit.matched}” in {hit.field}" for hit in trace.hits)
    denied = "".join(f"; {_write_denied(hit)}" for hit in trace.denied)
    if trace.shadow:
        return f"rule ~     {trace.rule} (shadow: only counted, sets nothing): {hits}{denied}"
    weight = f"weight {trace.weight}"
    if trace.bonus:
        weight += f" = {trace.weight - trace.bonus} + {trace.bonus} for the subject"
    return f"rule +     {trace.rule} ({weight}): {hits}{denied}"


def _write_denied(hit: Hit) -> str:
    return f"“{hit.matched}” is denied by “{hit.condition}”"
