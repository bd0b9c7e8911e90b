"""Is this a read receipt without a receipt's parts? Outlook's `Read: x`, 已读：x and their kin.

The subject's prefix and the fixed sentence below it must both be there; a person who writes about
reading has one of them at most. Receipts by RFC 8098 are told by their parts, in `bounce`.
"""

from __future__ import annotations

import re

_LONGEST = 1_500  # characters; a receipt says little
_SUBJECT = re.compile(
    r"\s*(?:read(?: receipt)?|not read|return receipt(?: ?\([a-z ]{1,20}\))?|"
    r"disposition notification|"
    r"delivery receipt|opened|deleted|gelesen|ungelesen|nicht gelesen|lesebestätigung|"
    r"empfangsbestätigung|"
    r"lu|non lu|accusé de (?:réception|lecture)|confirmation de lecture|leído|no leído|"
    r"confirmación de lectura|acuse de recibo|letto|non letto|conferma di lettura|lida|lido|"
    r"não lida|"
    r"confirmação de leitura|gelezen|ongelezen|leesbevestiging|przeczytano|nie przeczytano|"
    r"odczytano|"
    r"potwierdzenie odczytu|прочитано|прочтено|не прочитано|уведомление о прочтении|přečteno|"
    r"läst|läskvitto|lest|læst|lesekvittering|luettu|olvasva|elolvasva|okundu|αναγνώστηκε|נקרא|"
    r"已读(?:回执)?|未读|已讀(?:回條)?|阅读回执|讀取回條|讀取|已阅读|已閱讀|开封|開封(?:済み|"
    r"通知|確認)?|"
    r"未開封|읽음|읽지 않음|수신 ?확인)\s?[:：\-–]\s*+(?=\S)",
    re.IGNORECASE,
)
_MESSAGE = re.compile(
    r"(?:your|the) (?:message|mail|e-?mail)|this is a (?:return|read) receipt|return receipt|"
    r"(?:ihre|die) (?:nachricht|mail|e-mail)|votre message|(?:su|el) mensaje|il (?:suo )?messaggio|"
    r"(?:a )?sua mensagem|uw bericht|wiadomość|ваше сообщение|сообщение|vaše zpráva|"
    r"ditt meddelande|"
    r"(?:din|deres) (?:meddelelse|melding)|viesti|üzenet|ileti|您的?(?:邮件|郵件)|邮件|郵件|"
    r"您发|你发|"
    r"您寄|メッセージ|メール|메시지|메일",
    re.IGNORECASE,
)
_READ = re.compile(
    r"(?:was|were|has been|is)(?: first)? (?:read|displayed|opened|deleted|viewed)|"
    r"wurde [^\n]{0,80}(?:gelesen|gelöscht|angezeigt|geöffnet)|a été (?:lu|ouvert|supprimé|"
    r"affiché)|"
    r"(?:fue|ha sido|se) (?:leíd|abiert|eliminad|mostr|ley)|è stat[oa] (?:lett|apert|eliminat|"
    r"visual)|"
    r"(?:foi|estava) (?:lid|abert|exclu|exib)|is gelezen|werd gelezen|gelezen op|"
    r"został[ao]? (?:przeczyt|odczyt|wyświet)|прочитано|прочтено|přečten|lästes|har lästs|ble lest|"
    r"blev læst|on luettu|elolvas|okundu|已[^\n]{0,40}打[开開]|已(?:被|"
    r"[于於][^\n]{0,40})?[阅閱读讀]|"
    r"[阅閱]?[读讀](?:取)?(?:[于於时時回]|了)|"
    r"被[^\n]{0,10}(?:[阅閱读讀]|[删刪]除)|未(?:被)?[阅閱读讀]|開封|表示されました|読まれ|읽었|"
    r"읽음|"
    r"확인하였|열람",
    re.IGNORECASE,
)

_TIME = re.compile(r"\d{1,2}[:：.时時h点點]\d{2}")


def is_receipt(subject: str, text: str) -> bool:
    """Whether subject and words are those of a mail program that tells what happened to a mail."""
    if _SUBJECT.match(subject[:200]) is None or not 0 < len(text) <= _LONGEST:
        return False
    if "?" in text or "？" in text:
        return False  # programs ask nothing
    if _TIME.search(text) is None:
        return False
    return _MESSAGE.search(text[:300]) is not None and _READ.search(text) is not None


def may_be_receipt(subject: str) -> bool:
    """The cheap half of the question."""
    return _SUBJECT.match(subject[:200]) is not None
