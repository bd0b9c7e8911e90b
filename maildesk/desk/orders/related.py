"""The orders that relate tickets to each other: merged, split, under the main one of an outage."""

from __future__ import annotations

from maildesk.desk.orders.order import Argument, Order, OrderSpec

RELATING: tuple[OrderSpec, ...] = (
    OrderSpec(
        Order.MERGE,
        ("合并", "合并到", "并单", "并入"),
        ("merge", "merge into", "duplicate", "duplicate of"),
        "#合并 IT-20261120-0001",
        "#merge IT-20261120-0001",
        "把此单并入写明的单；此单结束，用户改看那一张",
        "This ticket goes into that one and is over; its requester is told",
        Argument.TICKET,
        True,
    ),
    OrderSpec(
        Order.SPLIT,
        ("拆分", "拆单"),
        ("split", "split off"),
        "#拆分 显示器闪屏",
        "#split flickering screen",
        "回复用户来信时用：这封来信另开新单，可写标题",
        "Answering a requester's mail: that mail becomes a ticket of its own",
        Argument.TEXT,
    ),
    OrderSpec(
        Order.PARENT,
        ("主单", "主工单"),
        ("parent", "master"),
        "#主单 IT-20261120-0001",
        "#parent IT-20261120-0001",
        "归到同一故障的主单下；不写单号，此单作主单；写“无”取消",
        "Under the main ticket of an outage; alone: this is it; “none” ends it",
        Argument.TICKET,
    ),
)
