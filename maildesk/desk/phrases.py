"""The short sentences letters to staff are made of: what was done, what was not, and why.

Two languages side by side, so that a reviewer sees both; whole letters are templates.
"""

from __future__ import annotations

from collections.abc import Mapping

from maildesk.desk.decision_phrases import DECISION_PHRASES

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
    "kb_marked": (
        "已标记：此单的方案待收入知识库；目前只做标记，不会自动生成文章",
        "Marked for the knowledge base; for now it is a mark only, no article is written by itself",
    ),
    "undone": ("已撤销：{orders}", "Undone: {orders}"),
    "kept_back": ("未发出，已拦下：{letter}（{to}）", "Kept back in time: {letter} ({to})"),
    "left_already": ("已经发出，无法收回：{letter}（{to}）", "Already sent: {letter} ({to})"),
    "invitation": ("请{name}协办", "the invitation of {name}"),
    "uninvited": (
        "{by}撤销了协办邀请，此单不用您协办了",
        "{by} took the invitation back; you need not help with this ticket",
    ),
    "merged": ("已并入 {number}", "Merged into {number}"),
    "merged_in": (
        "{by}把 {number} 并入了此单（{name}：{words}）",
        "{by} merged {number} into this ticket ({name}: {words})",
    ),
    "merged_by": (
        "{by}把此单并入了 {number}，不用您再处理",
        "{by} merged this ticket into {number}; you need not handle it any more",
    ),
    "split_note": ("由 {number} 拆分而来", "Split off {number}"),
    "split_done": (
        "已从 {number} 拆出此单，处理人：{name}",
        "This ticket was split off {number}; handled by: {name}",
    ),
    "no_such_ticket": (
        "没有找到工单“{text}”，请写完整的单号，只写一个",
        "There is no ticket “{text}”; write one whole number",
    ),
    "same_ticket": ("{number} 就是这张单本身", "{number} is this very ticket"),
    "ended_target": (
        "{number} 现在是“{state}”，不能并入；请写一张还在处理的单",
        "{number} is “{state}” and takes no other ticket; name one that is still open",
    ),
    "merge_main": (
        "{order} 没有执行：此单是一起故障的主单。请把别的单并入此单，或先写 #主单 无",
        "{order} was not carried out: this is the main ticket of an outage. Merge the other one "
        "into it, or end the outage first (#parent none)",
    ),
    "split_before": (
        "{order} 没有执行：这封来信已经不在此单上了，可能已经拆分过",
        "{order} was not carried out: that mail is no longer on this ticket; it may have been "
        "split off before",
    ),
    "split_nothing": (
        "{order} 没有执行：此单只有一封来信，没有可以拆出去的；请回复要拆分的那封【用户回复】",
        "{order} was not carried out: there is only the mail that opened this ticket. Answer the "
        "letter that brought the requester's reply",
    ),
    "split_nobody": (
        "{order} 没有执行：最近的来信不是用户写的；请回复要拆分的那封【用户回复】",
        "{order} was not carried out: the last mail is not the requester's. Answer the letter "
        "that brought the requester's reply",
    ),
    "split_here": ("{order} 只能用邮件写", "{order} can be given by mail only"),
    "undo_merged": (
        "合并撤销不了；不是同一件事的话，回复那封来信写 #拆分，另开新单",
        "A merge cannot be undone. If it is another matter, answer that mail with #split",
    ),
    "undo_split": (
        "拆分撤销不了；要合回来，请在新单上写 #合并 和原单号",
        "A split cannot be undone. To put it back, write #merge and the old number on the new one",
    ),
    "letter_merged": ("并单通知", "notice of the merge"),
    "hung": ("已归到主单 {number}", "Now under the main ticket {number}"),
    "hung_by": (
        "{by}把此单归到了主单 {number}：同一故障，由主单统一处理和通知用户",
        "{by} put this ticket under {number}: the same outage, handled and told about there",
    ),
    "main_made": (
        "此单已作为故障主单，以下工单归到它下面：{numbers}。弄错的，在那张单上写 #主单 无",
        "This is the main ticket of an outage now, with these under it: {numbers}. If one is "
        "wrong, write #parent none on it",
    ),
    "main_alone": (
        "此单已作为故障主单；目前没有相似的工单，别的单请写 #主单 加此单号",
        "This is the main ticket of an outage now; none is like it so far. Put others under it "
        "with #parent and its number",
    ),
    "detached": ("已从主单取下，单独处理", "Taken off the main ticket; handled by itself"),
    "detached_by": (
        "{by}取消了主单 {number}，此单恢复单独处理",
        "{by} ended the outage {number}; this ticket is handled by itself again",
    ),
    "outage_over": (
        "此单不再是故障主单，{count} 张工单恢复单独处理",
        "No main ticket of an outage any more; {count} tickets are handled by themselves again",
    ),
    "broadcast": (
        "已通知同一故障的 {count} 张工单的用户",
        "The requesters of {count} tickets of this outage were told",
    ),
    "main_itself": (
        "{order} 没有执行：此单自己是故障主单，先写 #主单 无",
        "{order} was not carried out: this is a main ticket itself; write #parent none first",
    ),
    "main_already": (
        "此单已经是故障主单；别的单请写 #主单 加此单号",
        "This is the main ticket already; put others under it with #parent and its number",
    ),
    "under_another": (
        "{number} 已经归在另一张主单下；先在它上面写 #主单 无",
        "{number} hangs under another main ticket; write #parent none on it first",
    ),
    "not_hung": ("此单没有归在主单下", "This ticket is under no main ticket"),
    "undo_parent": (
        "主单的归并撤销不了；请写 #主单 无",
        "This cannot be undone; write #parent none",
    ),
    "undo_broadcast": (
        "这次的话已经发给同一故障的所有用户，撤销不了；请再写一次更正",
        "Your words went to everybody of this outage and cannot be undone; write a correction",
    ),
    "undo_others": (
        "上一次操作牵涉到别的工单，撤销不了；要改请分别在那些工单上写命令",
        "Your last change touched other tickets and cannot be undone; write orders on those",
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
    # not done
    "no_text": (
        "{order} 需要写给用户看的说明：请写在命令的下一行（# 开头的行不会发给用户）",
        "{order} needs words the requester can read: write them below the order "
        "(a line that starts with # is never sent)",
    ),
    "no_backup": (
        "{order} 没有执行：这张单涉及数据。请在正文里加一行“备份：已做”或“备份：不涉及”"
        "（这一行只存档，不发给用户），再发一次",
        "{order} was not carried out: this ticket touches data. Add a line “backup: done” or "
        "“backup: not needed” (it is recorded and not sent), and send it again",
    ),
    "snippets": (
        "可用的模板：{names}。写法：#模板 名称",
        "Ready-made answers: {names}. Write #snippet and the name",
    ),
    "snippet_used": ("已用模板：{name}", "Ready-made answer used: {name}"),
    "no_snippet": (
        "没有模板“{text}”，可用的有：{names}",
        "There is no ready-made answer “{text}”; there are: {names}",
    ),
    "which_snippet": (
        "{order} 后面请写模板名称，可用的有：{names}",
        "Write which one behind {order}; there are: {names}",
    ),
    "no_snippets": (
        "{order} 用不了：模板文件夹 templates/snippets 里还没有模板",
        "{order} cannot be used: there is no file in templates/snippets yet",
    ),
    "which_vendor": (
        "看不出要发给哪家厂商，请用 #转厂商 加邮箱地址再发一次",
        "It is not clear which vendor this is for; send it again with #vendor and his address",
    ),
    "no_person": ("没有找到“{text}”，请写姓名、工号或邮箱", "Nobody is known as “{text}”"),
    "many_people": (
        "“{text}”有多人：{names}；请写工号或邮箱",
        "Several people are known as “{text}”: {names}. Write a staff number or address",
    ),
    "not_staff": (
        "{name}不是工程师，不能派单给他",
        "{name} is not an engineer and cannot take tickets",
    ),
    "no_time": (
        "没看懂时间“{text}”，可以写 16:00、明天上午、周一",
        "“{text}” is no time I can read; write 16:00, tomorrow morning, Monday",
    ),
    "too_early": (
        "“{text}”早于工单提交时间，请写实际联系用户的时间",
        "“{text}” was before the ticket; write when you really spoke to the requester",
    ),
    "no_priority": (
        "没有优先级“{text}”，可选：{names}",
        "No priority “{text}”; there are: {names}",
    ),
    "no_category": ("没有分类“{text}”，可选：{names}", "No category “{text}”; there are: {names}"),
    "not_built": ("{order} 暂时还不能用", "{order} is not available yet"),
    "not_allowed": ("{order} 您没有权限：{why}", "You may not use {order}: {why}"),
    "contradict": (
        "{orders} 不能一起用，请只留一条",
        "{orders} cannot be given together; keep one of them",
    ),
    "nothing_to_undo": (
        "没有可以撤销的操作：只能撤销您一天之内的上一次操作，而且之后没有别人动过这张单",
        "There is nothing to undo: only your last change, within a day and while nobody else has"
        " touched the ticket",
    ),
    "nothing_held": ("没有等待发出的邮件", "No mail of yours is waiting to be sent"),
    "wrong_state": (
        "工单现在是“{state}”，{order} 用不上",
        "The ticket is “{state}”; {order} does not apply",
    ),
    "barred": (
        "按流程，工单不能从“{before}”改为“{after}”",
        "In this process a ticket cannot go from “{before}” to “{after}”",
    ),
    "not_when_entering": (
        "{order} 没有执行：工单已建好，请回复派单信再写一次",
        "{order} was not carried out: the ticket is open now; write it again on the ticket",
    ),
    "no_ticket": (
        "没看出是哪张工单：请直接回复派单邮件，或在主题里写工单号",
        "Which ticket? Answer the dispatch letter, or write the number in the subject",
    ),
    "files_too_large": (
        "附件合计超过 {size}，请改用共享链接或分次发送",
        "The attachments are larger than {size} together; share a link or send them in parts",
    ),
    "files_alone": (
        "只有附件、没有文字，没有发给任何人：请写一句说明，连同附件再发一次",
        "Files without a word were passed on to nobody: write a line and send them again",
    ),
    # why a mail is held
    "no_marker": (
        "原文里找不到“请在此行以上回复”那一行，分不清哪些是您写的",
        "The line “Reply above this line” is missing, so your words cannot be told from the quote",
    ),
    "below_marker": (
        "“请在此行以上回复”下面也有新写的内容",
        "There are new words below the line “Reply above this line”",
    ),
    "address": ("内容里有内部邮箱地址", "It holds an internal mail address"),
    "header_block": ("内容里像是带了原邮件的信头", "It seems to hold the header of another mail"),
    "signature": ("结尾像签名，但不能确定", "Its end looks like a signature, but not for certain"),
    "html_order": (
        "邮件的网页格式里有以 # 开头的命令，纯文本格式里却没有",
        "Its HTML holds an order that its plain text does not",
    ),
    "our_text": ("内容里有派单邮件的原文", "It holds text of the dispatch letter"),
    "quoted": ("内容里夹有引用的原文", "It holds quoted text"),
    "empty": (
        "“请在此行以上回复”上面没有找到您写的内容",
        "None of your words stand above the line “Reply above this line”",
    ),
    "to_whom": (
        "转派、协办时写的话，不确定是给用户的还是给同事的（给同事的请用 #内部，重发一遍）",
        "These words may be for your colleague: if so, send it again with #note",
    ),
    "requester_changed": (
        "提报人已改为{name}：这段话也要发给{name}吗？",
        "The requester is {name} now: should {name} get these words?",
    ),
    "direction": (
        "这封邮件没有接在派单邮件后面，不确定是否要发给用户",
        "It does not answer a dispatch letter: should the requester get it?",
    ),
    "unknown_order": ("不认识的命令：{raw}", "Unknown order: {raw}"),
    "misplaced_order": (
        "命令写在了正文中间：{raw}（请放在开头或结尾）",
        "An order stands in the middle of the text: {raw} (put it at the top or the end)",
    ),
    "unclear_order": (
        "命令没看懂：{raw}（命令后面请空一格）",
        "Not clear: {raw} (leave a blank behind the order)",
    ),
    "no_argument_order": ("命令没有写完整：{raw}", "An incomplete order: {raw}"),
    "leftover_order": (
        "{raw}：这条命令后面不带内容，要发给用户的话请另起一行",
        "{raw}: nothing may stand behind this order; write words for the requester on their own "
        "lines",
    ),
    "embedded_order": (
        "命令夹在一行文字里：{raw}（命令请单独写一行）",
        "An order stands inside a line: {raw} (give it a line of its own)",
    ),
    "unmarked_order": (
        "“{raw}”像是内部备注，但前面没有 #（内部备注请写 #内部）",
        "“{raw}” looks like an internal note without # (write #note)",
    ),
    "wrapped_order": (
        "命令可能被折成了两行，下一行会发给用户：{raw}",
        "The order may have been broken into two lines, and the second would be sent: {raw}",
    ),
    "too_many_order": ("命令太多，只看前 50 条", "Too many orders; the first 50 are read"),
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
    # why a mail was only kept as a note
    "unproved": (
        "无法确认是您本人发的",
        "nothing shows that you wrote it",
    ),
    "advice_reply": (
        "如果是您写的，请直接回复派单邮件，再写一次。不是您写的，请告诉组长。",
        "If you wrote it, answer the dispatch letter and write it again. If not, tell your lead.",
    ),
    # actions of the links
    "act_start": ("接单", "Take it"),
    "act_ask": ("要信息", "Ask"),
    "act_solved": ("已解决", "Solved"),
    "act_assign": ("转派", "Hand on"),
    "answered_confirmed": ("您{time} 确认：已解决", "You confirmed at {time}: solved"),
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
    "agenda_waiting": ("待用户反馈", "Waiting for the requester"),
    "agenda_confirm": ("待用户确认", "Waiting for confirmation"),
    "agenda_confirmed": ("用户已确认解决", "Confirmed by the requester"),
    "agenda_absent": ("同事不在，工单待安排", "With colleagues who are away"),
    "agenda_away_until": (
        "{name}到{day}为止不在，{requester}",
        "{name} is away until the end of {day}, {requester}",
    ),
    "agenda_eta": ("预计{time}", "expected {time}"),
    "agenda_due": ("首次响应时限{time}", "respond by {time}"),
    "agenda_since": ("最近更新{time}", "last change {time}"),
    "nobody": ("未分配", "Nobody"),
    **DECISION_PHRASES,
}


def phrase(key: str, language: str, /, **values: str) -> str:
    """The sentence in Chinese or, for every other language, in English.

    An unknown key is given back as it is: a reason nobody has words for yet is better than none.
    """
    both = _PHRASES.get(key)
    if both is None:
        return key
    return both[0 if language.lower().startswith("zh") else 1].format(**values)
