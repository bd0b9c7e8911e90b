"""The work order (W5 to W9) in its four blocks: request, handling, confirmation, archive."""

from __future__ import annotations

from maildesk.desk.label import Label
from maildesk.desk.sheets import entries as read
from maildesk.desk.sheets.form import Entry, Form, Section
from maildesk.desk.sheets.manual_form import APPROVAL, FOLLOW_UP
from maildesk.desk.sheets.opinion import say_confirmer, say_rating, say_suggestions
from maildesk.desk.sheets.process import list_handling, say_result, say_solution
from maildesk.desk.sheets.timing import say_response
from maildesk.desk.sheets.timing import say_solution as say_solution_limit

NUMBER = Entry(Label("工单编号", "Work order"), read.tell_number)
TYPE = Entry(Label("工单类型", "Type"), read.tell_type)
STATE = Entry(Label("工单状态", "State"), read.tell_state)
PRIORITY = Entry(Label("优先级", "Priority"), read.tell_priority)
DEPARTMENT = Entry(Label("申请部门", "Department"), read.tell_department)
REQUESTER = Entry(Label("申请人", "Submitted by"), read.tell_requester)
OPENED = Entry(Label("申请时间", "Submitted at"), read.tell_opened)
PHONE = Entry(Label("联系方式", "Phone"), read.tell_phone)
WISHED = Entry(Label("期望完成时间", "Wished for"), read.tell_field("wished"))
REQUEST = Entry(Label("问题/服务描述", "Description"), read.tell_request, wide=True)
HANDLER = Entry(Label("处理人", "Handled by"), read.tell_handler)
GROUP = Entry(Label("处理部门/组", "Group"), read.tell_group)
ACCEPTED = Entry(Label("受理时间", "Accepted at"), read.tell_accepted)
FINISHED = Entry(Label("完成时间", "Finished at"), read.tell_solved)
CONFIRMER = Entry(Label("确认人", "Confirmed by"), say_confirmer)
CONFIRMED = Entry(Label("确认时间", "Confirmed at"), read.tell_confirmed)
RATING = Entry(Label("满意度", "Satisfaction"), say_rating)

FORM = Form(
    "work-order",
    Label("IT服务流程工作单", "IT service work order"),
    (
        Section(
            Label("申请信息", "Request"),
            (
                *(NUMBER, TYPE, PRIORITY, STATE, DEPARTMENT, REQUESTER, OPENED, PHONE, WISHED),
                Entry(Label("影响范围", "Who is affected"), read.tell_impact),
                REQUEST,
                Entry(Label("发生时间", "Since"), read.tell_field("occurred")),
                Entry(Label("频率", "How often"), read.tell_field("frequency")),
                Entry(Label("错误提示", "Error message"), read.tell_field("error"), wide=True),
                Entry(Label("已采取的措施", "Tried so far"), read.tell_field("tried"), wide=True),
                Entry(Label("截图及附件", "Attachments"), read.tell_files, wide=True),
            ),
        ),
        APPROVAL,
        Section(
            Label("处理信息", "Handling"),
            (
                *(HANDLER, GROUP, ACCEPTED, FINISHED),
                Entry(Label("响应时效", "Response"), say_response),
                Entry(Label("解决时效", "Solution in time"), say_solution_limit),
                Entry(Label("处理过程记录", "Process"), list_handling, wide=True),
                Entry(Label("解决方案", "Solution"), say_solution, wide=True),
            ),
        ),
        Section(
            Label("确认信息", "Confirmation"),
            (
                *(CONFIRMER, CONFIRMED, RATING),
                Entry(Label("关闭时间", "Closed at"), read.tell_closed),
                Entry(Label("备注", "Remarks"), say_suggestions, wide=True),
            ),
        ),
        FOLLOW_UP,
        Section(
            Label("复核与归档", "Review and archive"),
            (
                Entry(Label("复核意见", "Review"), read.tell_review, wide=True),
                Entry(Label("复核人", "Reviewed by"), read.tell_reviewer),
                Entry(Label("归档时间", "Archived at"), read.tell_archived),
                Entry(Label("说明", "Notes"), read.tell_notes, wide=True),
            ),
        ),
    ),
    (
        *(NUMBER, TYPE, PRIORITY, STATE, DEPARTMENT, REQUESTER, OPENED, PHONE, WISHED, REQUEST),
        *(HANDLER, GROUP, ACCEPTED, FINISHED),
        Entry(Label("处理结果", "Result"), say_result),
        *(CONFIRMER, CONFIRMED, RATING),
        Entry(Label("归档时间", "Archived at"), read.tell_archived),
    ),
)
