"""The short sentences letters to staff are made of; the parts about one subject stand beside it.

Two languages side by side, so that a reviewer sees both; whole letters are templates.
"""

from __future__ import annotations

from collections.abc import Mapping

from maildesk.desk.letters.decision_phrases import DECISION_PHRASES
from maildesk.desk.letters.doubt_phrases import DOUBT_PHRASES
from maildesk.desk.letters.refusal_phrases import REFUSAL_PHRASES
from maildesk.desk.letters.related_phrases import RELATED_PHRASES

_PHRASES: Mapping[str, tuple[str, str]] = {
    # done
    "started": ("已接单，处理人：{name}", "Taken by {name}"),
    "noted": ("已记为内部备注", "Kept as an internal note"),
    "contacted": ("已登记联系用户：{time}", "Contact with the requester recorded: {time}"),
    "waits_requester": ("状态：待用户反馈", "Status: waiting for the requester"),
    "held": ("已挂起：{reason}", "Put on hold: {reason}"),
    "held_plain": ("已挂起", "Put on hold"),
    "resumed": ("已恢复处理", "Resumed"),
    "solved": ("状态：待用户确认", "Status: waiting for the requester's confirmation"),
    "solved_alone": (
        "状态：已解决（由系统报障，无需确认）",
        "Status: solved (a machine reported it, so nobody is asked to confirm)",
    ),
    "confirmed_rated": (
        "已登记用户确认和评分，工单已关闭",
        "The requester's confirmation and rating are recorded; the ticket is closed",
    ),
    "confirmed": ("已登记用户确认", "The requester's confirmation is recorded"),
    "assigned": ("已转派给{name}", "Assigned to {name}"),
    "assigned_group": ("已转到{name}", "Handed to {name}"),
    "joined": ("已请{name}协办", "{name} was asked to join"),
    "together_handler": ("{name}（处理人）", "{name} (has it)"),
    "is_away": ("{name}不在岗（到{day}为止）", "{name} is away until the end of {day}"),
    "has_it_already": ("此单本来就由{name}处理", "{name} has this ticket already"),
    "helps_already": ("{name}已在协办", "{name} has joined already"),
    "joined_group": ("已请{group}的{name}协办", "{name} of {group} was asked to join"),
    "nobody_in_group": (
        "没有执行“{order}”：{group}现在没有人可以协办",
        "“{order}” was not carried out: nobody of {group} can join now",
    ),
    "vendor": ("已转厂商，等待对方处理", "Handed to the vendor; waiting for them"),
    "followup": ("已标为待跟进", "Marked to follow up"),
    "eta": ("预计完成：{time}", "Expected: {time}"),
    "priority": ("优先级：{name}", "Priority: {name}"),
    "category": ("分类：{name}", "Category: {name}"),
    "onbehalf": ("提报人已改为{name}", "The requester is now {name}"),
    "rejected": ("已驳回", "Rejected"),
    "spam": ("已标为垃圾邮件，不再处理", "Marked as spam; nothing more is done"),
    "reopened": ("已重新打开", "Reopened"),
    "late": ("已登记超时原因", "The reason for the missed limit is recorded"),
    "late_for": ("已登记超时原因（{limits}）", "The reason is recorded for: {limits}"),
    "limit_response": ("首次响应", "first response"),
    "limit_contact": ("联系用户", "first contact"),
    "limit_solution": ("解决", "solution"),
    "recorded": ("已记录{what}", "Recorded: {what}"),
    "kb_drafted": (
        "已按此单写好知识库草稿；补上 #根因、#永久方案 后回复 #发布 即可发布",
        "A draft article was made of this ticket; add #cause or #permanent, then reply #publish",
    ),
    "kb_published": (
        "已发布到知识库",
        "Published in the knowledge base",
    ),
    "kb_published_named": ("已发布：{number} {title}", "Published: {number} {title}"),
    "kb_no_draft": (
        "{order}：此单还没有知识库草稿，请先回复 #知识库",
        "{order}: this ticket has no draft article yet; reply #kb first",
    ),
    "undo_published": (
        "知识库文章已经发布，要撤下请用命令 maildesk knowledge withdraw",
        "the article is published; take it back with maildesk knowledge withdraw",
    ),
    "kb_no_solution": (
        "{order}：此单还没有解决办法，请先 #已解决，或用 #永久方案 写下来",
        "{order}: nothing says yet what helps; #solved first, or write it with #permanent",
    ),
    "agenda_knowledge": (
        "待发布的知识库草稿（回复 #发布 和编号）",
        "Draft articles to publish (reply #publish and the number)",
    ),
    "agenda_knowledge_late": (
        "逾期未发布的知识库草稿（回复 #发布 和编号）",
        "Draft articles past their day (reply #publish and the number)",
    ),
    "agenda_draft": ("{number}，请在{day}下班前发布", "{number}, to be published by {day}"),
    "agenda_draft_late": (
        "{number}，应在{day}前发布，已逾期",
        "{number}, was to be published by {day}",
    ),
    "agenda_draft_of": (
        "{number}，{name}，应在{day}前发布",
        "{number}, {name}, was to be published by {day}",
    ),
    "agenda_draft_lacks": ("{told}；还缺解决办法", "{told}; it says no solution yet"),
    "snippets": (
        "可用的模板：{names}。写法：#模板 名称",
        "Ready-made answers: {names}. Write #snippet and the name",
    ),
    "snippet_used": ("已用模板：{name}", "Ready-made answer used: {name}"),
    "undone": ("已撤销：{orders}", "Undone: {orders}"),
    "kept_back": ("未发出，已拦下：{letter}（{to}）", "Kept back in time: {letter} ({to})"),
    "left_already": ("已经发出，无法收回：{letter}（{to}）", "Already sent: {letter} ({to})"),
    "invitation": ("请{name}协办", "the invitation of {name}"),
    "uninvited": (
        "{by}撤销了协办邀请，此单不用您协办了",
        "{by} took the invitation back; you need not help with this ticket",
    ),
    "words_alone": ("刚才的回复", "your answer"),
    "letter_progress": ("处理进展", "progress"),
    "letter_question": ("请补充", "question"),
    "letter_solved": ("请确认", "please confirm"),
    "letter_rejected": ("未受理", "not accepted"),
    "letter_vendor": ("厂商函", "letter to the vendor"),
    "letter_dispatch": ("派单", "assignment"),
    "letter_answer": ("用户回复", "the requester's answer"),
    "letter_transcript": ("执行结果", "transcript"),
    "letter_ack": ("受理通知", "acknowledgement"),
    "sent_to": ("已发给{name}", "Sent to {name}"),
    "not_sent_has_it": (
        "{name}已在您邮件的收件人里，不再转发",
        "{name} has your mail already; it is not sent again",
    ),
    "taken_over": ("{name}已接手此单", "{name} has taken this ticket over"),
    "note": ("{name}：{words}", "{name}: {words}"),
    "note_told": ("{name}（已发给{to}）：{words}", "{name} (sent to {to}): {words}"),
    "handed_on": ("{by}已把此单转给{name}", "{by} has handed this ticket to {name}"),
    "taken_back": (
        "{by}撤销了转派，此单不用您处理了",
        "{by} took it back; this ticket is no longer yours",
    ),
    "asked_already": (
        "已在受理通知里问用户：{questions}",
        "Asked in the acknowledgement: {questions}",
    ),
    "field_category": ("分类", "Category"),
    "field_priority": ("优先级", "Priority"),
    "field_type": ("类型", "Type"),
    "affects": ("影响：{whom}", "affects {whom}"),
    # a file that is not what it seems
    "file_really": ("实际是 {type}", "really {type}"),
    "file_program": ("可执行程序，请勿直接打开", "a program: do not open it"),
    # a mail nobody here can read
    "encrypted_title": ("（加密邮件）", "(encrypted mail)"),
    "encrypted_words": (
        "（这封邮件是加密的，服务台看不到内容；原件见附件）",
        "(This mail is encrypted and cannot be read here; it is attached as it came)",
    ),
    "encrypted_inline": (
        "（这封邮件是加密的，服务台看不到内容；密文如下）",
        "(This mail is encrypted and cannot be read here; it follows as it came)",
    ),
    "encrypted_partly": (
        "（邮件里还有加密的内容，服务台看不到；原件见附件）",
        "(More of this mail is encrypted and cannot be read here; it is attached as it came)",
    ),
    "encrypted_asked": (
        "（已请对方改用普通邮件重发）",
        "(The sender was asked to send it again unencrypted)",
    ),
    "encrypted_staff": (
        "这封邮件是加密的，服务台看不到内容，没有发给任何人；请用普通邮件再回复一次派单信",
        "Your mail is encrypted and cannot be read here, so nobody got it; answer the dispatch "
        "letter again with an ordinary mail",
    ),
    # actions of the links
    "act_start": ("接单", "Take it"),
    "act_ask": ("要信息", "Ask"),
    "act_solved": ("已解决", "Solved"),
    "act_assign": ("转派", "Hand on"),
    "answered_confirmed": ("您{time} 确认：已解决", "You confirmed at {time}: solved"),
    "answered_rated": ("您{time} 已评价，谢谢", "You rated this at {time}; thank you"),
    "answered_reopened": (
        "您{time} 反馈：还没好，工程师会继续处理",
        "You told us at {time} that it still fails; the engineer goes on",
    ),
    "answered_start": ("您{time} 已接单", "You took this ticket at {time}"),
    "answered_ask": ("您{time} 的提问已发给用户", "Your question was sent at {time}"),
    "answered_solved": (
        "您{time} 的说明已发给用户，等待确认",
        "Your words were sent at {time}; waiting for the requester",
    ),
    "answered_assign": ("您{time} 已转派", "You handed this ticket on at {time}"),
    # an engineer's day
    "agenda_unsent": ("您写的话还没有发出", "Your words have not been sent yet"),
    "agenda_reason": (
        "超时未说明原因（回复 #超时原因 …）",
        "Missed limits without a reason (answer #late …)",
    ),
    "agenda_missed": ("{limits}超时", "missed: {limits}"),
    "agenda_overdue": ("已过预计时间", "Past the expected time"),
    "agenda_new": ("还没有联系用户", "Requester not contacted yet"),
    "agenda_working": ("处理中", "In progress"),
    "agenda_held": ("挂起", "On hold"),
    "agenda_waiting_long": (
        "提醒过，用户仍未补充",
        "Reminded, and still no answer from the requester",
    ),
    "agenda_confirm_long": (
        "提醒过，用户仍未确认",
        "Reminded, and still not confirmed",
    ),
    "agenda_waiting": ("待用户反馈", "Waiting for the requester"),
    "agenda_confirm": ("待用户确认", "Waiting for confirmation"),
    "agenda_confirmed": ("用户已确认解决", "Confirmed by the requester"),
    "agenda_absent": ("同事不在，工单待安排", "With colleagues who are away"),
    "agenda_away_until": (
        "{name}不在（至{day}，含当天），{requester}",
        "{name} is away until the end of {day}, {requester}",
    ),
    "agenda_rated": ("用户评价", "Rated by requesters"),
    "agenda_score": ("{requester}，{score} 分", "{requester}, {score} of 5"),
    "agenda_beside": ("；评价 {score} 分", "; rated {score} of 5"),
    "agenda_follow_up": (
        "低分待回访（联系用户后请回 #回访 …）",
        "Low ratings to follow up (then answer #followed-up …)",
    ),
    "agenda_low": ("{requester}，{score} 分", "{requester}, {score} of 5"),
    "agenda_complaint": ("{requester}，有意见", "{requester}, a complaint"),
    "agenda_follow_by": ("{told}，{time} 前联系", "{told}, by {time}"),
    "agenda_follow_late": ("{told}，时限{time}，已超时", "{told}, was due at {time}"),
    "followed_up": ("已登记回访结果", "The follow-up is recorded"),
    "no_follow_up": (
        "没有执行“{order}”：此单没有待回访的评价",
        "“{order}” was not carried out: nothing of this ticket waits for a follow-up",
    ),
    "undo_rated": (
        "用户的评分已登记，撤销不了；要继续处理请写 #重开",
        "The requester's rating is recorded and cannot be undone; write #reopen to go on",
    ),
    "undo_followed": ("回访已登记，不能撤销", "A recorded follow-up cannot be undone"),
    "agenda_review": ("待复核（请回 #复核 加意见）", "To be reviewed (answer with #review)"),
    "agenda_solved": ("{requester}，{time}解决", "{requester}, solved {time}"),
    "agenda_solved_by": (
        "{requester}，{handler}处理，{time}解决",
        "{requester}, {handler}, solved {time}",
    ),
    "agenda_repeats": (
        "反复出现，建议查根因（回复该单 #根因 …）",
        "Keep coming back: look for the cause (answer with #cause …)",
    ),
    "agenda_repeat": (
        "{category}，同类已解决 {count} 件，最近一件{time}；另有 {numbers}",
        "{category}, {count} alike solved, the last {time}; also {numbers}",
    ),
    "agenda_repeat_more": (
        "{category}，同类已解决 {count} 件，最近一件{time}；另有 {numbers} 等",
        "{category}, {count} alike solved, the last {time}; also {numbers}, …",
    ),
    "agenda_eta": ("预计{time}", "expected {time}"),
    "agenda_due": ("首次响应时限{time}", "respond by {time}"),
    "agenda_since": ("最近更新{time}", "last change {time}"),
    "nobody": ("未分配", "Nobody"),
    **REFUSAL_PHRASES,
    **RELATED_PHRASES,
    **DECISION_PHRASES,
    **DOUBT_PHRASES,
}


def phrase(key: str, language: str, /, **values: str) -> str:
    """The sentence in Chinese or, for every other language, in English.

    An unknown key is given back as it is: a reason nobody has words for yet is better than none.
    """
    both = _PHRASES.get(key)
    if both is None:
        return key
    return both[0 if language.lower().startswith("zh") else 1].format(**values)
