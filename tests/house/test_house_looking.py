"""Commands that only look at a desk change nothing of it, whatever its files say meanwhile."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from builders import raw_mail
from click.testing import CliRunner, Result

from maildesk.cli import main
from maildesk.config import shipped
from maildesk.store.engine import Store
from maildesk.store.schema import metadata

CONFIG = """
people = "people.yaml"
database = "{database}"

[desk.it]
addresses = ["desk@corp.test"]

[mailbox.helpdesk]
host = "127.0.0.1"
port = 1
security = "none"
user = "desk"
password = "secret"
"""
LIU = """
- {name: 刘洋, addresses: [liu@corp.test], staff_number: HW005, role: engineer, groups: [hardware]}
"""
OTHERS = """
- {name: 王强, addresses: [wang@corp.test], role: lead}
- {name: 张敏, addresses: [zhang@corp.test], department: 财务部}
"""
NEW = "- {name: 陈静, addresses: [chen@home.test], role: engineer}\n"
RULES = shipped.folder("rules")

LOOKING = (
    "status",
    "check --no-mail",
    "tickets list",
    "tickets show IT-20261120-0001",
    "tickets register --since 2020-01-01",
    "tickets sheet IT-20261120-0001",
    "tickets archive IT-20261120-0001 -o archive",
    "explain 1",
    "explain mail.eml",
    "rules explain 打印机卡纸",
    "rules hits",
    f"rules diff {RULES} {RULES}",
    "calendar explain 2026-11-20T17:00 60",
    "report daily",
    "report sent",
    "knowledge list",
    "knowledge search 打印机",
    "knowledge export articles",
    "outbox list",
    "doorstep list",
    "quarantine list",
    "audit",
    "redecode --dry-run",
    "simulate --until +1d",
)


def say(words: str, given: bytes | None = None) -> Result:
    return CliRunner().invoke(main, words.split(), input=given)


@pytest.fixture
def desk(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A desk whose only ticket is 刘洋's, who has left since; 陈静 came."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MAILDESK_CONFIG", raising=False)
    Path("maildesk.toml").write_text(CONFIG.format(database=database), encoding="utf-8")
    Path("people.yaml").write_text(LIU + OTHERS, encoding="utf-8")
    Path("mail.eml").write_bytes(raw_mail(message_id="other@corp.test", subject="键盘坏了"))
    assert say("ingest -", raw_mail()).exit_code == 0
    store = Store(database)
    with store.write() as db:
        db.exec_driver_sql(
            "UPDATE tickets SET number = 'IT-20261120-0001', state = 'in_progress', assignee_id ="
            " (SELECT id FROM people WHERE name = '刘洋')"
        )
    Path("people.yaml").write_text(OTHERS + NEW, encoding="utf-8")
    yield store
    store.close()


def take_stock(store: Store) -> Mapping[str, object]:
    """Every row of every table, and the database's file where it is one."""
    with store.read() as db:
        rows: dict[str, object] = {
            table.name: sorted(map(repr, db.execute(table.select())))
            for table in metadata.sorted_tables
        }
    file = store.engine.url.database
    if store.sqlite and file is not None:
        store.close()
        rows["file"] = hashlib.sha256(Path(file).read_bytes()).hexdigest()
    return rows


def test_who_only_looks_changes_nothing_and_who_decides_takes_from_who_left(desk: Store) -> None:
    before = take_stock(desk)
    for words in LOOKING:
        result = say(words)
        assert result.exception is None or isinstance(result.exception, SystemExit), words
        assert result.exit_code in (0, 1), (words, result.output)
        assert take_stock(desk) == before, words
    assert say("ingest -", Path("mail.eml").read_bytes()).exit_code == 0
    with desk.read() as db:
        query = "SELECT state, assignee_id FROM tickets WHERE number = 'IT-20261120-0001'"
        assert tuple(db.exec_driver_sql(query).one()) == ("unassigned", None)
        listed = db.exec_driver_sql("SELECT name FROM people WHERE listed ORDER BY name")
        assert {row.name for row in listed} == {"王强", "张敏", "陈静"}


def test_a_file_is_explained_as_for_a_daemon_that_begins_now(desk: Store) -> None:
    mail = raw_mail(sender="陈静 <chen@home.test>", message_id="new@home.test")
    Path("new.eml").write_bytes(mail)
    assert "opened" in say("explain new.eml").output
    Path("people.yaml").write_text(OTHERS, encoding="utf-8")
    assert "doorstep" in say("explain new.eml").output
