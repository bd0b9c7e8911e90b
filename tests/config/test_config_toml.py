"""The structure of maildesk.toml: what is read, and how each kind of slip is told."""

from pathlib import Path

import pytest

from maildesk.config.toml import Source, read_toml

TRUST = 'user = "x"\n[mailbox.support.trust]\n'
GOOD = """\
data = "store"
[limits]
mail_size = "1.5 MB"
worker_size = 2048
[smtp]
host = "smtp.example.com"
envelope_sender = "<>"
[desk.it]
addresses = ["desk@example.com", "help@例子.中国"]
accept_from = ["@Example.com", "boss@example.org"]
[mailbox.support]
host = "2001:db8::1"
user = "desk"
password = "$ecret$$"
"""


def read(tmp_path: Path, text: str | bytes, **environ: str) -> Source:
    file = tmp_path / "maildesk.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_toml(file, environ)


def test_a_good_file_has_no_faults_and_typed_values(tmp_path: Path) -> None:
    source = read(tmp_path, GOOD)
    assert source.faults == ()
    toml = source.toml
    assert toml is not None
    assert toml.limits.mail_size == 1_572_864
    assert toml.limits.worker_size == 2048
    assert toml.smtp is not None
    assert toml.smtp.envelope_sender == ""
    assert toml.desk["it"].accept_from == ["example.com", "boss@example.org"]
    assert toml.mailbox["support"].password == "$ecret$$"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_files_of_windows_editors_are_read(tmp_path: Path, newline: str, mark: bytes) -> None:
    text = mark + GOOD.replace("\n", newline).encode()
    assert read(tmp_path, text).faults == ()
    wrong = text.replace(b'user = "desk"', b"user = 3")
    assert [fault.line for fault in read(tmp_path, wrong).faults] == [13]


def test_variables_are_filled_in_anywhere(tmp_path: Path) -> None:
    text = GOOD.replace("smtp.example.com", "${SMTP_HOST}").replace('"desk"', '"$${x}${ME}"')
    source = read(tmp_path, text, SMTP_HOST="relay.example.com", ME="me")
    assert source.toml is not None
    assert source.toml.smtp is not None
    assert source.toml.smtp.host == "relay.example.com"
    assert source.toml.mailbox["support"].user == "${x}me"


SLIPS = [
    ('host = "smtp.example.com"', 'hots = "x"', 6, "smtp.hots", "Did you mean 'host'?"),
    ('host = "smtp.example.com"', 'host = "smtp://x"', 6, "smtp.host", "Write only the name"),
    ('host = "smtp.example.com"', 'host = "1.2.3"', 6, "smtp.host", "Write only the name"),
    ('host = "2001:db8::1"', "", 11, "mailbox.support.host", 'host = "imap.example.com"'),
    ('user = "desk"', "user = 3", 13, "mailbox.support.user", "in quotes"),
    ('user = "desk"', 'user = ""', 13, "mailbox.support.user", "default"),
    ('user = "desk"', 'user = "a\\nb"', 13, "mailbox.support.user", "one line"),
    ('user = "desk"', 'user = "x"\nport = true', 14, "mailbox.support.port", "digits"),
    ('user = "desk"', 'user = "x"\nport = 0', 14, "mailbox.support.port", "least is 1"),
    ('user = "desk"', 'user = "x"\nport = 65536', 14, "mailbox.support.port", "most is 65535"),
    ('user = "desk"', 'user = "x"\nport = "x"', 14, "mailbox.support.port", "digits"),
    ('user = "desk"', 'user = "x"\nfiling = "move"', 14, "mailbox.support.filing", "[mailbox."),
    ('user = "desk"', 'user = "x"\nsecurity = "tsl"', 14, "mailbox.support.security", "'tls'"),
    ('user = "desk"', 'user = "x"\npeople = "p"', 14, "mailbox.support.people", "at the top"),
    ('user = "desk"', f"{TRUST}internal = []", 14, "mailbox.support.trust.trusted_hosts", "mx."),
    (
        'user = "desk"',
        f"{TRUST}trusted_hosts = []",
        15,
        "mailbox.support.trust.trusted_hosts",
        "mx.",
    ),
    ('data = "store"', "[data]", 1, "data", "in quotes"),
    ('mail_size = "1.5 MB"', 'mail_size = "much"', 3, "limits.mail_size", '"100 MB"'),
    ('mail_size = "1.5 MB"', "mail_size = 3", 3, "limits.mail_size", "least is 1024"),
    ('"desk@example.com"', '"desk@"', 9, "desk.it.addresses", "name@example.com"),
    ('"desk@example.com"', '"a..b@x.cn"', 9, "desk.it.addresses", "name@example.com"),
    ('"boss@example.org"', '"a b"', 10, "desk.it.accept_from", "a domain such as"),
    ('envelope_sender = "<>"', 'envelope_sender = ""', 7, "smtp.envelope_sender", "name@"),
    ("[desk.it]", '[desk."i t"]', 8, "desk.i t", "letters, digits"),
    ("[desk.it]", "[desk.it]\nzone = 'Asia/Shangai'", 9, "desk.it.zone", "'Asia/Shanghai'"),
    ("[desk.it]", "[desk.it]\nzone = '../etc'", 9, "desk.it.zone", "Asia/Shanghai"),
    ("[desk.it]", "[desk.it]\nlanguage = '中文'", 9, "desk.it.language", "'zh-CN'"),
    (
        "[desk.it]",
        "[desk.it]\nreport_readers = ['boss']",
        9,
        "desk.it.report_readers",
        "name@example.com",
    ),
    ("[desk.it]", "[desk.it]\nplus_address = 'x'", 9, "desk.it.plus_address", "without quotes"),
    ('data = "store"', 'data = "${NOPE}"', 1, "data", "Set it where maildesk starts"),
    ('data = "store"', "data = store", 1, "", "Text stands in quotes"),
    ("[smtp]", "[smtp", 5, "", "Text stands in quotes"),
    ('user = "desk"', "user = “desk”", 13, "", "ASCII marks"),
    ('data = "store"', 'data = "D:\\xdesk"', 1, "", "'…'"),
    (
        'user = "desk"',
        'user = "x"\nmode = "move"',
        14,
        "mailbox.support.mode",
        "[mailbox.support.filing]",
    ),
    ('envelope_sender = "<>"', 'listen = "x:1"', 7, "smtp.listen", "belongs to [web]"),
    ("[smtp]", "[desk.it]", 8, "", "Text stands in quotes"),
]


@pytest.mark.parametrize(("old", "new", "line", "key", "remedy"), SLIPS)
def test_each_slip_is_told_with_line_key_and_remedy(
    tmp_path: Path, old: str, new: str, line: int, key: str, remedy: str
) -> None:
    assert old in GOOD
    faults = read(tmp_path, GOOD.replace(old, new, 1)).faults
    assert any(
        (fault.line, fault.key) == (line, key) and remedy in fault.remedy for fault in faults
    ), faults


def read_trust(tmp_path: Path, key: str, entry: str) -> Source:
    hosts = "" if key == "trusted_hosts" else 'trusted_hosts = ["mx.corp.example"]\n'
    table = f"[mailbox.support.trust]\n{hosts}{key} = [{entry!r}]\n"
    return read(tmp_path, GOOD + table)


SERVERS = [
    *("mx.corp.example", ".corp.example", "10.0.0.5", "10.0.0.0/8", "2603:1000::/24", "fe80::1"),
    *("gzga-mx-*", "mx1", "MX.Corp.Example", "mx_in.corp.example", ".mail.公司.中国"),
]


@pytest.mark.parametrize("entry", SERVERS)
def test_servers_are_named_in_many_ways(tmp_path: Path, entry: str) -> None:
    source = read_trust(tmp_path, "trusted_hosts", entry)
    assert source.faults == ()
    assert source.toml is not None
    trust = source.toml.mailbox["support"].trust
    assert trust is not None
    assert trust.trusted_hosts == [entry.lower()]


TRUST_SLIPS = [
    *(
        ("trusted_hosts", entry)
        for entry in (".com", "*", "*.cn", "mx*corp*", "a b", ".", "smtp://x")
    ),
    *(("trusted_hosts", entry) for entry in ("0.0.0.0/0", "::/0", "10.0.0.0/99", "[10.0.0.1]", "")),
    *(
        ("authserv_ids", entry)
        for entry in ("", "*", "mx.corp.example; spf=pass", "mx corp", "<mx>")
    ),
    *(("internal", entry) for entry in ("yes", "", "X-Internal", "X-Internal:", "X Y: z", ": z")),
]


@pytest.mark.parametrize(("key", "entry"), TRUST_SLIPS)
def test_trust_in_nobody_knows_whom_is_a_fault(tmp_path: Path, key: str, entry: str) -> None:
    faults = read_trust(tmp_path, key, entry).faults
    assert [fault.key for fault in faults] == [f"mailbox.support.trust.{key}"]
    assert (faults[0].line or 0) > GOOD.count("\n")
    assert faults[0].remedy


def test_all_slips_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = GOOD.replace("data", "date").replace("<>", "?").replace('user = "desk"', "user = 1")
    assert [fault.line for fault in read(tmp_path, text).faults] == [1, 7, 13]


def test_a_missing_or_unreadable_file_is_one_fault(tmp_path: Path) -> None:
    assert "maildesk init" in read_toml(tmp_path / "nowhere.toml", {}).faults[0].remedy
    (tmp_path / "folder").mkdir()
    assert "cannot be read" in read_toml(tmp_path / "folder", {}).faults[0].problem
    chinese = read(tmp_path, "data = 'x'\nname = '服务台'".encode("gbk")).faults
    assert [(fault.line, fault.remedy) for fault in chinese] == [(2, "Save the file as UTF-8.")]


def test_no_fault_shows_a_password(tmp_path: Path) -> None:
    text = GOOD.replace('password = "$ecret$$"', 'password = ["hunter2"]\nuser_x = "hunter2"')
    source = read(tmp_path, text)
    assert source.faults
    assert "hunter2" not in " ".join(str(fault) for fault in source.faults)
    good = read(tmp_path, GOOD)
    assert "$ecret" not in repr(good.toml)
    assert "$ecret" not in repr(good)
