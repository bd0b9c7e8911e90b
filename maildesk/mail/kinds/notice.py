"""What do mail systems put into a report's subject, in which language?

Phrases only; a subject proves nothing before the sender and the text agree, which is `bounce`'s
question. Anchored: the subject begins with the phrase, as people's own subjects seldom do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_LOOK = 300
_TAGS = re.compile(
    r"\s*(?:\[[^\[\]]{0,40}\]|【[^【】]{0,40}】|\*{2,5}[^*]{1,20}\*{2,5}|\((?:ext|external)\)|"
    r"(?:auto|external|spam|notice|alert) ?:)\s*",
    re.IGNORECASE,
)

_FAILED_WORDS = (
    # English
    r"undeliver(?:ed|able)|un-?deliverable|non-?deliver(?:y|able)|not deliver(?:ed|able)|"
    r"delivery status notification|delivery notification|delivery (?:status|report|error|problem)|"
    r"(?:message |e?-?mail )?delivery (?:has |have )?(?:failed|failure)|"
    r"permanent (?:delivery )?(?:failure|error)|(?:failed|failure|error) (?:in )?deliver|"
    r"(?:e-?)?mail delivery (?:failed|failure|system|problem|error|status|notification|report)|"
    r"fail(?:ed|ure) (?:notice|mail)|mail (?:system )?(?:error|failure|failed)|"
    r"mail transaction failed|"
    r"return(?:ed)? (?:e?-?mail|message|to sender)|(?:e?-?mail|message) return(?:ed)?|"
    r"(?:e?-?mail|message)s? (?:you sent |from you |to you |to [^\s]{1,60} )?(?:was |"
    r"has been )?(?:status ?- ?)?(?:undeliver|rejected|refused|blocked|bounced|"
    r"(?:has |was |is )?not (?:been )?(?:deliver|sent|accepted)|(?:could|can) ?not be|"
    r"delivery fail)|"
    r"(?:could not|cannot|unable to|couldn.t|can.t) (?:be )?(?:deliver|send)|"
    r"(?:unknown|invalid|bad) (?:user|recipient|address|mailbox|host)|user unknown|"
    r"(?:rejected|refused|blocked|bounced) (?:e?-?mail|message|by)|(?:auto\w{0,12} )?rejected\b|"
    r"bounce(?:d\b| message| notification)?|error sending|"
    r"(?:considered unsolicited|virus .{0,60}|banned contents?.{0,60}) (?:bulk|in mail) .{0,40}you|"
    # German, Dutch, Scandinavian, Finnish
    r"unzustellbar|nicht zustellbar|nicht zugestellt|zustellung .{0,30}fehlgeschlagen|"
    r"zustellfehler|fehler (?:bei|in) der (?:zustellung|übermittlung)|"
    r"benachrichtigung (?:zum|über den) (?:übermittlung|zustell)\w{0,8}status|rückläufer|"
    r".{0,40}konnte nicht (?:zugestellt|übermittelt)|onbestelbaar|"
    r"(?:kan )?niet (?:worden )?(?:bezorgd|afgeleverd|te bezorgen)|bezorg\w{0,8} (?:mislukt|"
    r"status)|"
    r"kan (?:inte|ikke) lever|det går inte att leverera|ikke lever|uleverbar|olevererbar|"
    r"ej lever|leveransfel|ei voi(?:tu|da)? toimittaa|toimit\w{1,8} epäonnistui|"
    # Romance
    r"non[- ]remi[st]|échec (?:de |d.|à )?(?:la |l.)?(?:remise|livraison|distribution|envoi)|"
    r"notification d.état de remise|non délivr|non distribu|(?:n.a|n.ont) p(?:as|"
    r"u) .{0,9}(?:être )?"
    r"(?:remis|délivr|distribu)|no se p(?:uede|udo|uedo) entregar|no entregad|"
    r"notificación (?:de|del) estado de (?:la )?entrega|"
    r"(?:error|fallo|falla) (?:de|en) (?:la )?entrega|correo devuelto|mensaje (?:no |devuelto)|"
    r"non recapita|notifica (?:dello )?stato (?:del )?recapito|mancat[oa] (?:recapito|consegna)|"
    r"recapito non riuscito|avviso di mancata consegna|impossibile recapitare|"
    r"não (?:é|foi) possível entregar|(?:mensagem |e-?mail )?não entregue|"
    r"notificação d[eo] (?:status|estado) d[ea] entrega|(?:falha|erro) (?:na|de) entrega|"
    r"(?:mensagem|e-?mail) devolvid|nu se poate livra|nelivra|"
    # Slavic, Hungarian, Turkish, Greek
    r"nie (?:można|udało się) dostarczyć|niedostarcz|niedoręcz|nie dostarczon|"
    r"недоставлен|не доставлен|(?:сообщение|письмо) не доставлен|(?:невозможно|не удал(?:ось|"
    r"ается)|"
    r"не удается) доставить|ошибка доставки|сбой доставки|уведомление о (?:состоянии|статусе)|"
    r"отч[её]т о (?:не)?доставке|не вдалося доставити|не може бути доставлен|"
    r"nedoruč|nelze doručit|nepodařilo se doručit|kézbesíthetetlen|nem kézbesíthető|"
    r"kézbesítési hiba|sikertelen kézbesítés|teslim edile|iletileme|gönderileme|"
    r"δεν (?:είναι δυνατή η παράδοση|παραδόθηκε)|αποτυχία παράδοσης|μη παραδοτέο|"
    # Hebrew, Arabic, Thai, Vietnamese, Indonesian
    r"לא ניתן למסירה|לא ניתן למסור|تعذ?ر (?:ال)?تسليم|فشل (?:ال)?تسليم|غير قابل للتسليم|"
    r"ไม่สามารถส่ง|không (?:thể )?(?:gửi|chuyển)|tidak (?:ter|dapat di)kirim|"
    # Chinese, Japanese, Korean
    r"退信|系[统統]退信|来自.{1,60}的退信|(?:邮件)?退[回件]|(?:邮件|郵件|信件).{0,12}(?:被退|"
    r"退回|拒)|"
    r"未(?:能)?(?:成功)?(?:送[达達]|[传傳]送|[传傳][递遞]|投[递遞]|[发發]送)|"
    r"(?:邮件|郵件|信件|您的邮件)?(?:[无無]法|不能|没能)(?:正常|成功)?"
    r"(?:投[递遞]|[传傳][递遞]|送[达達]|[发發]送|[传傳]送|寄[达達送])|"
    r"(?:邮件|郵件|信件)?(?:投[递遞]|[发發]送|[传傳][送递遞]|寄[送信]|[发發]信|送[达達])失[败敗]|"
    r"(?:邮件|郵件)?(?:投[递遞]|[传傳][递遞送])(?:[状狀][态態])|拒收|被拒[绝絕收]|"
    r"配[信達送](?:不能|エラー|に?失敗|できま|不可)|送[信達](?:エラー|でき|に?失敗|不能)|"
    r"(?:メール|メッセージ)(?:が|は|を)?.{0,12}(?:配信|送信|配達|届).{0,6}(?:でき|ませ|失敗)|"
    r"宛先不明|不達|未達|エラーメール|返送|"
    r"배달(?:되지|할 수|하지| ?실패| ?불가)|(?:메일 ?)?(?:전송|발송|전달|수신) ?(?:실패|오류|"
    r"되지)|반송"
)
_DELAYED_WORDS = (
    r"delivery status notification ?\(?\s?delay|(?:mail |message |e-?mail )?delivery (?:is |"
    r"has been )?"
    r"(?:delayed|warning)|delayed(?: mail| delivery|:)|(?:e?-?mail|message) (?:is |"
    r"has been )?delayed|"
    r"delivery notification: delivery has been delayed|transient delivery|temporary delivery|"
    r"warning: (?:could not send|message .{1,80} delayed|unable to|e?-?mail .{0,40}delayed)|"
    r"waiting mail|mail delivery (?:delayed|warning)|delivery attempt (?:delayed|status)|"
    r"verzögert|verzögerung|zustellung verzögert|retardé|remise retardée|livraison retardée|"
    r"retrasad|entrega (?:retrasada|atrasada|demorada)|in ritardo|ritardo|atrasad|vertraagd|"
    r"opóźnion|отложен|задержан|задержка доставки|försenad|forsinket|viivästy|zpožděn|opožděn|"
    r"投[递遞]延[迟遲]|(?:邮件|郵件)?延[迟遲](?:投[递遞]|送[达達]|通知)?|(?:邮件|郵件)延[迟遲]|"
    r"正在重[试試]|配[信送達](?:の)?遅延|遅延|配信が遅れ|(?:배달|전송|발송|메일) ?지연|지연됨"
)
_DELIVERED_WORDS = (
    r"relayed ?[:：]|delivered ?[:：]|expanded ?[:：]|successful (?:mail )?delivery|"
    r"delivery status notification ?\(?\s?(?:success|relay|expan|deliver)|"
    r"(?:mail|message|e-?mail) (?:status ?- ?)?(?:was |has been )?(?:successfully )?delivered|"
    r"delivery (?:confirmation|receipt|successful)|delivery report ?\(?success|"
    r"zugestellt ?[:：]|übermittelt ?[:：]|weitergeleitet ?[:：]|remis ?[:：]|relayé ?[:：]|"
    r"entregado ?[:：]|entregue ?[:：]|recapitato ?[:：]|consegnato ?[:：]|bezorgd ?[:：]|"
    r"dostarczono ?[:：]|доставлено ?[:：]|已送[达達]|已[传傳][递遞]|已中继|投[递遞]成功|"
    r"[发發]送成功|"
    r"配信済み|配信されました|배달됨|배달 ?완료"
)
_FAILED = re.compile(_FAILED_WORDS, re.IGNORECASE)
_DELAYED = re.compile(_DELAYED_WORDS, re.IGNORECASE)
_DELIVERED = re.compile(_DELIVERED_WORDS, re.IGNORECASE)

# Subjects that are whole sentences of one program; nobody's own words come out like them.
_EXACT = re.compile(
    r"mail system error - returned mail|undelivered mail returned to sender|"
    r"delivery status notification \(failure\)|returned mail: (?:see transcript|"
    r"user unknown).{0,30}|"
    r"mail delivery failed: returning message to sender|系统退信/systems bounce",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Notice:
    """What a subject claims: `action` as in RFC 3464 §2.3.3, "" for nothing. `exact`: in the very
    words of a well-known program."""

    action: str = ""
    anchored: bool = False
    exact: bool = False


def read_subject(subject: str) -> Notice:
    """The claim of a subject; `anchored` when it begins with it, tags of gateways aside."""
    line = subject[:_LOOK].strip()
    for _ in range(4):
        tag = _TAGS.match(line)
        if tag is None or tag.end() == len(line):
            break
        line = line[tag.end() :]
    line = line.lstrip("*<#-= ")
    for action, phrase in (("delayed", _DELAYED), ("delivered", _DELIVERED), ("failed", _FAILED)):
        if phrase.match(line):
            return Notice(action, True, _EXACT.fullmatch(line) is not None)
    for action, phrase in (("failed", _FAILED), ("delayed", _DELAYED)):
        if phrase.search(subject[:_LOOK]):
            return Notice(action)
    return Notice()
