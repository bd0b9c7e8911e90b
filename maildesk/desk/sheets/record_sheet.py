"""The record sheet (R12): its sixteen entries, one sheet a ticket, and the same as columns."""

from __future__ import annotations

from maildesk.desk.label import Label
from maildesk.desk.sheets import entries as read
from maildesk.desk.sheets.form import Entry, Form, Section
from maildesk.desk.sheets.opinion import (
    has_follow_up,
    say_feedback,
    say_follow_up,
    say_suggestions,
)
from maildesk.desk.sheets.process import list_handling, say_result
from maildesk.desk.sheets.timing import say_response

NUMBER = Entry(Label("工单编号", "Ticket number"), read.tell_number)
OPENED = Entry(Label("提交时间", "Submitted at"), read.tell_opened)
REQUESTER = Entry(Label("提交人", "Submitted by"), read.tell_requester)
DEPARTMENT = Entry(Label("所属部门", "Department"), read.tell_department)
CATEGORY = Entry(Label("问题类型", "Category"), read.tell_category)
PRIORITY = Entry(Label("优先级", "Priority"), read.tell_priority)
REQUEST = Entry(Label("问题描述", "Description"), read.tell_request, wide=True)
RESPONDED = Entry(Label("首次响应时间", "First response at"), read.tell_responded)
HANDLER = Entry(Label("处理人", "Handled by"), read.tell_handler)
PHONE = Entry(Label("联系方式", "Handler's phone"), read.tell_handler_phone)
HANDLING = Entry(Label("处理过程", "Process"), list_handling, wide=True)
RESULT = Entry(Label("处理结果", "Result"), say_result, wide=True)
FEEDBACK = Entry(Label("用户反馈", "Requester's feedback"), say_feedback)
CLOSED = Entry(Label("关闭时间", "Closed at"), read.tell_closed)
REMARKS = Entry(Label("备注", "Remarks"), read.tell_remarks, wide=True)
SLA = Entry(Label("SLA响应时效", "Response within SLA"), say_response)

FORM = Form(
    "record-sheet",
    Label("IT技术支持团队响应时间与服务记录表", "IT support: response-time and service record"),
    (
        Section(
            Label("提交信息", "Request"),
            (NUMBER, OPENED, REQUESTER, DEPARTMENT, CATEGORY, PRIORITY, REQUEST),
        ),
        Section(
            Label("响应与处理", "Response and handling"),
            (RESPONDED, SLA, HANDLER, PHONE, HANDLING, RESULT),
        ),
        Section(Label("反馈与关闭", "Feedback and closing"), (FEEDBACK, CLOSED, REMARKS)),
        Section(
            Label("回访", "Follow-up"),
            (
                Entry(Label("意见", "Comment"), say_suggestions, wide=True),
                Entry(Label("回访记录", "What was done"), say_follow_up, wide=True),
            ),
            has_follow_up,
        ),
    ),
    (
        *(NUMBER, OPENED, REQUESTER, DEPARTMENT, CATEGORY, PRIORITY, REQUEST, RESPONDED),
        *(HANDLER, PHONE, HANDLING, RESULT, FEEDBACK, CLOSED, REMARKS, SLA),
    ),
)
