"""Yes, no, or asked once more: what somebody answers who must approve something."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.desk.approvals.consent import Answer, read_consent

YES = (
    ("同意", ""),
    ("同意。", ""),
    ("＃同意", ""),
    ("# 批准", ""),
    ("批准！", ""),
    ("同意，谢谢", ""),
    ("同意，请尽快开通，谢谢！", ""),
    ("您好，\n\n同意。\n\n谢谢\n张伟", ""),
    ("IT服务台您好：\n同意", ""),
    ("刘工好，同意", ""),
    ("收到，同意。", ""),
    ("已阅，批准", ""),
    ("我同意", ""),
    ("我这边同意", ""),
    ("本人同意。", ""),
    ("可以", ""),
    ("可以的", ""),
    ("可以开通", ""),
    ("行", ""),
    ("没问题", ""),
    ("没有意见", ""),
    ("无异议", ""),
    ("审批通过", ""),
    ("通过", ""),
    ("ＯＫ", ""),
    ("OK.", ""),
    ("Yes", ""),
    ("Yes, please go ahead.", ""),
    ("Approved.", ""),
    ("approved, thanks", ""),
    ("I approve.", ""),
    ("Hi Anna,\n\nApproved.\n\nBest regards,\nWei", ""),
    ("Hello, approved", ""),
    ("No objection", ""),
    ("No problem.", ""),
    ("同意，但是只读", "但是只读"),
    ("同意（仅限只读权限）", "仅限只读权限"),
    ("可以，但只开到月底", "但只开到月底"),
    ("同意\n只开查询权限，不要给导出。", "只开查询权限，不要给导出。"),
    ("Approved, but read only", "but read only"),
    ("Approved. Do not give admin rights.", "Do not give admin rights"),
    ("同意王敏的申请", "王敏的申请"),
    ("好的，同意", ""),
    ("嗯，同意", ""),
    ("我看过了，同意", ""),
    ("同意，但请不要给导出权限", "但请不要给导出权限"),
    ("同意，请确认账号后开通", "请确认账号后开通"),
)
NO = (
    ("不同意", ""),
    ("不同意。", ""),
    ("#不批准", ""),
    ("不同意 他月底调岗", "他月底调岗"),
    ("不同意，他下周就离职了", "他下周就离职了"),
    ("暂不同意，等项目立项", "等项目立项"),
    ("我不同意", ""),
    ("不批准：没有预算", "没有预算"),
    ("不行", ""),
    ("不可以，太敏感", "太敏感"),
    ("拒绝", ""),
    ("驳回。请走正式流程", "请走正式流程"),
    ("您好，\n不同意，这个系统他用不着", "这个系统他用不着"),
    ("收到，不同意", ""),
    ("No", ""),
    ("No, he has left the project", "he has left the project"),
    ("Not approved: wrong cost centre", "wrong cost centre"),
    ("Rejected", ""),
    ("I do not approve.", ""),
    ("Declined, please use the shared account", "please use the shared account"),
    ("没有必要", ""),
    ("无法同意", ""),
    ("不能批准，数据太敏感", "数据太敏感"),
    ("坚决不同意", ""),
    ("好的，不同意", ""),
    ("Reject", ""),
    ("I disapprove", ""),
    ("I can't approve", ""),
    ("We cannot approve", ""),
)
UNCLEAR = (
    "",
    "您好",
    "收到",
    "好的",
    "谢谢",
    "同意吗？",
    "同意？",
    "能不能说清楚要哪些权限？",
    "同意还是不同意，我再想想",
    "同意与否请李总定",
    "同意 / 不同意",
    "同意书在附件里",
    "同意不了",
    "同意，先别开，等我电话",
    "同意，为什么要两个账号？",
    "可以再考虑一下",
    "行政部已经处理了",
    "行不行都可以",
    "可以吗",
    "原则上同意，请李总定",
    "不同意见请看附件",
    "我出差了，请找李明",
    "已转李明处理",
    "他要这个做什么",
    "我没说同意",
    "等我回来再说",
    "Approved? By whom?",
    "Ok, but not yet approved",
    "No worries, approved",
    "Why does he need this?",
    "I am out of the office",
    "approved by whom?",
    "see below",
    "okra",
    # Said of something else, put off, or left to somebody else.
    "同意，但…",
    "同意么",
    "同意了没",
    "同意个鬼",
    "同意才怪",
    "同意权在李总",
    "同意要总经理签字才行",
    "同意，但需要总监先批",
    "批准人是谁",
    "同意驳回",
    "已同意拒绝他",
    "我同意他的意见：不开",
    "同意，请勿开通",
    "同意。撤回上一封",
    "OK，我看看",
    "可以，我先问问他",
    "没问题，为什么要开",
    "Yes, but no",
    "Yes I saw it",
    "yes, who is this",
    "ok, let me check first",
    "ok I will think about it",
    "no problem, but I can't approve",
    "I approve not",
    "I agree to reject it",
    "agree to decline",
    "I agree with your rejection",
    "Approved once the director has signed",
    "nothing",
    "1",
)


@pytest.mark.parametrize(("words", "rest"), YES, ids=[item[0] for item in YES])
def test_a_yes_is_read_with_its_condition(words: str, rest: str) -> None:
    found = read_consent(words, ("张伟", "Wei"))
    assert (found.answer, found.rest) == (Answer.YES, rest), found


@pytest.mark.parametrize(("words", "rest"), NO, ids=[item[0] for item in NO])
def test_a_no_is_read_with_its_reason(words: str, rest: str) -> None:
    found = read_consent(words, ("张伟",))
    assert (found.answer, found.rest) == (Answer.NO, rest), found


@pytest.mark.parametrize("words", UNCLEAR)
def test_what_is_neither_is_never_guessed(words: str) -> None:
    assert read_consent(words).answer is Answer.UNCLEAR, read_consent(words)


@given(st.text())
def test_nothing_anybody_writes_breaks_it(words: str) -> None:
    assert read_consent(words).answer in Answer


@given(st.text(alphabet="的 ，。吧请看一下。", max_size=8))
def test_no_answer_without_a_yes_is_one(words: str) -> None:
    assert read_consent(words).answer is not Answer.YES
