"""Orders that are known but not carried out yet: nobody is told that he misspelt them.

When one of them is built, its entry moves to `table`.
"""

from __future__ import annotations

from maildesk.desk.orders.order import Argument, Order, OrderSpec

LATER: tuple[OrderSpec, ...] = (
    OrderSpec(
        Order.ESCALATE,
        ("升级", "申请升级"),
        ("escalate", "escalation"),
        "#升级 数据库主机宕机｜需要存储厂商到场",
        "#escalate database host down | storage vendor needed on site",
        "申请升级：原因｜所需支持",
        "Asks for escalation: reason | support needed",
        Argument.TEXT,
        True,
        False,
    ),
    OrderSpec(
        Order.AGREE,
        ("同意升级",),
        ("agree",),
        "#同意升级 王强",
        "#agree Wang Qiang",
        "同意升级并指定负责人",
        "Agrees to an escalation and names its owner",
        Argument.PERSON,
        built=False,
    ),
    OrderSpec(
        Order.DECLINE,
        ("暂不升级", "不升级"),
        ("decline",),
        "#暂不升级 先换备机观察",
        "#decline try the spare machine first",
        "暂不升级，写原因",
        "Does not escalate; say why",
        Argument.TEXT,
        True,
        False,
    ),
    OrderSpec(
        Order.APPROVE,
        ("批准", "同意"),
        ("approve", "approved"),
        "#批准",
        "#approve",
        "批准方案",
        "Approves the plan",
        Argument.TEXT,
        built=False,
    ),
    OrderSpec(
        Order.DISAPPROVE,
        ("不批准", "不同意"),
        ("disapprove", "not approved"),
        "#不批准 请补充回退方案",
        "#disapprove add a way back",
        "不批准方案，写原因",
        "Does not approve the plan; say why",
        Argument.TEXT,
        True,
        False,
    ),
)
