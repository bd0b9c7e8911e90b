"""The process manual's papers: a row of the register (M10), the escalation form (M5), the survey's
answers and the follow-up (M7, M8)."""

from __future__ import annotations

from maildesk.desk.label import Label
from maildesk.desk.sheets import entries as read
from maildesk.desk.sheets.form import Entry, Form, Reader, Section
from maildesk.desk.sheets.opinion import (
    has_approval,
    has_escalation,
    has_follow_up,
    say_approvals,
    say_asker,
    say_confirmer,
    say_escalation_verdict,
    say_escalations,
    say_feedback,
    say_follow_up,
    say_rating,
    say_scores,
    say_suggestions,
)
from maildesk.desk.sheets.process import list_handling, say_result
from maildesk.desk.sheets.timing import say_contact, say_response

REGISTER = (
    Entry(Label("工单号", "Ticket number"), read.tell_number),
    Entry(Label("受理时间", "Received at"), read.tell_opened),
    Entry(Label("提报人", "Requester"), read.tell_requester),
    Entry(Label("部门", "Department"), read.tell_department),
    Entry(Label("联系方式", "Phone"), read.tell_phone),
    Entry(Label("问题描述", "Description"), read.tell_request, wide=True),
    Entry(Label("问题类型", "Type"), read.tell_type),
    Entry(Label("紧急程度", "Urgency"), read.tell_priority),
    Entry(Label("受理人", "Handled by"), read.tell_handler),
    Entry(Label("预计解决时间", "Expected by"), read.tell_expected),
    Entry(Label("实际解决时间", "Solved at"), read.tell_solved),
    Entry(Label("状态", "State"), read.tell_state),
)
"""The twelve columns of M10."""


def _say_progress(reader: Reader) -> str:
    return say_escalations(reader, "progress")


def _say_reason(reader: Reader) -> str:
    return say_escalations(reader, "reason")


def _say_support(reader: Reader) -> str:
    return say_escalations(reader, "support")


ESCALATION = Section(
    Label("问题升级申请", "Escalation"),
    (
        Entry(Label("申请人", "Asked by"), say_asker),
        Entry(Label("问题进展", "Progress"), _say_progress, wide=True),
        Entry(Label("升级原因", "Reason"), _say_reason, wide=True),
        Entry(Label("所需支持", "Support needed"), _say_support, wide=True),
        Entry(Label("主管意见", "Decision"), say_escalation_verdict, wide=True),
    ),
    has_escalation,
)

FEEDBACK = Section(
    Label("满意度反馈", "Feedback"),
    (
        Entry(Label("总体评价", "Overall"), say_rating),
        Entry(Label("各项评分", "Scores"), say_scores),
        Entry(Label("意见建议", "Suggestions"), say_suggestions, wide=True),
    ),
)

FOLLOW_UP = Section(
    Label("回访", "Follow-up"),
    (Entry(Label("回访记录", "What was done"), say_follow_up, wide=True),),
    has_follow_up,
)

APPROVAL = Section(
    Label("审批", "Approval"),
    (Entry(Label("审批意见", "Decision"), say_approvals, wide=True),),
    has_approval,
)

FORM = Form(
    "process-manual",
    Label("技术支持工单", "Technical support ticket"),
    (
        Section(Label("工单登记", "Register"), REGISTER),
        APPROVAL,
        Section(
            Label("处理记录", "Handling"),
            (
                Entry(Label("处理组", "Group"), read.tell_group),
                Entry(Label("首次联系时间", "First contact at"), read.tell_responded),
                Entry(Label("响应时效", "Response"), say_response),
                Entry(Label("联系时效", "Contact"), say_contact),
                Entry(Label("处理过程", "Process"), list_handling, wide=True),
                Entry(Label("处理结果", "Result"), say_result, wide=True),
                Entry(Label("附件", "Attachments"), read.tell_files, wide=True),
            ),
        ),
        ESCALATION,
        Section(
            Label("确认与关闭", "Confirmation and closing"),
            (
                Entry(Label("确认人", "Confirmed by"), say_confirmer),
                Entry(Label("确认时间", "Confirmed at"), read.tell_confirmed),
                Entry(Label("关闭时间", "Closed at"), read.tell_closed),
                Entry(Label("归档时间", "Archived at"), read.tell_archived),
                Entry(Label("知识库", "Knowledge base"), read.tell_knowledge),
                Entry(Label("用户反馈", "Requester's feedback"), say_feedback),
                Entry(Label("备注", "Remarks"), read.tell_remarks, wide=True),
            ),
        ),
        FEEDBACK,
        FOLLOW_UP,
    ),
    REGISTER,
)
