"""In which words does a form or an archive tell an event of the timeline?  One table a purpose.

Braces are filled with the event's own values. How a line is put together is `process`.
"""

from __future__ import annotations

from collections.abc import Mapping

from maildesk.desk.label import Label

# Handling: what an engineer or the lead did, and what the requester said to it.
HANDLING: Mapping[str, Label] = {
    "assigned": Label("派单给{to}", "given to {to}"),
    "handed_to_group": Label("转给{group}", "handed it to {group}"),
    "joined": Label("请{who}协办", "asked {who} to help"),
    "major_incident": Label("启动应急响应", "emergency response begins"),
    "contacted": Label("{at} 联系用户", "contacted the requester at {at}"),
    "relayed": Label("回复{to}", "wrote to {to}"),
    "note": Label("内部备注", "noted"),
    "answered": Label("补充信息", "answered what was asked"),
    "corrected": Label("更正登记", "corrected what was recorded"),
    "words": Label("来信", "wrote"),
    "chased": Label("催单", "asked how it stands"),
    "on_hold": Label("挂起：{why}", "put it on hold: {why}"),
    "to_vendor": Label("转交外部：{who}", "handed it to a third party: {who}"),
    "followup": Label("待跟进：{why}", "will follow up: {why}"),
    "eta": Label("预计 {at}", "expects to be done by {at}"),
    "priority": Label("调整优先级 {from}→{to}", "changed the priority {from} → {to}"),
    "category": Label("调整分类 {from}→{to}", "changed the category {from} → {to}"),
    "type": Label("调整类型 {from}→{to}", "changed the type {from} → {to}"),
    "scope_grew": Label(
        "影响扩大，优先级 {from}→{to}", "more are concerned, priority {from} → {to}"
    ),
    "escalation_asked": Label("申请升级：{why}", "asked to escalate: {why}"),
    "escalated": Label("同意升级，由{owner}负责", "escalated it to {owner}"),
    "escalation_declined": Label("暂不升级：{why}", "did not escalate it: {why}"),
    "plan_asked": Label("方案报批", "asked for approval of the plan"),
    "plan_approved": Label("批准方案 {why}", "approved the plan {why}"),
    "plan_declined": Label("未批准方案：{why}", "did not approve the plan: {why}"),
    "approval_asked": Label("请{of}审批", "{of} was asked for approval"),
    "approved": Label("批准 {condition}", "approved {condition}"),
    "not_approved": Label("不批准：{why}", "did not approve: {why}"),
    "recorded": Label("记录{field}", "recorded {field}"),
    "solved": Label("处理完成", "says it is solved"),
    "confirmed": Label("确认已解决 {how}", "confirmed that it is solved {how}"),
    "reopened": Label("重新处理", "opened it again"),
    "rejected": Label("不受理：{why}", "did not accept it: {why}"),
    "merged": Label("并入 {to}", "merged it into {to}"),
    "merged_in": Label("并入了 {from}", "merged {from} into it"),
    "hung": Label("归到主单 {to}", "now under the main ticket {to}"),
    "late_reason": Label("说明超时原因：{why}", "said why it was late: {why}"),
    "closed": Label("关闭", "closed"),
    "rated": Label("评价 {score} 分", "rated it {score}"),
    "followed_up": Label("回访", "followed it up"),
    "undone": Label("撤销 {orders}", "took back {orders}"),
}
# Told in the whole history only: how the desk itself went about it.
BESIDE: Mapping[str, Label] = {
    "opened": Label("提交工单", "opened the ticket"),
    "onbehalf": Label("代{of}提交", "entered it for {of}"),
    "linked": Label("关联 {to}", "linked to {to}"),
    "split": Label("拆出 {to}", "split {to} off"),
    "split_off": Label("由 {from} 拆出", "split off {from}"),
    "outage": Label("设为主单", "made it the main ticket of an outage"),
    "outage_over": Label("主单结束", "no longer a main ticket"),
    "detached": Label("脱离主单 {from}", "no longer under the main ticket {from}"),
    "thanks": Label("致谢", "said thanks"),
    "auto_reply": Label("自动回复", "an automatic reply came"),
    "unclear": Label("答复不明确", "answered, neither yes nor no"),
    "response_missed": Label("首次响应超时", "the first response is late"),
    "contact_missed": Label("首次联系超时", "the first contact is late"),
    "solution_missed": Label("解决超时", "the solution is late"),
    "same_day_missed": Label("未在当日解决", "was not solved the same day"),
    "archived": Label("归档", "archived"),
    "spam": Label("标为垃圾邮件", "marked as spam"),
    "held": Label("邮件暂留：{why}", "mail held back: {why}"),
    "refused": Label("未执行：{why}", "not carried out: {why}"),
    "bounced": Label("退信", "undeliverable"),
    "reminded": Label("提醒{to}答复", "reminded {to} of the answer that is missing"),
    "not_reminded": Label("未提醒：{why}", "not reminded: {why}"),
    "reminder_recalled": Label("提醒未发出：{why} 已答复", "reminder not sent: {why} is answered"),
    "follow_up_opened": Label("低分或有意见，待回访", "to be followed up by the lead"),
    "follow_up_missed": Label("回访超时", "the follow-up is late"),
    "silent": Label("久无进展，已提醒", "no news of it for too long: reminded"),
    "approval_impossible": Label("找不到审批人：{why}", "nobody can be asked for approval: {why}"),
    "decision_missed": Label("逾期未决定", "nobody decided in time"),
    "decided_before": Label("答复的是已决定的事", "answered what was decided before"),
    "not_asked": Label("代审批人答复：{why}", "answered in an approver's place: {why}"),
    "outage_offered": Label("疑似同一故障：{with}", "looks like one outage with {with}"),
    "to_sort": Label("未直接发给服务台，待分拣", "the desk is not in To: to be sorted"),
    "unproved": Label("发件人 {from} 未经证实", "not proved to be from {from}"),
    "unverified_words": Label("来信（未证实，仅转达）", "wrote, not proved: passed on"),
    "unverified_note": Label(
        "来信（未证实，仅留存）：{why}", "not believed, kept as a note: {why}"
    ),
    "challenged": Label("邮件暂留，待验证码", "mail held back: asked for a one-time code"),
    "rule_note": Label("规则 {rule}：{note}", "rule {rule} notes: {note}"),
    "reached": Label("{who} 又能收信了", "letters reach {who} again"),
    "repeat_proposed": Label(
        "{times} 张相似，提请查根因", "one of {times} alike: root cause asked for"
    ),
    "asked_more": Label("确认时另有疑问", "asked something beside the yes"),
    "survey_sent": Label("请{to}评价", "asked {to} for a rating"),
    "letter_refused": Label("服务器拒收 {letter}", "the server refused the letter {letter}"),
    "assignee_left": Label("处理人已离职", "its engineer has left"),
    "links_exposed": Label("处理链接可能外泄", "links that act may have been seen by others"),
}

# The mail that causes them is somebody's, but what they say is the desk's own doing.
OF_NOBODY = frozenset(
    (
        *("assigned", "hung", "linked", "approval_asked", "major_incident", "scope_grew"),
        *("response_missed", "contact_missed", "solution_missed", "same_day_missed"),
        *("archived", "bounced", "split_off", "closed", "to_sort", "unproved", "rule_note"),
        *("reminded", "not_reminded", "reminder_recalled"),
        *("silent", "outage_offered", "repeat_proposed", "reached"),
        *("follow_up_opened", "follow_up_missed", "survey_sent", "letter_refused"),
        *("decision_missed", "approval_impossible", "assignee_left", "links_exposed"),
    )
)
