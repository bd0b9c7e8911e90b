"""The whole configuration: what a good one comes to, and every broken one told in full."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from maildesk.config import load, shape
from maildesk.config.reading import Survey, survey
from maildesk.config.values import WebConfig
from maildesk.desk.privacy.mask import Privacy, Secret
from maildesk.errors import ConfigFault

BAD = Path(__file__).parents[1] / "bad_config"
EXAMPLE = Path(__file__).parents[2] / "maildesk.toml.example"

RULE = """\
- id: printer
  name: {zh: 打印机, en: Printer}
  when: {any: [打印机]}
  set: {category: hardware}
"""
SMALL = """\
rules = "rules"
[desk.it]
addresses = ["helpdesk@example.com", "it@example.org"]
[smtp]
host = "localhost"
security = "none"
[mailbox.helpdesk]
host = "imap.example.com"
user = "helpdesk"
password_env = "PW"
"""
ENVIRON = {"PW": "hunter2"}


def read(folder: Path, text: str, **environ: str) -> Survey:
    """Reads `text` beside a small folder of rules: the shipped ones take longer."""
    file = folder / "maildesk.toml"
    file.write_text(text)
    (folder / "rules").mkdir(exist_ok=True)
    (folder / "rules" / "rules.yaml").write_text(RULE)
    return survey(file, ENVIRON | environ)


@pytest.mark.parametrize("folder", sorted(BAD.iterdir()), ids=lambda folder: folder.name)
def test_a_broken_configuration_is_told_whole_and_in_these_words(folder: Path) -> None:
    with pytest.raises(ConfigFault) as caught:
        load(folder / "maildesk.toml", ENVIRON)
    told = str(caught.value).replace(f"{folder}/", "")
    expected = (folder / "expected.txt").read_text().splitlines()
    assert [shorten(line, expected) for line in told.splitlines()] == expected


def shorten(line: str, expected: list[str]) -> str:
    """An expected line may end in … where the rest belongs to another room."""
    starts = [
        wanted for wanted in expected if wanted.endswith("…") and line.startswith(wanted[:-1])
    ]
    return starts[0] if starts else line


def test_reading_writes_nothing(tmp_path: Path) -> None:
    found = read(tmp_path, SMALL)
    assert found.config is not None
    assert found.config.secret == b""
    assert {path.name for path in tmp_path.iterdir()} == {"maildesk.toml", "rules"}


def test_loading_makes_the_signing_key_and_finds_it_again(tmp_path: Path) -> None:
    read(tmp_path, SMALL)
    config = load(tmp_path / "maildesk.toml", ENVIRON)
    assert len(config.secret) == 64
    assert load(tmp_path / "maildesk.toml", ENVIRON).secret == config.secret


def test_a_configured_signing_key_is_taken_and_none_made(tmp_path: Path) -> None:
    read(tmp_path, f'secret_env = "KEY"\n{SMALL}')
    config = load(tmp_path / "maildesk.toml", ENVIRON | {"KEY": "k" * 16})
    assert config.secret == b"k" * 16
    assert not (tmp_path / "data").exists()


def test_a_small_file_gets_sensible_defaults(tmp_path: Path) -> None:
    config = read(tmp_path, SMALL).config
    assert config is not None
    (desk,) = config.desks
    assert desk.zone == "Asia/Shanghai"
    assert desk.language == "zh-CN"
    assert desk.accept_from == ("example.com", "example.org")
    assert desk.report_readers == ()
    assert desk.profile.id == "default"
    (mailbox,) = config.mailboxes
    assert mailbox.desks == ("it",)
    assert (mailbox.imap.port, mailbox.imap.security) == (993, "tls")
    assert config.smtp is not None
    assert config.smtp.port == 25
    assert config.data == tmp_path / "data"
    assert config.database == f"sqlite:///{tmp_path}/data/maildesk.db"
    assert config.rules
    assert "letters/zh-CN/ack.txt" in config.templates


def test_nothing_secret_is_in_the_repr(tmp_path: Path) -> None:
    text = f"""\
database = "postgresql://desk:hunter3@db/desk"
secret = "hunter4-hunter4-hunter4"
{SMALL}"""
    found = read(tmp_path, text)
    assert found.config is not None
    assert found.config.mailboxes[0].imap.password == "hunter2"
    assert "hunter" not in repr(found)


@pytest.mark.parametrize(
    ("line", "url"),
    [
        ("sqlite:///desk.db", "sqlite:///{home}/desk.db"),
        ("sqlite:////var/desk.db", "sqlite:////var/desk.db"),
        ("postgresql://h/d", "postgresql+psycopg://h/d"),
        ("postgresql+psycopg://u@h:5/d?sslmode=require", None),
        ("postgresql://u:p%40@h/d", "postgresql+psycopg://u:p%40@h/d"),
    ],
)
def test_a_database_url_is_made_whole(tmp_path: Path, line: str, url: str | None) -> None:
    config = read(tmp_path, f'database = "{line}"\n{SMALL}').config
    assert config is not None
    assert config.database == (url or line).format(home=tmp_path)


def test_a_database_password_is_put_into_the_url_escaped(tmp_path: Path) -> None:
    text = f'database = "postgresql://u@h/d"\ndatabase_password_env = "DB"\n{SMALL}'
    config = read(tmp_path, text, DB="p@/:").config
    assert config is not None
    assert config.database == "postgresql+psycopg://u:p%40%2F%3A@h/d"


WARNINGS = [
    ("", "people", "is missing"),
    ('people = "people.csv"\n', "people", "lists no lead"),
    ('database = "postgresql://u:p@h/d"\n', "database", "holds a password"),
]


@pytest.mark.parametrize(("top", "key", "problem"), WARNINGS)
def test_what_is_careless_is_a_warning(tmp_path: Path, top: str, key: str, problem: str) -> None:
    (tmp_path / "people.csv").write_text("name,addresses\n张敏,zhangmin@example.com\n")
    found = read(tmp_path, top + SMALL)
    assert found.faults == ()
    assert (key, problem) in [(warning.key, warning.problem) for warning in found.warnings]


def test_desks_whose_tickets_have_the_same_numbers_are_a_warning(tmp_path: Path) -> None:
    """`tickets show IT-20261120-0001` can only mean one of them."""
    other = '[desk.hr]\naddresses = ["hr@example.com"]\n'
    told = {warning.key: warning.problem for warning in read(tmp_path, SMALL + other).warnings}
    assert told["desk.hr.profile"] == "gives its tickets the same numbers as desk.it"
    told = {
        w.key: w.problem for w in read(tmp_path, f'{SMALL}{other}profile = "work-order"').warnings
    }
    assert "desk.hr.profile" not in told


def test_a_password_in_clear_text_over_the_network_is_a_warning(tmp_path: Path) -> None:
    text = SMALL.replace("[mailbox.helpdesk]", '[mailbox.helpdesk]\nsecurity = "none"')
    assert "mailbox.helpdesk.security" in [w.key for w in read(tmp_path, text).warnings]
    local = text.replace("imap.example.com", "127.0.0.1")
    assert "mailbox.helpdesk.security" not in [w.key for w in read(tmp_path, local).warnings]


def test_without_mailbox_or_smtp_there_are_only_warnings(tmp_path: Path) -> None:
    found = read(tmp_path, '[desk.it]\naddresses = ["a@example.com"]\n')
    assert found.config is not None
    assert found.config.smtp is None
    assert {"smtp", "mailbox"} <= {warning.key for warning in found.warnings}


def test_the_users_profile_and_templates_come_before_the_shipped(tmp_path: Path) -> None:
    shipped = EXAMPLE.parent / "rules"
    shutil.copytree(shipped / "profiles", tmp_path / "rules" / "profiles")
    profile = tmp_path / "rules" / "profiles" / "default.yaml"
    profile.write_text(profile.read_text().replace("near_minutes: 30", "near_minutes: 17"))
    letter = tmp_path / "letters" / "letters" / "zh-CN" / "ack.txt"
    letter.parent.mkdir(parents=True)
    letter.write_text((EXAMPLE.parent / "templates/letters/zh-CN/ack.txt").read_text() + "再见\n")
    found = read(tmp_path, f'templates = "letters"\n{SMALL}')
    assert found.faults == ()
    assert found.config is not None
    assert found.config.desks[0].profile.near_minutes == 17
    assert found.config.templates["letters/zh-CN/ack.txt"].endswith("再见\n")


def test_an_own_profile_that_names_listed_people_is_whole(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE.parent / "rules" / "profiles", tmp_path / "rules" / "profiles")
    profile = tmp_path / "rules" / "profiles" / "default.yaml"
    text = profile.read_text()
    profile.write_text(text.replace('extension: "8005"', 'extension: "8005", duty: [刘洋, HW006]'))
    people = (
        "姓名,工号,邮箱,角色,组\n刘洋,HW005,liu@x.cn,工程师,硬件组\n陈静,HW006,chen@x.cn,组长,\n"
    )
    (tmp_path / "people.csv").write_text(people)
    found = read(tmp_path, f'people = "people.csv"\n{SMALL}')
    assert found.faults == ()
    assert found.config is not None
    assert found.config.desks[0].profile.group("hardware").duty.turns == ("刘洋", "HW006")
    (tmp_path / "people.csv").write_text(people.replace("HW006", "HW007"))
    assert [fault.key for fault in read(tmp_path, f'people = "people.csv"\n{SMALL}').faults] == [
        "groups.hardware.duty"
    ]


def test_a_list_with_faults_is_not_asked_who_is_missing_in_it(tmp_path: Path) -> None:
    rule = RULE.replace("hardware}", "hardware, assignee: 刘洋}")
    file = tmp_path / "maildesk.toml"
    file.write_text(f'people = "people.csv"\n{SMALL}')
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "rules.yaml").write_text(rule)
    (tmp_path / "people.csv").write_text("姓名,邮箱,角色\n刘洋,liu@x.cn,工程狮\n")
    assert [fault.key for fault in survey(file, ENVIRON).faults] == ["role"]
    (tmp_path / "people.csv").write_text("姓名,邮箱,角色\n刘阳,liu@x.cn,工程师\n")
    assert [fault.key for fault in survey(file, ENVIRON).faults] == ["set.assignee"]


def test_who_only_looks_may_look_while_somebody_edits_a_profile_with_groups_of_its_own(
    tmp_path: Path,
) -> None:
    text = SMALL.replace('rules = "rules"', 'rules = "rules"\npeople = "people.yaml"')
    person = "{name: 刘洋, addresses: [liu@example.com], role: engineer, groups: [printers]}"
    (tmp_path / "people.yaml").write_text(f"- {person}\n", encoding="utf-8")
    (tmp_path / "rules" / "profiles").mkdir(parents=True)
    (tmp_path / "rules" / "profiles" / "default.yaml").write_text("id: default\n", encoding="utf-8")
    read(tmp_path, text)
    found = survey(tmp_path / "maildesk.toml", ENVIRON, patient=True)
    assert found.config is not None, found.faults
    assert found.config.people[0].groups == ("printers",)
    assert found.forgiven


def test_the_example_is_valid_as_it_stands(tmp_path: Path) -> None:
    from maildesk.cli.init import PEOPLE

    (tmp_path / "people.yaml").write_text(PEOPLE)
    for name in ("imap.pw", "smtp.pw"):
        (tmp_path / name).touch(mode=0o600)
        (tmp_path / name).write_text("hunter2\n")
    found = read(tmp_path, EXAMPLE.read_text())
    assert found.faults == ()
    assert found.warnings == ()


def test_the_example_shows_a_trust_for_each_kind_of_server(tmp_path: Path) -> None:
    text = EXAMPLE.read_text().partition("\n#[mailbox.helpdesk.trust]\n")[2]
    shown = re.findall(r"^#   (\w+ = .*)$", text, re.M)
    tables = "\n".join(shown).split("authserv_ids")[1:]
    assert len(tables) == 4
    for table in tables:
        found = read(tmp_path, f"{SMALL}[mailbox.helpdesk.trust]\nauthserv_ids{table}")
        assert found.faults == ()
        assert found.config is not None
        border = found.config.mailboxes[0].trust
        assert border is not None
        assert border.authserv_ids
        assert border.trusted_hosts


def test_without_the_table_nobody_is_trusted_and_an_empty_one_is_a_fault(tmp_path: Path) -> None:
    config = read(tmp_path, SMALL).config
    assert config is not None
    assert config.mailboxes[0].trust is None
    table = '[mailbox.helpdesk.trust]\ntrusted_hosts = ["mx.example.com"]\n'
    faults = read(tmp_path, SMALL + table).faults
    assert [fault.key for fault in faults] == ["mailbox.helpdesk.trust"]


def test_pages_are_served_only_where_the_table_says_so(tmp_path: Path) -> None:
    assert read(tmp_path, SMALL).config.web is None  # type: ignore[union-attr]
    table = '[web]\nlisten = "[::1]:9000"\nbase_url = "https://intra.example.com/desk/"\n'
    found = read(tmp_path, SMALL + table)
    assert found.config is not None
    assert found.config.web == WebConfig("::1", 9000, "https://intra.example.com/desk")
    found = read(tmp_path, SMALL + '[web]\nbase_url = "http://intra.example.com"\n')
    assert [fault.key for fault in found.warnings if fault.key.startswith("web")] == [
        "web.base_url"
    ]


@pytest.mark.parametrize(
    "line",
    [
        'listen = "8025"',
        'listen = "127.0.0.1:0"',
        'listen = "127.0.0.1:65536"',
        'listen = "127.0.0.1:８０"',
        'listen = "two words:80"',
        'base_url = "helpdesk.example.com"',
        'base_url = "https://user:pw@helpdesk.example.com"',
        'base_url = "https://helpdesk.example.com/?a=b"',
        'base_url = "https://[::1"',
        'base_url = "https://helpdesk.example.com:x"',
        'base_url = "javascript:alert(1)"',
    ],
)
def test_a_place_no_browser_finds_is_a_fault(tmp_path: Path, line: str) -> None:
    rest = "" if line.startswith("base_url") else 'base_url = "https://x.example.com"\n'
    found = read(tmp_path, f"{SMALL}[web]\n{line}\n{rest}")
    assert [fault.key for fault in found.faults] == [f"web.{line.partition(' ')[0]}"]


def test_every_brake_is_the_one_that_was_written(tmp_path: Path) -> None:
    wanted = {"per_address_hour": 1, "per_staff_hour": 2, "per_ticket_day": 3, "per_desk_hour": 4}
    table = "\n".join(f"{key} = {value}" for key, value in wanted.items())
    found = read(tmp_path, f"{SMALL}[desk.it.budgets]\n{table}\n")
    assert found.config is not None
    budgets = found.config.desks[0].budgets
    assert {key: getattr(budgets, key) for key in wanted} == wanted


def test_a_desk_hides_what_it_is_told_to_and_everything_unless_told(tmp_path: Path) -> None:
    usual = read(tmp_path, SMALL)
    assert usual.config is not None
    assert usual.config.desks[0].privacy == Privacy()
    table = 'hide = ["id", "password"]\nstaff_may_send = []'
    found = read(tmp_path, f"{SMALL}[desk.it.privacy]\n{table}\n")
    assert found.config is not None
    privacy = found.config.desks[0].privacy
    assert privacy.hide == {Secret.ID, Secret.PASSWORD}
    assert not privacy.staff_may_send


@pytest.mark.parametrize("line", ['hide = ["phone"]', 'staff_may_send = ["id"]'])
def test_what_cannot_be_hidden_or_sent_is_a_fault(tmp_path: Path, line: str) -> None:
    found = read(tmp_path, f"{SMALL}[desk.it.privacy]\n{line}\n")
    assert [fault.key for fault in found.faults] == [f"desk.it.privacy.{line.partition(' ')[0]}"]


FORMS = ("_env", "_credential", "_file")
TABLES = [
    (shape.Toml, ""),
    (shape.LimitsTable, "limits"),
    (shape.SmtpTable, "smtp"),
    (shape.WebTable, "web"),
    (shape.DeskTable, "desk.it"),
    (shape.BudgetsTable, "desk.it.budgets"),
    (shape.PrivacyTable, "desk.it.privacy"),
    (shape.MailboxTable, "mailbox.helpdesk"),
    (shape.FilingTable, "mailbox.helpdesk.filing"),
    (shape.TrustTable, "mailbox.helpdesk.trust"),
]


@pytest.mark.parametrize(("model", "table"), TABLES)
def test_the_example_explains_every_key_of_a_table(model: type[shape.Table], table: str) -> None:
    section = cut_section(table)
    for key in model.model_fields:
        plain = next((key.removesuffix(form) for form in FORMS if key.endswith(form)), key)
        assert (
            f"{key} = " in section
            or plain in SECRETS
            or re.search(rf"^#?\[.*\b{key}\b", EXAMPLE.read_text(), re.M)
        ), key


@pytest.mark.parametrize(("model", "table"), TABLES[1:])
def test_the_example_shows_true_defaults(model: type[shape.Table], table: str) -> None:
    lines = [line[1:] for line in cut_section(table).splitlines() if re.match(r"#\w+ = ", line)]
    assert lines
    for key, shown in tomllib.loads("\n".join(lines)).items():
        field = model.model_fields[key]
        default = field.default
        if not field.is_required() and default not in (
            None,
            [],
        ):  # else the comment says what holds when it is left out
            assert getattr(model.model_validate(REQUIRED.get(table, {}) | {key: shown}), key) == (
                default
            )


SECRETS = {"password", "database_password", "secret"}
REQUIRED: dict[str, dict[str, object]] = {
    "smtp": {"host": "x"},
    "web": {"base_url": "https://x.example.com"},
    "desk.it": {"addresses": ["a@example.com"]},
    "mailbox.helpdesk.trust": {"trusted_hosts": ["mx.example.com"]},
    "mailbox.helpdesk": {"host": "x", "user": "x"},
}


def cut_section(table: str) -> str:
    """The lines of a table of the example, up to the next table; "" is the top."""
    text = EXAMPLE.read_text().replace("\n#[", "\n[")  # a table may be left out as a whole
    rest = text.partition(f"\n[{table}]\n")[2] if table else text
    return rest.partition("\n[")[0]
