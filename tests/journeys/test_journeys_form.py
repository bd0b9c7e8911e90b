"""A form in a mail fills the ticket; a vague mail is asked, once, in its acknowledgement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from builders import profile, raw_mail
from thread import (
    FAILED,
    LIU,
    UNPROVED,
    ZHANG,
    engineer_answers,
    event_kinds,
    kinds,
    last_letter,
    open_desk,
    open_ticket,
    read,
    requester_answers,
    ticket,
    write,
)
from worlds import World

from maildesk.desk.label import Label
from maildesk.desk.policy import Outside, Scope

MakeWorld = Callable[..., World]

FORM = (
    "您好，打印机卡纸了。\n部门：市场部\n联系电话：13800138000\n发生时间：今天 9:30\n"
    "影响范围：整个三楼\n严重程度：严重\n已尝试：重启、换纸\n谢谢\n"
)


def _head(world: World) -> str:
    return read(last_letter(world, ZHANG))


def test_labelled_lines_fill_the_tickets_fields_and_the_list_says_who_he_is(
    make_world: MakeWorld,
) -> None:
    world = open_desk(make_world)
    open_ticket(world, text=FORM)
    row = ticket(world)
    fields = row["fields"]
    assert fields["contact"] == "13800138000"
    assert fields["occurred"] == "今天 9:30"
    assert fields["scope"] == "整个三楼"
    assert fields["tried"] == "重启、换纸"
    # The people list has 财务部 for her (R2); what she states is kept beside it.
    assert row["department"] == "财务部"
    assert fields["department"] == "市场部"


def test_severity_stands_beside_the_priority_and_moves_nothing(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_ticket(world, text=FORM + "十万火急，ASAP！紧急!!!\n")
    open_ticket(world, message_id="plain@corp.test", text="打印机卡纸了，整个三楼。\n")
    stated, plain = ticket(world), ticket(world, "IT-20261120-0002")
    assert stated["severity"] == profile().severities[0].key
    assert plain["severity"] is None
    assert stated["priority"] == plain["priority"] != "urgent"


def test_the_acknowledgement_repeats_what_was_recorded(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_ticket(world, text=FORM)
    text = _head(world)
    assert "硬件故障｜" in text
    assert "影响：整个三楼" in text
    assert "联系电话：13800138000" in text
    assert "您注明：严重" in text
    assert "8000" in text
    assert "以上登记有误" in text


def test_the_engineer_gets_the_form(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_ticket(world, text=FORM)
    text = read(last_letter(world, LIU))
    assert "电话 13800138000" in text
    assert "发生时间：今天 9:30" in text
    assert "影响范围：整个三楼" in text
    assert "asked" not in text


def test_the_engineer_sees_what_is_asked_already_and_which_day_a_wish_means(
    make_world: MakeWorld,
) -> None:
    world = open_desk(make_world)
    open_ticket(world, subject="电脑坏了", text="麻烦看一下，周三前修好\n")
    text = read(last_letter(world, LIU))
    assert "期望完成时间：周三前 → 周三（11月25日）18:00" in text
    assert "已在受理通知里问用户：" in text


def test_a_forger_fills_in_nothing(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    world.receive(raw_mail(text=FORM, headers=FAILED))
    row = ticket(world)
    assert not row["fields"]
    assert row["severity"] is None
    assert "13800138000" not in "".join(
        read(letter).split("您好，打印机卡纸了")[0] for letter in world.transport.letters(LIU.key)
    )


def test_quoted_forms_are_nobodys(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    quoted = "-----原始邮件-----\n发件人: x@corp.test\n\n部门：人事部\n电话：9999\n"
    open_ticket(world, text=f"打印机卡纸了，请看一下。\n\n{quoted}")
    assert not ticket(world)["fields"]


def test_a_wish_later_than_the_limit_is_noted_and_an_earlier_one_not_promised(
    make_world: MakeWorld,
) -> None:
    world = open_desk(make_world)
    open_ticket(world, text="打印机卡纸了，下周五前修好就行。\n")
    assert "您希望" in _head(world)
    assert "已记下" in _head(world)
    assert ticket(world)["fields"]["wished_at"].startswith("2026-11-27")
    open_ticket(
        world,
        message_id="soon@corp.test",
        text="打印机卡纸了。\n期望完成时间：今天 10:20\n",
    )
    assert "不一定来得及" in _head(world)
    assert "前" in _head(world).split("不一定来得及")[1].splitlines()[0]


def test_a_vague_mail_is_asked_at_most_two_questions_in_its_acknowledgement(
    make_world: MakeWorld,
) -> None:
    world = open_desk(make_world)
    open_ticket(world, subject="电脑", text="帮我看一下，谢谢\n")
    assert kinds(world, ZHANG.key) == ["ack"]
    letter = last_letter(world, ZHANG)
    assert letter["Subject"].startswith("【请补充】电脑")
    text = read(letter)
    assert "IT-20261120-0001" in text
    assert "前联系您" in text
    assert "1. " in text
    assert "2. " in text
    assert "3. " not in text
    assert ticket(world)["fields"]["asked"].count(",") == 1


def test_the_question_neither_pauses_the_clock_nor_counts_as_a_response(
    make_world: MakeWorld,
) -> None:
    world = open_desk(make_world)
    open_ticket(world, subject="电脑", text="帮我看一下，谢谢\n")
    open_ticket(world, message_id="clear@corp.test", text="打印机卡纸了，三楼那台。\n")
    vague, clear = ticket(world), ticket(world, "IT-20261120-0002")
    assert vague["responded_at"] is None
    assert vague["waiting"] == "none"
    assert vague["state"] == clear["state"]
    assert not vague["pauses"]
    assert vague["response_due"] == clear["response_due"]


@pytest.mark.parametrize(
    "given",
    [
        {"attachment": ("screen.png", bytes(range(256)) * 40)},
        {"text": "全公司断网了\n"},
        {"text": "三楼的打印机卡纸了，重启过没用\n"},
        {"headers": ("Auto-Submitted: auto-generated",)},
    ],
)
def test_nobody_is_asked_with_a_picture_when_urgent_when_clear_or_a_machine(
    make_world: MakeWorld, given: dict[str, object]
) -> None:
    world = open_desk(make_world)
    open_ticket(world, **{"subject": "电脑", "text": "帮我看一下，谢谢\n", **given})
    assert "请补充" not in "".join(
        str(letter["Subject"]) for letter in world.transport.letters(ZHANG.key)
    )
    assert "asked" not in (ticket(world)["fields"] or {})


def test_staff_who_enter_a_vague_request_are_not_asked_and_neither_is_its_requester(
    make_world: MakeWorld,
) -> None:
    world = open_desk(make_world)
    write(world, LIU, "#代提 张敏\n电脑\n", subject="电脑")
    assert kinds(world, ZHANG.key) == ["ack"]
    assert "请补充" not in str(last_letter(world, ZHANG)["Subject"])


def test_an_answer_fills_the_fields_once_and_the_engineer_gets_one_letter(
    make_world: MakeWorld,
) -> None:
    world = open_desk(make_world)
    open_ticket(world, subject="电脑", text="帮我看一下，谢谢\n")
    before = len(kinds(world, LIU.key))
    requester_answers(world, "ack", "1. 开机蓝屏，代码 0x7E 2. 就我这台\n")
    row = ticket(world)
    assert row["fields"]["error"] == "开机蓝屏，代码 0x7E"
    assert row["fields"]["scope"] == "就我这台"
    assert "answered" in event_kinds(world)
    assert kinds(world, LIU.key, before) == ["answer"]
    assert "影响范围：就我这台" in read(last_letter(world, LIU))
    assert kinds(world, ZHANG.key) == ["ack"]
    requester_answers(world, "ack", "还有什么要补充的吗\n")
    assert kinds(world, ZHANG.key) == ["ack"]


def test_a_free_answer_goes_to_the_first_question(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_ticket(world, subject="电脑", text="帮我看一下，谢谢\n")
    requester_answers(world, "ack", "显示器提示无信号，灯是黄的\n")
    fields = ticket(world)["fields"]
    assert fields["error"] == "显示器提示无信号，灯是黄的"
    assert "scope" not in fields


def test_the_rules_judge_anew_with_the_answer_while_nobody_has_worked_on_it(
    make_world: MakeWorld,
) -> None:
    world = open_desk(make_world)
    open_ticket(world, subject="电脑", text="帮我看一下，谢谢\n")
    before = ticket(world)
    requester_answers(world, "ack", "1. VPN 连不上，提示网络超时，wifi 也连不上网 2. 就我\n")
    after = ticket(world)
    assert before["category"] != "network"
    assert after["category"] == "network"
    assert after["assignee_id"] == before["assignee_id"]
    assert "category" in event_kinds(world)
    assert "→ 网络异常" in read(last_letter(world, LIU))


def test_a_business_card_below_a_yes_corrects_nothing(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_ticket(world, subject="打印机坏了", text="卡纸，报错 13.A1，只有我。\n联系方式：8123\n")
    engineer_answers(world, "dispatch", "#已解决\n换好了，请试试。\n")
    requester_answers(world, "solved", "好了\n\n张敏\n某某有限公司\n电话：021-5555 8005\n")
    assert ticket(world)["state"] in ("solved", "closed")
    assert ticket(world)["fields"]["contact"] == "8123"


def test_an_answer_that_it_is_wider_raises_the_priority_with_all_that_follows(
    make_world: MakeWorld,
) -> None:
    world = open_desk(make_world)
    open_ticket(world, subject="电脑坏了", text="电脑用不了，麻烦看看\n")
    before = ticket(world)
    requester_answers(world, "ack", "1. 提示网络断开 2. 现在整个部门都上不了网了\n")
    after = ticket(world)
    assert before["priority"] == "medium"
    assert after["priority"] in ("high", "urgent")
    assert after["response_due"] < before["response_due"]
    assert "scope_grew" in event_kinds(world)
    assert after["fields"]["scope"] == "现在整个部门都上不了网了"


@pytest.mark.parametrize(
    ("words", "impact", "said"),
    [
        ("打印机卡纸，报错 13.A1，只有我这台这样\n", "person", "｜影响：个人"),
        ("我们财务部整个部门都打不了，报错 13.A1\n", "department", "｜影响：部门或多人"),
        ("打印机卡纸，报错 13.A1，今天开始的\n", None, "故障申报\n"),
    ],
)
def test_who_is_affected_is_heard_in_plain_words_and_repeated(
    make_world: MakeWorld, words: str, impact: str | None, said: str
) -> None:
    world = open_desk(make_world)
    open_ticket(world, text=words)
    assert ticket(world)["impact"] == impact
    assert said in _head(world)


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("", "电脑蓝屏了，急"),
        ("在吗", "电脑蓝屏了，急"),
        ("您好！", "电脑蓝屏了，急"),
        ("电脑坏了", "电脑坏了"),
    ],
)
def test_a_subject_that_says_nothing_is_no_title(
    make_world: MakeWorld, subject: str, title: str
) -> None:
    world = open_desk(make_world)
    open_ticket(world, subject=subject, text="您好，\n电脑蓝屏了，急\n只有我这台\n")
    assert ticket(world)["title"] == title
    assert str(last_letter(world, ZHANG)["Subject"]).endswith(f"{title} [IT-20261120-0001]")


def test_who_is_affected_grows_with_what_the_requester_says_and_never_shrinks(
    make_world: MakeWorld,
) -> None:
    world = open_desk(make_world)
    open_ticket(world, text="打印机卡纸，报错 13.A1，只有我这台这样\n")
    requester_answers(world, "ack", "现在整个财务部都打不了了！\n")
    assert ticket(world)["impact"] == "department"
    requester_answers(world, "ack", "全公司都上不了网了！\n")
    assert ticket(world)["impact"] == "company"
    requester_answers(world, "ack", "现在整个财务部都打不了了！\n")
    assert ticket(world)["impact"] == "company"


def test_once_somebody_has_answered_the_judgement_is_his(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_ticket(world, subject="电脑", text="帮我看一下，谢谢\n")
    engineer_answers(world, "dispatch", "我下午过来看看。\n")
    before = ticket(world)["category"]
    requester_answers(world, "ack", "1. VPN 连不上，提示网络超时 2. 就我\n")
    assert ticket(world)["category"] == before
    assert ticket(world)["fields"]["scope"] == "就我"


def test_a_disputed_category_is_corrected_and_a_new_phone_number_recorded(
    make_world: MakeWorld,
) -> None:
    world = open_desk(make_world)
    open_ticket(world)
    requester_answers(world, "ack", "分类不对，是网络问题，VPN 连不上。电话改成 8456\n")
    row = ticket(world)
    assert row["category"] == "network"
    assert row["fields"]["contact"] == "8456"
    engineer_answers(world, "dispatch", "#转派 陈晨\n")
    assert "电话 8456" in read(world.transport.letters("chen@corp.test")[-1])


def test_unproved_words_correct_nothing(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_ticket(world)
    write(
        world,
        ZHANG,
        "电话改成 8456，分类不对，是网络问题\n",
        border=UNPROVED,
        subject="Re: [IT-20261120-0001]",
    )
    row = ticket(world)
    assert row["category"] == "hardware"
    assert not row["fields"]


def test_what_is_outside_the_scope_is_told_where_to_go_and_refused_nothing(
    make_world: MakeWorld,
) -> None:
    world = open_desk(make_world)
    open_ticket(world, subject="空调不制冷", text="三楼办公室的空调不制冷，麻烦看一下\n")
    text = _head(world)
    assert "请联系行政服务台。" in text
    assert "如仍需 IT 协助，请回复说明" in text
    row = ticket(world)
    assert row["state"] in ("new", "unassigned")
    assert row["tags"] == ["outside"]
    assert row["group_key"] == "desk"


def test_what_a_rule_is_sure_of_is_never_taken_for_outside(make_world: MakeWorld) -> None:
    where = Label("找行政部", "Ask Facilities")
    scope = Scope(outside=(Outside("printer", ("打印机",), where),))
    calm = replace(profile(), scope=scope, unassigned_after_minutes=100_000)
    world = open_desk(make_world, profile=calm)
    open_ticket(world)
    assert not ticket(world)["tags"]
    assert "找行政部" not in _head(world)


def test_an_english_requester_is_asked_in_english(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_ticket(world, subject="laptop", text="Please help, thanks\n")
    letter = last_letter(world, ZHANG)
    assert str(letter["Subject"]).startswith("[More details please] laptop")
    assert "We need two more details" in read(letter)
