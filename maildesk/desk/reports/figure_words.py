"""What each figure of a report is called and what it counts, in both languages.

The definition stands beside the figure wherever it is shown, so that nobody has to guess what was
counted. What the figures are `figures` knows.
"""

from __future__ import annotations

from dataclasses import dataclass

from maildesk.desk.label import Label


@dataclass(frozen=True, slots=True)
class Meaning:
    """A figure's name and its definition."""

    name: Label
    definition: Label


def _mean(zh: str, en: str, zh_definition: str, en_definition: str) -> Meaning:
    return Meaning(Label(zh, en), Label(zh_definition, en_definition))


MEANINGS: dict[str, Meaning] = {
    "opened": _mean(
        "新增", "New",
        "本期内收到的工单，按收到邮件的时间计。",
        "Tickets whose first mail came in the period.",
    ),
    "solved": _mean(
        "解决", "Solved",
        "本期内解决的工单，按最后一次解决的时间计；重新处理后尚未解决的不算。",
        "Tickets solved in the period, by the last time each was solved; not those taken up again "
        "and still open.",
    ),
    "closed": _mean(
        "结单", "Closed",
        "本期内结单的工单；不受理的和并入其他工单的不算。",
        "Tickets closed in the period; not those that were not accepted or merged into another.",
    ),
    "by_policy": _mean(
        "未经用户确认结单", "Closed without the requester's word",
        "结单中，用户一直没有答复、按规定自动结单的工单。",
        "Of the closed ones, those closed by rule because the requester never answered.",
    ),
    "rejected": _mean(
        "不受理", "Not accepted",
        "本期内不受理的工单和垃圾邮件。",
        "Tickets not accepted in the period, spam included.",
    ),
    "reopened": _mean(
        "重新处理", "Reopened",
        "本期内重新处理的次数：提交解决或结单之后，用户说没好，或工程师重开。",
        "How often in the period a solved ticket was taken up again, by the requester or by staff.",
    ),
    "chases": _mean(
        "催单", "Chases",
        "本期内用户催问进度的次数。",
        "How often in the period requesters asked how far it is.",
    ),
    "backlog": _mean(
        "未解决", "Open",
        "期末时还没有解决的工单，包括挂起和等用户补充的。",
        "Tickets not solved at the end of the period, those that wait included.",
    ),
    "ages": _mean(
        "未解决工单的时长", "Age of open tickets",
        "未解决工单从收到邮件到期末的时间，按自然日计。",
        "From the first mail to the end of the period, in days of the calendar.",
    ),
    "unassigned": _mean(
        "无人接单", "Nobody has it",
        "未解决工单中，目前没有处理人的。",
        "Open tickets that have no engineer now.",
    ),
    "unconfirmed": _mean(
        "待用户确认", "To be confirmed",
        "期末时已解决、还在等用户确认的工单。",
        "Solved tickets that waited for the requester's confirmation at the end of the period.",
    ),
    "response": _mean(
        "首次响应达标率", "Response attainment",
        "达标 ÷（达标 + 超时）。工单计入时限到期的那一期，提前响应的计入响应的那一期；"
        "还没到期的不算。响应指工程师第一次联系用户或开始处理，自动回复不算。",
        "Met ÷ (met + missed). A ticket counts in the period in which its limit ran out or, if "
        "earlier, was met; what was not due yet does not count. A response is the first contact "
        "by a person, never an automatic answer.",
    ),
    "contact": _mean(
        "联系用户达标率", "Contact attainment",
        "达标 ÷（达标 + 超时）。从工程师接到工单算起，计法同首次响应。",
        "Met ÷ (met + missed), counted from when the engineer got it; else as the response.",
    ),
    "solution": _mean(
        "解决达标率", "Solution attainment",
        "达标 ÷（达标 + 超时）。按提交解决的时间判断，等用户、等第三方、等审批的时间不计；"
        "计入时限到期的那一期，提前解决的计入解决的那一期。",
        "Met ÷ (met + missed), judged by when it was solved; time spent waiting for the requester, "
        "a third party or an approval is left out. A ticket counts in the period in which its "
        "limit ran out or, if earlier, was met.",
    ),
    "ours": _mean(
        "系统原因", "Our own outage",
        "超时中，服务台系统自身停机造成的；仍算超时，单独列出。",
        "Of the missed ones, those that ran out because the help desk itself was down; they count "
        "as missed and are told apart.",
    ),
    "misses": _mean(
        "超时工单", "Misses",
        "本期内有时限到期而没有做到的工单，附工程师说明的原因。",
        "Tickets with a limit that ran out in the period and was not met, with the engineer's "
        "reason.",
    ),
    "same_day": _mean(
        "当日解决率", "Solved the same day",
        "达标 ÷（达标 + 超时）。工作日规定时间前收到的工单，当天下班前提交解决为达标；"
        "当天在等用户或第三方的、不受理的不算。",
        "Met ÷ (met + missed). A ticket that comes on a working day before the agreed hour is to "
        "be solved before that day's work ends; those waiting that day or not accepted do not "
        "count.",
    ),
    "first_line": _mean(
        "一线解决率", "Solved at first contact",
        "本期解决的工单中，第一次回复用户就解决、没有转派也没有升级的比例；"
        "监控系统自动报的工单不算。",
        "Of the tickets solved in the period, those whose first answer to the requester was the "
        "solution, without being handed over or escalated; not those a machine opened.",
    ),
    "reopen_rate": _mean(
        "重新处理率", "Reopen rate",
        "本期重新处理过的工单 ÷ 本期解决或重新处理过的工单。",
        "Tickets taken up again in the period ÷ tickets solved or taken up again in it.",
    ),
    "categories": _mean(
        "问题分类", "Categories",
        "本期新增工单按当前分类统计，并与上一期相比。",
        "Tickets opened in the period by the category they have now, compared with the period "
        "before.",
    ),
    "faults": _mean(
        "高频故障", "Most frequent faults",
        "本期新增工单中，分类相同、标题说的是同一回事的，出现两次及以上。",
        "Tickets opened in the period, two or more of one category whose titles say nearly the "
        "same.",
    ),
    "satisfaction": _mean(
        "满意度", "Satisfaction",
        "本期内收到的评价的平均分，5 分最高；改过的评价以最后一次为准。",
        "The mean of the ratings given in the period, 5 is best; of a changed one the last counts.",
    ),
    "rated": _mean(
        "评价率", "Response rate of the rating",
        "本期解决的工单中，用户已评价的比例；监控系统自动报的工单不算。",
        "Of the tickets solved in the period, those with a rating; not those a machine opened.",
    ),
    "low": _mean(
        "低分评价", "Low ratings",
        "本期内收到的评价中，任何一项低于规定分数，或评语不满需要回访的。",
        "Ratings of the period with any score below the agreed one, or with words that ask for a "
        "follow-up.",
    ),
    "follow_ups": _mean(
        "回访", "Follow-ups",
        "本期内因评价低而要回访的工单，看期末前是否按时完成。",
        "Follow-ups of low ratings begun in the period, and whether they were done in time before "
        "its end.",
    ),
}  # fmt: skip
"""By the figure's key; keys of `Counts` and `Figures` where there is a field of that name."""

AGES: dict[int | None, Label] = {
    1: Label("1 天内", "under 1 day"),
    3: Label("1–3 天", "1 to 3 days"),
    7: Label("3–7 天", "3 to 7 days"),
    14: Label("7–14 天", "7 to 14 days"),
    None: Label("14 天以上", "over 14 days"),
}
"""The age buckets in order, by the days each ends at."""

NOBODY = Label("无人接单", "Nobody")
OVERALL = Label("总体评价", "Overall")

FOLLOW_UP_WORDS: dict[str, Label] = {
    "in_time": Label("按时完成", "done in time"),
    "late": Label("超时完成", "done late"),
    "open": Label("待回访", "to be done"),
    "overdue": Label("超时未回访", "overdue"),
    "none": Label("未登记", "none"),
}
