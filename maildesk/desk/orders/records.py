"""The orders that only write something down: root cause, solutions, lessons, the knowledge base.

Their text is internal whatever letter was answered. It stands on the order's line or, when nothing
does, on the lines below it up to the next order.
"""

from __future__ import annotations

from maildesk.desk.orders.order import Argument, Order, OrderSpec

RECORDING: tuple[OrderSpec, ...] = (
    OrderSpec(
        Order.CAUSE,
        ("根因", "原因", "根本原因"),
        ("cause", "root cause", "rootcause"),
        "#根因 证书过期",
        "#cause the certificate had expired",
        "记录根因，只存档，不发给用户",
        "Records the root cause; it is never sent",
        Argument.TEXT,
        True,
        block=True,
    ),
    OrderSpec(
        Order.INTERIM,
        ("临时方案", "临时措施"),
        ("interim", "workaround"),
        "#临时方案 先用网页版",
        "#interim use the web version",
        "记录临时方案，只存档，不发给用户",
        "Records the interim solution; it is never sent",
        Argument.TEXT,
        True,
        block=True,
    ),
    OrderSpec(
        Order.PERMANENT,
        ("永久方案", "永久措施"),
        ("permanent",),
        "#永久方案 更换证书",
        "#permanent replace the certificate",
        "记录永久方案，只存档，不发给用户",
        "Records the permanent solution; it is never sent",
        Argument.TEXT,
        True,
        block=True,
    ),
    OrderSpec(
        Order.PREVENT,
        ("预防", "预防措施"),
        ("prevent", "prevention"),
        "#预防 到期前30天告警",
        "#prevent alarm 30 days before expiry",
        "记录预防措施，只存档，不发给用户",
        "Records how to prevent it; it is never sent",
        Argument.TEXT,
        True,
        block=True,
    ),
    OrderSpec(
        Order.LESSON,
        ("经验", "经验总结"),
        ("lesson", "lesson learnt"),
        "#经验 证书要登记到期日",
        "#lesson write expiry dates down",
        "记录经验，只存档，不发给用户",
        "Records a lesson learnt; it is never sent",
        Argument.TEXT,
        True,
        block=True,
    ),
    OrderSpec(
        Order.REVIEW,
        ("复核", "复核意见"),
        ("review", "reviewed"),
        "#复核 处理得当，补上监控",
        "#review well handled, add an alarm",
        "组长：记录复核意见，只存档，不发给用户",
        "Lead: records a review of the ticket; it is never sent",
        Argument.TEXT,
        True,
        block=True,
    ),
    OrderSpec(
        Order.KB,
        ("知识库", "入库"),
        ("kb", "knowledge"),
        "#知识库 VPN 证书过期怎么办",
        "#kb What to do when the VPN certificate has expired",
        "按此单写一篇知识库草稿；标题可写可不写",
        "Makes a draft article of this ticket; a title if you like",
        Argument.TEXT,
    ),
    OrderSpec(
        Order.PUBLISH,
        ("发布", "发布知识", "知识发布"),
        ("publish",),
        "#发布",
        "#publish",
        "发布此单的知识库草稿，供大家查到；写上编号则任何信都行",
        "Publishes this ticket's draft for all to find; with a number, in any mail",
        Argument.ARTICLE,
    ),
)
