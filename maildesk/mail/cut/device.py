"""Is this the line a device or an app puts below every mail? 发自我的iPhone, Get Outlook for iOS …

In the languages phones are set to. A phrase alone is no evidence: it has to name a device, an app
or a platform, and nothing may follow but more of its name: `Gesendet mit Outlook, kam aber zurück`
and `从我的电脑无法发送` are somebody's words.
"""

from __future__ import annotations

import re

_DEVICE = (
    r"iphon[a-z]*|ipad[a-z]*|ipod|android[a-z]*|samsung|galaxy|huawei|honor|xiaomi|redmi|poco|oppo|"
    r"vivo|oneplus|realme|nokia|xperia|motorola|pixel|lumia|nexus|htc|blackberry®?|windows|outlook|"
    r"yahoo!?|web\.de|gmx|t-online|telekom|orange|vodafone|libero|mail\.ru|hotmail|gmail|webmail|"
    r"thunderbird|proton ?mail|tuta(?:nota)?|spark|bluemail|nine|aquamail|canary|airmail|mailbird|"
    r"superhuman|mailspring|front|icloud|zoho|aol|workspace|яндекс[а-я]*|yandex|почты?|mailtrack|"
    r"em client|fairemail|k-9|smartphone[a-z]*|handy|mobil[a-zé]*|téléphone|telefon[a-zuů]*|"
    r"teléfono|"
    r"telefono|móvil|celular|tablet[a-z]*|appareil|dispositivo|cihaz[a-zı]*|puhelim[a-z]*|"
    r"телефон[а-я]*|"
    r"смартфон[а-я]*|устройств[а-я]*|мобильн[а-я]*|wireless|device|phone|ios|mac(?:book)?|pda|"
    r"mail[- ]?app|unterwegs|スマートフォン|手机|手機|平板|安卓|客户端|企业微信|钉钉|邮箱大师|"
    r"三星|华为|"
    r"华為|小米|荣耀|苹果|魅族|联想"
)
_HAS_DEVICE = re.compile(rf"(?:^|[^a-zа-я])(?:{_DEVICE})", re.IGNORECASE)
_LAST_DEVICE = re.compile(rf".*(?:^|[^a-zа-я])(?:{_DEVICE})", re.IGNORECASE | re.DOTALL)
_PLATFORM = re.compile(
    r"\b(?:ios|android|mac|windows|iphone|ipad|mobile)\b|手机|安卓|行動|移动", re.IGNORECASE
)
# The phrase of Outlook's apps; a platform has to stand in it.
_OUTLOOK = re.compile(
    r"^(?:get|download|hol(?:en sie sich|e dir)|t[ée]l[ée]charge[rz]?|obt(?:enir|enez)|obtener|"
    r"obtén|descargar|obter o|obtenha o|baixar o|scarica|ottieni|pobierz(?: aplikację| program)?|"
    r"скачать|получить|получите|загрузить|získat(?: aplikaci)?|získejte(?: aplikaci)?|hämta|"
    r"hent|få|"
    r"hanki|lataa|(?:下载|获取|取得|下載|獲取)(?:(?:适用于|適用於).{1,12}的)?)?\s?"
    r"(?:(?:ios|android)(?: ?版| için|용) ?)?outlook(?:['’]u edinin)?"
    r"(?: \S{1,4})?(?: system[a-z]*)? ?(?:ios|android|mac|windows|iphone|ipad|"
    r"mobile)?(?:(?: and |/)android)?"
    r"(?: ?(?:を入手|をダウンロード|다운로드|가져오기|beziehen|herunterladen|downloaden|ophalen|"
    r"edinin|indirin))?$",
    re.IGNORECASE,
)
# What the other lines begin with, and what they end with.
_BEGIN = re.compile(
    r"^(?:(?:发自|发送自|来自|发送于|發自|傳送自|寄自|發送自) ?(?:我的)?|签名由|"
    r"(?:從|从|通过|通過|透過|使用) ?(?:我的)?(?=.{0,24}(?:傳送|寄出|發送|发送)$)|"
    r"sent (?:from|with|via|by|using|through) (?:my |the |a |an )?|secured with |"
    r"(?:von|vom) (?:mein(?:em|er) )?(?=.{1,50} gesendet$)|gesendet (?:von|mit|über|aus|vom|via) |"
    r"diese (?:e-?mail|nachricht) wurde von mein(?:em|er) |envoyé (?:de(?:puis)?|du|à partir d|"
    r"avec|via) ?|"
    r"provenance ?: |enviad[oa] (?:desde|de|do|da|a partir d|pel[oa]|via|com|con|através d|"
    r"usando) ?|"
    r"inviato (?:da|dal|con|tramite) ?|(?:verzonden|verstuurd) (?:vanaf|vanuit|met|via|van) |"
    r"wysłan[eoay] (?:z|ze|za pomocą) |отправлено (?:с|из|через|со) |надіслано з |изпратено от |"
    r"(?:odeslán[oaé]|odoslan[éeá]|poslan[oéá]) (?:z|ze|zo|s|přes|pomocí) ?|skickat (?:från|via|"
    r"med) |"
    r"skickades från |sendt (?:fra|via|med) |lähetetty |(?:el)?küldve |trimis de pe |στάλθηκε από |"
    r"(?:được|đã) gửi từ |dikirim dari |나의 (?=.{1,30}에서)|נשלח מ|ส่งจาก|مُ?رسل من|ارسال شده از|"
    r"išsiųsta iš |nosūtīts no |saadetud minu |enviat des del )",
    re.IGNORECASE,
)
_END = re.compile(
    r"(?:から送信(?:されました)?|より送信|에서 보냄|에서 보냈습니다|에서 전송됨|"
    r"(?:dan|den|tan|ten|ndan|nden) gönderildi|(?:发送|發送|傳送)自.{2,20})$",
    re.IGNORECASE,
)
# What may follow the name: models, `5G`, `for iPhone`, `secure email`, the verb at the end.
_AFTER = re.compile(
    r"(?:[\s,.:;()\[\]®™+\"/|‑-]|['’][a-zıü]{1,8}\b|\d\w{0,8}|gesendet|versendet|versandt|"
    r"gönderildi|"
    r"(?:dan|den|tan|ten|ndan|nden|umdan)\b|pro\b|max\b|plus\b|mini\b|ultra\b|lte\b|5g\b|4g\b|se\b|"
    r"for\b|für\b|pour\b|para\b|per\b|voor\b|на\b|auf\b|en\b|su\b|med\b|på\b|secure\b|email\b|"
    r"e-?mail\b|"
    r"mail\b|app\b|client\b|free\b|handheld\b|powered\b|by\b|on\b|my\b|meiner?\b|mate\b|note\b|"
    r"[a-z]\d{1,4}\b|"
    r"μου|ul\b|meu\b|mio\b|mou\b|奇摩|安全邮箱|应用|應用|beziehen|herunterladen|客户端|手机|"
    r"手機|邮箱|郵箱|電子信箱|邮件|的|版|傳送|寄出|發送|发送|で|から送信(?:されました)?|"
    r"より送信|에서 보냄|에서 보냈습니다|에서 전송됨|定制|移动|שלי|ของฉัน|của tôi|saya|"
    r"الخاص بي)*+$",
    re.IGNORECASE,
)
# A Chinese phrase with a model's name, `发送自 OPPO Find X7`: no sentence goes on in Latin letters.
_MODEL = re.compile(r"^(?:发自|发送自|發自|傳送自|寄自|發送自) ?[\x20-\x7e]{2,30}$")
_OWN = re.compile(
    r"^(?:发自|发送自|来自|發自|傳送自|寄自|發送自) ?我的[^，。！？；：,;!?的时都是了不没无]{1,24}$"
)
_STORE = re.compile(
    r"^(?:来自 ?(?:网易|qq|outlook|企业微信|钉钉|阿里邮箱|腾讯企业邮|foxmail|飞书|新浪|搜狐)"
    r"[^，。！？；：,;!?]{0,20}|发送自 ?(?:windows|outlook|foxmail|yahoo|"
    r"mail)[^，。！？；：,;!?]{0,20})$",
    re.IGNORECASE,
)
_NOT_STORE = re.compile(r"的(?!.{0,12}(?:客户端|手机|平板|版)$)|[已了不没无]|时|邮件")
_EXCUSE = re.compile(
    r"[,.;–-]? ?(?:please |bitte )?(?:excuse|pardon|forgive|sorry|apologi|entschuldig|"
    r"disculp).{0,60}$",
    re.IGNORECASE,
)
_FRAME = "-—–*_|[]()<>（）【】。. \t\u00a0"
# A link behind it, as HTML clients write it: `Get Outlook for iOS <https://aka.ms/o0ukef>`.
_LINK = re.compile(r"\s*+(?:[<(\[]https?://[^\s<>()\[\]]*+[>)\]]|https?://\S++$)")
_LONGEST = 90


def is_phone_signature(line: str) -> bool:
    """`发自我的iPhone`, `Sent from my iPhone` and their likes; no line that says anything else."""
    if not 0 < len(line) <= 300:
        return False
    bare = line.strip(_FRAME)
    if "http" in bare:
        bare = _LINK.sub("", bare).strip(_FRAME)
    if not 0 < len(bare) <= _LONGEST or "?" in bare or "？" in bare:
        return False
    if "outlook" in bare.lower() and _PLATFORM.search(bare) and _OUTLOOK.match(bare):
        return True
    if _OWN.match(bare) or _MODEL.match(bare):
        return True
    if _STORE.match(bare) and not _NOT_STORE.search(bare):
        return True
    if not (_BEGIN.match(bare) or _END.search(bare)) or not _HAS_DEVICE.search(bare):
        return False
    device = _LAST_DEVICE.match(_EXCUSE.sub("", bare))
    return device is not None and _AFTER.match(_EXCUSE.sub("", bare)[device.end() :]) is not None
