"""The orders around a decision: to ask for more weight, to agree, to approve (M5, F7).

What they do is `verdicts`' business. None counts without its number sign: 同意 is said to
requesters every day.
"""

from __future__ import annotations

from maildesk.desk.orders.order import Argument, Order, OrderSpec

DECISIONS: tuple[OrderSpec, ...] = (
    OrderSpec(
        Order.ESCALATE,
        ("升级", "申请升级", "请求升级"),
        ("escalate", "escalation"),
        "#升级 数据库主机宕机｜需要存储厂商到场",
        "#escalate database host down / storage vendor needed on site",
        "请组长决定是否升级：原因｜所需支持，可再加｜现状",
        "Asks the lead to escalate: reason / support needed, and / how it stands",
        Argument.TEXT,
        required=True,
        block=True,
    ),
    OrderSpec(
        Order.AGREE,
        ("同意升级", "升级给", "批准升级"),
        ("agree", "agreed", "escalate to"),
        "#同意升级 王强",
        "#agree Wang Qiang",
        "组长：同意升级并指定负责人；厂商写名称和邮箱或电话",
        "Lead: escalates, and names the owner; a vendor by name and address or phone",
        Argument.PERSON,
    ),
    OrderSpec(
        Order.DECLINE,
        ("暂不升级", "不升级", "不同意升级"),
        ("decline", "do not escalate"),
        "#暂不升级 先换备机观察",
        "#decline try the spare machine first",
        "组长：暂不升级，写原因",
        "Lead: does not escalate; say why",
        Argument.TEXT,
        required=True,
    ),
    OrderSpec(
        Order.APPROVE,
        ("批准", "同意", "批准方案"),
        ("approve", "approved"),
        "#批准",
        "#approve",
        "组长：批准方案或申请；条件写在后面",
        "Lead: approves a plan or a request; a condition may follow",
        Argument.TEXT,
    ),
    OrderSpec(
        Order.DISAPPROVE,
        ("不批准", "不同意", "不批准方案"),
        ("disapprove", "not approved"),
        "#不批准 请补充回退方案",
        "#disapprove add a way back",
        "组长：不批准，写原因",
        "Lead: does not approve; say why",
        Argument.TEXT,
        required=True,
    ),
)
