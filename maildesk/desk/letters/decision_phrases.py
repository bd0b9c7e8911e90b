"""What staff are told around decisions: asked, decided, decided before, not possible.

A part of `phrases`; two languages side by side.
"""

from __future__ import annotations

from collections.abc import Mapping

DECISION_PHRASES: Mapping[str, tuple[str, str]] = {
    "letter_escalation": ("升级待确认", "escalation to decide"),
    "letter_plan": ("方案待批", "plan to approve"),
    "letter_approval": ("请审批", "request to approve"),
    "letter_verdict": ("审批结论", "what was decided"),
    "letter_news": ("处理进展", "news"),
    "decided_yes": ("已批准", "Approved"),
    "decided_no": ("已记为不同意", "Not agreed"),
    "decided_escalated": ("已同意升级，负责人：{name}", "Escalated; owner: {name}"),
    "escalation_asked": ("已请{names}确认升级，{time} 前答复", "{names} will decide by {time}"),
    "plan_asked": (
        "方案已提交{names}批准，{time} 前答复",
        "{names} will approve the plan by {time}",
    ),
    # what an engineer is told of a decision
    "escalation_declined": ("{by}暂不升级：{reason}", "{by} does not escalate it: {reason}"),
    "escalated_to_you": (
        "{by}同意升级，仍由您负责",
        "{by} has escalated it, and it stays yours",
    ),
    "escalated_to": (
        "{by}同意升级，现由{name}负责；请您继续协助",
        "{by} has escalated it to {name}; please go on helping",
    ),
    "escalated_vendor": (
        "{by}同意升级，请厂商处理：{reason}。仍由您跟进；给厂商写信：#转厂商 加名称和邮箱",
        "{by} has escalated it to a vendor: {reason}. It stays yours; to write to them: #vendor, "
        "their name and address",
    ),
    "plan_approved": ("{by}已批准方案，可以实施", "{by} has approved the plan; go ahead"),
    "plan_approved_if": (
        "{by}已批准方案，要求：{reason}",
        "{by} has approved the plan, on condition: {reason}",
    ),
    "plan_declined": (
        "{by}没有批准方案：{reason}。改好后重写 #永久方案 或 #临时方案，会再送审",
        "{by} has not approved the plan: {reason}. Write it anew with #permanent or #interim",
    ),
    "no_reason": ("没有写原因", "no reason given"),
    "form_told_reason": ("升级原因：{text}。", "Why escalated: {text}."),
    "form_told_progress": ("现状：{text}。", "So far: {text}."),
    "form_told_support": ("所需支持：{text}。", "Support needed: {text}."),
    "approved_by": ("{name}已批准此申请", "{name} has approved this request"),
    "approved_if": (
        "{name}已批准此申请，附带要求：{condition}",
        "{name} has approved this request, saying: {condition}",
    ),
    "added_unseen": (
        "以下是送审之后补充的，审批人没有看到，不在批准范围内：\n{words}",
        "Added after the approval was asked for; the approver has not seen it, and it is not "
        "approved:\n{words}",
    ),
    "no_approver": (
        "此类申请需要审批，但名单里没有可以审批的人：请先取得书面同意再办理",
        "Requests like this need an approval, but nobody is listed who could give it",
    ),
    "form_incomplete": (
        "升级申请缺少{missing}。请这样写：#升级 数据库主机宕机｜需要存储厂商到场",
        "{missing} missing. Write for example: #escalate database host down / storage vendor "
        "needed on site",
    ),
    "form_reason": ("原因", "The reason is"),
    "form_support": ("所需支持", "The support needed is"),
    "escalated_already": (
        "此单{time} 已申请升级，还在等组长确认",
        "An escalation was asked for at {time} and is still to be decided",
    ),
    "undo_asked": (
        "升级申请已发给组长，不能撤销；不需要了，请组长回 #暂不升级",
        "The lead has been asked to escalate; that cannot be undone. If it is no longer needed, "
        "the lead answers #decline",
    ),
    "access_asked": ("已请{names}审批，批准后再办理", "{names} was asked for approval first"),
    "undo_asked_access": (
        "已请上级审批，不能撤销；提报人不对，请再写一次 #代提",
        "The approver has been asked, so it cannot be undone; if the requester is wrong, write "
        "#onbehalf again",
    ),
    "undo_plan": (
        "方案已送审，不能撤销；要改请重写 #永久方案 或 #临时方案",
        "The plan is with the lead and cannot be undone; write it anew with #permanent or #interim",
    ),
    "undo_decided": (
        "决定已通知相关的人，不能撤销；要换处理人请用 #转派",
        "Those concerned know the decision, so it cannot be undone; to hand the ticket on, #assign",
    ),
    "undo_withdrawn": (
        "这张单的审批已随之结束，不能撤销；要办请用户重新申请",
        "Its approval ended with that, so it cannot be undone; the request must be made again",
    ),
    "no_lead": ("名单里没有组长，没有人可以决定", "No lead is listed who could decide"),
    "which_owner": (
        "请写明由谁负责，如：#同意升级 {name}；厂商请写名称和邮箱或电话",
        "Say who owns it now, for example: #agree {name}; a vendor by name and address or phone",
    ),
    "nothing_asked": ("这张单没有等您决定的事", "Nothing waits for a decision on this ticket"),
    "asked_escalation": (
        "这张单在等升级的决定：请回 #同意升级 负责人，或 #暂不升级 原因",
        "What waits here is an escalation: answer #agree NAME, or #decline REASON",
    ),
    "asked_plan": (
        "这张单在等方案批准：请回 #批准，或 #不批准 原因",
        "What waits here is a plan: answer #approve, or #disapprove REASON",
    ),
    "asked_access": (
        "这张单在等申请的审批：请回 #批准，或 #不批准 原因",
        "What waits here is a request: answer #approve, or #disapprove REASON",
    ),
    "decided_agreed": (
        "已有结论：{name}{time} 已同意{beside}",
        "Decided before: {name} agreed at {time} {beside}",
    ),
    "decided_declined": (
        "已有结论：{name}{time} 未同意{beside}",
        "Decided before: {name} did not agree at {time} {beside}",
    ),
    "decided_owner": ("，负责人：{name}", "(owner: {name})"),
    "decide_own": ("自己的申请不能由自己审批", "Nobody approves his own request"),
    "decide_not_asked": ("这件事没有请您决定", "You were not asked to decide this"),
    "waits_approval": (
        "此单在等{names}审批，批准前不办理（{order} 没有执行）",
        "It waits for the approval of {names}; nothing is done before ({order})",
    ),
    "plan_open": (
        "方案还没有批准，不能标为已解决；请等组长答复，或提醒组长回复 #批准",
        "Its plan is not approved yet, so it cannot be solved; wait for the lead, or remind him",
    ),
    "plan_refused": (
        "方案没有获批（{reason}），不能标为已解决；请修改后重写 #永久方案 或 #临时方案",
        "Its plan was not approved ({reason}), so it cannot be solved; write it anew with "
        "#permanent or #interim",
    ),
}
