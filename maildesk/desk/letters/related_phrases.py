"""What staff are told around tickets that belong together: merged, split, under a main ticket.

A part of `phrases`; two languages side by side.
"""

from __future__ import annotations

from collections.abc import Mapping

RELATED_PHRASES: Mapping[str, tuple[str, str]] = {
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
    "outage_left": (
        "故障主单 {number} 已结束，没有请大家确认；它下面的 {count} 张恢复单独处理，请逐一跟进："
        "{numbers}",
        "The main ticket {number} has ended without asking everybody to confirm; {count} under it "
        "are handled by themselves again, please see to each: {numbers}",
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
    "undo_left": (
        "主单下面的工单已恢复单独处理，撤销不了；请写 #重开，再把它们用 #主单 归回来",
        "What was under it is handled by itself again, so this cannot be undone; write #reopen, "
        "and #parent on each that belongs there",
    ),
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
}
