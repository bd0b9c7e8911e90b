"""SIGKILL at every named step, restart: 0 lost, 0 double tickets, 0 double letters (promise 1).

The one thing SMTP cannot exclude is a kill between the final dot and the settling of a letter;
such a letter may come twice, each time with the same Message-ID.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import raw_mail
from household import Household, household
from servers import wait_until
from servers.dovecot import Dovecot
from servers.sink import Sink

import maildesk
from maildesk.journal import Step

MAILS = 200
ROUNDS = 3
# A batch's step passes rarely, a mail's often: those die early, in the middle and late.
BATCH_STEPS = (Step.RECORDED, Step.FILED, Step.MARKED, Step.LEASED)


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as server:
        yield server


def mails(desk: str) -> list[bytes]:
    """Two hundred people's mails, every fifth with a file."""
    return [
        raw_mail(
            sender=f"员工{at} <u{at}@desk.test>",
            to=desk,
            message_id=f"m{at}@desk.test",
            text=f"第 {at} 封：打印机卡纸，请处理。\n",
            attachment=("photo.png", bytes([at]) * 3000) if at % 5 == 0 else None,
        )
        for at in range(MAILS)
    ]


def settled(home: Household) -> bool:
    decided = home.count("SELECT count(*) FROM sightings WHERE state = 'filed'")
    waiting = home.count("SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending')")
    return decided == MAILS and waiting == 0


def in_doubt(home: Household, sink: Sink) -> set[str]:
    """Letters the server took whose outbox row does not know it."""
    unsettled = {row[0] for row in home.rows("SELECT message_id FROM outbox WHERE state='sending'")}
    return unsettled & {str(item.message_id).strip("<>") for item in sink.mails}


@pytest.mark.servers
@pytest.mark.parametrize("step", list(Step))
def test_killed_at_any_step_nothing_is_lost_or_doubled(
    step: Step, tmp_path: Path, dovecot: Dovecot, sink: Sink
) -> None:
    home = household(tmp_path / "home", dovecot, ("127.0.0.1", sink.port))
    user = home.maildesk_user
    dovecot.append_all(user, mails(home.address))
    doubtful: set[str] = set()
    try:
        for kill in range(ROUNDS):
            passing = 1 if step in BATCH_STEPS else (1, 23, 40)[kill]
            home.start("--import-since", "2000-01-01", kill_at=f"{step}:{passing}", wait=False)
            home.wait_killed()
            doubtful |= in_doubt(home, sink)
        home.start("--import-since", "2000-01-01")
        assert wait_until(lambda: settled(home), 60, 0.1), home.read_log()[-3000:]
        audit = home.maildesk("audit", "--hashes")
    finally:
        home.stop()
    assert audit.returncode == 0, audit.stdout
    assert "0 lost, 0 still to do" in audit.stdout
    assert home.count("SELECT count(*) FROM tickets") == MAILS
    assert home.count("SELECT count(DISTINCT number) FROM tickets") == MAILS
    taken = Counter(str(item.message_id).strip("<>") for item in sink.mails)
    assert len(taken) == MAILS
    assert {item.recipient for item in sink.mails} == {f"u{at}@desk.test" for at in range(MAILS)}
    doubled = {ident for ident, times in taken.items() if times > 1}
    assert doubled <= doubtful


# ── every effect has its step ────────────────────────────────────────────────────────────────

# Calls with an effect on disk, database or wire, in the order of a mail's and a letter's way.
EFFECTS: dict[str, dict[str, Step]] = {
    "collect.py": {
        "mailbox.fetch": Step.FETCHED,
        "files.settle": Step.SPOOLED,
        "inbox.record": Step.RECORDED,
    },
    "file_away.py": {
        "mailbox.flag_seen": Step.FILED,
        "mailbox.move": Step.FILED,
        "inbox.mark_filed": Step.MARKED,
    },
    "intake.py": {
        "self._parse": Step.PARSED,
        "facts.gather": Step.CLAIMED,
        "inbox.settle": Step.APPLIED,
        "store.write": Step.COMMITTED,
    },
    "feedback.py": {
        "apply_answer": Step.APPLIED,
        "store.write": Step.COMMITTED,
    },
    "delivery.py": {
        "self._claim": Step.LEASED,
        "transport.send": Step.SENT,
    },
    "delivery_settlement.py": {
        "self._settle": Step.SETTLED,
        "self._settle_accepted": Step.SETTLED,
    },
}


@pytest.mark.parametrize("name", EFFECTS)
def test_after_every_effect_stands_its_named_step(name: str) -> None:
    source = Path(maildesk.__file__).with_name(name).read_text(encoding="utf-8")
    calls = sorted(
        (node.lineno, ast.unparse(node.func), ast.unparse(node.args[0]) if node.args else "")
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
    )
    steps = [(line, Step[at.removeprefix("Step.")]) for line, call, at in calls if call == "reach"]
    for effect, step in EFFECTS[name].items():
        lines = [line for line, call, _ in calls if call.endswith(effect)]
        assert lines, f"{name} no longer calls {effect}; name its effects anew"
        for line in lines:
            following = [found for at, found in steps if at >= line]
            assert step in following, f"{name}:{line}: no reach(Step.{step.name}) after {effect}"


def test_every_step_belongs_to_an_effect() -> None:
    named = {step for effects in EFFECTS.values() for step in effects.values()}
    assert named == set(Step)
