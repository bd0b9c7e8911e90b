"""The samples' Chinese words in English, so that an English preview reads as it will be read.

A word that is not listed is shown as the sample has it. Nothing but the gallery uses this.
"""

from __future__ import annotations

from collections.abc import Mapping

from maildesk.desk.reports.figure_words import MEANINGS

_PEOPLE: Mapping[str, str] = {
    "张敏": "Zhang Min",
    "刘洋": "Liu Yang",
    "王强": "Wang Qiang",
    "张伟": "Zhang Wei",
    "陈静": "Chen Jing",
    "陈晨": "Chen Chen",
    "李雷": "Li Lei",
    "陈工": "Mr Chen",
    "王强（处理人）、刘洋、陈静": "Wang Qiang (handler), Liu Yang, Chen Jing",
    "刘洋（处理人）、陈静": "Liu Yang (handler), Chen Jing",
    "财务部": "Finance",
    "IT服务台": "IT Service Desk",
    "行政服务台": "Office Services",
    "10月": "Oct",
    "11月": "Nov",
    "硬件组": "Hardware group",
    "网络组": "Network group",
    "系统运维组": "System operations",
}

_RATED: Mapping[str, str] = {
    "不满意": "Dissatisfied",
    "响应速度": "Response speed",
    "服务态度": "Attitude",
    "已关闭": "Closed",
    "等了两天才有人来，也没提前通知。": "It took two days until somebody came, and nobody told us.",
    "已清理进纸轮，请再打印一张试试。": "The rollers are clean; please print a page.",
}

_RECORDED: Mapping[str, str] = {
    "硬件故障": "Hardware",
    "软件问题": "Software",
    "网络异常": "Network",
    "账号权限": "Account & access",
    "故障申报": "Incident",
    "权限申请": "Access request",
    "紧急": "Urgent",
    "高": "High",
    "中": "Medium",
    "低": "Low",
    "很急": "very urgent",
    "处理中": "In progress",
    "待派单": "Awaiting assignment",
    "待确认": "To confirm",
    "待您确认": "Please confirm",
    "待用户反馈": "Waiting for the requester",
    "超时未说明原因（回复 #超时原因 …）": "Missed limits without a reason (answer #late …)",
    "李雷，首次响应超时": "Li Lei, missed: first response",
    "挂起": "On hold",
    "等备件": "waiting for a spare part",
    "影响整个部门": "affects a whole department",
    "影响范围": "Affected",
    "整个三楼": "all of the third floor",
    "发生时间": "Since",
    "今天 9:30": "today 9:30",
    "周一至周五 09:00–12:00、13:30–18:00": "Mon to Fri 09:00–12:00, 13:30–18:00",
    "办公电脑、打印机和外设": "Office computers, printers and accessories",
    "空调": "air conditioning",
    "门禁卡": "door card",
    "请联系行政服务台": "Please contact Office Services",
    "投影仪由行政部管理": "Projectors are looked after by Office Services",
}

_SUBJECTS: Mapping[str, str] = {
    "打印机卡纸": "Printer jam",
    "电脑坏了": "Computer broken",
    "报表打不开": "Report does not open",
    "合作咨询": "Working together",
    "ERP 无法登录": "Cannot log in to ERP",
    "申请 CRM 导出权限": "Access to the CRM export",
    "VPN 连不上": "VPN does not connect",
    "连不上VPN了": "VPN does not connect",
    "会议室投影仪借用": "Borrowing a projector",
    "全公司断网": "Whole company offline",
    "清单.xlsx": "list.xlsx",
    "步骤.pdf": "steps.pdf",
    "截图.png": "screenshot.png",
    "怎样截图.pdf": "how to take a screenshot.pdf",
    "设置步骤.pdf": "setup.pdf",
    "卡纸位置.jpg": "where it jams.jpg",
    "现场录像.mp4": "recording.mp4",
}

_RATINGS: Mapping[str, str] = {
    "非常满意": "Very satisfied",
    "满意": "Satisfied",
    "一般": "Neutral",
    "不满意": "Dissatisfied",
    "非常不满意": "Very dissatisfied",
    "基本满意": "Mostly satisfied",
    "需进一步优化": "Could be better",
    "处理效率": "Efficiency",
    "专业能力": "Expertise",
    "待您确认": "Please confirm",
    "已结单": "Closed",
    "您今天 14:30 已评价，谢谢": "You rated this at 14:30 today; thank you",
    "处理很快，但没提前通知": "Quick, but nobody told us in advance",
    "响应速度": "Response speed",
    "服务态度": "Attitude",
    "已关闭": "Closed",
    "已清理进纸轮，请再打印一张试试。": "The feed roller was cleaned. Please print once more.",
    "等了两天才有人来，也没提前通知。": "I waited two days, and nobody told me when.",
}

_KNOWLEDGE: Mapping[str, str] = {
    "打印机卡纸怎么办": "What to do about a printer jam",
    "双面打印卡纸": "Jams in two-sided printing",
    "三楼打印机卡纸": "Printer jam on the third floor",
    "三楼打印机卡纸，换了纸也不行。": "The printer on the third floor jams, new paper or not.",
    "1. 打开后盖，取出卡住的纸\n2. 合上后盖，再打一页\n还不行请回复邮件。": (
        "1. Open the back and take out the paper\n2. Close it and print a page\n"
        "If that does not help, answer our letter."
    ),
    "打开后盖，取出卡住的纸。": "Open the back and take out the paper.",
    "打开后盖，取出卡住的纸，再试打一页。": ("Open the back, take out the paper and print a page."),
}

_REQUESTS: Mapping[str, str] = {
    "三楼的打印机又卡纸了，重启过两次没用。\n\n能不能上午来看一下？下午要打合同。": (
        "The printer on the third floor is jammed again; two restarts did not help.\n\n"
        "Could somebody come this morning? We print contracts in the afternoon."
    ),
    "全公司断网了，都上不了网！\n前台电话也打不通。": (
        "The whole company is offline!\nThe reception's phone is dead as well."
    ),
    "现在整个财务部都登不上了。": "Now nobody in Finance can log in.",
    "现在整个部门都上不了。": "Now the whole department is offline.",
    "需要开通 CRM 客户明细的导出权限，月底对账用，用到 12 月 31 日。": (
        "I need to export customer details from the CRM for the month's accounts, "
        "until 31 December."
    ),
    "屏幕显示 13.20.00，\n照片在附件里。": "The display says 13.20.00,\na photo is attached.",
    "1. 蓝屏 2. 就我这台": "1. A blue screen 2. Only mine",
    "还是卡，而且声音更大了。": "It still jams, and is louder than before.",
    "怎么还没好？": "Why is it still not fixed?",
    "好了": "works now",
    "打印好了，扫描还不行。": "Printing works, scanning still does not.",
    "还是不行": "It still does not work",
    "还是连不上": "It still does not connect",
    "请升级固件": "Please upgrade the firmware",
    "在家连不上公司 VPN，\n提示证书过期。": (
        "I cannot connect to the VPN from home,\nit says the certificate has expired."
    ),
}

_ANSWERS: Mapping[str, str] = {
    "开机后屏幕上显示什么？拍张照片也行。": (
        "What does the screen show after switching on? A photo will do."
    ),
    "只有您这台，还是旁边同事也这样？": "Is it only yours, or your neighbours' as well?",
    "还需您补充两点：\n1. 开机后屏幕上显示什么？拍张照片也行。\n2. 旁边同事也这样吗？": (
        "Two more things, please:\n1. What does the screen show after switching on? A photo "
        "will do.\n2. Do your neighbours have it as well?"
    ),
    "VPN 证书过期，正在更换。": "The VPN's certificate has expired and is being replaced.",
    "VPN 证书过期，正在更换。\n\n这段时间可先用网页版 OA；您无需操作。": (
        "The VPN's certificate has expired and is being replaced.\n\n"
        "Until then the web version of OA works; you need not do anything."
    ),
    "已更换 VPN 证书，请重新连接一次试试。": (
        "The VPN's certificate was replaced. Please connect once more."
    ),
    "VPN 网关每小时重启一次，日志见附件，请协助分析。": (
        "The VPN gateway restarts every hour. Logs are attached; please help us find out why."
    ),
    "投影仪由行政部管理，请联系行政服务台（分机 8100）。": (
        "Projectors are looked after by Office Services, ext. 8100."
    ),
    "搓纸轮已换，请再打一份试试。": "The roller was replaced. Please print once more.",
    "张敏您好，已请同事上门。": "Hello Zhang Min, a colleague is on his way.",
    "张敏您好，备件明天上午到，到了就给您换。\n\n刘洋": (
        "Hello Zhang Min, the part arrives tomorrow morning; I will come at once.\n\nLiu Yang"
    ),
    "王强：换过搓纸轮，没有好转。\n备件型号 RM2-5452。": (
        "Wang Qiang: replaced the roller, no better.\nThe part is RM2-5452."
    ),
    "数据已恢复": "The data was restored",
    "数据库主机宕机，备机起不来": "The database host is down, the spare does not start",
    "已切到只读，财务部可以查询，不能录单。": (
        "Switched to read-only: Finance can look things up, but enter nothing."
    ),
    "存储厂商到场": "The storage vendor on site",
    "先用备机，只读": "The spare for now, read-only",
    "先换备机观察": "Use the spare and watch",
    "今晚 22:00 更换主机并回切，停机约 30 分钟": (
        "Replace the host tonight at 22:00 and switch back, about 30 minutes' downtime"
    ),
    "主机电源模块老化": "The host's power supply has aged",
    "电源模块纳入年度巡检": "Power supplies are inspected every year from now on",
    "月底前不开放导出，请用报表。": "No exports before the month's end; please use the report.",
}

_OURS: Mapping[str, str] = {
    "三次读取都使程序中断": "reading it ended the program three times",
    "接单": "Take it",
    "要信息": "Ask",
    "已解决": "Solved",
    "转派": "Hand over",
    "不认识的命令：#内布": "unknown order: #ntoe",
    "#内布 用户脾气急": "#ntoe the user is in a hurry",
    "内部": "note",
    "#发送": "#send",
    "#已解决": "#solved",
    "#分类 网络异常": "#category network",
    "内容里有内部邮箱地址": "it holds an internal address",
    "内容里夹有引用的原文": "it holds quoted text",
    "无法确认是您本人发的": "nothing proves that you sent it",
    "如果是您写的，请直接回复派单邮件，再写一次。不是您写的，请告诉组长。": (
        "If you wrote it, please reply to the dispatch letter and write it again. "
        "If you did not, tell your lead."
    ),
    "已转派给王强": "handed over to Wang Qiang",
    "优先级：高": "priority: High",
    "已发给张敏": "sent to Zhang Min",
    "根因：搓纸轮磨损": "Root cause: worn roller",
    "永久方案：更换搓纸轮": "Permanent solution: a new roller",
    "没有找到“王墙”，请写姓名、工号或邮箱": (
        "nobody is called “Wang Qang”: write a name, staff number or address"
    ),
    "王强已接手此单": "Wang Qiang has taken this ticket",
    "已撤销：#已解决": "undone: #solved",
    "没看出是哪张工单：请直接回复派单邮件，或在主题里写工单号": (
        "no ticket was recognised: reply to the dispatch letter, or put the number in the subject"
    ),
    "#接单": "#start",
    "由您处理，算首次响应": "you handle it; counts as first response",
    "#已响应 16:05": "#contacted 16:05",
    "补记电话联系用户的时间": "when you phoned the requester, in arrears",
    "#转派 王强": "#assign Wang Qiang",
    "转给同事或组": "to a colleague or group",
    "张敏，预计今天 16:00": "Zhang Min, expected 16:00 today",
    "李雷，首次响应时限今天 16:30": "Li Lei, respond by 16:30 today",
    "张敏，最近更新昨天 15:00": "Zhang Min, last change 15:00 yesterday",
    "您今天 14:30 确认：已解决": "You confirmed at 14:30 today: solved",
    "您今天 14:30 已接单": "You took this ticket at 14:30 today",
    "请在正文里加一行“备份：已做”或“备份：不涉及”": (
        "Please add a line “backup: done” or “backup: not concerned”"
    ),
}

_REPORTS: Mapping[str, str] = {
    "11月20日 周五": "Friday 20 Nov",
    "第47周": "week 47",
    "2026年11月": "November 2026",
    "11月19日 周四 17:30 至 11月20日 周五 17:30": ("Thursday 19 Nov 17:30 to Friday 20 Nov 17:30"),
    "11月13日 周五 17:30 至 11月20日 周五 17:30": ("Friday 13 Nov 17:30 to Friday 20 Nov 17:30"),
    "11月1日 周日 至 11月30日 周一": "Sunday 1 Nov to Monday 30 Nov",
    "首次响应达标率 94%": "Response attainment 94%",
    "满意度 4.7（18 人评价）": "Satisfaction 4.7 (18 rated)",
    "升级待确认": "escalations to decide",
    "低分待回访": "low ratings to follow up",
    "无人接单": "tickets nobody has",
    "首次响应达标率": "Response attainment",
    "100%（3/3）": "100% (3/3)",
    "92%（11/12）": "92% (11/12)",
    "100%（15/15）": "100% (15/15)",
    "其中 1 件因服务台系统停机": "1 missed while the desk was down",
    "达标率（按组）": "Attainment by group",
    "100%（8/8）": "100% (8/8)",
    "67%（2/3）": "67% (2/3)",
    "联系用户 100%（3/3）｜解决 88%（7/8）": "contact 100% (3/3) | solution 88% (7/8)",
    "解决 100%（3/3）": "solution 100% (3/3)",
    "条形为首次响应，其下为联系用户和解决；算法同上": (
        "The bar is the response; contact and solution stand below. Counted as above"
    ),
    "满意度": "Satisfaction",
    "总体": "Overall",
    "4.7（18 人评价）": "4.7 (18 rated)",
    "3.8（5 人评价）": "3.8 (5 rated)",
    "问题分类": "Categories",
    "14（+3）": "14 (+3)",
    "10（-2）": "10 (-2)",
    "8（+1）": "8 (+1)",
    "超时工单": "Misses",
    "高｜刘洋｜响应超时12分｜原因：外出，16:50 返回": (
        "High | Liu Yang | responded 12 min late | reason: out of office until 16:50"
    ),
    "另有 1 件，见表格": "1 more in the table",
    "工单情况": "How it stands",
    "未解决": "Open",
    "IT-20261118-0001 等": "IT-20261118-0001 …",
    "IT服务台日报20261120.xlsx": "IT Service Desk daily 20261120.xlsx",
    "IT服务台日报20261120.csv": "IT Service Desk daily 20261120.csv",
    "IT服务台周报2026W47.xlsx": "IT Service Desk weekly 2026W47.xlsx",
    "IT服务台周报2026W47.csv": "IT Service Desk weekly 2026W47.csv",
    "IT服务台月报202611.xlsx": "IT Service Desk monthly 202611.xlsx",
    "IT服务台月报202611.csv": "IT Service Desk monthly 202611.csv",
    "李总": "Mr Li",
    "本周打印机问题偏多，已联系供应商下周巡检。\n\n其余正常。": (
        "Many printer problems this week; the supplier comes next week to check them.\n\n"
        "Otherwise all is well."
    ),
    "IT服务台日报 11月20日 周五": "IT Service Desk daily report, Friday 20 Nov",
    "转发报告给阅读人": "pass the report on to its readers",
}

ENGLISH: Mapping[str, str] = {
    **_PEOPLE,
    **_RECORDED,
    **_RATED,
    **_SUBJECTS,
    **_REQUESTS,
    **_ANSWERS,
    **_OURS,
    **_REPORTS,
    **_RATINGS,
    **_KNOWLEDGE,
    **{
        item.definition.zh.rstrip("。"): item.definition.en.rstrip(".")
        for item in MEANINGS.values()
    },
}
"""English by the samples' Chinese."""
