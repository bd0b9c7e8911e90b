"""The feedback template (F11): registration form, diagnosis, the three solutions, verification."""

from __future__ import annotations

from maildesk.desk.label import Label
from maildesk.desk.sheets import entries as read
from maildesk.desk.sheets.form import Entry, Form, Section
from maildesk.desk.sheets.opinion import (
    has_approval,
    has_follow_up,
    say_approvals,
    say_confirmer,
    say_feedback,
    say_follow_up,
)
from maildesk.desk.sheets.process import list_handling, say_result

NUMBER = Entry(Label("问题编号", "Problem number"), read.tell_number)
REQUESTER = Entry(Label("反馈人", "Reported by"), read.tell_requester)
DEPARTMENT = Entry(Label("所属部门", "Department"), read.tell_department)
PHONE = Entry(Label("联系方式", "Phone"), read.tell_phone)
REQUEST = Entry(Label("问题描述", "Description"), read.tell_request, wide=True)
OCCURRED = Entry(Label("问题发生时间", "Occurred at"), read.tell_field("occurred"))
IMPACT = Entry(Label("影响范围", "Who is affected"), read.tell_impact)
SEVERITY = Entry(Label("严重程度", "Severity (stated)"), read.tell_severity)
PRIORITY = Entry(Label("优先级", "Priority (judged)"), read.tell_priority)
STATE = Entry(Label("状态", "State"), read.tell_state)
HANDLER = Entry(Label("处理人", "Handled by"), read.tell_handler)
CAUSE = Entry(Label("根本原因", "Root cause"), read.tell_record("cause"), wide=True)
RESULT = Entry(Label("处理结果", "Result"), say_result, wide=True)

FORM = Form(
    "feedback-template",
    Label("IT技术支持问题反馈及解决方案", "IT support: problem feedback and solution"),
    (
        Section(
            Label("问题登记", "Registration"),
            (
                *(NUMBER, REQUESTER, DEPARTMENT, PHONE),
                *(REQUEST, OCCURRED, IMPACT, SEVERITY, PRIORITY),
                Entry(Label("登记时间", "Registered at"), read.tell_opened),
                Entry(Label("问题分类", "Category"), read.tell_category),
            ),
        ),
        Section(
            Label("详细信息", "Details"),
            (
                Entry(Label("操作步骤", "Steps at the time"), read.tell_field("steps"), wide=True),
                Entry(Label("错误信息", "Error message"), read.tell_field("error"), wide=True),
                Entry(Label("设备/系统", "Device / system"), read.tell_device),
                Entry(Label("频率", "How often"), read.tell_field("frequency")),
                Entry(Label("已尝试的方法", "Tried so far"), read.tell_field("tried"), wide=True),
                Entry(Label("附件", "Attachments"), read.tell_files, wide=True),
            ),
        ),
        Section(
            Label("问题诊断", "Diagnosis"),
            (
                HANDLER,
                Entry(Label("处理组", "Group"), read.tell_group),
                Entry(Label("诊断与处理过程", "Diagnosis and process"), list_handling, wide=True),
                CAUSE,
            ),
        ),
        Section(
            Label("解决方案", "Solution"),
            (
                Entry(Label("临时方案", "Interim"), read.tell_record("interim"), wide=True),
                Entry(Label("永久方案", "Permanent"), read.tell_record("permanent"), wide=True),
                Entry(Label("预防措施", "Prevention"), read.tell_record("prevention"), wide=True),
            ),
        ),
        Section(
            Label("审批", "Approval"),
            (Entry(Label("审批意见", "Decision"), say_approvals, wide=True),),
            has_approval,
        ),
        Section(
            Label("验证与关闭", "Verification and closing"),
            (
                RESULT,
                Entry(Label("解决时间", "Solved at"), read.tell_solved),
                Entry(Label("确认人", "Confirmed by"), say_confirmer),
                Entry(Label("确认时间", "Confirmed at"), read.tell_confirmed),
                Entry(Label("满意度评价", "Rating"), say_feedback),
                Entry(Label("关闭时间", "Closed at"), read.tell_closed),
                Entry(Label("知识库", "Knowledge base"), read.tell_knowledge),
                Entry(Label("备注", "Remarks"), read.tell_remarks, wide=True),
            ),
        ),
        Section(
            Label("回访", "Follow-up"),
            (Entry(Label("回访记录", "What was done"), say_follow_up, wide=True),),
            has_follow_up,
        ),
    ),
    (
        *(NUMBER, REQUESTER, DEPARTMENT, PHONE, REQUEST, OCCURRED, IMPACT, SEVERITY, PRIORITY),
        Entry(Label("登记时间", "Registered at"), read.tell_opened),
        *(STATE, HANDLER, CAUSE, RESULT),
        Entry(Label("关闭时间", "Closed at"), read.tell_closed),
    ),
)
