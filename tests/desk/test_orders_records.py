"""A recording order's text: on its line, or below it up to the next order, and for no reader."""

from __future__ import annotations

import pytest

from maildesk.desk.orders.records import RECORDING
from maildesk.desk.orders.script import Doubt, read_script
from maildesk.desk.orders.table import Order, OrderSpec
from maildesk.desk.staff.records import FIELDS, LABELS, list_records

BLOCKS = tuple(spec for spec in RECORDING if spec.block)


@pytest.mark.parametrize("spec", BLOCKS, ids=lambda spec: spec.order.value)
def test_the_lines_below_are_its_text_when_its_own_line_holds_none(spec: OrderSpec) -> None:
    for word in (spec.words[0], spec.english[0]):
        script = read_script(f"#{word}\n\n第一步\n\n第二步\n\n#已解决\n请再试一次。")
        assert not script.held
        assert [(line.argument, line.raw) for line in script.orders] == [
            ("第一步\n\n第二步", f"#{word}"),
            ("", "#已解决"),
        ]
        assert script.words == "请再试一次。"


def test_words_below_a_text_on_the_line_are_for_the_reader() -> None:
    script = read_script("#根因 证书过期\n证书已更换，请再试。")
    assert [line.argument for line in script.orders] == ["证书过期"]
    assert script.words == "证书已更换，请再试。"


def test_what_stands_above_stays_for_the_reader() -> None:
    script = read_script("证书已更换，请再试。\n\n#根因\n证书过期\n无人登记到期日\n")
    assert [line.argument for line in script.orders] == ["证书过期\n无人登记到期日"]
    assert script.words == "证书已更换，请再试。"


def test_several_texts_follow_each_other() -> None:
    script = read_script("#根因\n证书过期\n#预防\n到期前告警\n#经验\n要登记")
    assert [(line.order, line.argument) for line in script.orders] == [
        (Order.CAUSE, "证书过期"),
        (Order.PREVENT, "到期前告警"),
        (Order.LESSON, "要登记"),
    ]
    assert script.words == ""


@pytest.mark.parametrize("text", ["#根因", "#根因\n\n", "#根因：\n#已解决\n都好了", "#cause\n\n"])
def test_an_order_without_any_text_holds_the_mail(text: str) -> None:
    assert [doubt.why for doubt in read_script(text).suspects] == [Doubt.NO_ARGUMENT]


def test_an_order_inside_the_text_holds_the_mail() -> None:
    script = read_script("#根因\n证书过期，见 #已解决 的单\n")
    assert [doubt.why for doubt in script.suspects] == [Doubt.EMBEDDED]


@pytest.mark.parametrize("line", ["根因", "原因", "知识库", "经验", "lesson", "template"])
def test_a_heading_is_no_order(line: str) -> None:
    script = read_script(f"{line}\n证书过期，已更换。")
    assert not script.orders
    assert script.words.startswith(line)


def test_every_recording_order_has_its_field_and_every_field_its_name() -> None:
    assert set(FIELDS) == {spec.order for spec in RECORDING} - {Order.PUBLISH}
    assert set(FIELDS.values()) <= set(LABELS)


def test_records_read_in_both_languages() -> None:
    fields = {"cause": "证书过期", "knowledge": "1", "wished": "周五"}
    assert list_records(fields, "zh-CN") == ("根因：证书过期", "知识库：待收入")
    assert list_records(fields, "en") == ("Root cause: 证书过期", "Knowledge base: to be put in")
