"""`maildesk init`: a folder to edit, and never a file overwritten."""

from pathlib import Path

from click.testing import CliRunner

from maildesk.cli.init import init
from maildesk.config.reading import survey


def list_files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_everything_to_edit_is_written_and_next_steps_are_told(tmp_path: Path) -> None:
    home = tmp_path / "deep" / "desk"
    result = CliRunner().invoke(init, [str(home)])
    assert result.exit_code == 0, result.output
    assert {"maildesk.toml", "people.yaml", "rules/profiles/default.yaml"} <= list_files(home)
    assert "templates/letters/zh-CN/ack.txt" in list_files(home)
    assert (home / "data").is_dir()
    assert f"maildesk check --config {home / 'maildesk.toml'}" in result.output
    assert f"maildesk run --config {home / 'maildesk.toml'}" in result.output


def test_what_it_wrote_lacks_only_the_passwords(tmp_path: Path) -> None:
    CliRunner().invoke(init, [str(tmp_path)])
    faults = survey(tmp_path / "maildesk.toml", {}).faults
    assert [fault.key for fault in faults] == [
        "smtp.password_file",
        "mailbox.helpdesk.password_file",
    ]
    for name in ("imap.pw", "smtp.pw"):
        (tmp_path / name).touch(mode=0o600)
        (tmp_path / name).write_text("secret\n")
    config = survey(tmp_path / "maildesk.toml", {}).config
    assert config is not None
    assert {rule.file.partition("/")[0] for rule in config.rules} == {"rules"}
    roles = [person.role.value for person in config.people]
    assert roles == ["lead", "engineer", "requester", "requester"]


def test_if_anything_is_in_the_way_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "rules" / "profiles").mkdir(parents=True)
    (tmp_path / "rules" / "profiles" / "default.yaml").write_text("mine")
    (tmp_path / "people.yaml").write_text("mine too")
    result = CliRunner().invoke(init, [str(tmp_path)])
    assert result.exit_code == 1
    assert str(tmp_path / "people.yaml") in result.output
    assert str(tmp_path / "rules/profiles/default.yaml") in result.output
    assert list_files(tmp_path) == {"people.yaml", "rules/profiles/default.yaml"}
    assert (tmp_path / "people.yaml").read_text() == "mine too"


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    CliRunner().invoke(init, [str(tmp_path)])
    before = {name: (tmp_path / name).stat().st_mtime_ns for name in list_files(tmp_path)}
    result = CliRunner().invoke(init, [str(tmp_path)])
    assert result.exit_code == 1
    assert "more" in result.output or len(before) <= 20
    assert before == {name: (tmp_path / name).stat().st_mtime_ns for name in list_files(tmp_path)}


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    result = CliRunner().invoke(init, [str(tmp_path / "file" / "desk")])
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert len(result.output.splitlines()) == 1
