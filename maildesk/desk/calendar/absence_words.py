"""The words of out-of-office notices: that somebody is away, comes back, and how an end is said.

Patterns over folded text (`fold.fold`); what they come to is `absence`'s question. Chinese and
English whole; of other languages only that somebody is away.
"""

from __future__ import annotations

import re

LATER = ("下午", "晚上", "傍晚", "pm", "中午")
NUMBERS = {
    **{sign: value for value, sign in enumerate("一二三四五六七八九十", 1)},
    **{"两": 2, "几": 3, "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5},
    **{"six": 6, "seven": 7, "ten": 10, "a few": 3},
}
LEAVE = r"(?:annual|sick|parental|maternity|paternity|medical|personal|home|bereavement|marriage)"
ABSENT = re.compile(
    r"(?<!如)(?<!如果)(?<!若)(?:休假|年假|请假|产假|病假|婚假|丧假|事假|探亲假|育儿假|年休|调休|补休|"
    r"度假|放假|假期|休息|外出|外勤|出差|公出|公干|出国|离岗|离开办公室|不在(?:办公室|公司|岗|工位|单位|国内|座位|北京|上海|线)?|"
    r"无法(?:及时)?(?:查收|回复|处理)邮件|参加[^\n]{0,12}(?:培训|会议|活动)|培训(?:中|期间)|离职|"
    r"(?:暂时)?无法办公|住院|隔离)|"
    r"\bout[- ]of[- ](?:the[- ]|my[- ])?office|\booo\b|\bo\.o\.o|\bpto\b|vacation|holidays?\b|"
    rf"\bon (?:my )?(?:{LEAVE} )?leave|{LEAVE} leave|business trip|travell?ing|"
    r"\b(?:am|is|be|be out|currently|i'm) (?:away|out|off|absent|unavailable)\b|"
    r"\b(?:away|absent) (?:from|until|till|on|for|this|next)|not (?:be )?in the office|"
    r"\bout (?:until|till|from|on|for|this|next|through|today)|days? off\b|no longer (?:with|work)|"
    r"(?:limited|no) access to (?:my )?e?-?mail|abwesen|nicht im büro|au(?:ß|ss)er haus|im urlaub|"
    r"\bback (?:on|from|again|tomorrow|next|in the office|in [^\n]{0,20}office)|\bgone (?!to\b)|"
    r"\bi'm [a-z]{3,12}ing until|"
    r"absente?\b|en congés?|en vacances|hors du bureau|fuera de la oficina|de vacaciones|"
    r"afwezig|in ferie|fuori ufficio|ausente|de férias|urlopie|nieobecn|dovolen[ké]|cuti sampai|"
    r"semester till|\bferie til|bortrei?st|lomalla|concediu|szabadság|godišnjem|izindeyim|"
    r"nghỉ phép|"
    r"отпуск|командировк|отсутств|відпустц|不在の|休暇|出張|外出中|부재|휴가|출장"
)
# What only sounds like it: denied, of others, or what stands in a receipt all year round.
NOT_AWAY = re.compile(
    r"(?:不在|没有?(?:在)?|并?未|不)(?:休假|出差|请假|外出|度假|年假)|"
    r"(?:休假|请假|年假|调休|出差|外出|离职)(?:的?(?:申请|审批|流程|制度|单|报销|系统|手续|员工|同事|人员)|的)|"
    r"(?:周末|周[六日]|双休日?|节假日|晚上|夜间|午间|中午|下班后?)(?:及(?:法定)?节假日)?"
    r"(?:正常|我)?(?:休息|不在)|"
    r"\b(?:not|isn't|never) (?:currently )?(?:on|in|away|out)\b[^.,\n]{0,20}"
    r"(?:vacation|leave|office|holidays?)"
)
# He was away, and says himself that it is over. “Back on Monday” is none of it.
RETURNED = re.compile(
    r"(?:休假|假期|年假|出差|外出|培训)(?:均?已经?)(?:结束|完)|"
    r"(?:已经?|刚刚?|现)(?:从?[^\s,.;。]{0,4})?(?:休假|出差|外出)?(?:归来|返岗|回岗|回来)(?!日|时|前|后)|"
    r"\b(?:am|i'm|now|just) back (?:from|in|at)\b|(?:^|\n|: ?)back from (?:my )?\w+[,.] "
)
# That he is away as he writes, though a first day is ahead.
ALREADY = re.compile(
    r"正在|目前|现在|现已|当前|今[天日]|\b(?:currently|now|today|at the moment|presently)\b"
)
LEFT = re.compile(r"已(?:经|从|于)?[^\n。;]{0,12}离职|no longer (?:with|work(?:ing)?|employed)\b")
RETURN = (
    r"(?:返岗|返回|返京|返沪|返工|回岗|回来|回到|回公司|回办公室|回国|回(?:复|覆|信|电)|归来|归岗|到岗|上班|复工|"
    r"销假|恢复(?:上班|办公|正常)?|正常(?:上班|办公)|正式上班)"
)
BACK_AFTER = re.compile(
    rf"\s?\)?(?:\([^()]{{0,12}}\)\s?)?[,、]?\s?(?:起|开始|早上|上午|下午|中午|"
    r"晚上|之?后|以后|我?(?:才|再|将|会|就|即可|可)?){0,3}"
    rf"(?:正常|正式|统一|逐一|陆续|尽快)?{RETURN}|以降|"
    r"\s?(?:i (?:will|'ll) |i'll )?(?:be )?(?:back|return)"
)
BACK_BEFORE = re.compile(
    r"(?:返岗|返回|回来|回岗|到岗|复工|上班|销假)(?:时间|日期|日)?\s?(?:为|是|在|于|:|预计|大约|约)?\s?(?:为|是|在|于)?\s?$|"
    r"\b(?:back|return(?:ing)?|returns|resume(?:d)?|resuming|(?:be )?available(?: again)?|"
    r"be in|reachable)\b"
    r"(?: (?:to|in|at|the|my|work|office|online|normal|again|full|duties|date|is|be|will|from|"
    r"vacation|leave|holidays?|annual|:))*"
    r"(?: ?:)?(?: on| from| by| the| as of| after| around| again)*\s?(?:the\s)?$|"
    r"\b(?:zurück|wieder)(?: (?:im|büro|da|erreichbar|am|ab))*\s?$|\bde retour(?: le)?\s?$"
)
AFTER_IT = re.compile(r"\bafter\s?(?:the\s)?$")
BEFORE_AFTER = re.compile(r"\s?(?:之前|以前|前)(?!台|天)")
UNTIL_BEFORE = re.compile(
    r"(?:至|到|直到|直至|截至|截止(?:到|至|日期?[:为]?)?|结束(?:时间|日期)?[:为于]?|为止|-{1,2}|~|…|\.\.+)\s?$|"
    r"(?:\b(?:until|till|til|through|thru|to|ending|ends|end date|last day|up to)|"
    r"\bbis(?: einschlie(?:ß|ss)lich)?(?: zum)?|"
    r"\bjusqu'au|\bau|\bhasta(?: el)?)\s?:?\s?(?:and )?(?:including )?(?:the )?(?:end of )?\s?$"
)
UNTIL_AFTER = re.compile(r"\s?(?:为止|止\b|止|结束|\(含\)|inclusive|\(inclusive\)|\(incl)")
FROM_BEFORE = re.compile(
    r"(?:从|自|由|开始(?:时间|日期)?[:于]?|起始[^\n]{0,4}|"
    r"\b(?:from|starting|since|beginning|as of|ab|vom|du)"
    r"(?: on)?(?: the)?)\s?$"
)
FROM_AFTER = re.compile(
    r"\s?(?:\([^()]{0,12}\))?(?:起|开始|至|到|-{1,2}|~|to\b|until\b|through\b|till\b|bis\b|au\b)"
)
HALVES = r"(?P<half{0}>上午|下午|中午|晚上|傍晚|am|pm)"
BACK_AT = re.compile(
    rf"(?:今[天日])?(?:预计|大约|约|将于|于)?{HALVES.format('')}?(?P<h>\d{{1,2}})(?::|点|时)"
    rf"(?P<min>\d\d|半)?分?"
    rf"(?:左右|之?后|以?后|前|之前)?(?:才|再|可)?(?:返回|回来|回岗|返岗|回到|回公司)|"
    rf"(?<!\d)(?:back|return(?:ing)?)(?: (?:in|to|the|office|today|by|at|around|about))* "
    rf"(?P<h2>\d{{1,2}})(?::(?P<min2>\d\d))? ?{HALVES.format('2')}(?!\w)|"
    rf"\b(?:back|return(?:ing)?)(?: (?:in|to|the|office|today|by|at|around|about))* "
    rf"(?P<h3>\d{{1,2}}):(?P<min3>\d\d)(?!\d|\.\d)(?! ?[ap]m)"
)
LENGTH = re.compile(
    r"(?:休|请|出差|外出|离开|假|为期|共|不在|培训|度假)[^\n,。;月号\d]{0,6}?(?P<n>半|\d{1,3}|[一二两三四五六七八九十几])"
    r"(?P<u>个?(?:工作日|天|日(?!期)|周|星期|礼拜|月))(?!\d)|"
    r"\b(?:for|next)(?: the)?(?: next)? "
    r"(?P<n2>\d{1,3}|an?|one|two|three|four|five|six|seven|ten|a few) "
    r"(?:working |business |full )?(?P<u2>days?|weeks?|months?)\b"
)
