"""Which words say what became of the backup (N9), and which only seem to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.desk.staff.backup import read_backup

LINES = (
    ("备份：已做", "已做"),
    ("备份:已做。", "已做"),
    ("备份：不涉及", "不涉及"),
    ("备份： 不涉及 ", "不涉及"),
    ("数据备份：已完成", "已完成"),
    ("备份情况：已做，在 NAS01", "已做，在 NAS01"),
    ("备份：无需", "无需"),
    ("备份：无需备份", "无需备份"),
    ("- 备份：已备份", "已备份"),
    ("已备份", "已做"),
    ("已备份。", "已做"),
    ("数据已备份", "已做"),
    ("备份已完成", "已做"),
    ("无需备份", "不涉及"),
    ("不需要备份", "不涉及"),
    ("不涉及备份", "不涉及"),
    ("ＢＡＣＫＵＰ：done", "done"),
    ("Backup: done", "done"),
    ("backup: not needed", "not needed"),
    ("Backup: N/A", "N/A"),
    ("backups: not required.", "not required"),
    ("backup: done (on NAS01)", "done (on NAS01)"),
    ("Backed up.", "done"),
    ("No backup needed", "not needed"),
)


@pytest.mark.parametrize(("line", "said"), LINES)
def test_a_line_about_the_backup_is_read_and_taken_out(line: str, said: str) -> None:
    found = read_backup(f"文件已恢复到原目录，请查看。\n{line}\n有问题请回复。")
    assert found.said == said
    assert found.words == "文件已恢复到原目录，请查看。\n有问题请回复。"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("数据已备份，并已恢复到昨天的版本，请查看。", "已做"),
        ("只改了显示设置，不涉及备份，请刷新看看。", "不涉及"),
        ("The data was backed up before the restore. Please have a look.", "done"),
        ("Only a view was changed; no backup needed.", "not needed"),
    ],
)
def test_inside_a_sentence_it_counts_and_stays(words: str, said: str) -> None:
    found = read_backup(words)
    assert (found.said, found.words) == (said, words)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "文件已恢复，请查看。",
        "备份：未做",
        "备份：没有",
        "备份：无",
        "备份：",
        "备份：已做？",
        "备份：已做吗",
        "备份：明天做",
        "尚未备份",
        "没有备份",
        "还没做备份",
        "请确认数据已备份",
        "请先自行备份数据",
        "如果数据已备份，请告诉我们",
        "您的数据已备份吗？",
        "是否已备份？",
        "备份服务器已恢复",
        "Backup: pending",
        "backup: not done",
        "It was not backed up.",
        "Please tell me whether the data was backed up",
        "Is it backed up?",
    ],
)
def test_a_question_a_request_or_a_denial_says_nothing(words: str) -> None:
    found = read_backup(words)
    assert (found.said, found.words) == ("", words)


@given(st.text(st.sampled_from("备份：已做不涉及无需未没\n ，。backup: done?"), max_size=60))
def test_any_words_are_read_and_only_whole_lines_are_lost(words: str) -> None:
    found = read_backup(words)
    assert set(found.words.split("\n")) <= {*words.split("\n"), ""}
