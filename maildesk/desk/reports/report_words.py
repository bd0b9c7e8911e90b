"""The words of a report beside its figures' names, in both languages.

What each figure is called and counts stands in `figure_words`.
"""

from __future__ import annotations

from collections.abc import Mapping

from maildesk.desk.label import Label
from maildesk.desk.reports.report import WaitingFor

WAITS: Mapping[WaitingFor, Label] = {
    "escalation": Label("升级待确认", "escalations to decide"),
    "plan": Label("方案待批准", "plans to approve"),
    "follow_up": Label("低分待回访", "low ratings to follow up"),
    "unassigned": Label("无人接单", "tickets nobody has"),
}

WORDS: Mapping[str, Label] = {
    "gone": Label(
        "这份报告已经转给阅读人，您这次的话没有再发，只留作记录",
        "this report has gone to its readers; your words were kept and sent to nobody",
    ),
    "too_large": Label(
        "附件超过 10 MB，没有转发；请去掉附件或改成链接，再回复一次",
        "your files have more than 10 MB together, so nothing was passed on; please answer again "
        "without them, or with a link",
    ),
    "pass_on": Label("转发报告给阅读人", "pass the report on to its readers"),
    "rated_by": Label("（{count} 人评价）", " ({count} rated)"),
    "and_more": Label(" 等", " …"),
    "nobody": Label("未分配", "nobody"),
    "untitled": Label("（无主题）", "(no subject)"),
    "rates": Label("关键比率", "Key rates"),
    "by_groups": Label("达标率（按组）", "Attainment by group"),
    "by_engineers": Label("达标率（按工程师）", "Attainment by engineer"),
    "by_note": Label(
        "条形为首次响应，其下为联系用户和解决；算法同上",
        "The bar is the response; contact and solution stand below. Counted as above",
    ),
    "brief_contact": Label("联系用户 {kept}", "contact {kept}"),
    "brief_solution": Label("解决 {kept}", "solution {kept}"),
    "ours": Label("其中 {count} 件因服务台系统停机", "{count} missed while the desk was down"),
    "ours_one": Label("服务台系统停机所致", "the desk itself was down"),
    "why": Label("原因：{why}", "reason: {why}"),
    "no_why": Label("未写原因", "no reason given"),
    "over_response": Label("响应超时{over}", "responded {over} late"),
    "over_contact": Label("联系用户超时{over}", "contacted {over} late"),
    "over_solution": Label("解决超时{over}", "solved {over} late"),
    "still_response": Label("超时{over}仍未响应", "no response, {over} late"),
    "still_contact": Label("超时{over}仍未联系用户", "not contacted, {over} late"),
    "still_solution": Label("超时{over}仍未解决", "not solved, {over} late"),
    "rest": Label("另有 {count} 件，见表格", "{count} more in the table"),
    "rest_lines": Label("另有 {count} 项，见表格", "{count} more in the table"),
    "times": Label("{title} {count} 次", "{title}: {count} times"),
    "overall": Label("总体", "Overall"),
    "score": Label("{score} 分", "{score} of 5"),
    "standing": Label("工单情况", "How it stands"),
    "find_cause": Label("，建议根因分析", "; worth a root-cause review"),
    "review": Label("流程复盘", "For the review of the process"),
    "review_note": Label(
        "供例会复盘：时限、返工、催单和反馈中值得看一看的地方",
        "Where time limits, rework, chases and feedback deserve a look",
    ),
    "review_unexplained": Label("超时未写原因", "Late without a reason"),
    "review_same_day": Label("当日未解决", "Not solved the same day"),
    "review_reopened": Label("解决后又重新处理", "Taken up again after solving"),
    "review_chased": Label("被催单", "Chased"),
    "review_by_policy": Label("未经用户确认结单", "Closed without the requester's word"),
    "review_overdue": Label("回访超时", "Follow-ups overdue"),
    "review_group": Label("{group}响应达标率偏低", "{group}: low response attainment"),
}  # fmt: skip
"""By key; `{…}` is filled in."""
