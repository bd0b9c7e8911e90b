"""One mail as each kind of mail server delivers it, folded as it arrives, with its border."""

from __future__ import annotations

from dataclasses import replace

from maildesk.mail.files.sink import DiscardingSink
from maildesk.mail.message import Authenticity
from maildesk.mail.parse import Limits, parse_source
from maildesk.mail.proof.trust import Border, judge_sender

ZHANG = "zhang@corp.example"
BORDER = Border(("mx.corp.example",), ("mx.corp.example", "mbox.corp.example", "10.0.0.5"), ())

POSTFIX = """\
Return-Path: <zhang@corp.example>
Delivered-To: helpdesk@corp.example
Received: from mx.corp.example (mx.corp.example [10.0.0.5])
\tby mbox.corp.example with LMTP
\tid 8J3oLy5aH2dC
\t(envelope-from <zhang@corp.example>); Fri, 20 Nov 2026 09:59:02 +0800
Received: from out.corp.example (out.corp.example [198.51.100.7])
\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)
\t key-exchange X25519 server-signature RSA-PSS (2048 bits))
\t(No client certificate requested)
\tby mx.corp.example (Postfix) with ESMTPS id 4WxQ2k1Fz9z1w
\tfor <helpdesk@corp.example>; Fri, 20 Nov 2026 09:59:01 +0800 (CST)
DMARC-Filter: OpenDMARC Filter v1.4.2 mx.corp.example 4WxQ2k1Fz9z1w
Authentication-Results: mx.corp.example; dmarc=pass (p=reject dis=none) header.from=corp.example
Authentication-Results: mx.corp.example; spf=pass smtp.mailfrom=zhang@corp.example
DKIM-Filter: OpenDKIM Filter v2.11.0 mx.corp.example 4WxQ2k1Fz9z1w
Authentication-Results: mx.corp.example;
\tdkim=pass (2048-bit key, unprotected) header.d=corp.example header.i=@corp.example\
 header.a=rsa-sha256 header.s=2026 header.b="k3+Fz/a="
Received: from [10.9.8.7] (pc.home [203.0.113.9]) by out.corp.example with ESMTPSA id abc;
\tFri, 20 Nov 2026 09:59:00 +0800
From: =?utf-8?B?5byg5pWP?= <zhang@corp.example>
"""
MICROSOFT = """\
Received: from AM6PR05MB1.eurprd05.prod.outlook.com (2603:10a6:20b:2e::28)
 by DB7PR05MB2.eurprd05.prod.outlook.com with HTTPS; Fri, 20 Nov 2026 01:59:03 +0000
Received: from DB5EUR03FT012.eop-EUR03.prod.protection.outlook.com
 (2603:10a6:20b:2e:cafe::d8) by AM6PR05MB1.outlook.office365.com
 (2603:10a6:20b:2e::28) with Microsoft SMTP Server (version=TLS1_2,
 cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.20.3654.12 via Frontend
 Transport; Fri, 20 Nov 2026 01:59:02 +0000
Authentication-Results: spf=pass (sender IP is 198.51.100.7)
 smtp.mailfrom=corp.example; helpdesk.example; dkim=pass (signature was
 verified) header.d=corp.example;helpdesk.example; dmarc=pass action=none
 header.from=corp.example;compauth=pass reason=100
Received-SPF: Pass (protection.outlook.com: domain of corp.example designates
 198.51.100.7 as permitted sender) receiver=protection.outlook.com;
Received: from out.corp.example (198.51.100.7) by
 DB5EUR03FT012.mail.protection.outlook.com (10.152.20.81) with Microsoft SMTP
 Server (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id
 15.20.3654.12 via Frontend Transport; Fri, 20 Nov 2026 01:59:01 +0000
From: Zhang Min <zhang@corp.example>
X-MS-Exchange-Organization-AuthAs: Anonymous
"""
MICROSOFT_INSIDE = """\
Received: from DB7PR05MB2.eurprd05.prod.outlook.com
 ([fe80::91c5:6a0d:2f1b:7c01]) by DB7PR05MB2.eurprd05.prod.outlook.com
 ([fe80::91c5:6a0d:2f1b:7c01%6]) with mapi id 15.20.3654.012; Fri, 20 Nov 2026
 01:59:00 +0000
From: Zhang Min <zhang@corp.example>
Authentication-Results: dkim=none (message not signed)
 header.d=none;dmarc=none action=none header.from=corp.example;
X-MS-Exchange-Organization-AuthAs: Internal
"""
GOOGLE = """\
Delivered-To: helpdesk@gcorp.example
Received: by 2002:a05:7412:1234:b0:f1:2345:6789 with SMTP id ab1csp123456rdb;
        Thu, 19 Nov 2026 17:59:02 -0800 (PST)
X-Received: by 2002:a17:902:d48b:b0:1fb:1234 with SMTP id c11-20020a170902d48b.1;
        Thu, 19 Nov 2026 17:59:01 -0800 (PST)
ARC-Authentication-Results: i=1; mx.google.com;
       dkim=pass header.i=@corp.example header.s=2026 header.b=k3Fz;
       dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=corp.example
Return-Path: <zhang@corp.example>
Received: from out.corp.example (out.corp.example. [198.51.100.7])
        by mx.google.com with ESMTPS id d9443c01a7336-1fb1si1234567.1.2026.11.19.17.59.01
        for <helpdesk@gcorp.example>
        (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256);
        Thu, 19 Nov 2026 17:59:01 -0800 (PST)
Received-SPF: pass (google.com: domain of zhang@corp.example designates 198.51.100.7 as permitted\
 sender) client-ip=198.51.100.7;
Authentication-Results: mx.google.com;
       dkim=pass header.i=@corp.example header.s=2026 header.b=k3Fz;
       spf=pass (google.com: domain of zhang@corp.example designates 198.51.100.7 as permitted\
 sender) smtp.mailfrom=zhang@corp.example;
       dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=corp.example
From: Zhang Min <zhang@corp.example>
"""
QQ = """\
Received: from out.corp.example (unknown [198.51.100.7])
\tby newxmmxszc6-1.qq.com (NewMX) with SMTP
\tid 6010A8AD; Fri, 20 Nov 2026 09:59:01 +0800
X-QQ-mid: xmmxszc6-1t1729135441tm9qrjq3k
X-QQ-XMRINFO: NgToQqU5s31XQ+vYT/V7+uk=
Authentication-Results: mx.qq.com; spf=pass smtp.mailfrom=<zhang@corp.example>;
\t dkim=none; dmarc=none(permerror) header.from=corp.example
Received: from localhost (VM-20-3 [127.0.0.1])
\tby out.corp.example (Postfix) with ESMTP id 2EF0A60264
\tfor <helpdesk@qqcorp.example>; Fri, 20 Nov 2026 09:59:00 +0800 (CST)
From: =?gb18030?B?1cXD9A==?= <zhang@corp.example>
"""
NETEASE = """\
Received: from out.corp.example (unknown [198.51.100.7])
\tby gzga-mx-mtada-g0-8 (Coremail) with SMTP id coremail.123S4;
\tFri, 20 Nov 2026 09:59:01 +0800 (CST)
From: Zhang Min <zhang@corp.example>
Authentication-Results: gzga-mx-mtada-g0-8; spf=pass smtp.mail=zha
\tng@corp.example; dkim=none
X-CM-TRANSID: coremail.123S4
"""
RSPAMD = """\
Authentication-Results: mx.corp.example;
\tdkim=pass header.d=corp.example header.s=2026 header.b=k3Fzab12;
\tspf=pass (mx.corp.example: domain of zhang@corp.example designates 198.51.100.7 as permitted\
 sender) smtp.mailfrom=zhang@corp.example;
\tdmarc=pass (policy=quarantine) header.from=corp.example
Received: from out.corp.example (out.corp.example [198.51.100.7])
\tby mx.corp.example (Postfix) with ESMTPS id 4WxQ2k1Fz9z1w; Fri, 20 Nov 2026 09:59:01 +0800
From: Zhang Min <zhang@corp.example>
"""
AMAVIS = """\
Received: from localhost (localhost [127.0.0.1])
\tby mx.corp.example (Postfix) with ESMTP id 4WxQ2m; Fri, 20 Nov 2026 09:59:02 +0800 (CST)
Authentication-Results: mx.corp.example (amavisd-new); dkim=pass (2048-bit key)
\treason="pass (just generated, assumed good)" header.d=corp.example
Received: from mx.corp.example ([127.0.0.1]) by localhost (mx.corp.example [127.0.0.1])
\t(amavisd-new, port 10024) with ESMTP id ZdUxYh; Fri, 20 Nov 2026 09:59:02 +0800 (CST)
Received: from out.corp.example (out.corp.example [198.51.100.7])
\tby mx.corp.example (Postfix) with ESMTPS id 4WxQ2k; Fri, 20 Nov 2026 09:59:01 +0800 (CST)
From: Zhang Min <zhang@corp.example>
"""
YAHOO = """\
Received: from 198.51.100.7 (EHLO out.corp.example)
 by 10.197.32.140 with SMTPs
 (version=TLS1_3 cipher=TLS_AES_128_GCM_SHA256); Fri, 20 Nov 2026 01:59:01 +0000
Authentication-Results: atlas104.bf1.yahoo.example;
 dkim=pass header.i=@corp.example header.s=2026;
 spf=pass smtp.mailfrom=corp.example;
 dmarc=pass(p=REJECT) header.from=corp.example;
From: Zhang Min <zhang@corp.example>
"""
MICROSOFT_BORDER = Border(
    ("microsoft365",),
    (".outlook.com", ".office365.com", "2603:1000::/24", "2a01:111:e400::/48"),
    ("X-MS-Exchange-Organization-AuthAs: Internal",),
)
GOOGLE_BORDER = Border(("mx.google.com",), ("mx.google.com", "2002:a00::/24"), ())
QQ_BORDER = Border(("mx.qq.com",), (".qq.com",), ())
NETEASE_BORDER = Border(("gzga-mx-*",), ("gzga-mx-*",), ())
AMAVIS_BORDER = replace(BORDER, trusted_hosts=("mx.corp.example", "localhost"))
YAHOO_BORDER = Border((".yahoo.example",), ("10.0.0.0/8",), ())
DIALECTS = [
    (POSTFIX, BORDER),
    (MICROSOFT, MICROSOFT_BORDER),
    (GOOGLE, GOOGLE_BORDER),
    (QQ, QQ_BORDER),
    (NETEASE, NETEASE_BORDER),
    (RSPAMD, BORDER),
    (AMAVIS, AMAVIS_BORDER),
    (YAHOO, YAHOO_BORDER),
]
NAMES = ["postfix", "microsoft", "google", "qq", "netease", "rspamd", "amavis", "yahoo"]


def read(raw: str) -> tuple[tuple[str, str], ...]:
    """The headers as parsing a mail yields them."""
    text = f"{raw}Subject: x\nDate: Fri, 20 Nov 2026 09:59:00 +0800\n\nhello\n"
    source = text.replace("\n", "\r\n").encode()
    mail = parse_source(source, DiscardingSink(), prior="gb18030", limits=Limits())
    return mail.headers


def judge(raw: str, border: Border | None = BORDER, address: str = ZHANG) -> Authenticity:
    return judge_sender(read(raw), address, border)


def tell(found: Authenticity) -> str:
    return "\n".join(f"{clue.says}: {clue.source}: {clue.why}" for clue in found.clues)


def mail(*lines: str, origin: str = "out.corp.example", sender: str = ZHANG) -> str:
    """A mail the border had from `origin`, with lines it wrote below its Received line."""
    received = f"Received: from {origin} (x [198.51.100.7]) by mx.corp.example with ESMTPS; now"
    return "\n".join((received, *lines, f"From: Zhang <{sender}>", ""))


def result(text: str, server: str = "mx.corp.example") -> str:
    return f"Authentication-Results: {server}; {text}"
