"""What keeps coming back: alike titles of one category, enough of them, each once."""

from __future__ import annotations

import random
import time
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from builders import NOW, profile
from hypothesis import given
from hypothesis import strategies as st

from maildesk.desk.knowledge.repeats import Repeat, Solved, find_repeats, plan_repeats
from maildesk.desk.request.similar import group_alike

SHANGHAI = ZoneInfo("Asia/Shanghai")
JAMS = (
    "打印机卡纸",
    "三楼打印机又卡纸了",
    "打印机卡纸！",
    "RE: 打印机老是卡纸",
    "财务室打印机卡纸",
)
OTHERS = ("显示器不亮", "鼠标失灵", "键盘进水", "硬盘异响")


def solved(*titles: str, category: str = "hardware", first: int = 1) -> list[Solved]:
    return [
        Solved(at, f"IT-{at}", title, category, NOW + timedelta(hours=at))
        for at, title in enumerate(titles, first)
    ]


def test_five_alike_of_one_category_are_one_problem() -> None:
    found = find_repeats(solved(*OTHERS, *JAMS), 5)
    assert [item.title for item in found] == ["打印机卡纸"]
    assert [ticket.title for ticket in found[0].tickets] == list(JAMS)


@pytest.mark.parametrize("least", [0, 6])
def test_fewer_than_asked_for_are_none(least: int) -> None:
    assert find_repeats(solved(*JAMS), least) == ()


def test_other_categories_do_not_count_together() -> None:
    apart = solved(*JAMS[:3]) + solved(*JAMS[3:], category="software", first=10)
    assert find_repeats(apart, 5) == ()


def test_english_titles_are_alike_by_their_words() -> None:
    titles = ("VPN certificate expired", "vpn certificate has expired again", "VPN certificate")
    found = find_repeats(solved(*titles, "Printer jam"), 3)
    assert [len(item.tickets) for item in found] == [3]


def test_the_most_frequent_problem_comes_first() -> None:
    several = solved("VPN 证书过期", "VPN 证书又过期了", *JAMS)
    assert [len(item.tickets) for item in find_repeats(several, 2)] == [5, 2]


def test_no_chain_leads_from_one_fault_to_another() -> None:
    chain = ("打印机卡纸", "打印机卡纸，驱动报错", "驱动报错蓝屏", "蓝屏重启")
    assert all("蓝屏重启" not in {chain[at] for at in group} for group in group_alike(chain))


@given(st.lists(st.text(max_size=30), max_size=30))
def test_groups_share_nothing_and_hold_at_least_two(titles: list[str]) -> None:
    groups = group_alike(titles)
    places = [place for group in groups for place in group]
    assert len(places) == len(set(places))
    assert all(len(group) > 1 and list(group) == sorted(group) for group in groups)


def test_ten_thousand_tickets_take_well_under_a_second() -> None:
    chance = random.Random(7)
    things = (
        "打印机",
        "显示器",
        "VPN",
        "邮箱",
        "ERP",
        "投影仪",
        "电话",
        "共享盘",
        "门禁",
        "扫码枪",
    )
    faults = ("卡纸", "黑屏", "连不上", "登录失败", "证书过期", "没声音", "打不开", "很慢", "报错")
    titles = [
        f"{chance.choice(things)}{chance.choice(faults)}{chance.randrange(5000)}号"
        for _ in range(10_000)
    ]
    begun = time.process_time()
    find_repeats(solved(*titles), 5)
    assert time.process_time() - begun < 1.5  # 0.3 s alone


def test_the_digest_names_them_by_the_newest_and_says_where_else() -> None:
    repeat = find_repeats(solved(*JAMS), 5)
    section = plan_repeats(repeat, profile(), NOW + timedelta(hours=6), SHANGHAI, "zh-CN")[0]
    assert section.title == "反复出现，建议查根因（回复该单 #根因 …）"
    item = section.items[0]
    assert (item.number, item.title) == ("IT-5", "打印机卡纸")
    assert item.text == "硬件故障，同类已解决 5 件，最近一件今天 15:00；另有 IT-4、IT-3、IT-2 等"
    english = plan_repeats(repeat, profile(), NOW + timedelta(hours=6), SHANGHAI, "en")[0]
    assert english.items[0].text.startswith("Hardware, 5 alike solved, the last 15:00 today; also ")
    assert plan_repeats((), profile(), NOW, SHANGHAI, "en") == ()


def test_causes_already_recorded_are_told_once_each() -> None:
    items = solved(*JAMS)
    known = [
        Solved(item.id, item.number, item.title, item.category, item.solved, "纸潮")
        for item in items[:2]
    ]
    assert Repeat("hardware", (*known, *items[2:])).causes == ("纸潮",)
