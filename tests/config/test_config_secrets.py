"""Secrets: where they come from, who may read them, and that they never show."""

import re
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from maildesk.config.secrets import Found, ensure_secret, find_secret, find_signing_secret
from maildesk.config.toml import read_toml
from maildesk.errors import ConfigFault

FRAME = '[desk.it]\naddresses = ["a@example.com"]\n[smtp]\nhost = "x"\nuser = "u"\n'


def find(tmp_path: Path, lines: str, **environ: str) -> Found:
    file = tmp_path / "maildesk.toml"
    file.touch(mode=0o600)
    file.write_text(FRAME + lines)
    source = read_toml(file, environ)
    assert source.faults == ()
    assert source.toml is not None
    assert source.toml.smtp is not None
    return find_secret(source, ("smtp",), "password", source.toml.smtp, environ)


def write(path: Path, text: str, mode: int = 0o600) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.touch()
    path.chmod(mode)
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("lines", "environ"),
    [
        ('password = "s3cret word"', {}),
        ('password = "${PW}"', {"PW": "s3cret word"}),
        ('password = "s3cret ${PW}"', {"PW": "word"}),
        ('password_env = "PW"', {"PW": "s3cret word"}),
        ('password_file = "pw/smtp"', {}),
    ],
)
def test_each_form_gives_the_same_secret(
    tmp_path: Path, lines: str, environ: dict[str, str]
) -> None:
    write(tmp_path / "pw" / "smtp", "s3cret word\r\n")
    found = find(tmp_path, lines, **environ)
    assert found == Found("s3cret word")
    assert "s3cret" not in repr(found)


def test_a_systemd_credential_is_found_in_its_folder(tmp_path: Path) -> None:
    write(tmp_path / "creds" / "smtp", "s3cret\n")
    folder = str(tmp_path / "creds")
    found = find(tmp_path, 'password_credential = "smtp"', CREDENTIALS_DIRECTORY=folder)
    assert found.value == "s3cret"


@pytest.mark.parametrize(
    ("lines", "problem", "remedy"),
    [
        ('password_env = "NOPE"', "'NOPE' is not set", "EnvironmentFile"),
        ('password_file = "nope"', "does not exist", "Write the secret alone"),
        ('password_file = "."', "cannot be read", "readable"),
        ('password_file = "binary"', "is not UTF-8 text", "UTF-8"),
        ('password_file = "empty"', "the secret is empty", "Write the secret"),
        ('password_file = "two"', "has several lines", "alone"),
        ('password = ""', "the secret is empty", "Write the secret"),
        ('password_credential = "smtp"', "systemd passed no credentials", "LoadCredential=smtp:"),
        ('password = "s3cret"\npassword_env = "X"', "password and password_env", "Keep one"),
    ],
)
def test_a_secret_that_cannot_be_had_is_a_fault_with_a_remedy(
    tmp_path: Path, lines: str, problem: str, remedy: str
) -> None:
    write(tmp_path / "empty", "\n")
    write(tmp_path / "two", "user=desk\npassword=s3cret\n")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\xff")
    found = find(tmp_path, lines)
    assert found.value is None
    (fault,) = found.faults
    assert problem in fault.problem
    assert remedy in fault.remedy
    assert fault.line == 5 + len(lines.splitlines())
    assert "s3cret" not in str(fault)


@pytest.mark.parametrize(
    ("mode", "warned"), [(0o600, False), (0o640, False), (0o644, True), (0o660, True)]
)
def test_a_secret_file_others_may_read_is_a_warning(
    tmp_path: Path, mode: int, warned: bool
) -> None:
    write(tmp_path / "pw", "s3cret\n", mode)
    found = find(tmp_path, 'password_file = "pw"')
    assert found.value == "s3cret"
    assert bool(found.warnings) is warned
    assert not warned or found.warnings[0].remedy == f"Run: chmod 600 {tmp_path / 'pw'}."


def test_a_password_in_a_readable_toml_is_a_warning_but_a_variable_is_not(tmp_path: Path) -> None:
    find(tmp_path, 'password = "x"')
    (tmp_path / "maildesk.toml").chmod(0o644)
    assert find(tmp_path, 'password = "x"').warnings
    assert not find(tmp_path, 'password = "${X}"', X="x").warnings


def test_the_signing_key_is_made_once_and_only_for_us(tmp_path: Path) -> None:
    data = tmp_path / "deep" / "data"
    assert find_signing_secret(data) is None
    assert not data.exists()
    secret = ensure_secret(data)
    assert re.fullmatch(rb"[0-9a-f]{64}", secret)
    assert ensure_secret(data) == secret == find_signing_secret(data)
    assert stat.S_IMODE((data / "secret").stat().st_mode) == 0o600
    assert [path.name for path in data.iterdir()] == ["secret"]


def test_processes_that_start_at_once_get_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: ensure_secret(tmp_path / "data"), range(32)))
    assert len(keys) == 1


def test_a_damaged_signing_key_is_never_replaced(tmp_path: Path) -> None:
    write(tmp_path / "secret", "short\n")
    with pytest.raises(ConfigFault, match="Restore it from a backup"):
        ensure_secret(tmp_path)
    assert (tmp_path / "secret").read_text() == "short\n"


def test_a_data_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    write(tmp_path / "file", "x")
    with pytest.raises(ConfigFault, match="cannot be"):
        ensure_secret(tmp_path / "file" / "data")
