"""`maildesk rules …`: ask the classification rules what they mean, and whether they still do."""

from __future__ import annotations

import click

from maildesk.cli.rules.cases import test
from maildesk.cli.rules.diff import diff
from maildesk.cli.rules.explain import explain
from maildesk.cli.rules.hits import hits
from maildesk.cli.rules.lint import lint
from maildesk.cli.rules.score import score


@click.group()
def rules() -> None:
    """Classification rules: try them, explain them, compare them.

    \b
    A usual round:
      maildesk rules explain mail.eml      which rule did that?
      (edit rules/*.yaml)
      maildesk rules test                  do all cases still hold?
      maildesk rules lint                  anything that can never work?
      maildesk rules diff OLD NEW          what would real mails get?
    """


for command in (test, explain, diff, lint, score, hits):
    rules.add_command(command)
