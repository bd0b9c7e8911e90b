"""`maildesk demo` as a user runs it: true, quiet, without a trace; and what it says when not."""

from __future__ import annotations

import importlib.util
import os
import re
import signal
import smtplib
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner

from maildesk.cli.demo import demo
from maildesk.demo.screen import Screen, choose_language, measure, wrap

DEMO = [sys.executable, "-m", "maildesk", "demo"]
PATIENCE = 90
OPEN = "The desk is open"

MACHINE_ANSWERED = """
import maildesk.demo.mails as mails
from maildesk.cli import main

mails.write_monitoring = lambda: mails.write_mail("monitor@corp.example", "fs01", "down")
main(["demo", "--exit", "--fast"])
"""


FORGER_LOGGED_IN = """
from maildesk.cli import main
from maildesk.demo.observer import Observer

send = Observer.send
Observer.send = lambda self, mail, to, outside=False: send(self, mail, to)
main(["demo", "--exit", "--fast"])
"""


def environ(folder: Path, **given: str) -> dict[str, str]:
    """The environment of a plain user whose temporary files go to `folder`."""
    gone = ("NO_COLOR", "LC_ALL", "LC_MESSAGES", "MAILDESK_CONFIG", "MAILDESK_KILL_AT")
    kept = {key: value for key, value in os.environ.items() if key not in gone}
    return {**kept, "TMPDIR": str(folder), "LANG": "en_US.UTF-8", "PYTHONUTF8": "1", **given}


def run(command: list[str], folder: Path, **given: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        env=environ(folder, **given),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )


class Running:
    """A demo that stays up; what it has said so far is in `said`."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [*DEMO, "--fast"],
            env=environ(folder),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.said: list[str] = []
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def wait_for(self, words: str) -> str:
        """The first line with these words, as soon as it is there."""

        def find() -> str | None:
            return next((line for line in self.said if words in line), None)

        with self._news:
            self._news.wait_for(find, PATIENCE)
            found = find()
        assert found is not None, "\n".join(self.said[-20:])
        return found

    def end(self, number: signal.Signals) -> tuple[int, str]:
        """Send a signal; exit code and everything on standard error."""
        self.process.send_signal(number)
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        assert self.process.stderr is not None
        return code, self.process.stderr.read()

    def close(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        for pipe in (self.process.stdout, self.process.stderr):
            assert pipe is not None
            pipe.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._news:
                self.said.append(line.rstrip("\n"))
                self._news.notify_all()


@contextmanager
def running(folder: Path) -> Iterator[Running]:
    shown = Running(folder)
    try:
        yield shown
    finally:
        shown.close()


def test_the_tour_really_happens_and_leaves_nothing_behind(tmp_path: Path) -> None:
    shown = run([*DEMO, "--exit", "--fast"], tmp_path)
    assert (shown.returncode, shown.stderr) == (0, ""), shown.stdout + shown.stderr
    assert "\x1b" not in shown.stdout
    for words in (
        "before the start × 2",
        "全厂断网，产线停了！",
        "Network · Urgent → Network group (ext. 8002)",
        "【已受理】打印机卡纸，报销单打不出来 [IT-",
        "[Received] VPN disconnects every 10 minutes",
        "答复：全厂断网 [IT-",
        "two copies came, one ticket",
        "waits at the doorstep",
        "an automatic reply: never opens or changes a ticket",
        "a delivery report: never opens or changes a ticket",
        "This is David Lin, IT Service Desk (Network group, ext. 8002).",
        "why       David Lin worked on it: note\n  letter    none\n",
        "confirmed: nothing but a confirmation: works",
        "To be confirmed  opened three times (GET)\n  state     Solved  “Solved” pressed (POST)",
        "✉ 203.0.113.25  From: 陈静 <chenjing@corp.example>",
        "unverified note: nothing shows who wrote it",
        "Hello Alice Chen, we have received your request.",
        "24 on the server, 24 in the ledger, 0 lost",
        "✓ Every step above was checked",
        "tickets list --config ",
        "outbox list --all",
    ):
        assert words in shown.stdout
    assert "✗" not in shown.stdout
    assert list(tmp_path.iterdir()) == []


def test_it_speaks_chinese_where_the_terminal_does(tmp_path: Path) -> None:
    shown = run([*DEMO, "--exit", "--fast"], tmp_path, LANG="zh_CN.UTF-8")
    assert (shown.returncode, shown.stderr) == (0, ""), shown.stdout + shown.stderr
    assert "网络异常 · 紧急 → 网络组 (分机 8002)" in shown.stdout
    assert "张敏您好，您的问题已受理。" in shown.stdout
    assert "│ 我是 IT服务台刘洋（硬件组，分机 8005）。" in shown.stdout
    assert "✓ 以上每一步都已在数据库和邮箱中核实。" in shown.stdout


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (MACHINE_ANSWERED, "- monitoring got a letter"),
        (FORGER_LOGGED_IN, "- a forged order did something"),
    ],
)
def test_it_says_what_did_not_happen_and_exits_1(tmp_path: Path, changed: str, told: str) -> None:
    shown = run([sys.executable, "-c", changed], tmp_path)
    assert (shown.returncode, shown.stderr) == (1, ""), shown.stdout + shown.stderr
    assert "✗ Some of it did not happen:" in shown.stdout
    assert told in shown.stdout
    assert list(tmp_path.iterdir()) == []


def test_it_stays_open_for_other_terminals_and_new_mail_until_ctrl_c(tmp_path: Path) -> None:
    with running(tmp_path) as shown:
        shown.wait_for(OPEN)
        config = shown.wait_for("--config").partition("--config ")[2]
        listed = run([sys.executable, "-m", "maildesk", "tickets", "list"], tmp_path)
        assert listed.returncode == 2  # no configuration named
        listed = run(
            [sys.executable, "-m", "maildesk", "tickets", "list", "--config", config], tmp_path
        )
        assert "全厂断网，产线停了！" in listed.stdout, listed.stderr
        port = re.search(r"127\.0\.0\.1:(\d+)", shown.wait_for("log in to be believed"))
        assert port is not None
        mail = EmailMessage()
        mail["From"], mail["To"] = "刘洋 <liuyang@corp.example>", "desk@corp.example"
        mail["Subject"] = "会议室投影仪不亮"
        mail.set_content("三号会议室的投影仪不亮，下午有会。")
        with smtplib.SMTP("127.0.0.1", int(port[1])) as smtp:
            smtp.send_message(mail, "liuyang@corp.example", ["desk@corp.example"])
            with pytest.raises(smtplib.SMTPRecipientsRefused):
                smtp.send_message(mail, "liuyang@corp.example", ["nobody@corp.example"])
            with pytest.raises(smtplib.SMTPAuthenticationError):
                smtp.login("liuyang@corp.example", "not the password")
            smtp.login("liuyang@corp.example", "demo")
            with pytest.raises(smtplib.SMTPSenderRefused):
                smtp.send_message(mail, "zhangmin@corp.example", ["desk@corp.example"])
        assert "s  【已受理】会议室投影仪不亮 [IT-" in shown.wait_for("【已受理】会议室投影仪")
        number = shown.wait_for("tickets show ").split()[-1]
        mail.replace_header("Subject", f"Re: [{number}]")
        mail.set_content("#状态\n")
        with smtplib.SMTP("127.0.0.1", int(port[1])) as smtp:
            smtp.login("liuyang@corp.example", "demo")
            smtp.send_message(mail)
        shown.wait_for("→ liuyang@corp.example")
        assert shown.end(signal.SIGINT) == (0, "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_end_in_the_middle_of_the_tour_is_quiet_and_clean(
    tmp_path: Path, number: signal.Signals
) -> None:
    with running(tmp_path) as shown:
        shown.wait_for("VPN disconnects")
        assert shown.end(number) == (130, "")
        assert not any("Every step" in line for line in shown.said)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_extra_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    told = CliRunner().invoke(demo, ["--exit"])
    assert told.exit_code == 2
    assert told.output == "The demo needs its mail servers: pip install 'maildesk[demo]'\n"


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("", 10, []),
        ("one two", 10, ["one two"]),
        ("one two three", 8, ["one two", "three"]),
        ("打印机又卡纸了", 8, ["打印机又", "卡纸了"]),
        ("打印机又卡，纸没了", 10, ["打印机又", "卡，纸没了"]),
        ("见 [IT-20261120-0001] 单", 20, ["见", "[IT-20261120-0001]", "单"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
    ],
)
def test_lines_break_at_blanks_and_between_characters(
    text: str, columns: int, lines: list[str]
) -> None:
    assert list(wrap(text, columns)) == lines
    assert all(measure(line) <= columns for line in lines)


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh-CN"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_US", "LC_MESSAGES": "zh_TW"}, "zh-CN"),
        ({"LANG": "zh_CN", "LC_ALL": ""}, "zh-CN"),
    ],
)
def test_the_language_follows_the_locale(variables: dict[str, str], language: str) -> None:
    assert choose_language(variables) == language


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "variables", "coloured"),
    [
        (Terminal(), {}, True),
        (Terminal(), {"NO_COLOR": "1"}, False),
        (Terminal(), {"NO_COLOR": ""}, True),  # no-color.org: only when not empty
        (Terminal(), {"TERM": "dumb"}, False),
        (StringIO(), {}, False),
    ],
)
def test_colour_is_for_terminals_that_want_it(
    stream: StringIO, variables: dict[str, str], coloured: bool
) -> None:
    Screen(stream, variables).say("urgent", style="red")
    assert ("\x1b[31m" in stream.getvalue()) == coloured
