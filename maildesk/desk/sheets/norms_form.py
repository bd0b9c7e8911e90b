"""The norms' service record (N1 to N6): registered, graded, dispatched, told, confirmed, learnt."""

from __future__ import annotations

from maildesk.desk.label import Label
from maildesk.desk.sheets import entries as read
from maildesk.desk.sheets.form import Entry, Form, Section
from maildesk.desk.sheets.manual_form import APPROVAL, ESCALATION, FEEDBACK, FOLLOW_UP
from maildesk.desk.sheets.opinion import say_confirmer, say_feedback
from maildesk.desk.sheets.process import list_contacts, list_handling, say_result
from maildesk.desk.sheets.timing import say_response, say_solution

NUMBER = Entry(Label("服务编号", "Service number"), read.tell_number)
OPENED = Entry(Label("登记时间", "Registered at"), read.tell_opened)
REQUESTER = Entry(Label("请求人", "Requester"), read.tell_requester)
DEPARTMENT = Entry(Label("所属部门", "Department"), read.tell_department)
PHONE = Entry(Label("联系方式", "Phone"), read.tell_phone)
REQUEST = Entry(Label("请求内容", "Request"), read.tell_request, wide=True)
CATEGORY = Entry(Label("类别", "Category"), read.tell_category)
GRADE = Entry(Label("级别", "Grade"), read.tell_priority)
HANDLER = Entry(Label("处理人", "Handled by"), read.tell_handler)
RESULT = Entry(Label("处理结果", "Result"), say_result, wide=True)
RESPONSE = Entry(Label("响应时限", "Response"), say_response)
SOLUTION = Entry(Label("解决时限", "Solution"), say_solution)
STATE = Entry(Label("状态", "State"), read.tell_state)

FORM = Form(
    "response-norms",
    Label("信息技术支持服务记录", "IT support service record"),
    (
        Section(
            Label("请求登记", "Registration"),
            (NUMBER, OPENED, REQUESTER, DEPARTMENT, PHONE, STATE, REQUEST),
        ),
        Section(
            Label("分类定级", "Classification"),
            (
                *(CATEGORY, GRADE),
                Entry(Label("影响范围", "Impact"), read.tell_impact),
                Entry(Label("紧迫程度", "Urgency"), read.tell_urgency),
            ),
        ),
        APPROVAL,
        Section(
            Label("派单与处理", "Dispatch and handling"),
            (
                HANDLER,
                Entry(Label("处理组", "Group"), read.tell_group),
                Entry(Label("派单时间", "Dispatched at"), read.tell_accepted),
                Entry(Label("首次响应", "First response at"), read.tell_responded),
                *(RESPONSE, SOLUTION),
                Entry(Label("处理过程", "Process"), list_handling, wide=True),
                Entry(Label("告知用户的进展", "What the requester was told"), list_contacts, True),
                Entry(Label("数据备份", "Backup"), read.tell_record("backup"), wide=True),
                RESULT,
            ),
        ),
        ESCALATION,
        Section(
            Label("用户确认", "Confirmation"),
            (
                Entry(Label("确认人", "Confirmed by"), say_confirmer),
                Entry(Label("确认时间", "Confirmed at"), read.tell_confirmed),
                Entry(Label("用户反馈", "Feedback"), say_feedback),
                Entry(Label("关闭时间", "Closed at"), read.tell_closed),
            ),
        ),
        FEEDBACK,
        FOLLOW_UP,
        Section(
            Label("沉淀与归档", "Learnt and archived"),
            (
                Entry(Label("根本原因", "Root cause"), read.tell_record("cause"), wide=True),
                Entry(Label("标准方案", "Standard solution"), read.tell_record("permanent"), True),
                Entry(Label("知识库/FAQ", "Knowledge / FAQ"), read.tell_knowledge),
                Entry(Label("归档时间", "Archived at"), read.tell_archived),
                Entry(Label("备注", "Remarks"), read.tell_remarks, wide=True),
            ),
        ),
    ),
    (
        *(NUMBER, OPENED, REQUESTER, DEPARTMENT, PHONE, REQUEST, CATEGORY, GRADE, HANDLER),
        Entry(Label("首次响应", "First response at"), read.tell_responded),
        RESPONSE,
        Entry(Label("解决时间", "Solved at"), read.tell_solved),
        *(SOLUTION, RESULT, STATE),
        Entry(Label("用户反馈", "Feedback"), say_feedback),
    ),
)
