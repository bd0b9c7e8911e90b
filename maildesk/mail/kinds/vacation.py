"""Does a subject have the form only an automatic answer has? `Automatic reply: x`, 自动回复：x …

The forms of Exchange, Notes, GroupWise, QQ and the rest, in their languages. People do write
自动回复设置不了 and "Out of office message won't save": a colon, brackets or the end must follow.
"""

from __future__ import annotations

import re

_PHRASES = (
    # Chinese, Japanese, Korean
    r"自[动動]回[复覆復信]|自[动動]答[复覆]|系[统統]自[动動]回[复覆復]|不在[办辦]公室|"
    r"(?:休假|外出|假期|度假|出差|离职|離職)(?:中)?(?:的)?自[动動](?:回[复覆復]|答[复覆])|"
    r"外出(?:时|時)?的?(?:通知|提示)|(?:休假|外出)通知|"
    r"自動(?:応答|返信)(?:メール|メッセージ)?|不在(?:通知|時の自動返信|のお知らせ|応答|返信)|"
    r"자동 ?(?:회신|응답|답장|답변)(?: ?메일)?|부재 ?중(?: ?(?:자동 ?(?:회신|응답)|메시지|알림|"
    r"응답))?|"
    # English
    r"automatic(?:ally generated)? (?:e-?mail )?(?:reply|response|answer)|"
    r"auto(?:mated)?[- ]?(?:mail )?(?:reply|response|responder|respond|answer)(?: message)?|"
    r"auto(?:mat)?ed (?:reply|response)(?: message)?|out[- ]of[- ](?:the[- ])?office"
    r"(?:[- ](?:auto[- ]?(?:reply|response)|reply|response|notification|notice|message|alert))?|"
    r"(?:vacation|holiday|away)(?: from (?:my )?(?:mail|e-?mail|office))?"
    r"[- ](?:auto[- ]?(?:reply|response)|reply|response|notice|notification|message)|"
    r"away from (?:my )?(?:e-?mail|mail|office|desk)|absent from (?:the )?office|ooo(?: reply)?|"
    # German, Dutch, Scandinavian, Finnish
    r"abwesend|abwesenheits?(?:notiz|nachricht|meldung|info|benachrichtigung|agent|assistent|"
    r"mitteilung)?|"
    r"automatische (?:antwort|antwortmail|nachricht|rückantwort|empfangsbestätigung)|"
    r"nicht im (?:büro|haus)|außer haus|urlaubs(?:benachrichtigung|notiz|meldung)|"
    r"automatisch(?:e)? (?:antwoord|beantwoording|bericht|reactie)|automatisch antwoord|"
    r"afwezigheids?(?:bericht|melding|assistent)?|niet (?:op kantoor|aanwezig)|buiten kantoor|"
    r"auto(?:matiskt |matisk |-)?svar|fr[åa]nvaro(?:meddelande|besked|svar)?|"
    r"frav[æa]rs(?:besked|melding|assistent)?|ikke til stede|ikke på kontoret|inte på kontoret|"
    r"automaattinen (?:vastaus|viesti)|automaattivastaus|poissaolo(?:ilmoitus|viesti|vastaus)|"
    r"poissa toimistosta|automaatne vastus|automaatvastus|automātiskā atbilde|"
    r"automatinis atsakymas|sjálfvirkt svar|"
    # Romance
    r"r[ée]ponse automatique|message (?:d.absence|automatique)|absence du bureau|"
    r"(?:notification|avis|réponse) d.absence|absent(?:e)?(?: du bureau)?|hors du bureau|"
    r"respuesta autom[áa]tica|respuesta de ausencia|fuera de (?:la )?oficina|"
    r"(?:mensaje|aviso) de ausencia|ausente de la oficina|contestador automático|"
    r"resposta autom[áa](?:tica|tica de ausência)|fora d[oe] escrit[óo]rio|"
    r"(?:mensagem|aviso|resposta) de aus[êe]ncia|ausência temporária|resposta automàtica|"
    r"risposta automatica|fuori (?:sede|ufficio)|assente|assenza dall.ufficio|"
    r"messaggio di assenza|r[ăa]spuns automat|"
    # Slavic, Hungarian, Turkish, Greek
    r"automatyczna odpowied[źz]|odpowied[źz] automatyczna|poza biurem|nieobecno[śs][ćc]|"
    r"автоматический ответ|автоответ(?:чик)?|автоматичн(?:а|ий) (?:відповідь|отговор)|"
    r"автоматичен отговор|аутоматски одговор|автоматски одговор|нет на (?:рабочем месте|работе)|"
    r"вне офиса|отсутствие на рабочем месте|автовідповідь|"
    r"automatick[áa] odpov[ěe][ďd]|mimo kancelá[řr]|nepřítomnost|automatski odgovor|"
    r"samodejni odgovor|samodejni odziv|automatikus v[áa]lasz|h[áa]zon k[íi]v[üu]l|"
    r"otomatik (?:yan[ıi]t|cevap)|ofis dışında|αυτόματη απάντηση|εκτός γραφείου|"
    # Hebrew, Arabic, Persian, Thai, Vietnamese, Indonesian, Hindi
    r"(?:תשובה|מענה|הודעה) אוטומטי(?:ת)?|מחוץ למשרד|(?:ال)?رد (?:ال)?(?:تلقائي|آلي)|خارج المكتب|"
    r"پاسخ خودکار|(?:การ)?ตอบกลับอัตโนมัติ|ไม่อยู่ที่สำนักงาน|trả lời tự động|thư trả lời tự động|"
    r"balasan otomatis|balasan automatik|jawapan automatik|स्वचालित उत्तर"
)
_TAGS = re.compile(
    r"\s*(?:\[[^\[\]]{0,40}\]|【[^【】]{0,40}】|\*{2,5}[^*]{1,20}\*{2,5}|"
    r"\((?:ext|external)\)|(?:external|spam|外部) ?:)\s*",
    re.IGNORECASE,
)
_PREFIX = re.compile(rf"\s*(?:{_PHRASES})\s?(?P<end>[:：]|[-–—] |\s*[.!。！]?\s*$)", re.IGNORECASE)
_BRACKETED = re.compile(
    rf"\s*[\[【(（<《「]\s?(?:{_PHRASES})\s?[:：]?\s?[\]】)）>》」]", re.IGNORECASE
)
_DASHED = re.compile(r"[-–—] ")
_AUTO = re.compile(
    r"\s*auto(?:matic)?(?: reply)?\s?[:：].{0,150}(?:out of (?:the )?office|"
    r"(?:is|am) (?:away|out|on (?:leave|vacation|holiday))|returning|ist (?:außer haus|abwesend|"
    r"nicht)|"
    r"est absent|hors du bureau|fuera de la oficina|ausente|fuori (?:sede|ufficio)|assente|"
    r"不在|外出|休暇|부재)",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\s*.{1,80}?\s?(?:(?:is|will be) (?:currently )?(?:out of (?:the )?office|"
    r"away from the office|"
    r"on (?:vacation|leave|holiday))|ist (?:außer haus|nicht im (?:büro|haus)|abwesend|im urlaub)|"
    r"est absente?(?: du bureau)?|(?:está|se encuentra) (?:fuera de la oficina|ausente)|"
    r"è (?:assente|fuori (?:sede|ufficio))|is (?:afwezig|niet aanwezig)|"
    r"(?:さん|氏)?(?:は|が)?(?:ただいま)?(?:不在です|外出中です|休暇中です))"
    r"(?: (?:\([^()]{1,60}\)|from .{1,40}|until .{1,40}|bis .{1,40}))?[.!。]?\s*$",
    re.IGNORECASE,
)
_OF_SOMEBODY = re.compile(r"\s*(?:来自|來自).{1,40}的自[动動](?:回[复覆復]|答[复覆])\s*$")
_ABSENT = re.compile(
    r"(?:i am|i.m|i will be|i.ll be|we are|he is|she is) (?:currently |now |presently )?"
    r"(?:out of (?:the |my )?office|away|on (?:annual |maternity |parental |sick |business )?"
    r"(?:leave|vacation|holidays?|trip)|out (?:until|from|on)|absent|travell?ing|unavailable)|"
    r"out of (?:the )?office (?:until|from|starting|with)|"
    r"(?:thank you|thanks) for (?:your|the) (?:e-?mail|message)[^\n]{0,60}(?:out of|away|"
    r"on vacation)|"
    r"(?:no longer (?:with|work|employed))|this is an auto(?:matic|mated|-)[ -]?(?:reply|response)|"
    r"ich bin (?:[^\n]{0,60})(?:nicht (?:im (?:büro|haus)|erreichbar|da)|abwesend|außer haus|"
    r"im urlaub|wieder)|(?:je suis|je serai) (?:actuellement )?(?:absent|en congé|en vacances)|"
    r"(?:estoy|estaré|me encuentro) (?:[^\n]{0,20})(?:fuera|ausente|de vacaciones)|"
    r"(?:sono|sarò) (?:[^\n]{0,20})(?:assente|fuori|in ferie)|(?:estou|estarei) (?:[^\n]{0,20})"
    r"(?:ausente|fora|de férias)|ik ben (?:[^\n]{0,40})(?:afwezig|niet aanwezig|met vakantie)|"
    r"(?:меня нет|я (?:буду|нахожусь)|нахожусь) [^\n]{0,40}(?:отпуск|отсутств|командировк)|"
    r"(?:本人|我)(?:目前|现|現|现在|現在|正)?(?:正)?(?:在)?[^\n]{0,20}(?:休假|外出|出差|度假|"
    r"不在[办辦]公室|"
    r"离开办公室|年假|产假)|您的?(?:邮件|郵件|来信)[^\n]{0,10}(?:已)?收到[^\n]{0,40}(?:尽快|"
    r"儘快|稍后|回复您)|"
    r"(?:只今|現在|ただいま)[^\n]{0,20}(?:不在|外出|休暇|出張)|(?:休暇|出張)(?:中|のため)|"
    r"(?:현재|지금)[^\n]{0,20}(?:부재|휴가|출장)",
    re.IGNORECASE,
)

_QUESTION = re.compile(
    r"[?？]|怎么|怎麼|怎样|如何|请问|請問|为什么|為什麼|how (?:do|can|to|should)|please (?:help|"
    r"tell|advise)|"
    r"(?:can|could) you|どうすれば|教えて|어떻게",
    re.IGNORECASE,
)


def is_vacation(subject: str, text: str = "") -> bool:
    """Whether the subject has the form; `text` is looked at where the form alone could be a
    person's words: `Li Ming is out of the office`."""
    line = subject[:250]
    if _has_form(line):
        return True
    for _ in range(4):
        tag = _TAGS.match(line)
        if tag is None or tag.end() >= len(line):
            break
        line = line[tag.end() :]
        if _has_form(line):
            return True
    return _NAMED.match(line) is not None and says_absent(text)


def says_absent(text: str) -> bool:
    """Whether a mail begins as absent people's answering machines do."""
    return _ABSENT.search(text[:500]) is not None


def asks(text: str) -> bool:
    """Whether a mail asks its reader something, as machines do not. Theirs that say so of
    themselves, or that somebody is away, may ask: `Urgent? Call …`."""
    return _QUESTION.search(text[:600]) is not None and not says_absent(text)


def _has_form(line: str) -> bool:
    found = _PREFIX.match(line)
    if found is not None:
        # "Auto reply - how do I set it up" is a person's; no known program puts a dash there.
        return _DASHED.fullmatch(found["end"]) is None
    return (
        _BRACKETED.match(line) is not None
        or _AUTO.match(line) is not None
        or _OF_SOMEBODY.match(line) is not None
    )
