"""Why an order was not carried out, and what to write instead.

A part of `phrases`; two languages side by side.
"""

from __future__ import annotations

from collections.abc import Mapping

REFUSAL_PHRASES: Mapping[str, tuple[str, str]] = {
    # knowledge
    "kb_of_other": (
        "{order}：{number} 不是此单的草稿，请另写一封邮件，正文写 #发布 {number}",
        "{order}: {number} is no draft of this ticket; write #publish {number} in a new mail",
    ),
    "kb_unknown": ("没有编号为 {number} 的文章", "There is no article {number}"),
    "kb_there": ("{number} 已经发布了", "{number} is published already"),
    "kb_withdrawn": (
        "{number} 已撤下，要重新发布请用命令 maildesk knowledge publish",
        "{number} was withdrawn; maildesk knowledge publish brings it back",
    ),
    "kb_lacks": (
        "{number} 还没有解决办法，请先在该单上用 #永久方案 写下来",
        "{number} says no solution yet; write it on its ticket with #permanent",
    ),
    "kb_too_many": (
        "一封邮件最多发布 {most} 篇",
        "At most {most} articles are published by one mail",
    ),
    "kb_unproved": (
        "没有证据说明这封邮件是您写的，未发布；请在该工单的邮件上回复 #发布",
        "Nothing shows that you wrote this mail, so nothing is published; "
        "answer #publish to a letter of the ticket",
    ),
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
    "not_allowed": ("{order} 您没有权限", "You may not use {order}"),
    "leads_only": (
        "{order} 您没有权限，这件事要由组长决定",
        "You may not use {order}: a lead decides this",
    ),
    "reads_only": (
        "{order} 您没有权限：审计角色只能查看",
        "You may not use {order}: an auditor reads and changes nothing",
    ),
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
}
