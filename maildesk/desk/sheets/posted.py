"""What is a letter of ours called in an archive, how did it fare, and why, in the reader's words?

Kinds and reasons are kept as keys and plain English, as `maildesk explain` tells them; here they
are said in Chinese as well. A server's own words stay as they came.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from maildesk.desk.label import Label

LETTERS: Mapping[str, Label] = {
    "absent": Label("待转派", "tickets of somebody away"),
    "ack": Label("受理通知", "acknowledgement"),
    "answer": Label("来信转达", "answer passed on"),
    "approval": Label("请审批", "request for approval"),
    "breaker": Label("自动邮件暂停通知", "automatic letters paused"),
    "clarify": Label("询问是否解决", "asked whether it is solved"),
    "closed": Label("结单通知", "closing"),
    "code": Label("验证码", "one-time code"),
    "digest": Label("今日待办", "daily digest"),
    "dispatch": Label("派单", "dispatch"),
    "doorstep": Label("外部来信清单", "mails of strangers"),
    "encrypted": Label("请重发未加密的邮件", "encrypted mail, asked for again"),
    "escalation": Label("升级待确认", "escalation to decide"),
    "held": Label("邮件暂留通知", "mail held back"),
    "help": Label("命令一览", "list of orders"),
    "known": Label("已知故障", "known outage"),
    "low_rating": Label("低分待回访", "low rating to follow up"),
    "merged": Label("并单通知", "merging"),
    "missed": Label("超时通知", "missed limit"),
    "near": Label("即将超时提醒", "limit near"),
    "news": Label("进展通知", "news"),
    "outage": Label("疑似同一故障", "possible outage"),
    "plan": Label("方案待批", "plan to approve"),
    "progress": Label("处理进展", "progress"),
    "quarantine": Label("无法读取的来信", "mail in quarantine"),
    "question": Label("请补充", "question"),
    "rejected": Label("不受理通知", "not accepted"),
    "reminder": Label("提醒", "reminder"),
    "reminders": Label("合并提醒", "reminder of several tickets"),
    "report": Label("报告", "report"),
    "silent": Label("请更新进展", "asked for news"),
    "solved": Label("请确认", "solved, please confirm"),
    "status": Label("状态答复", "status"),
    "survey": Label("请评价", "survey"),
    "too_large": Label("邮件过大通知", "mail too large"),
    "transcript": Label("命令执行结果", "what orders did"),
    "unassigned": Label("待派单", "ticket nobody has"),
    "unproved": Label("请核实来信", "mail not proved"),
    "urgent": Label("紧急通知", "urgent"),
    "vendor": Label("请厂商协助", "third party asked for help"),
    "verdict": Label("审批答复", "about a decision"),
    "whose": Label("请补充提报人", "asked for whom it is"),
}

STATES: Mapping[str, Label] = {
    "accepted": Label("已发出", "sent"),
    "queued": Label("待发", "queued"),
    "sending": Label("发送中", "being sent"),
    "unknown": Label("不确定是否送达", "perhaps sent"),
    "withheld": Label("未发", "withheld"),
    "superseded": Label("已作废", "superseded"),
    "refused": Label("被拒收", "refused"),
    "dead": Label("未送达", "not delivered"),
}


def name_letter(kind: str) -> Label:
    """What people call that kind of letter."""
    return LETTERS.get(kind, Label(kind, kind))


def say_reason(reason: str) -> Label:
    """Why something did not happen; words we do not know are said as they stand."""
    for pattern, said in _REASONS:
        found = pattern.fullmatch(reason)
        if found is not None:
            return Label(said.format(*found.groups()), reason)
    return Label(reason, reason)


_REASONS = tuple(
    (re.compile(english, re.DOTALL), chinese)
    for english, chinese in (
        (
            r"brake: (\d+) automatic letters to this address within the hour, (\d+) are allowed",
            "一小时内发给此地址的自动邮件已有 {} 封，上限 {} 封",
        ),
        (
            r"brake: (\d+) automatic letters about this ticket within a day, (\d+) are allowed",
            "一天内此单的自动邮件已有 {} 封，上限 {} 封",
        ),
        (
            r"unreachable: letters to this address have come back since (\S+ \S+) \((.*)\); "
            r"automatic ones pause until (\S+ \S+)",
            "此地址自 {} 起退信（{}），自动邮件暂停到 {}",
        ),
        ("it is too old to be of use", "过期作废"),
        ("somebody has responded meanwhile, or it waits", "已有人响应，或工单在等待"),
        ("it is solved, or waits", "已解决，或在等待"),
        ("somebody has it meanwhile", "已有人接单"),
        ("it waits for no confirmation any more", "已不需要确认"),
        ("it does not wait for its requester any more", "已不再等用户补充"),
        ("somebody has followed it up meanwhile", "已回访"),
        ("it is rated meanwhile, or goes on", "已评价，或重新处理"),
        ("taken back by its author", "作者已撤回"),
        ("its reader is no longer staff", "收件人已不在服务台"),
        (r"answered meanwhile: all it names", "所列工单均已答复"),
        (r"answered meanwhile: all it names; \d+ others are told anew", "已答复，其余另行提醒"),
        (r"answered meanwhile: ([^;]*)", "{} 已答复"),
        (
            r"answered meanwhile: ([^;]*); (\d+) others are told anew",
            "{} 已答复，其余 {} 单另行提醒",
        ),
        (r"given up after five days\. (.*)", "五天未送达，不再重试。{}"),
        ("the process that was sending it ended", "发送时程序中断"),
        (r"reminded \d+ times already: more letters would change nothing", "提醒次数已满"),
        ("reminded already", "已提醒过"),
        (r"(\S+) does not read answers", "{} 不收回复"),
        (r"letters to (\S+) come back", "发给 {} 的邮件被退回"),
        ("nothing shows who wrote it", "无法证实是谁写的"),
        ("servers say that somebody else wrote it", "邮件服务器判定为冒名"),
        ("the border says that somebody else wrote it", "邮件服务器判定为冒名"),
        ("somebody else was asked for his approval", "审批人另有其人"),
        ("nobody approves his own request", "不能审批自己的申请"),
        (
            "he is not in the people list any more; the lead is told when the time has passed",
            "已不在人员名单，到期后通知组长",
        ),
    )
)
