"""`maildesk simulate` as its users run it: no server, no trace, the same output every time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from household import Household

from maildesk.cli.simulate import simulate
from maildesk.config.values import ImapAccount

PEOPLE = """
- {name: 张敏, addresses: [zhang@desk.test], department: 财务部}
- {name: 刘洋, addresses: [liu@desk.test], role: engineer, groups: [hardware], extension: "8005"}
- {name: 王强, addresses: [wang@desk.test], role: lead}
"""
SCRIPT = """
- at: +10m
  from: 张敏
  subject: 三楼打印机卡纸
  body: 打印机又卡纸了，型号 M428，报错 E6，麻烦看一下。
  attach: [jam.png]
- at: +1h
  from: 刘洋
  reply_to: dispatch
  body: |
    #已解决
    已更换搓纸轮，请再打印一次。
- at: +2h
  from: 张敏
  click: confirm
- at: +1d
  from: li@desk.test
  subject: VPN 连不上
  body: 在家连不上 VPN，提示证书过期。
"""
# The event loop's own pair of ends is the only socket a simulation may have.
GUARDED = """
import socket, sys
def guard(event, about):
    if event == "socket.__new__" and about[1] not in (socket.AF_UNIX, -1):
        raise RuntimeError(f"a socket: {about[1:]}")
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto"):
        raise RuntimeError(f"{event}: {about[1:]}")
sys.addaudithook(guard)
from maildesk.cli import main
main()
"""
FROM = ("--from", "2026-11-20T10:00")


@pytest.fixture
def house(tmp_path: Path) -> Household:
    account = ImapAccount("127.0.0.1", 1, "none", "desk", "secret")
    made = Household(tmp_path / "desk", account, ("127.0.0.1", 1), people=PEOPLE, web=True)
    (made.folder / "mails.yaml").write_text(SCRIPT, encoding="utf-8")
    (made.folder / "jam.png").write_bytes(b"a picture")
    return made


def _simulate(house: Household, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", GUARDED, "simulate", *FROM, *words],
        cwd=house.folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_guard_would_see_a_socket(house: Household) -> None:
    tried = subprocess.run(
        [sys.executable, "-c", GUARDED, "check", "--no-mail"],
        cwd=house.folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "socket" in tried.stdout + tried.stderr


def test_every_letter_is_told_and_no_server_is_asked(house: Household) -> None:
    done = _simulate(house, "--script", "mails.yaml", "--until", "+4d")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    told = done.stdout
    assert told.startswith("simulated 2026-11-20 Fri 10:00 to 2026-11-24 Tue 10:00, Asia/Shanghai")
    for words in (
        "10:10   ack         zhang@desk.test            【已受理】三楼打印机卡纸",
        "10:10   dispatch    liu@desk.test              【派单】中｜三楼打印机卡纸｜财务部张敏",
        "11:00   solved      zhang@desk.test            【请确认】三楼打印机卡纸，已处理",
        "2026-11-21 Sat",
        "          response_missed\n",
        "per person",
        "per ticket",
        "IT-20261120-0001   2  requester zhang@desk.test",
    ):
        assert words in told, told
    assert "confirmed" not in told
    assert sorted(file.name for file in house.folder.iterdir()) == [
        *("data", "jam.png", "maildesk.toml", "mails.yaml", "people.yaml"),
    ]
    # The key is the desk's, made by whichever command comes first.
    assert [file.name for file in (house.folder / "data").iterdir()] == ["secret"]


def test_the_same_input_gives_the_same_bytes(house: Household) -> None:
    words = ("--script", "mails.yaml", "--until", "+4d", "--verbose")
    first, second = _simulate(house, *words), _simulate(house, *words)
    assert first.stdout == second.stdout
    assert "confirmed" in first.stdout


def test_one_ticket_can_be_followed(house: Household) -> None:
    number = "IT-20261121-0001"
    done = _simulate(house, "--script", "mails.yaml", "--until", "+4d", "--ticket", number)
    assert "IT-20261120-0001" not in done.stdout
    assert "VPN 连不上" in done.stdout


def test_json_is_one_object_a_line(house: Household) -> None:
    done = _simulate(house, "--script", "mails.yaml", "--until", "+1d", "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines[0]["at"] == "2026-11-20T10:10:00+08:00"
    assert {"at", "what", "name", "person", "subject", "ticket", "why", "desk"} == set(lines[0])
    people = [line for line in lines if line["what"] == "letters per person"]
    sent = [line for line in lines if line["what"] == "sent"]
    assert sum(item["total"] for item in people) == len(sent)
    assert [line["name"] for line in sent[:3]] == ["ack", "dispatch", "solved"]


def test_what_cannot_be_carried_out_ends_with_one(house: Household) -> None:
    (house.folder / "mails.yaml").write_text(
        "- {at: +1h, from: 张敏, reply_to: solved, body: 好}\n"
    )
    done = _simulate(house, "--script", "mails.yaml")
    assert done.returncode == 1
    assert "mails.yaml:1: no letter solved has left to zhang@desk.test by then" in done.stdout


@pytest.mark.parametrize("told", ["from: 张三@公司.test", 'from: 张敏, to: "a@[1.2"'])
def test_an_address_no_mail_can_have_is_told_with_its_place(house: Household, told: str) -> None:
    (house.folder / "mails.yaml").write_text(f"- {{at: +1h, {told}}}\n", encoding="utf-8")
    done = _simulate(house, "--script", "mails.yaml", "--until", "+2h")
    assert done.returncode == 1, done.stderr
    assert "mails.yaml:1: cannot be written as a mail" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--until", "never"), "'never' is no moment"),
        (("--until", "2026-11-01"), "lies before the start"),
        (("--until", "+9999999999d"), "'+9999999999d' is no moment"),
        (("--from", "0001-01-01"), "'0001-01-01' is no moment"),
        (("--script", "none.yaml"), "none.yaml"),
        (("--script", "people.yaml"), "people.yaml:2: at: is missing"),
        (("--config", "none.toml"), "there is no such file"),
    ],
)
def test_wrong_usage_ends_with_two_and_says_why(
    house: Household, words: tuple[str, ...], said: str
) -> None:
    done = _simulate(house, *words)
    assert done.returncode == 2
    assert said in done.stderr


def test_the_script_shown_by_help_is_one(house: Household) -> None:
    shown = (simulate.help or "").partition("clicks:\n")[2].partition("    Also:")[0]
    script = "\n".join(line.removeprefix("      ") for line in shown.splitlines())
    (house.folder / "mails.yaml").write_text(script, encoding="utf-8")
    done = _simulate(house, "--script", "mails.yaml", "--until", "+1d", "--verbose")
    assert done.returncode == 0, done.stdout + done.stderr
    for word in ("opened", "solved", "confirmed"):
        assert word in done.stdout
