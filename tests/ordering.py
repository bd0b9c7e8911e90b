"""Every order in both languages, and all it does to a ticket its engineer has just been given.

A table for the tests of orders and of undoing them, with what they compare: the ticket's row, who
takes part, which letters were written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from builders import NOW
from thread import CHEN, LIU, PEOPLE, ZHANG, open_ticket, ticket
from worlds import World

from maildesk.desk.person import Person

LIMING = Person("李明", ("liming@corp.test",), department="市场部")
LINAS = (
    Person("李娜", ("lina@corp.test",), staff_number="F001", department="财务部"),
    Person("李娜", ("lina2@corp.test",), staff_number="M002", department="市场部"),
)
EVERYBODY = (*PEOPLE, LIMING, *LINAS)
ANSWERED = NOW + timedelta(minutes=5)  # when the first answer of a ticket comes
VENDOR = "tom@vendor.test"


@dataclass(frozen=True)
class Case:
    """An order in both languages, and everything it does to a ticket 刘洋 has just been given."""

    chinese: str
    english: str
    changed: dict[str, Any]
    event: str
    letters: tuple[tuple[str, str], ...] = ()
    words: str = ""
    first: str = ""  # what he ordered before


def at(hour: int, minute: int, day: int = 20) -> int:
    """A time of the day of NOW in Shanghai, as the database keeps it."""
    return micros(datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=8))


def micros(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


NOW_ISH = "the moment of the order"
SOMEBODY = "somebody else"
WRITTEN = "what the order says"
TO_ZHANG = ZHANG.key
CASES = (
    Case(
        *("#接单", "#start", {"state": "in_progress", "responded_at": NOW_ISH}, "changed"),
    ),
    Case("#内部 账号被锁三次", "#note locked three times", {}, "note"),
    Case(
        *("#已响应 10:02", "#contacted 10:02"),
        {"state": "in_progress", "responded_at": at(10, 2)},
        "contacted",
    ),
    Case("#已响应", "#called", {"state": "in_progress", "responded_at": NOW_ISH}, "contacted"),
    Case(
        *("#等用户", "#waiting"),
        {"state": "waiting_requester", "waiting": "requester", "responded_at": NOW_ISH},
        "relayed",
        (("question", TO_ZHANG),),
        "请问是哪一台打印机？",
    ),
    Case(
        *("#挂起 等备件", "#hold spare part"),
        {"state": "on_hold", "waiting": "third_party"},
        "on_hold",
    ),
    Case(
        *("#挂起 等备件", "#hold spare part"),
        {"state": "on_hold", "waiting": "third_party", "responded_at": NOW_ISH},
        "relayed",
        (("progress", TO_ZHANG),),
        "备件周一到，到了马上换。",
    ),
    Case(
        *("#恢复", "#resume"),
        {
            "state": "in_progress",
            "waiting": "none",
            "response_due": at(15, 35),  # it stood still for five minutes
            "solution_due": at(11, 5, 24),
        },
        "changed",
        first="#挂起 等备件",
    ),
    Case(
        *("#已解决", "#solved"),
        {
            "state": "to_confirm",
            "solved_at": NOW_ISH,
            "responded_at": NOW_ISH,
            "result": "solved",
        },
        "solved",
        (("solved", TO_ZHANG),),
        "已更换搓纸轮，请再打印一次。",
    ),
    Case(
        *("#用户已确认 电话 10:04", "#confirmed by phone 10:04"),
        {
            "state": "solved",
            "solved_at": NOW_ISH,
            "confirmed_at": NOW_ISH,
            "confirmed_by_id": SOMEBODY,
            "responded_at": NOW_ISH,
            "result": "solved",
        },
        "confirmed",
    ),
    Case(
        *("#转派 陈晨", "#assign chen@corp.test"),
        {"assignee_id": SOMEBODY},
        "assigned",
        (("dispatch", CHEN.key),),
    ),
    Case("#协办 陈晨", "#join NT002", {}, "joined", (("dispatch", CHEN.key),)),
    Case(
        *(f"#转厂商 华为 {VENDOR}", f"#vendor Huawei {VENDOR}"),
        {"state": "on_hold", "waiting": "third_party", "result": "external"},
        "to_vendor",
        (("vendor", VENDOR),),
        "请上门检修打印机。",
    ),
    Case(
        *("#转厂商 联想售后", "#vendor Lenovo"),
        {
            "state": "on_hold",
            "waiting": "third_party",
            "responded_at": NOW_ISH,
            "result": "external",
        },
        "to_vendor",
        (("progress", TO_ZHANG),),
        "已报厂家上门。",
    ),
    Case(
        *("#待跟进 下周三看日志", "#followup check the log"),
        {"state": "on_hold", "result": "follow_up"},
        "followup",
    ),
    Case(
        *("#预计 16:00", "#eta 16:00"),
        {"state": "in_progress", "eta_at": at(16, 0), "responded_at": NOW_ISH},
        "eta",
        (("progress", TO_ZHANG),),
    ),
    Case(
        *("#优先级 高", "#priority high"),
        # Two hours of work: 10:00 to 12:00. The numbers of minutes are the profile's.
        {
            "priority": "high",
            "response_due": at(12, 0),
            "contact_due": at(10, 30),
            "solution_due": at(10, 30, 23),
        },
        "priority",
    ),
    Case(
        *("#分类 网络异常", "#category network"),
        {"category": "network", "group_key": "network"},
        "category",
    ),
    Case(
        *("#代提 李明", "#onbehalf liming@corp.test"),
        {"requester_id": SOMEBODY, "department": "市场部"},
        "onbehalf",
        (("ack", LIMING.key), ("dispatch", LIU.key)),
    ),
    Case(
        *("#不受理", "#reject"),
        {"state": "rejected", "closed_at": NOW_ISH, "responded_at": NOW_ISH},
        "rejected",
        (("rejected", TO_ZHANG),),
        "办公家具请联系行政部，分机 8100。",
    ),
    Case("#垃圾", "#spam", {"state": "rejected", "closed_at": NOW_ISH}, "spam"),
    Case(
        *("#重开 用户来电说又断了", "#reopen it broke again"),
        {
            "state": "in_progress",
            "solved_at": None,
            "confirmed_at": None,
            "confirmed_by_id": None,
            "reopens": 1,
            "priority": "high",
            "result": None,
            "solution_due": at(10, 35, 23),
        },
        "reopened",
        first="#用户已确认 电话",
    ),
    Case("#超时原因 外出，16:50 返回", "#late out until 16:50", {}, "late_reason"),
    Case(
        *("#根因 搓纸轮磨损", "#cause worn roller"),
        {"fields": {"cause": WRITTEN}},
        "recorded",
    ),
    Case(
        *("#临时方案 先用二楼的", "#workaround use the one on floor 2"),
        {"fields": {"interim": WRITTEN}},
        "recorded",
    ),
    Case(
        *("#永久方案\n更换搓纸轮\n顺便清洁", "#permanent\nreplace the roller\nand clean it"),
        {"fields": {"permanent": WRITTEN}},
        "recorded",
    ),
    Case("#预防 每季度保养", "#prevent service", {"fields": {"prevention": WRITTEN}}, "recorded"),
    Case("#经验 备件要常备", "#lesson spares", {"fields": {"lesson": WRITTEN}}, "recorded"),
    Case("#知识库", "#kb", {"fields": {"knowledge": WRITTEN}}, "recorded"),
    Case("#发布", "#publish", {}, "published", first="#永久方案 更换搓纸轮\n#知识库"),
    Case(
        *("#模板 重置密码", "#snippet reset-password"),
        {"state": "in_progress", "responded_at": NOW_ISH},
        "relayed",
        (("progress", TO_ZHANG),),
    ),
    Case("#模板", "#snippet", {}, "ordered", (("transcript", LIU.key),)),
    Case("#状态", "#status", {}, "ordered", (("transcript", LIU.key),)),
    Case("#帮助", "#help", {}, "ordered", (("help", LIU.key),)),
)


def name_case(case: Case) -> str:
    return case.english + (" with words" if case.words else "")


def open_numbered(world: World, count: int = 1) -> None:
    open_ticket(world, message_id=f"open{count}@corp.test", subject=f"打印机卡纸 {count}")


def row_of(world: World, count: int = 1) -> dict[str, Any]:
    row = ticket(world, f"IT-20261120-{count:04d}")
    row.pop("updated_at")
    return row


def list_parts(world: World) -> list[Any]:
    return world.rows("SELECT * FROM participants ORDER BY ticket_id, person_id, role")


def list_letters(world: World, after: int) -> tuple[tuple[str, str], ...]:
    rows = world.rows(f"SELECT letter, address FROM outbox WHERE id > {after} ORDER BY id")
    return tuple((row.letter, row.address) for row in rows)


def count_letters(world: World) -> int:
    return int(world.value("SELECT coalesce(max(id), 0) FROM outbox"))
