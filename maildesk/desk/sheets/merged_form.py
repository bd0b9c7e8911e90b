"""The default profile's form: what the five documents print, merged; words are R12's."""

from __future__ import annotations

from maildesk.desk.label import Label
from maildesk.desk.sheets import entries as read
from maildesk.desk.sheets import record_sheet as sheet
from maildesk.desk.sheets.form import Entry, Form, Section
from maildesk.desk.sheets.manual_form import APPROVAL, ESCALATION, FEEDBACK, FOLLOW_UP
from maildesk.desk.sheets.opinion import say_confirmer
from maildesk.desk.sheets.timing import say_contact, say_solution

TYPE = Entry(Label("请求类型", "Type"), read.tell_type)
STATE = Entry(Label("状态", "State"), read.tell_state)
PHONE = Entry(Label("提交人电话", "Requester's phone"), read.tell_phone)
EXPECTED = Entry(Label("预计解决时间", "Expected by"), read.tell_expected)
SOLVED = Entry(Label("实际解决时间", "Solved at"), read.tell_solved)
SOLUTION = Entry(Label("解决时效", "Solution in time"), say_solution)
CONFIRMER = Entry(Label("确认人", "Confirmed by"), say_confirmer)
CONFIRMED = Entry(Label("确认时间", "Confirmed at"), read.tell_confirmed)
ARCHIVED = Entry(Label("归档时间", "Archived at"), read.tell_archived)

FORM = Form(
    "default",
    Label("IT服务工单", "IT service ticket"),
    (
        Section(
            Label("申请信息", "Request"),
            (
                *(sheet.NUMBER, STATE, sheet.OPENED, sheet.REQUESTER, sheet.DEPARTMENT, PHONE),
                *(TYPE, sheet.CATEGORY, sheet.PRIORITY),
                Entry(Label("自述严重程度", "Severity (stated)"), read.tell_severity),
                Entry(Label("影响范围", "Who is affected"), read.tell_impact),
                Entry(Label("紧迫程度", "Urgency"), read.tell_urgency),
                Entry(Label("发生时间", "Since"), read.tell_field("occurred")),
                Entry(Label("频率", "How often"), read.tell_field("frequency")),
                Entry(Label("期望完成时间", "Wished for"), read.tell_field("wished")),
                Entry(Label("设备/系统", "Device / system"), read.tell_device),
                sheet.REQUEST,
                Entry(Label("操作步骤", "Steps at the time"), read.tell_field("steps"), wide=True),
                Entry(Label("错误信息", "Error message"), read.tell_field("error"), wide=True),
                Entry(Label("已尝试", "Tried so far"), read.tell_field("tried"), wide=True),
                Entry(Label("附件", "Attachments"), read.tell_files, wide=True),
            ),
        ),
        APPROVAL,
        Section(
            Label("响应与处理", "Response and handling"),
            (
                *(sheet.HANDLER, sheet.PHONE),
                Entry(Label("处理组", "Group"), read.tell_group),
                Entry(Label("派单时间", "Dispatched at"), read.tell_accepted),
                *(sheet.RESPONDED, sheet.SLA),
                Entry(Label("联系时效", "Contact in time"), say_contact),
                *(EXPECTED, SOLVED, SOLUTION, sheet.HANDLING, sheet.RESULT),
            ),
        ),
        ESCALATION,
        Section(
            Label("原因与方案", "Cause and solution"),
            (
                Entry(Label("根因", "Root cause"), read.tell_record("cause"), wide=True),
                Entry(Label("临时方案", "Interim"), read.tell_record("interim"), wide=True),
                Entry(Label("永久方案", "Permanent"), read.tell_record("permanent"), wide=True),
                Entry(Label("预防措施", "Prevention"), read.tell_record("prevention"), wide=True),
            ),
        ),
        Section(
            Label("确认与关闭", "Confirmation and closing"),
            (CONFIRMER, CONFIRMED, sheet.FEEDBACK, sheet.CLOSED),
        ),
        FEEDBACK,
        FOLLOW_UP,
        Section(
            Label("复核与归档", "Review and archive"),
            (
                Entry(Label("复核人", "Reviewed by"), read.tell_reviewer),
                ARCHIVED,
                Entry(Label("知识库", "Knowledge base"), read.tell_knowledge),
                sheet.REMARKS,
            ),
        ),
    ),
    (
        *(sheet.NUMBER, STATE, sheet.OPENED, sheet.REQUESTER, sheet.DEPARTMENT, PHONE, TYPE),
        *(sheet.CATEGORY, sheet.PRIORITY, sheet.REQUEST, sheet.HANDLER, sheet.PHONE),
        *(sheet.RESPONDED, sheet.SLA, EXPECTED, SOLVED, SOLUTION, sheet.HANDLING, sheet.RESULT),
        *(CONFIRMER, sheet.FEEDBACK, sheet.CLOSED, ARCHIVED, sheet.REMARKS),
    ),
)
