"""Why an engineer's mail was held back, or kept as a note only: what was not certain of it.

A part of `phrases`; two languages side by side.
"""

from __future__ import annotations

from collections.abc import Mapping

DOUBT_PHRASES: Mapping[str, tuple[str, str]] = {
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
        "转派、协办、升级时写的话，不确定是给用户的还是给同事的（给同事的请用 #内部，重发一遍）",
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
    # why a mail was only kept as a note
    "unproved": (
        "无法确认是您本人发的",
        "nothing shows that you wrote it",
    ),
    "advice_reply": (
        "如果是您写的，请直接回复派单邮件，再写一次。不是您写的，请告诉组长。",
        "If you wrote it, answer the dispatch letter and write it again. If not, tell your lead.",
    ),
}
