"""Words that others will read name nobody, and stay as they are else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.desk.knowledge.anonymity import leave_out_people

NAMES = ("张敏", "Liu Yang", "王", "")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("我是财务部张敏，打印机卡纸。", "我是财务部某同事，打印机卡纸。"),
        ("张敏 分机8123，急", "某同事 分机…，急"),
        ("电话：010-88886666", "电话：…"),
        ("回电 13800138000 谢谢", "回电 … 谢谢"),
        ("手机号是 138 0013 8000", "手机号是 …"),
        ("发到 zhang.min@corp.test 即可", "发到 … 即可"),
        ("Ask Liu Yang, ext. 8005", "Ask a colleague, ext. …"),
        ("liu yang's printer", "a colleague's printer"),
        ("王码输入法装不上", "王码输入法装不上"),
        ("Liuyang station", "Liuyang station"),
        ("错误 0x80070005，端口 8080", "错误 0x80070005，端口 8080"),
        ("单号 IT-20261120-0001", "单号 IT-20261120-0001"),
        ("192.168.100.12 连不上", "192.168.100.12 连不上"),
        ("张敏您好，\n换好了。", "换好了。"),
        ("Hello Liu Yang,\nplease retry.", "please retry."),
        ("highlight is gone", "highlight is gone"),
        ("", ""),
    ],
)
def test_people_are_left_out_and_nothing_else(text: str, left: str) -> None:
    assert leave_out_people(text, NAMES) == left


@given(st.text(max_size=120))
def test_no_name_is_left(text: str) -> None:
    assert "张敏" not in leave_out_people(f"{text}张敏{text}", NAMES)
