"""Secrets in texts: what is masked, what only looks like it, and that nothing else changes."""

from __future__ import annotations

import re
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.desk.privacy.mask import Secret, mask

ID = "［身份证号已隐去…4530］"
CARD = "［银行卡号已隐去…7894］"
HOME = "［家庭住址已隐去］"
PW = "［密码已隐去］"

MASKED = (
    # Resident ID numbers (GB 11643).
    ("身份证号：110101199003074530，请核对", f"身份证号：{ID}，请核对"),
    ("我的号码是110101199003074530", f"我的号码是{ID}"),
    ("身份证号 １１０１０１１９９００３０７４５３０", f"身份证号 {ID}"),
    ("身份证：110101 19900307 4530 谢谢", f"身份证：{ID} 谢谢"),
    ("身份证：110101-19900307-4530", f"身份证：{ID}"),
    ("证件号码 11010519491231002X", "证件号码 ［身份证号已隐去…002X］"),
    ("证件号码 11010519491231002x", "证件号码 ［身份证号已隐去…002x］"),
    ("身份证号 110101199003074531 输错了一位", "身份证号 ［身份证号已隐去…4531］ 输错了一位"),
    ("老身份证 110101900307123 还能用吗", "老身份证 ［身份证号已隐去…7123］ 还能用吗"),
    ("My ID is 110101199003074530.", "My ID is [ID number hidden …4530]."),
    ("扫描件_110101199003074530_正面", f"扫描件_{ID}_正面"),
    ("甲110101199003074530乙13800138000", f"甲{ID}乙13800138000"),
    ("110101199003074530 110101199003074530 两个", f"{ID} {ID} 两个"),
    ("身份证：1101011990\n03074530，请核对", f"身份证：{ID}\n，请核对"),
    ("> 110101\n> 199003074530", "> [ID number hidden …4530]\n"),
    ("身份证110101\u200b19900307\u200b4530", f"身份证{ID}"),
    ("身份证" + "\u200b".join("110101199003074530"), f"身份证{ID}"),
    ("ID110101199003074530", "ID[ID number hidden …4530]"),
    # Bank cards.
    ("卡号 6222\u200b0212\u200b3456\u200b7894", f"卡号 {CARD}"),
    ("卡号 6222 0212 3456 7894", f"卡号 {CARD}"),
    ("工资发到6222021234567894这张", f"工资发到{CARD}这张"),
    ("6222-0212-3456-7894 报销", f"{CARD} 报销"),
    ("银行卡 6217001234567890", "银行卡 ［银行卡号已隐去…7890］"),
    ("card 4111 1111 1111 1111", "card [card number hidden …1111]"),
    ("账号 1234567890123452", "账号 ［银行卡号已隐去…3452］"),
    # Passwords.
    ("密码：Abc@123", f"密码：{PW}"),
    ("密码是Abc@123，首次登录请修改", f"密码是{PW}，首次登录请修改"),
    ("初始密码 Abc@123", f"初始密码 {PW}"),
    ("初始密码Abc@123首次登录请修改", f"初始密码{PW}首次登录请修改"),
    ("密码已重置为 Aa123456，请登录", f"密码已重置为 {PW}，请登录"),
    ("密码改成了qwerty，还是登录不上", f"密码改成了{PW}，还是登录不上"),
    ("账号：zhangsan 密码：Abc@123 VPN", f"账号：zhangsan 密码：{PW} VPN"),
    ("账号 zhangsan 密码 Abc@123", f"账号 zhangsan 密码 {PW}"),
    ("账号/密码：zhangsan/Abc@123", f"账号/密码：zhangsan/{PW}"),
    ("账号密码：zhangsan Abc@123", f"账号密码：zhangsan {PW}"),
    ("密码（初始）：abcdef", f"密码（初始）：{PW}"),
    ("密码：“芝麻 a1”", f"密码：“{PW}”"),
    ("口令：芝麻开门", f"口令：{PW}"),
    ("密码：小明1990", f"密码：{PW}"),
    ("初始密码：\nAbc@123\n请修改", f"初始密码：\n{PW}\n请修改"),
    ("密码为：123456", f"密码为：{PW}"),
    ("新密码为：\nAbc@123", f"新密码为：\n{PW}"),
    ("密码如下：\nAbc@123", f"密码如下：\n{PW}"),
    ("密码如下\nAbc@123", f"密码如下\n{PW}"),
    ("The password is:\nAbc@123", "The password is:\n[password hidden]"),
    ("密码＝ａｂｃ１２３", f"密码＝{PW}"),
    ("pwd=hunter2", "pwd=[password hidden]"),
    ("db_password=hunter2", "db_password=[password hidden]"),
    ("Password: hunter2", "Password: [password hidden]"),
    ("user: zhang pass: hunter2", "user: zhang pass: [password hidden]"),
    ("PASSCODE: 9876", "PASSCODE: [password hidden]"),
    ("password for admin is hunter2", "password for admin is [password hidden]"),
    ('"password": "hunter2"', '"password": "[password hidden]"'),
    ("pass phrase: correct horse battery", "pass phrase: [password hidden]"),
    (
        "the password has been changed to hunter2",
        "the password has been changed to [password hidden]",
    ),
    # Home addresses.
    ("家庭住址：北京市朝阳区建国路88号3栋2单元501室", f"家庭住址：{HOME}"),
    ("住址：杭州市文三路5号，电话 8123", f"住址：{HOME}，电话 8123"),
    ("家庭地址\n：见下", "家庭地址\n：见下"),
    ("家庭住址北京市海淀区中关村大街1号", f"家庭住址{HOME}"),
    ("家庭住址：\n北京市朝阳区建国路88号", f"家庭住址：\n{HOME}"),
    ("我住在北京市朝阳区建国路88号3栋2单元501室，麻烦寄来", f"我住在{HOME}，麻烦寄来"),
    ("寄到上海市徐汇区漕溪路250弄3号1201室。", f"寄到{HOME}。"),
    ("电脑在杭州市西湖区翠苑小区12幢301室", f"电脑在{HOME}"),
    ("Home address: 12 Elm Street, Springfield", "Home address: [home address hidden]"),
)


@pytest.mark.parametrize(("said", "shown"), MASKED, ids=[item[0] for item in MASKED])
def test_a_secret_is_masked_and_its_surroundings_stay(said: str, shown: str) -> None:
    assert mask(said) == shown


LEFT = (
    "请修改密码：\n#solved",
    "密码如下：\n#start\n好的",
    "1101011990\n03074531\n2026",
    "SN110101900307123",
    "13800138000\n13900139000\n8123",
    "密码错误",
    "密码过期了，登录不了",
    "忘记密码",
    "忘记密码：zhangsan",
    "密码错误3次后账号被锁",
    "密码是什么？",
    "密码是不是改过",
    "密码：输错3次被锁",
    "密码 8-16位，含大写字母",
    "请修改密码。",
    "密码：\n",
    "修改密码：https://pw.corp.test/reset",
    "提示“用户名或密码错误”",
    "password expired",
    "My password is wrong.",
    "Forgot password?",
    "The password has expired yesterday",
    "password must be 12 characters",
    "The password is not accepted",
    "password-protected file",
    "Password policy 2026",
    "bypass: done",
    "My password was stolen.",
    "dmarc=pass for corp.test, not believed: another stands higher up",
    "Test pass: all of them",
    "the tests pass is1 fine",
    "订单号 4111111111111111",
    "快递单号 6222021234567894",
    "资产编号 110101900307123",
    "序列号：6222021234567894",
    "IMEI 490154203237518",
    "SN: 4929123456789014",
    "IT-20261120-0001",
    "TS20261120000123456",
    "时间戳 1701168000000",
    "20231128193000 20231128193512",
    "2023-11-28 19:30:00 2023-11-28 19:35:12",
    "电话 010-12345678 转 8123，手机 138 0013 8000",
    "86 13800138000 13900139000",
    "IP 192.168.100.100 10.0.0.1",
    "1234 5678 9012 3456",
    "110101199013374530",
    "身份证系统打不开",
    "住址变更怎么提交",
    "住址：无法保存",
    "家庭住址：见附件",
    "3号楼201会议室投影没有信号",
    "上海市浦东新区张江路88号3号楼201室",
    "上海市浦东新区碧波路690号软件园A座502室",
    "北京市海淀区上地十街10号百度大厦3栋2层201室",
    "110101199003074530@qq.com 收不到邮件",
    "id 550e8400-e29b-41d4-a716-446655440000",
    "",
)


@pytest.mark.parametrize("said", LEFT)
def test_what_only_looks_like_a_secret_stays(said: str) -> None:
    assert mask(said) == said


@pytest.mark.parametrize("kind", Secret)
def test_only_the_kinds_asked_for_are_masked(kind: Secret) -> None:
    said = {
        Secret.ID: "身份证 110101199003074530",
        Secret.CARD: "卡号 6222021234567894",
        Secret.ADDRESS: "住址：北京市朝阳区建国路88号",
        Secret.PASSWORD: "密码：Abc@123",
    }
    for other, text in said.items():
        assert (mask(text, frozenset({kind})) != text) is (other is kind)
    assert mask("密码：Abc@123", frozenset()) == "密码：Abc@123"


_MARK = re.compile(r"［[^［］]*已隐去[^［］]*］|\[[a-zID ]* hidden[^\[\]]*\]")
_PIECES = st.sampled_from(
    [item[0] for item in MASKED]
    + list(LEFT)
    + [
        "密码",
        "：",
        "是",
        " ",
        "\n",
        "password",
        ": ",
        "身份证",
        "卡号",
        "［密码已隐去］",
        "123",
        "x",
        "@",
    ]
    + [
        "[password hidden]",
        "［身份证号已隐去…4530］",
        "passphrase ",
        "住址",
        "号",
        "3栋",
        "-",
        "１",
        "İ",
    ]
)
_TEXTS = st.lists(_PIECES, max_size=8).map("".join)


@given(_TEXTS)
def test_a_masked_text_masked_again_is_the_same(said: str) -> None:
    shown = mask(said)
    assert mask(shown) == shown


@given(_TEXTS)
def test_nothing_but_the_secrets_changes_and_no_line_is_lost(said: str) -> None:
    shown = mask(said)
    assert shown.count("\n") == said.count("\n")
    for before, now in zip(said.split("\n"), shown.split("\n"), strict=True):
        kept = 0
        for part in _MARK.split(now):  # what is left of a line stands there in its order
            found = before.find(part, kept)
            assert found >= 0, (before, now)
            kept = found + len(part)


@given(st.text(max_size=60))
def test_any_text_can_be_masked(said: str) -> None:
    shown = mask(said)
    assert mask(shown) == shown


HOSTILE = (
    ("digits", "1 "),
    ("one number", "1"),
    ("ID numbers", "身份证110101199003074531"),
    ("words", "密码"),
    ("signs", "密码："),
    ("quotes", "密码“"),
    ("verbs", "password is was been "),
    ("owners", "password for a b c "),
    ("accounts", "用户密码"),
    ("passphrases", "passphrase is "),
    ("flats", "北京市路3栋2单元"),
    ("buildings", "小区区3号"),
    ("labels", "住址："),
    ("masks", "［密码已隐去］"),
)


@pytest.mark.parametrize(("what", "piece"), HOSTILE, ids=[item[0] for item in HOSTILE])
def test_no_mail_can_be_made_slow_to_mask(what: str, piece: str) -> None:
    said = piece * (100_000 // len(piece))
    begun = process_time()
    mask(said)
    assert process_time() - begun < 3


def test_an_ordinary_mail_costs_next_to_nothing() -> None:
    said = (
        "三楼的打印机又卡纸了，麻烦看一下。重启过两次，提示 paper jam 0x34，分机 8123。\n" * 30
    )[:1500]
    spent = []
    for _ in range(5):
        begun = process_time()
        for _ in range(100):
            mask(said)
        spent.append((process_time() - begun) / 100)
    assert min(spent) < 0.0001
