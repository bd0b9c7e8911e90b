"""What the samples of all letters share: whose they are, and when their reader reads them where.

Templates are tried with samples at start-up, and the gallery shows them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

NOW = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)
URL = "https://desk.corp.test/t/sample"

SAMPLE: dict[str, Any] = {"desk": "IT服务台", "now": NOW, "zone": ZONE, "language": "zh-CN"}
"""The fields of `letter.Letter` but the reader's name."""
