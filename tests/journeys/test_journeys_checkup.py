"""What `check` finds out about this host, its rules, calendars and database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from builders import holidays

from maildesk.checkup import ground, memory
from maildesk.checkup.finding import Finding, Verdict
from maildesk.config.faults import Fault
from maildesk.config.profile import load_profile
from maildesk.config.reading import Survey
from maildesk.config.shipped import folder as shipped_folder
from maildesk.config.values import Config, DeskConfig, ImapAccount, MailboxConfig
from maildesk.desk.person import Person, Role
from maildesk.desk.profile import Calendar, Label
from maildesk.desk.rules.rule import Condition, Expectation, Rule, Setting
from maildesk.errors import ConfigFault, Transient
from maildesk.house import build
from maildesk.mail.proof.trust import Border
from maildesk.store import soundness
from maildesk.store.blobs import Blobs
from maildesk.store.engine import Store
from maildesk.store.migration import prepare

GOOD, CARE, BAD = Verdict.GOOD, Verdict.CARE, Verdict.BAD
POSTGRESQL = {
    "server_version": "18.4",
    "server_encoding": "UTF8",
    "fsync": "on",
    "synchronous_commit": "on",
}


@pytest.fixture
def config(tmp_path: Path) -> Config:
    profile, _ = load_profile(shipped_folder("rules") / "profiles" / "default.yaml")
    assert profile is not None
    desk = DeskConfig(
        id="it",
        name="IT服务台",
        name_en="IT Service Desk",
        addresses=("it@example.com",),
        profile=profile,
        zone="Asia/Shanghai",
        language="zh-CN",
        hotline=None,
        accept_from=("example.com",),
    )
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    return Config(
        file=tmp_path / "maildesk.toml",
        data=data,
        database=f"sqlite:///{data / 'maildesk.db'}",
        secret=b"k" * 32,
        desks=(desk,),
        templates={"letters/zh-CN/ack.txt": "x", "letters/en/ack.txt": "x"},
    )


def verdicts(findings: object) -> list[Verdict]:
    assert isinstance(findings, list)
    return [finding.verdict for finding in findings]


def only(findings: list[Finding]) -> Finding:
    assert len(findings) == 1, findings
    return findings[0]


def test_faults_and_warnings_keep_their_words(config: Config) -> None:
    fault = Fault("a.toml", 3, "smtp.host", "is missing", "Add it.")
    assert list(ground.check_config(Survey(None, (fault,)))) == [
        Finding(BAD, "configuration", "a.toml:3: smtp.host: is missing. Add it.")
    ]
    found = list(ground.check_config(Survey(config, (), (fault,))))
    assert verdicts(found) == [CARE, GOOD]
    assert "1 desk, 0 mailboxes, 0 listed persons" in found[1].text


def test_a_rule_whose_case_fails_is_bad_and_says_where(config: Config) -> None:
    rule = Rule(
        id="printer",
        name=Label("打印机", "Printer"),
        any=(Condition(word="打印机"),),
        set=Setting(category="hardware"),
        expect=(Expectation("打印机坏了", {"category": "hardware"}, line=7),),
        file="rules/a.yaml",
        line=3,
    )
    assert verdicts(list(ground.check_rules(replace(config, rules=(rule,))))) == [GOOD]
    wrong = replace(rule, expect=(Expectation("打印机坏了", {"category": "network"}, line=7),))
    found = only(list(ground.check_rules(replace(config, rules=(wrong,)))))
    assert found.verdict is BAD
    assert found.text.startswith("rules/a.yaml:7: printer: ")


def test_a_person_whose_language_has_no_letters_is_a_warning(config: Config) -> None:
    speakers = [Person(name, (f"{name}@x.cn",), language=name) for name in ("zh-TW", "en-GB", "fr")]
    found = list(ground.check_letters(replace(config, people=tuple(speakers))))
    assert verdicts(found) == [GOOD, CARE]
    assert "'fr'" in found[1].text


def test_a_desk_without_a_lead_is_a_warning(config: Config) -> None:
    [nobody] = ground.check_leads(replace(config, people=()))
    assert nobody.verdict == CARE
    assert "tickets nobody has" in nobody.text
    assert "role: lead" in nobody.remedy
    lead = Person("王强", ("wang@x.cn",), role=Role.LEAD)
    [somebody] = ground.check_leads(replace(config, people=(lead,)))
    assert (somebody.verdict, "王强" in somebody.text) == (GOOD, True)


def with_calendars(config: Config, *calendars: Calendar) -> Config:
    desk = config.desks[0]
    profile = replace(desk.profile, calendars=calendars)
    return replace(config, desks=(replace(desk, profile=profile),))


def test_staff_that_can_prove_themselves_by_nothing_but_tokens_are_told_so(config: Config) -> None:
    assert list(ground.check_trust(config)) == [], "nobody is listed who could order anything"
    staff = (Person("刘洋", ("liu@example.com",), role=Role.ENGINEER),)
    box = MailboxConfig("main", ("it",), ImapAccount("imap", 993, "tls", "it", "pw"))
    told = only(list(ground.check_trust(replace(config, people=staff, mailboxes=(box,)))))
    assert told.verdict is CARE
    assert "one-time code" in told.text
    assert "[mailbox.main.trust]" in told.remedy
    border = Border(("mx.example.com",), ("mx.example.com",), ("authenticated",))
    trusting = replace(config, people=staff, mailboxes=(replace(box, trust=border),))
    told = only(list(ground.check_trust(trusting)))
    assert told.verdict is GOOD
    assert "believes mx.example.com, authenticated" in told.text


def test_holidays_that_run_out_soon_are_a_warning(config: Config) -> None:
    listed = frozenset({date(2027, 1, 1), date(2028, 1, 1)})
    known = with_calendars(config, Calendar("office", holidays=holidays()))
    longer = with_calendars(config, Calendar("office", holidays=holidays(), days_off=listed))
    always = with_calendars(config, Calendar("urgent", always=True))
    assert verdicts(list(ground.check_calendars(known, date(2026, 3, 1)))) == [GOOD]
    soon = only(list(ground.check_calendars(known, date(2026, 11, 20))))
    assert soon.verdict is CARE
    assert "until 2026-12-31" in soon.text
    assert "days_off" in soon.remedy
    assert verdicts(list(ground.check_calendars(longer, date(2026, 11, 20)))) == [GOOD]
    assert verdicts(list(ground.check_calendars(always, date(2036, 1, 1)))) == [GOOD]


def test_a_data_folder_is_tried_and_left_as_it_was(config: Config) -> None:
    assert verdicts(list(memory.check_data(config))) == [GOOD, GOOD]
    assert list(config.data.iterdir()) == []


def test_a_data_folder_that_is_not_there_yet_is_not_made(config: Config) -> None:
    config.data.rmdir()
    found = list(memory.check_data(config))
    assert verdicts(found) == [GOOD, GOOD]
    assert "will be made" in found[0].text
    assert not config.data.exists()


def test_a_data_folder_open_to_all_is_a_warning(config: Config) -> None:
    config.data.chmod(0o755)
    assert CARE in verdicts(list(memory.check_data(config)))


def test_a_data_folder_that_takes_no_files_is_bad(config: Config) -> None:
    nowhere = replace(config, data=Path("/proc/self/fdinfo"))  # a folder even root cannot fill
    found = only(list(memory.check_data(nowhere)))
    assert found.verdict is BAD
    assert found.remedy


@pytest.mark.parametrize(("free", "verdict"), [(10, BAD), (1024**3, CARE), (1024**4, GOOD)])
def test_room_is_judged(
    config: Config, monkeypatch: pytest.MonkeyPatch, free: int, verdict: Verdict
) -> None:
    usage = type("Usage", (), {"free": free})
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage)
    assert verdicts(list(memory.check_data(config)))[-1] is verdict


def test_a_sqlite_file_is_opened_but_never_made(config: Config) -> None:
    file = config.data / "maildesk.db"
    assert verdicts(list(memory.check_database(config))) == [GOOD]
    assert not file.exists()
    store = Store(config.database)
    with store.write() as db:
        db.exec_driver_sql("CREATE TABLE t (x)")
    found = list(memory.check_database(config))
    assert verdicts(found) == [GOOD, GOOD]
    assert "full synchronisation" in found[0].text
    assert "it is empty" in found[1].text
    prepare(store)
    store.close()
    found = list(memory.check_database(config))
    assert verdicts(found) == [GOOD, GOOD]
    assert "of this version" in found[1].text


@pytest.mark.parametrize(
    ("schema", "remedy"), [("0000", "Run: maildesk upgrade."), ("9999", "Install the newer")]
)
def test_tables_of_another_version_are_bad(config: Config, schema: str, remedy: str) -> None:
    store = Store(config.database)
    prepare(store)
    with store.write() as db:
        db.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{schema}'")
    store.close()
    found = list(memory.check_database(config))
    assert verdicts(found) == [GOOD, BAD]
    assert found[1].remedy.startswith(remedy)


def test_tables_that_are_not_ours_are_bad(config: Config) -> None:
    store = Store(config.database)
    prepare(store)
    with store.write() as db:
        db.exec_driver_sql("DROP TABLE alembic_version")
    store.close()
    assert only(list(memory.check_database(config))).verdict is BAD


def test_a_file_that_is_no_database_is_bad(config: Config) -> None:
    (config.data / "maildesk.db").write_bytes(b"not a database at all" * 100)
    found = only(list(memory.check_database(config)))
    assert found.verdict is BAD
    assert "cannot be read" in found.text


def test_an_empty_database_beside_kept_mails_is_bad_and_nothing_begins_anew(config: Config) -> None:
    Blobs(config.data).spool([b"Subject: kept\r\n\r\n"])
    found = only(list(memory.check_database(config)))
    assert found.verdict is BAD
    assert "mails are kept in" in found.text
    with pytest.raises(ConfigFault, match="restore it from a backup"):
        build(config)
    assert verdicts(list(memory.check_database(config))) == [
        GOOD,
        BAD,
    ]  # nothing was made meanwhile


def test_a_database_that_may_only_be_read_is_not_called_broken(config: Config) -> None:
    """What must be mended is its owner; `restore it from a backup` would throw it away."""
    store = Store(config.database)
    prepare(store)
    store.close()
    file = config.data / "maildesk.db"
    told = Store(f"sqlite:///file:{file}?mode=ro&uri=true")
    with (
        pytest.raises(Transient, match="must belong to the user maildesk runs as"),
        told.write() as db,
    ):
        db.exec_driver_sql("CREATE TABLE t (x)")
    told.close()


def test_groups_that_nobody_is_in_are_named(config: Config) -> None:
    wang = Person("王强", ("wang@example.com",), role=Role.ENGINEER, groups=("network",))
    found = only(list(ground.check_groups(replace(config, people=(wang,)))))
    assert found.verdict is CARE
    assert "硬件组 (hardware)" in found.text and "network" not in found.text
    everywhere = tuple(group.key for group in config.desks[0].profile.groups)
    wang = replace(wang, groups=everywhere)
    assert only(list(ground.check_groups(replace(config, people=(wang,))))).verdict is GOOD
    wang = replace(wang, groups=(), skills=everywhere)
    assert only(list(ground.check_groups(replace(config, people=(wang,))))).verdict is GOOD
    assert list(ground.check_groups(config)) == []


def test_a_skill_that_brings_no_ticket_is_named(config: Config) -> None:
    skills = ("printers", "硬件组", "network", "咨询")
    wang = Person("王强", ("wang@example.com",), role=Role.ENGINEER, skills=skills)
    found = only(list(ground.check_skills(replace(config, people=(wang,)))))
    assert found.verdict is CARE
    assert "printers, 咨询 of 王强" in found.text
    hardware = replace(wang, skills=("hardware", "Hardware group", "技术咨询"))
    assert list(ground.check_skills(replace(config, people=(hardware,)))) == []
    asks = replace(wang, role=Role.REQUESTER)
    assert list(ground.check_skills(replace(config, people=(asks,)))) == []


def test_a_sqlite_file_on_a_network_file_system_is_bad(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "_file_system", lambda path: "nfs4")
    found = only(list(memory.check_database(config)))
    assert found.verdict is BAD
    assert "network file system (nfs4)" in found.text


def test_the_kind_of_file_system_is_found_by_its_longest_mount() -> None:
    assert memory._file_system(Path("/proc/self/status")) == "proc"
    assert memory._file_system(Path("/proc/none/such")) == "proc"


@pytest.mark.parametrize(
    ("changed", "verdict", "words"),
    [
        ({}, GOOD, "PostgreSQL 18.4 answers at postgresql+psycopg://desk:***@db/desk"),
        ({"fsync": "off"}, BAD, "has fsync off"),
        ({"synchronous_commit": "local"}, GOOD, "answers"),
        ({"server_encoding": "SQL_ASCII"}, BAD, "stores text as SQL_ASCII"),
    ],
)
def test_a_postgresql_is_judged_by_its_settings(
    config: Config,
    monkeypatch: pytest.MonkeyPatch,
    changed: Mapping[str, str],
    verdict: Verdict,
    words: str,
) -> None:
    answer = soundness.Soundness({**POSTGRESQL, **changed})
    monkeypatch.setattr(soundness, "probe", lambda url: answer)
    url = "postgresql+psycopg://desk:hunter2@db/desk"
    found = next(memory.check_database(replace(config, database=url)))
    assert found.verdict is verdict
    assert words in found.text


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (Transient("no route to host"), "Check host, port"),
        (ConfigFault("the database holds tables of our names"), "a database of its own"),
    ],
)
def test_a_postgresql_out_of_reach_is_bad(
    config: Config, monkeypatch: pytest.MonkeyPatch, error: Exception, remedy: str
) -> None:
    def fail(url: str) -> soundness.Soundness:
        raise error

    monkeypatch.setattr(soundness, "probe", fail)
    found = only(list(memory.check_database(replace(config, database="postgresql+psycopg://d/d"))))
    assert found.verdict is BAD
    assert remedy in found.remedy
