"""Would maildesk work here, as it is configured? Everything is tried, in the order of the house.

A journey that connects configuration, memory and wire once and tells each result as it comes. It
prints nothing, repairs nothing, and touches no mail but its own test letters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from maildesk.checkup.finding import Finding, Verdict
from maildesk.config.values import Config

__all__ = ["Finding", "Verdict", "examine"]


def examine(
    file: Path,
    environ: Mapping[str, str],
    *,
    now: Callable[[], datetime],
    mail: bool = True,
    progress: Callable[[str], None] = lambda text: None,
    patience: float = 60.0,
) -> Iterator[Finding]:
    """Findings in the order things were tried; `now` is aware.

    Without a usable configuration nothing else can be tried. `mail` lets each desk write to
    itself, waiting at most `patience` seconds; `progress` is told what is being waited for.
    """
    from maildesk.checkup import ground, memory, pages
    from maildesk.config.reading import survey

    found = survey(file, environ)
    yield from ground.check_config(found)
    if found.config is None:
        return
    config = found.config
    yield from ground.check_rules(config)
    yield from ground.check_letters(config)
    yield from ground.check_leads(config)
    yield from ground.check_groups(config)
    yield from ground.check_skills(config)
    yield from ground.check_trust(config)
    yield from ground.check_calendars(config, now().date())
    yield from memory.check_data(config)
    progress("asking the database")
    yield from memory.check_database(config)
    if config.web is not None:
        progress(f"opening {config.web.base_url}")
        yield from pages.check_pages(config)
    yield from _try_the_wire(config, now, mail, progress, patience)


def _try_the_wire(
    config: Config,
    now: Callable[[], datetime],
    mail: bool,
    progress: Callable[[str], None],
    patience: float,
) -> Iterator[Finding]:
    from maildesk.checkup import echo, wires

    reached = []
    for mailbox in config.mailboxes:
        progress(f"connecting to {mailbox.imap.host}:{mailbox.imap.port}")
        findings = list(wires.check_mailbox(mailbox))
        yield from findings
        if all(finding.verdict is not Verdict.BAD for finding in findings):
            reached.append(mailbox)
    if config.smtp is None:
        return
    progress(f"connecting to {config.smtp.host}:{config.smtp.port}")
    findings = list(wires.check_smtp(config))
    yield from findings
    if not mail or any(finding.verdict is Verdict.BAD for finding in findings):
        return
    for desk in config.desks:
        feeding = next((box for box in reached if desk.id in box.desks), None)
        if feeding is not None:
            yield from echo.check_echo(config, desk, feeding, now, progress, patience)
