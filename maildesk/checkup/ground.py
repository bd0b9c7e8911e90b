"""Is the ground we stand on firm: configuration, rules, letters, people, trust, calendar?

Looks at what was read from the files only. Whether anything can be kept is `memory`'s question.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from maildesk.checkup.finding import Finding, bad, care, good
from maildesk.config.reading import Survey
from maildesk.config.values import Config
from maildesk.desk.person import Role


def check_config(survey: Survey) -> Iterator[Finding]:
    """Every fault and warning of the configuration; a short summary when it is usable."""
    for fault in survey.faults:
        yield bad("configuration", str(fault))
    for warning in survey.warnings:
        yield care("configuration", str(warning))
    config = survey.config
    if config is not None:
        counts = (
            (len(config.desks), "desk"),
            (len(config.mailboxes), "mailbox"),
            (len(config.people), "listed person"),
        )
        shown = ", ".join(f"{count} {noun}{_plural(noun, count)}" for count, noun in counts)
        yield good("configuration", f"{config.file} is complete: {shown}")


def check_rules(config: Config) -> Iterator[Finding]:
    """The rules' own test cases, under the profile of each desk."""
    from maildesk.desk.rules.expectations import run_expectations
    from maildesk.desk.rules.matching import compile_rules

    cases = sum(len(rule.expect) for rule in config.rules)
    for profile in {desk.profile.id: desk.profile for desk in config.desks}.values():
        failures = run_expectations(compile_rules(config.rules, profile))
        for failure in failures:
            place = f"{failure.rule.file}:{failure.expectation.line}"
            problem = f"{place}: {failure.rule.id}: {failure.why}"
            yield bad("rules", problem, "Change the rule or the case: `maildesk rules test`.")
        if not failures:
            rules = f"{len(config.rules)} rules fit profile {profile.id!r}"
            yield good("rules", f"{rules}; their {cases} test cases come out as they say")


def check_letters(config: Config) -> Iterator[Finding]:
    """Which languages there are letters in. That they can be rendered, `config` has seen to."""
    languages = sorted(
        {name.split("/")[1] for name in config.templates if name.startswith("letters/")}
    )
    yield good("letters", f"{len(config.templates)} templates in {', '.join(languages)}")
    for person in config.people:
        spoken = person.language
        if spoken is not None and not _is_covered(spoken, languages):
            yield care(
                "letters",
                f"{person.name} is listed with the language {spoken!r}, which has no letters",
                f"They get the desk's language; or write templates/letters/{spoken}/.",
            )


def check_leads(config: Config) -> Iterator[Finding]:
    """Whether anybody hears of limits, the quarantine, the doorstep and the brakes."""
    leads = [person.name for person in config.people if person.role is Role.LEAD]
    if not leads:
        remedy = "List somebody with role: lead in people.yaml."
        text = "nobody is listed as lead: tickets nobody has, misses and alarms are told to nobody"
        yield care("leads", text, remedy)
    else:
        yield good("leads", f"reminders and alarms go to {', '.join(leads)}")


def check_groups(config: Config) -> Iterator[Finding]:
    """Whether there is somebody for the tickets of every category."""
    from maildesk.desk.arrival.directory import Directory
    from maildesk.desk.request.assignment import list_able

    directory = Directory(config.people)
    if not directory.staff:
        return  # nobody to give tickets to: `leads` has said so
    for desk in config.desks:
        profile = desk.profile
        alone = {
            group.key: group.label.in_language(desk.language)
            for category in profile.categories
            if not (category.engineer and directory.find_exactly(category.engineer).person)
            for group in (profile.group(category.group),)
            if not list_able(group, category, directory)
        }
        if not alone:
            yield good(f"groups of {desk.id}", "there is somebody for the tickets of each category")
            continue
        shown = ", ".join(f"{label} ({key})" for key, label in alone.items())
        yield care(
            f"groups of {desk.id}",
            f"nobody is in {shown}: their tickets wait until the lead gives them to somebody",
            "Write the groups behind an engineer in people.yaml: groups: "
            f"[{', '.join(alone)}], or name engineers in the profile.",
        )


def check_skills(config: Config) -> Iterator[Finding]:
    """Whether each skill brings tickets: one that no desk's profile knows never does."""
    from maildesk.desk.arrival.directory import Directory, is_called
    from maildesk.desk.rules.fold import fold

    profiles = [desk.profile for desk in config.desks]
    groups = [group for profile in profiles for group in profile.groups]
    categories = {
        fold(name)
        for profile in profiles
        for kind in profile.categories
        for name in (kind.key, kind.label.zh, kind.label.en)
    }
    for person in Directory(config.people).staff:
        idle = [
            skill
            for skill in person.skills
            if fold(skill) not in categories
            and not any(is_called(group, skill) for group in groups)
        ]
        if idle:
            yield care(
                "skills",
                f"{', '.join(idle)} of {person.name} is no category and no group of any desk: no "
                "ticket is given for it",
                "Write a category's or group's key or name, as rules/profiles/*.yaml have it.",
            )


def check_trust(config: Config) -> Iterator[Finding]:
    """Whether a mailbox can tell an engineer's own mail from a forged one."""
    if not any(person.role in (Role.ENGINEER, Role.LEAD) for person in config.people):
        return
    for mailbox in config.mailboxes:
        if mailbox.trust is None:
            text = (
                f"mailbox {mailbox.name} has no table trust, so nothing shows who really wrote a "
                "mail: staff can only answer letters of the desk, and orders such as #solved are "
                "asked back with a one-time code"
            )
            remedy = (
                f"Add [mailbox.{mailbox.name}.trust]; the maildesk.toml that `maildesk init` "
                "writes has it for Microsoft 365, Google, QQ and Postfix."
            )
            yield care("trust", text, remedy)
        else:
            believed = (*mailbox.trust.authserv_ids, *mailbox.trust.internal)
            shown = ", ".join(believed) or "nothing"
            yield good("trust", f"mailbox {mailbox.name} believes {shown}, as its servers wrote it")


def check_calendars(config: Config, today: date) -> Iterator[Finding]:
    """Whether the holidays that due times will run into are known."""
    from maildesk.desk.calendar.almanac import find_unknown_year, known_until

    for desk in config.desks:
        calendars = desk.profile.calendars
        horizons = {
            calendar.key: until
            for calendar in calendars
            if (until := known_until(calendar)) is not None
        }
        item = f"calendar of {desk.id}"
        if not horizons:
            yield good(item, "names no holidays that could run out")
            continue
        key, until = min(horizons.items(), key=lambda entry: entry[1])
        text = f"holidays of {key!r} are known until {until}"
        year = find_unknown_year(calendars, today)
        if year is None:
            yield good(item, text)
        else:
            remedy = (
                f"Add {year} to rules/holidays/cn.yaml once the State Council has published it, "
                "update maildesk or chinesecalendar, or list its days under days_off and days_on "
                "of the calendar."
            )
            yield care(item, f"{text}; after that every weekday counts as working", remedy)


def _plural(noun: str, count: int) -> str:
    if count == 1:
        return ""
    return "es" if noun.endswith("x") else "s"


def _is_covered(language: str, available: list[str]) -> bool:
    start = language.partition("-")[0]
    return any(other.partition("-")[0] == start for other in available)
