"""Whom did a report in prose not reach, and why? The words of MTAs and providers.

Finds the addresses a failure stands beside, the status nearest to them, and how much in a text
speaks for a mail system. The sum of the evidence is drawn in `bounce`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from maildesk.mail.kinds.mailer import is_mailer
from maildesk.mail.kinds.returned import find_cut, has_copy

_TEXT = 16_000
_HEAD = 1_500
_BEGIN = 150
_LINE = 400
_MOST = 50
_MOST_LINES = 400
_ADDRESS = re.compile(
    r"(?<![\w.%+=-])[\w.%+=&'/~$!#^*{}|-]{1,64}@[A-Za-z0-9\u00c0-\u024f\u0400-\u04ff\u3040-\uffef-]"
    r"{1,63}(?:\.[A-Za-z0-9\u00c0-\u024f\u0400-\u04ff\u4e00-\u9fff\uac00-\ud7af-]{1,63}){1,8}"
)
_ASCII_ADDRESS = re.compile(
    r"(?<![A-Za-z0-9._%+=-])[A-Za-z0-9_%+=&'/~$!#^*{}|.-]{1,64}@[A-Za-z0-9-]{1,63}"
    r"(?:\.[A-Za-z0-9-]{1,63}){1,8}"
)
_STATUS = re.compile(r"(?<![\d.])([245]\.[0-7]\.\d{1,3})(?!\.?\d)")
_VERSION = re.compile(
    r"(?:version|ver\.?|release|build|exim|postfix|sendmail|server|imail|mdaemon|service|[/(v])"
    r" {0,2}$",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"(?<![\d.\-:/@\w])([45])[0-57]\d(?=[ \-:),;\]\"'，。：）]|$)"
    r"(?!(?: ?[-/] ?\d| ?(?:[kmg]?b|bytes|seconds?|secs?|minutes?|hours?|days?|messages)\b))",
    re.IGNORECASE | re.MULTILINE,
)
_FAILURE = re.compile(
    r"(?:user|recipient|mailbox|address|account|host|domain|addressee|member|alias)s?"
    r"(?: name| address| mailbox)?(?: ?[<(\"'][^\n>)\"']{1,80}[>)\"'])?,? "
    r"(?:is |was |are |has been |does |do |could |can|account )*(?:not |n.t |un)?"
    r"(?:unknown|unavailable|disabled|inactive|rejected|refused|exist|found|listed|locali[sz]ed|"
    r"recogni[sz]ed|full|over ?quota|suspended|blocked|invalid|valid|available|registered|"
    r"allowed|known)|"
    r"(?:unknown|unrouteable|unroutable|invalid|bad|no such|nonexist\w{0,5}|illegal|disabled|"
    r"inactive|"
    r"ambiguous|non-existent) (?:local |mail |e-?mail |destination |virtual )?"
    r"(?:user|recipient|mailbox|address|account|host|domain|alias|addressee|part|mail ?drop)|"
    r"(?:doesn.t|does not|don.t) (?:exist|have an? )|no (?:mailbox|account|such) |"
    r"(?:mail|in)box(?: is|'s)? (?:temporarily )?(?:full|unavailable|disabled|exceed)|"
    r"(?:over|exceed\w{0,3}|out of) (?:the |its |his |their )?(?:allowed |storage |"
    r"disk )?(?:quota|limit)|"
    r"quota ?(?:is |has been )?(?:exceeded|full)|relay(?:ing)?(?: access)? (?:is )?"
    r"(?:denied|not (?:permitted|allowed)|prohibited)|access denied|"
    r"(?:permanent|fatal|persistent|transient)(?:ly)? (?:fatal )?(?:error|failure|fail)|"
    r"(?:could|can|was|were|is|has|have)(?: ?not|n.t)(?: been)?(?: be)? (?:successfully )?"
    r"(?:deliver|sent|send|transmit|accepted|reach|forward)|(?:did|does) not reach|"
    r"(?:unable|failed|failure|sorry|impossible|error)[^\n]{0,40}(?:deliver|send|reach|find)|"
    r"deliver\w{0,3}[^\n]{0,80}(?:fail|error|unsuccess|reject|refus|not possible|abort|expired)|"
    r"undeliver|non-?deliver|returned to (?:the )?sender|message (?:was |has been |is )?"
    r"(?:rejected|refused|blocked|bounced|returned|undeliver|denied|too (?:large|big))|"
    r"(?:retry|retries|time ?out)[^\n]{0,30}(?:exceeded|exhausted|expired)|giving up|gave up|"
    r"name server|host not found|domain not found|no route|connection (?:refused|timed? ?out)|"
    r"(?:rejected|refused|blocked|denied) (?:by|for|due|because|your)|not our customer|"
    r"unzustellbar|nicht (?:zugestellt|zustellbar|erreich|gefunden|existier|zustellen)|unbekannt|"
    r"existiert nicht|kein(?:e|en)? (?:solche\w{0,2} )?(?:benutzer|empfänger|postfach)|überfüllt|"
    r"postfach[^\n]{0,20}voll|abgelehnt|zurückgewiesen|n.existe p|inconnu|introuvable|"
    r"(?:pas|non) (?:été )?(?:pu être )?(?:remis|délivr|distribu|trouv)|refusé|rejeté|"
    r"no (?:existe|se (?:ha )?p(?:uede|udo|odido)|ha (?:sido|podido))|desconocid|rechazad|"
    r"non (?:esiste|è stato|trovat|consegn|recapit)|sconosciut|rifiutat|respint|"
    r"não (?:existe|foi|pôde|encontrad|entreg)|desconhecid|rejeitad|recusad|"
    r"bestaat niet|onbekend|niet (?:bezorgd|afgeleverd|gevonden|worden)|geweigerd|"
    r"nie (?:istnieje|można|został|znaleziono)|nieznan|odrzucon|"
    r"не (?:существует|найден|удал|доставл|может|был)|неизвестн|отклон|переполнен|заблокирован|"
    r"neexistuje|nedoručen|nem (?:létezik|található|kézbes)|ismeretlen|"
    r"finns inte|kunde inte|kunne ikke|findes ikke|finnes ikke|ei (?:löyd|voi|ole)|tuntematon|"
    r"bulunamad|teslim edile|δεν (?:υπάρχει|βρέθηκε|είναι|μπορ)|άγνωστ|"
    r"不存在|查无|查無|不可达|不可達|[无無]法|失[败敗]|退[信回]|拒[绝絕收]|已满|已滿|被禁|冻结|"
    r"凍結|"
    r"停用|不正确|不正確|不合法|无效|無效|找不到|不接受|超[过過]|未(?:能|送|传|傳|投)|垃圾邮件|"
    r"垃圾郵件|"
    r"存在しま|見つかり|届きま|届けら|配信(?:でき|され|不)|送信でき|エラー|不明|拒否|受信でき|容量|"
    r"존재하지|없는|없습니다|찾을 수|실패|거부|초과|배달(?:되|할)|전송(?:되|할)|차단",
    re.IGNORECASE,
)
_FIXED = re.compile(
    r"this message was created automatically by (?:the )?mail|this is the (?:qmail|postfix|mail)"
    r"[\w -]{0,20}(?:program|system)|this is the mail (?:system|delivery)|"
    r"i.m afraid i wasn.t able to deliver|i.m sorry to have to inform you|"
    r"the original message was received at |did not reach (?:some or all of )?(?:the following|the "
    r"intended) recipient|delivery has failed to these recipients|"
    r"this is an automatically generated "
    r"delivery status|(?:the following|these) (?:address\w{0,2}|recipient\w{0,1}|user\w{0,1})"
    r"(?: or groups)? (?:had|failed|has|have|could|was|were|experienced)|was not delivered to ?:|"
    r"this report relates to (?:a|your) message|"
    r"unable to deliver (?:the )?message to the following|"
    r"(?:message|mail)[^\n]{0,40}(?:could not|cannot|can.t|"
    r"was not) be delivered to (?:the following|"
    r"one or more|these|this)|deliver(?:y|ing)[^\n]{0,30} to the following recipients?[^\n]{0,20} "
    r"(?:failed|has been|was)|failed to deliver (?:to|the message)|xmail bounce|"
    r"the user\(s\) account|following destination addresses were|(?:has|have|"
    r"was) not (?:been )?delivered\b(?! yet)|"
    r"\[<?0\d>?\] |the following message to <|your message cannot be delivered to the following|"
    r"(?:address|recipient|message)[^\n]{0,30} wasn.t (?:found|delivered)|"
    r"couldn.t be delivered to|reporting-mta:|transcript of session follows|"
    r"diese (?:nachricht|e-?mail) wurde automatisch|fehler bei der (?:nachrichten)?(?:zustellung|"
    r"übermittlung)|(?:nachricht|mail)[^\n]{0,40}konnte nicht (?:zugestellt|übermittelt)|"
    r"échec de la remise|n.a pas pu être remis|no se pudo entregar|error al entregar|"
    r"impossibile (?:recapitare|consegnare)|recapito non riuscito|não foi possível entregar|"
    r"falha na entrega|nie można dostarczyć|не удалось доставить|не было доставлено|"
    r"您的(?:邮件|郵件|来信)[^\n]{0,30}(?:退回|未|无法|無法|失败|失敗)|抱歉[^\n]{0,12}(?:邮件|"
    r"郵件|信)|"
    r"(?:邮件|郵件|信件)[^\n]{0,20}(?:被退回|无法|無法|未能|投递失败|投遞失敗|退信)|退信原因|"
    r"(?:传递|傳遞|传送|傳送|投递|投遞|发送)[^\n]{0,30}(?:收件人|失败|失敗)|"
    r"(?:メール|メッセージ)[^\n]{0,30}(?:配信でき|配信され|送信でき|お届けでき|届けられ|返送)|"
    r"(?:메일|메시지)[^\n]{0,30}(?:전송하지|전송되지|배달(?:하지|되지|할)|전달(?:하지|되지)|"
    r"실패|반송)",
    re.IGNORECASE,
)
_WAITING = re.compile(
    r"(?:still|will)(?: be)?(?: continue| keep)?(?: to be| to)? (?:being )?(?:retr(?:y|ied|ying)|"
    r"try(?:ing)?)|warning message only|do not need to resend|don.t need to resend|"
    r"(?:has|have) not (?:yet )?been delivered (?:yet )?(?:to|after)|"
    r"delivery attempts will continue|"
    r"has been delayed|is delayed|no action is required|weitere zustellversuche|nochmals? versuch|"
    r"[继繼][续續][^\n]{0,8}(?:投|尝试|嘗試|[发發]送|重试|重試)|[尚暂暫]未[^\n]{0,6}(?:送[达達]|"
    r"投|成功)|"
    r"引き続き|再送を(?:試|続)|계속 (?:시도|재시도)",
    re.IGNORECASE,
)
# Who wrote it, what it is called, whom to ask: no one it did not reach.
_OTHERS = re.compile(
    r"(?:mail from|from|sender|return-path|reply-to|message-?id|x-[a-z-]{1,40}|received|"
    r"auth\w{0,8}|"
    r"发件人|发信人|寄件者|寄件人|寄件者|发送者|差出人|送信者|보낸 ?사람|발신자?|von|absender|"
    r"expéditeur|"
    r"remitente|mittente|remetente|afzender|nadawca|отправител[ья]|id)"
    r"(?: ?\([^)\n]{0,40}\)| address| is| was)? ?[:=：<（(]{0,2} ?[<\"']{0,2}$|"
    r"(?:contact|mailto:|ask|assistance|help|questions?|report|联系|聯絡|聯繫|咨询|諮詢|问い合わせ|"
    r"お問い合わせ|문의|wenden|kontakt|contacter|forward\w{0,3} (?:this|it)|e-?mail to|write to|"
    r"https?://)"
    r"[^\n@]{0,60}$|(?:your (?:message|mail)|message|mail|邮件|郵件) from ?<?$",
    re.IGNORECASE,
)
_RCPT = re.compile(
    r"rcpt(?: to)?|recipient|\bto\b|address|收件人|收信人|收件者|受信者|宛先|受取人|받는 ?사람|"
    r"수신자?|"
    r"empfänger|destinataire|destinatari|geadresseerde|ontvanger|odbiorc|получател|адресат|user",
    re.IGNORECASE,
)
_ALONE = re.compile(r"[\s<>\"'()\[\]*•·:;,-]*+(?:mailto:|smtp:|rfc822;)?[^\s]*+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Prose:
    """What a report's words hold. `recipients`: beside the failure, never the report's receiver.

    `fixed`: a sentence only mail systems write; `leads`: the text begins with it.
    """

    recipients: tuple[str, ...]
    status: str | None
    coded: bool
    failure: bool
    fixed: bool
    leads: bool
    waiting: bool
    copied: bool


def read_prose(text: str, own: Iterable[str], named: Iterable[str] = ()) -> Prose:
    """`own`: addresses the report went to. `named`: the failed ones, when a header tells them."""
    start = text[:_TEXT]
    cut = find_cut(start)
    prose = start[:cut]
    if not prose.strip() or "@" not in prose:
        prose = start  # some put the copy first, some nothing else
    lines = [line[:_LINE] for line in prose.split("\n")[:_MOST_LINES]]
    bad = [_FAILURE.search(line) is not None for line in lines]
    coded = [_CODE.search(line) is not None or _find(line) is not None for line in lines]
    mine = {address.lower() for address in own}
    given = tuple(named)
    best, first, stop = _rank(lines, bad, coded, mine, {one.lower() for one in given})
    recipients = tuple(dict.fromkeys(given or best))[:_MOST]
    fixed = _FIXED.search(start[:_HEAD])
    status = _find_status(lines[first:stop], 0) or _find_status(lines, first)
    if status is None and cut < len(start):
        rest = [line[:_LINE] for line in start[cut:].split("\n")[:_MOST_LINES]]
        status = _find_status([line for line in rest if _FAILURE.search(line)], 0)
    return Prose(
        recipients=recipients,
        status=status,
        coded=any(coded),
        failure=any(bad),
        fixed=fixed is not None,
        leads=fixed is not None and fixed.start() < _BEGIN,
        waiting=_WAITING.search(prose) is not None,
        copied=has_copy(text),
    )


def _rank(
    lines: list[str], bad: list[bool], coded: list[bool], mine: set[str], named: set[str]
) -> tuple[list[str], int, int]:
    """The addresses a failure stands beside; the lines about the first one, from and to."""
    found: list[tuple[int, int, str]] = []
    for place, line in enumerate(lines):
        if "@" not in line or len(found) > 4 * _MOST:
            continue
        around = slice(max(0, place - 3), place + 4)
        near = any(bad[around]) or any(coded[around])
        for match in _list_addresses(line):
            address = match[0].strip(".'-*")
            before = line[max(0, match.start() - 100) : match.start()]
            low = address.lower()
            if named and low not in named:
                continue
            if is_mailer(address) or (low not in named and _OTHERS.search(before)):
                continue
            own = low in mine
            alone = _ALONE.fullmatch(line) is not None
            score = 2 * near + 2 * alone + (_RCPT.search(before) is not None)
            score += bad[place] or coded[place]
            found.append((-9 if own else score, place, address))
    if not found:
        return [], 0, len(lines)
    top = max(score for score, _, _ in found)
    floor = 2 if top >= 2 else top
    chosen = [(place, address) for score, place, address in found if score >= floor]
    begin, one = chosen[0]
    others = (place for place, address in chosen if address != one and place > begin)
    return [address for _, address in chosen], begin, next(others, len(lines))


def _list_addresses(line: str) -> Iterable[re.Match[str]]:
    """Words of a language without blanks may touch an address: 收件人a@b.cn不存在."""
    if line.isascii() or _CJK.search(line):
        return _ASCII_ADDRESS.finditer(line)
    return _ADDRESS.finditer(line)


_CJK = re.compile(r"[\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7af\uff00-\uffef]")


def _find(line: str) -> str | None:
    """An enhanced status that is no version of a program."""
    for match in _STATUS.finditer(line):
        if not _VERSION.search(line[max(0, match.start() - 12) : match.start()]):
            return match[1]
    return None


def _find_status(lines: list[str], first: int) -> str | None:
    """The status nearest below the first failed address, else anywhere; then the reply's class."""
    order = [*range(first, len(lines)), *range(first - 1, -1, -1)]
    for place in order:
        found = _find(lines[place])
        if found and found[0] in "45":
            return found
    for place in order:
        code = _CODE.search(lines[place])
        if code:
            return f"{code[1]}.0.0"
    return None
