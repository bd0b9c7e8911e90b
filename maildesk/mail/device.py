"""Is this the line a device or an app puts below every mail? 发自我的iPhone, Get Outlook for iOS …

In the languages phones are set to. A line that says more than the device is somebody's words, and
so is one that names no device where the phrase alone could be a person's: `verzonden vanuit Gent`.
"""

from __future__ import annotations

import re

_SURE = re.compile(
    r"^(?:(?:发自|发送自|来自|发送于|發自|傳送自|寄自|發送自) ?我的|發自|发自|傳送自|寄自|"
    r"(?:從|从)我的.{0,20}(?:傳送|寄出|發送|发送)$|"
    r"来自 ?(?:网易|qq|outlook|企业微信|钉钉|阿里邮箱|腾讯企业邮|foxmail|飞书|新浪|搜狐)|"
    r"签名由 ?网易邮箱大师 ?定制|"
    r"(?:下载|获取|取得|下載|獲取)(?:适用于|適用於)?.{0,20}outlook|"
    r"发送自 ?(?:windows|outlook|foxmail|yahoo|mail)|"
    r"(?:从|通过|通過|透過|使用) ?(?:我的 ?)?(?:windows|outlook|iphone|ipad|android|安卓|yahoo|"
    r"企业微信|钉钉)[^，。]{0,20}(?:发送|傳送|寄出)$|"
    r"sent from my |sent from (?:mail for|outlook|yahoo|samsung)\b|(?:get|download) outlook for|"
    r"(?:von|vom) mein(?:em|er) .{1,50}gesendet|"
    r"(?:hol(?:en sie sich|e dir) )?outlook für .{1,12}(?:beziehen|herunterladen)?$|"
    r"t[ée]l[ée]charge[rz]? outlook|obt(?:enir|enez) outlook|"
    r"(?:obtener|obtén|descargar) outlook|(?:obter|obtenha|baixar) o outlook|"
    r"(?:scarica|ottieni) outlook|outlook voor .{1,12}(?:downloaden|ophalen)$|"
    r"pobierz (?:aplikację |program )?outlook|(?:скачать|получить|получите|загрузить) outlook|"
    r"(?:získat|získejte)(?: aplikaci)? outlook|(?:hämta|hent|få|hanki|lataa) outlook|"
    r"(?:ios|android) için outlook|"
    r".{0,24}outlook.{0,24}(?:を入手|をダウンロード)|.{0,24}outlook.{0,12}(?:다운로드|가져오기)"
    r")|(?:から送信(?:されました)?|より送信|에서 보냄|에서 보냈습니다|에서 전송됨|"
    r"(?:发送|發送|傳送)自.{0,20}|outlook['’]u edinin)$",
    re.IGNORECASE,
)
_MAYBE = re.compile(
    r"^(?:sent (?:from|with|via|by|using|through) |secured with |"
    r"von .{1,40} gesendet$|gesendet (?:von|mit|über|aus|vom|via) |"
    r"(?:diese (?:e-?mail|nachricht) wurde )?von mein|"
    r"envoyé (?:de|du|depuis|à partir|avec|via|par) ?|provenance ?: |"
    r"enviad[oa] (?:desde|de|do|da|a partir|pel[oa]|por|via|com|con|através|usando) ?|"
    r"inviato (?:da|dal|con|tramite) ?|"
    r"(?:verzonden|verstuurd) (?:vanaf|vanuit|met|via|van) |wysłan[eoay] (?:z|ze|przez|za) |"
    r"отправлено (?:с|из|от|через|со) |надіслано з |"
    r"(?:odeslán[oaé]|poslan[oéá]) (?:z|ze|přes|pomocí) ?|"
    r"skickat (?:från|via|med) |skickades från |sendt (?:fra|via|med) |lähetetty |"
    r"從 ?.{1,30}(?:傳送|寄出|發送)$|从 ?.{1,30}发送$|küldve |elküldve |"
    r"נשלח מ|ส่งจาก|مُ?رسل من|ارسال شده از|poslano s |poslané z|odoslan[éeá] z|išsiųsta iš|"
    r"nosūtīts no|saadetud minu|enviat des del|изпратено от|"
    r"trimis de pe |στάλθηκε από |(?:được|đã) gửi từ |dikirim dari |나의 )",
    re.IGNORECASE,
)
_TURKISH = re.compile(r"gönderildi$", re.IGNORECASE)
_DEVICE = re.compile(
    r"iphon|ipad|ipod|android|samsung|galaxy|huawei|honor|xiaomi|redmi|oppo|vivo|oneplus|nokia|"
    r"xperia|motorola|pixel|blackberry|windows|outlook|yahoo|\bmail\b|mail\.ru|e-?mail.?app|gmail|"
    r"smartphone|handy|\bmobil|téléphone|telefon|teléfono|telefono|móvil|celular|tablet|appareil|"
    r"dispositivo|cihaz|puhelin|телефон|смартфон|устройств|мобил|\bios\b|\bmac\b|thunderbird|"
    r"web\.de|gmx|\bapp\b|webmail|proton|tuta|spark|bluemail|aquamail|nine|canary|airmail|mailbird|"
    r"superhuman|mailspring|front|icloud|zoho|aol|яндекс|yandex|workspace|libero|orange|vodafone|"
    r"\btim\b|t-online|telekom|unterwegs",
    re.IGNORECASE,
)
_FRAME = "-—–*_|[]()<>（）【】。 \t\u00a0"
# A link behind it, as HTML clients write it: `Get Outlook for iOS <https://aka.ms/o0ukef>`.
_LINK = re.compile(r"\s*+(?:[<(\[]https?://[^\s<>()\[\]]*+[>)\]]|https?://\S++$)")
_MORE = re.compile(r"[。！？!?]\s*\S|[.]\s+\S|[，：；]")
# What makes the phrase the beginning of a sentence: `来自我的客户的投诉`, `获取 Outlook 时提示…`.
_SENTENCE = re.compile(
    r"的(?!.{0,12}(?:客户端|手机|平板|版)$)(?<!我的)|时|都|[是了不没]|失败|报错|"
    r"\b(?:is|are|was|were|does|did|not|doesn['’]t|don['’]t|has|have|had|cannot|can['’]t|"
    r"arrives?|comes?|shows?|says?|fails?|failed|when|but|nicht|ist|sind|pas|est|niet|nie|"
    r"nie można|не|inte|ikke|não|yesterday|gestern|hier|ayer|ieri|wczoraj|вчера)\b",
    re.IGNORECASE,
)
_EXCUSE = re.compile(
    r"excuse|typos?|brevity|sorry|apolog|kurz|fehler|brièveté|disculp", re.IGNORECASE
)
_WORDS = 9


def is_phone_signature(line: str) -> bool:
    """`发自我的iPhone`, `Sent from my iPhone` and their likes; no line with a sentence behind."""
    if not 0 < len(line) <= 300:
        return False
    bare = line.strip(_FRAME)
    if "http" in bare:
        bare = _LINK.sub("", bare).strip(_FRAME)
    if not 0 < len(bare) <= 120:
        return False
    sure = _SURE.search(bare)
    if not sure:
        phrase = _MAYBE.match(bare) or _TURKISH.search(bare)
        if not phrase or not _DEVICE.search(bare):
            return False
    if _EXCUSE.search(bare):
        return len(bare) <= 90
    return not (_MORE.search(bare) or _SENTENCE.search(bare) or bare.count(" ") >= _WORDS)
