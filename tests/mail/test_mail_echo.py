"""An answer that holds nothing but what it answers, and everything that only looks like one."""

from __future__ import annotations

import pytest

from maildesk.mail.cut.echo import is_echo

HEAD = "发件人: IT <desk@corp.test>\n发送时间: 2026年11月20日 10:05\n主题: 请确认\n\n"
LETTER = "好了请回复“好了”，没好请回复“没好”。\n\nIT服务台\n"
MARKED = "> 好了请回复“好了”\n>\n> IT服务台\n"


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}{LETTER}",
        f"________________________________\n{HEAD}{LETTER}",
        f"-----原始邮件-----\n{HEAD}{LETTER}",
        f"-----Original Message-----\nFrom: IT\nSubject: Please confirm\n\n{LETTER}",
        f"发自我的iPhone\n\n{HEAD}{LETTER}",
        f"On Fri, 20 Nov 2026 at 10:05, IT <desk@corp.test> wrote:\n\n{MARKED}",
        f"On Fri, 20 Nov 2026 at 10:05 IT service desk\n<desk@corp.test> wrote:\n\n{MARKED}",
        f"在 2026-11-20 10:05:00，“IT” <desk@corp.test> 写道：\n\n{LETTER}",
        MARKED,
    ],
)
def test_history_alone_is_an_echo(text: str) -> None:
    assert is_echo(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "好了",
        "5",
        "发件人那一栏是空的，怎么办？",
        "主题：打印机卡纸",
        f"还是不行\n{MARKED}",
        f"{MARKED}\n还是不行",
        f"> 好了请回复“好了”\n还没好\n{MARKED}",
        f"---------- 转发的邮件 ----------\n{HEAD}{LETTER}",
        f"---------- Forwarded message ---------\nFrom: IT\nSubject: x\n\n{LETTER}",
        "在 16:30 的日志里写到：\nerror 0x80070005",
        "-----原始邮件-----\n这一行是我写的",
        "张敏 写道：\n我这里还是不行",
        LETTER,
    ],
)
def test_what_somebody_may_have_written_is_none(text: str) -> None:
    assert not is_echo(text)
