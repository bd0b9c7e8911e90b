"""Which language's letters are these? How likely a decoded text is, a number from 0 to 1.

The yardsticks of `judge`: common Han characters, kana, Hangul syllables, and alphabets in the order
of their letters' frequency. A text read in the wrong charset is full of rare ones. Knows no bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from unicodedata import category

Measure = Callable[[str], float]

# The most frequent characters of modern Chinese, and what people write to a help desk.
_HANS = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过"
    "发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本"
    "前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很"
    "最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度"
    "门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电"
    "数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马"
    "科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万"
    "取拉格望觉术领共确传师观清今切院让识候带导争运您请谢好麻烦附件打印卡纸邮箱密码忘登录系统网络"
    "连接坏无法显示错误重启申请账号权限审批流程单据采购合同财务人事会议室投影软硬件安装升级更新版本"
    "故障报修处理解决尽快联系电话公司部门经理同事老师早午晚周星期明昨测试查询确认收到回复转发抄送"
    "主题紧急通知关于需求帮助支持服务台客户销售订单发票付款价格产品质量培训考勤工资休假出差用户名"
    "李王张刘陈杨赵黄吴徐孙胡朱林何郭罗梁宋郑韩唐冯董萧程曹袁邓傅曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘"
    "贵敬礼祝顺颂商祺盼图片截屏幕鼠键盘台式笔记脑蓝死机慢开闭输入密文夹共享备份删除恢复病毒警"
)
_HANT = (
    "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過"
    "發後作裡用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本"
    "前開但因只從想實日軍者意無力它與長把機十民第公此已工使情明性知全三又關點正業外將兩高間由問很"
    "最重並物手應戰向頭文體政美相見被利什二等產或新己制身果加西斯月話合回特代內信表化老給世位次度"
    "門任常先海通教兒原東聲提立及比員解水名真論處走義各入幾口認條平系氣題活爾更別打女變四神總何電"
    "數安少報才結反受目太量再感建務做接必場件計管期市直德資命山金指克許統區保至隊形社便空決治展馬"
    "科司五基眼書非則聽白卻界達光放強即像難且權思王象完設式色路記南品住告類求據程北邊死張該交規萬"
    "取拉格望覺術領共確傳師觀清今切院讓識候帶導爭運您請謝麻煩附檔印表機卡紙郵件信箱密碼忘登入網路"
    "連線壞無法顯示錯誤重啟申請帳號權限審核流程單據採購合約財務人資會議室投影軟體硬體安裝升級更新版"
    "故障報修處理解決盡快聯絡電話公司部門經理同事老師早午晚週星期明昨測試查詢確認收到回覆轉寄副本"
    "主旨緊急通知關於需求幫助支援服務台客戶銷售訂單發票付款價格產品質量訓練考勤薪休假出差用戶名"
    "臺灣香港陳林黃張李王吳劉蔡楊許鄭謝洪郭邱曾廖賴徐周葉蘇莊呂江何蕭羅高潘簡朱鍾彭游詹胡施沈余"
)
_JOINED = "、。，．・：；？！「」『』（）〔〕【】《》〈〉“”‘’…—～·　"
_HANGUL = (
    "이다는을의에가고하지사한어기로시서도리인아대자해니나은를요세습안녕합있그수일제과스정으주장여부"
    "전상들보라면구했문게화공원연만경비동바러유야트성오때물조프터메까무소신생각계선모거위마음내간관"
    "우말방미차실진감드치직님입력확처됩되않없번호출연락문의답변부탁감사드립니다메일첨부파일로그인비밀"
)
# Alphabets by falling frequency of their letters.
_RUSSIAN = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё"
_UKRAINIAN = "оанівиетрскдлупмягзьбчхйжїцєшюфщґ"
_GREEK = "αοιετσνηυρπκμλςωάγόίδήχέθύφβώξζψϊϋΐΰ"
_HEBREW = "יוהלאתברמשנםעדקחכפצגזטןסךףץ"
_ARABIC = "الينمرتوبدةعسفهكقحجأشطصخإذىزضغثءئآؤظ،؟ًٌٍَُِّْـ"
_THAI = "านรอกเงมยลวดทส่ต้ัีคะิใบห็ปจแพไขชนำโุูื์ถซผฟธณฉศษญภฝฐฏฎฆฬๆฯ"
# The letters beyond ASCII of languages written in Latin letters, and the marks all of them use.
_MARKS = "‘’“”„‚«»‹›–—…•·°§©®™€£\u00a0¡¿´`"
_INSIDE = frozenset("’'-·‑–—")  # marks that stand inside a word
_ALONE = frozenset("àéèêëóíáôåøæöÀÉÈÊÓÍÁÔÅØÆÖüÜ")  # letters that are words of their own
_LATIN = {
    "cp1252": (
        "äöüßÄÖÜ", "éèàêçùâîôûëïœæÉÈÀÊÇÂÎÔÛËŒ", "ñáéíóúüÑÁÉÍÓÚÜºª", "ãõçáéíóúâêôàüÃÕÇÁÉÍÓÚÂÊÔÀºª",
        "àèéìòùÀÈÉÌÒÙ", "ëïéèüöäáó", "åäöÅÄÖéÉ", "æøåÆØÅé", "þðæáéíóúýöÞÐÆÁÉÍÓÚÝÖ",
        "àèéíïòóúüçÀÈÉÍÒÓÚÇ·",
    ),
    "cp1250": (
        "áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ", "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", "áéíóöőúüűÁÉÍÓÖŐÚÜŰ", "ăâîşţĂÂÎŞŢ",
        "čćđšžČĆĐŠŽ", "áäčďéíĺľňóôŕšťúýžÁČĎÉÍĽŇÓŠŤÚÝŽ",
    ),
    "cp1254": ("çğıöşüÇĞİÖŞÜâîû",),
    "cp1257": ("ąčęėįšųūžĄČĘĖĮŠŲŪŽ", "āčēģīķļņšūžĀČĒĢĪĶĻŅŠŪŽ", "äõöüšžÄÕÖÜŠŽ"),
}  # fmt: skip
_ALIKE = {"iso8859-2": "cp1250", "cp850": "cp1252", "mac-roman": "cp1252", "cp437": "cp1252"}


def measure_simplified(text: str) -> float:
    return _average(text, _weigh_simplified())


def measure_traditional(text: str) -> float:
    return _average(text, _weigh_traditional())


def measure_japanese(text: str) -> float:
    return _average(text, _weigh_japanese())


def measure_korean(text: str) -> float:
    return _average(text, _weigh_korean())


def measure_alphabet(letters: str) -> Measure:
    """A measure for a script: frequent letters, and capitals where they belong."""
    weights = {letter: 1 - place / len(letters) * 0.9 for place, letter in enumerate(letters)}
    weights |= {letter.upper(): weight for letter, weight in weights.items()}
    weights |= dict.fromkeys(_MARKS, 0.7) | dict.fromkeys("№", 0.7)

    def measure(text: str) -> float:
        share = _average(text, weights)
        words = [word for word in text.split(" ") if not word.isascii()]
        if not words:
            return 0.0
        # Letters of the other case are what a related charset turns a text into.
        shouting = sum(len(word) > 1 and word.isupper() for word in words)
        odd = sum(map(_is_odd, words))
        enough = min(1.0, sum(sum(map(str.isalpha, word)) for word in words) / 3)
        return share * enough * (1 - odd / len(words)) * (1 - shouting / len(words) / 10)

    return measure


def measure_latin(codec: str) -> Measure:
    """The best of the languages a code page is for; letters of other languages count heavily."""
    alphabets = [frozenset(letters) for letters in _LATIN[_ALIKE.get(codec, codec)]]
    marks = frozenset(_MARKS)

    def measure(text: str) -> float:
        letters = [char for char in text if char > "\x7f" and char not in marks]
        words = [word for word in text.split(" ") if not word.isascii()]
        odd = sum(_is_odd(word) or _runs_high(word) or _is_lost(word) for word in words)
        if not letters:
            return 0.75 * (1 - odd / len(words)) if words else 0.0
        share = max(
            sum(char in known for char in letters) * (0.97 if "þ" in known else 1)
            for known in alphabets
        ) / len(letters)  # Icelandic has few speakers, and Turkish looks like it in this page
        return share * share * (1 - odd / len(words))

    return measure


def measure_letters(text: str) -> float:
    """For a page without a yardstick of its own: whether it gives letters at all."""
    high = [char for char in text if char > "\x7f"]
    return sum(map(str.isalpha, high)) / len(high) * 0.6 if high else 0.0


def _average(text: str, weights: dict[str, float]) -> float:
    high = [char for char in text if char > "\x7f"]
    return sum(weights.get(char, 0.0) for char in high) / len(high) if high else 0.0


def _is_odd(word: str) -> bool:
    """Whether capitals follow small letters, or signs stand between letters."""
    before = " "
    last = ""  # the letter before the signs just met
    for char in word:
        if char.isalpha():
            if (before.islower() and char.isupper()) or last:
                return True
        elif (
            char > "\x7f" and char not in _INSIDE and before.isalpha() and category(char)[0] != "M"
        ):
            last = before
        elif char <= "\x7f":
            last = ""
        before = char
    return False


def _is_lost(word: str) -> bool:
    """Whether it is one letter that no language has as a word: a sign in its true charset."""
    letters = [char for char in word if char.isalpha()]
    return len(letters) == 1 and letters[0] > "\x7f" and letters[0] not in _ALONE


def _runs_high(word: str) -> bool:
    """Whether three letters beyond ASCII follow each other, as no language in Latin letters has."""
    run = 0
    for char in word:
        run = run + 1 if char > "\x7f" and char.isalpha() else 0
        if run > 2:
            return True
    return False


@lru_cache(maxsize=1)
def _weigh_simplified() -> dict[str, float]:
    weights = _table("gbk", range(0x81, 0xFF), range(0x40, 0x80), 0.1)
    weights |= _table("gbk", range(0x81, 0xFF), range(0x80, 0xFF), 0.3)
    weights |= _table("gb2312", range(0xA1, 0xAA), range(0xA1, 0xFF), 0.2)
    weights |= _table("gb2312", range(0xA1, 0xA4), range(0xA1, 0xFF), 0.5)
    weights |= _table("gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF), 0.5)
    return weights | dict.fromkeys(_JOINED, 0.9) | dict.fromkeys(_HANS, 1.0)


@lru_cache(maxsize=1)
def _weigh_traditional() -> dict[str, float]:
    weights = _table("big5", range(0xC9, 0xFA), range(0x40, 0xFF), 0.2)
    weights |= _table("big5", range(0xA1, 0xA4), range(0x40, 0xFF), 0.4)
    weights |= _table("big5", range(0xA4, 0xC7), range(0x40, 0xFF), 0.6)
    return weights | dict.fromkeys(_JOINED, 0.9) | dict.fromkeys(_HANT, 1.0)


@lru_cache(maxsize=1)
def _weigh_japanese() -> dict[str, float]:
    weights = _table("euc_jp", range(0xD0, 0xF5), range(0xA1, 0xFF), 0.2)
    weights |= _table("euc_jp", range(0xA1, 0xA4), range(0xA1, 0xFF), 0.4)
    weights |= _table("euc_jp", range(0xB0, 0xD0), range(0xA1, 0xFF), 0.6)
    weights |= dict.fromkeys(_HANT, 0.75) | dict.fromkeys(_JOINED, 0.9)
    weights |= dict.fromkeys(map(chr, range(0xFF61, 0xFFA0)), 0.4)
    weights |= dict.fromkeys(map(chr, range(0x30A1, 0x30FD)), 0.9)
    return weights | dict.fromkeys(map(chr, range(0x3041, 0x3094)), 1.0)


@lru_cache(maxsize=1)
def _weigh_korean() -> dict[str, float]:
    weights = _table("euc_kr", range(0xCA, 0xFE), range(0xA1, 0xFF), 0.2)
    weights |= _table("euc_kr", range(0xA1, 0xA4), range(0xA1, 0xFF), 0.4)
    weights |= _table("euc_kr", range(0xB0, 0xC9), range(0xA1, 0xFF), 0.5)
    return weights | dict.fromkeys(_JOINED, 0.7) | dict.fromkeys(_HANGUL, 1.0)


def _table(codec: str, rows: range, cells: range, weight: float) -> dict[str, float]:
    """Every character of that part of a two-byte set, all of one weight."""
    pairs = (bytes((row, cell)) for row in rows for cell in cells)
    text = "".join(pair.decode(codec, "ignore") for pair in pairs)
    return dict.fromkeys((char for char in text if char > "\x7f"), weight)


MEASURES: dict[str, Sequence[Measure]] = {
    "gb18030": (measure_simplified,),
    "big5hkscs": (measure_traditional,),
    "cp932": (measure_japanese,),
    "euc_jp": (measure_japanese,),
    "cp949": (measure_korean,),
    "cp1252": (measure_latin("cp1252"),),
    "cp1251": (measure_alphabet(_RUSSIAN), measure_alphabet(_UKRAINIAN)),
    "koi8-u": (measure_alphabet(_RUSSIAN), measure_alphabet(_UKRAINIAN)),
    "cp1250": (measure_latin("cp1250"),),
    "cp1254": (measure_latin("cp1254"),),
    "cp1253": (measure_alphabet(_GREEK),),
    "cp874": (measure_alphabet(_THAI),),
    "cp1255": (measure_alphabet(_HEBREW),),
    "cp1256": (measure_alphabet(_ARABIC),),
    "iso8859-2": (measure_latin("iso8859-2"),),
    "cp1257": (measure_latin("cp1257"),),
    "iso8859-5": (measure_alphabet(_RUSSIAN),),
    "cp866": (measure_alphabet(_RUSSIAN),),
    "cp850": (measure_latin("cp850"),),
    "mac-roman": (measure_latin("mac-roman"),),
}
"""The charsets mail without a label may be in, the likelier ones first."""
