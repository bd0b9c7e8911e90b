"""The tour: what happens in which order, and the proof of each step.

Everything shown is asked of the database and the mailboxes afterwards; what did not happen is said
on the screen and kept in `missing`. How it looks is `screen`'s and `story`'s business.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage

from maildesk.audit import compare
from maildesk.demo import mails
from maildesk.demo.casework import show_forgery, show_work
from maildesk.demo.mails import Request, name_id
from maildesk.demo.observer import Letter, Observer
from maildesk.demo.screen import Screen
from maildesk.demo.servers import OUTSIDE, Delivery
from maildesk.demo.site import DESK, FULL, OTHER, STAFF, Staff
from maildesk.demo.story import OUTCOME, TICKET, Teller
from maildesk.desk.profile import Label
from maildesk.explanation import Explanation
from maildesk.wire.imap import ImapMailbox

ACK_SECONDS = 1.0  # within which an acknowledgement should lie in its receiver's mailbox


class Tour:
    """One walk through a running demo desk. `missing` names what did not happen."""

    def __init__(self, observer: Observer, screen: Screen, old: Sequence[EmailMessage]) -> None:
        self.observer = observer
        self.screen = screen
        self.teller = Teller(screen, observer.house.config)
        self.old = old
        self.missing: list[str] = []
        self.numbers: dict[str, str] = {}  # whose ticket (local part) → its number
        self.acks: dict[str, Letter] = {}

    def walk(self) -> None:
        """All steps, top to bottom; a step that finds nothing does not stop the others."""
        for step in STEPS:
            step(self)

    def expect(self, happened: object, what: str) -> bool:
        """Keep and show what should have happened and did not."""
        if not happened:
            self.missing.append(what)
            self.screen.show_fault(what)
        return bool(happened)

    def explain(self, said: Label) -> None:
        self.screen.show_fact(Label("说明", "note"), self.screen.choose(said), "dim")

    def number_of(self, staff: str) -> str:
        return self.numbers.get(staff, "?")

    def bring(
        self,
        mail: EmailMessage,
        sender: Staff | None,
        to: Sequence[str] = (DESK,),
        *,
        words: str = "",
        outside: bool = False,
    ) -> Explanation | None:
        """Send a mail, show it, and wait until the desk has decided every copy of it.

        `words` of it are shown; `outside`: its sender cannot log in at the company's server.
        """
        who, extra = _introduce(mail, sender), _list_files(mail)
        if outside:
            who, extra = OUTSIDE, f"From: {mail['From']}"
        self.screen.show_mail(who, str(mail["Subject"]), extra)
        self.screen.quote(words)
        self.observer.send(mail, to, outside=outside)
        found = self.observer.follow(name_id(mail), len(to))
        if not self.expect(len(found) == len(to), f"{mail['Subject']}: not decided"):
            return None
        return found[0]

    def open(self, request: Request, to: Sequence[str] = (DESK,)) -> Explanation | None:
        """A request: it must become a ticket of the right class with its words and files."""
        story = self.bring(request.mail, request.sender, to)
        if story is None:
            return None
        title = str(request.mail["Subject"])
        if not self.expect(story.outcome == "opened" and story.ticket, f"{title}: no ticket"):
            self.teller.tell_outcome(story)
            return None
        number = str(story.ticket)
        self.numbers.setdefault(request.sender.local, number)
        letter = self.observer.await_letter(request.mail, number)
        self.teller.tell_opened(story, letter)
        self.expect(
            story.category == request.category and request.priority in (None, story.priority),
            f"{title}: {story.category}/{story.priority}, expected "
            f"{request.category}/{request.priority or 'any'}",
        )
        files = [part.get_filename() for part in request.mail.iter_attachments()]
        self.expect(self.observer.files_of(number) == files, f"{title}: attachments were not kept")
        if self.expect(letter and letter.state == "accepted", f"{title}: no acknowledgement left"):
            assert letter is not None
            self.acks[request.sender.local] = letter
            arrived = letter.seconds is not None or request.sender == FULL
            self.expect(arrived, f"{title}: the acknowledgement did not arrive")
        return story


def show_polite_start(tour: Tour) -> None:
    tour.screen.open_section(
        Label("一、第一次启动：旧邮件不打扰", "1. The first start leaves old mail alone"),
        Label(
            "邮箱里原有的邮件只登记，不回复。", "What lay in the mailbox is recorded, not answered."
        ),
    )
    for mail in tour.old:
        tour.screen.show_mail(str(mail["From"]), str(mail["Subject"]))
    recorded = tour.observer.count_outcomes().get("before_start", 0)
    if tour.expect(
        recorded == len(tour.old), f"{recorded} old mails recorded, not {len(tour.old)}"
    ):
        named = tour.teller.name_outcome("before_start")
        tour.screen.show_fact(OUTCOME, f"{named} × {recorded}", "yellow")
    tour.screen.pause(1.5)


def show_requests(tour: Tour) -> None:
    tour.screen.open_section(
        Label("二、来信变工单，随即回执", "2. Mail becomes tickets, answered at once"),
        Label(
            "规则写在 rules/*.yaml，命中的词都看得见；秒数是从来信到回执进对方邮箱的时间。",
            "Rules live in rules/*.yaml; the seconds run from the mail's arrival to the "
            "acknowledgement in its sender's mailbox.",
        ),
    )
    for request in mails.write_requests():
        tour.open(request)
        tour.screen.pause(1.2)


def show_answers(tour: Tour) -> None:
    tour.screen.open_section(
        Label("三、该归到一起的，归到一起", "3. What belongs together comes together"),
        Label(
            "按我方签名的 Message-ID、引用关系或主题中的单号归单，并核对发件人。",
            "By our signed Message-ID, references or the number, and the sender is checked.",
        ),
    )
    ack = tour.acks.get("zhangmin")
    if tour.expect(ack, "no acknowledgement to answer"):
        assert ack is not None
        mail = mails.answer_by_reference(ack.message_id, ack.subject)
        said = Label(
            "直接回复回执；只取新写的话，引用的原文不重复入单。",
            "A plain reply to the acknowledgement; only the new words are taken.",
        )
        _join(tour, mail, "zhangmin", said)
        words = tour.observer.words_of(tour.number_of("zhangmin"))
        kept = "M428" in words[-1] and "原始邮件" not in words[-1]
        tour.expect(kept, "the answer's new words were not kept apart from the quotation")
    said = Label(
        "手机发的，没有引用关系，“答复：”后只剩单号；他是报单人，所以并入。",
        "From a phone, no references, only the number behind 答复：; he is the requester.",
    )
    _join(tour, mails.answer_by_number(tour.number_of("zhaolei")), "zhaolei", said)
    before = tour.observer.count_tickets()
    twice = mails.write_twice()
    tour.open(twice, (DESK, OTHER))
    if tour.expect(tour.observer.count_tickets() == before + 1, "two copies made two tickets"):
        tour.explain(
            Label(
                "同一封信发到两个服务台地址，收到两份，只开一单、只回一封。",
                "One mail to two desk addresses: two copies came, one ticket, one answer.",
            )
        )
    copies = [item.outcome for item in tour.observer.follow(name_id(twice.mail), 2)]
    tour.expect(sorted(copies) == ["duplicate", "opened"], f"the copies became {copies}")
    tour.screen.pause(1.2)


def _join(tour: Tour, mail: EmailMessage, staff: str, said: Label) -> None:
    number = tour.number_of(staff)
    letters = tour.observer.letters_to(STAFF[staff].address)
    story = tour.bring(mail, STAFF[staff])
    if story is not None:
        tour.teller.tell_outcome(story)
        tour.explain(said)
        joined = story.outcome == "appended" and story.ticket == number
        tour.expect(joined, f"the answer did not join {number}")
        silent = tour.observer.letters_to(STAFF[staff].address) == letters
        tour.expect(silent, "an answer in a known thread was acknowledged again")
    tour.screen.pause(1.2)


def show_strangers(tour: Tour) -> None:
    tour.screen.open_section(
        Label("五、知道单号，不等于进得来", "5. Knowing a number lets nobody in"),
        Label(
            "外人的信在门口等；同事引用别人的单号，另开新单并注明。",
            "A stranger waits at the doorstep; a colleague gets a new ticket, linked to it.",
        ),
    )
    number = tour.number_of("zhangmin")
    events = tour.observer.events_of(number)
    stranger = mails.ask_as_stranger(number)
    story = tour.bring(stranger, None)
    if story is not None:
        tour.teller.tell_outcome(story)
        tour.teller.tell_letter(story, None)
        tour.explain(
            Label(
                "原信保留，不回复；每天列给组长，一条命令即可放行。",
                "Kept, unanswered, listed to the lead daily; one command lets it in.",
            )
        )
        tour.expect(story.outcome == "doorstep", "the stranger's mail did not stay outside")
        tour.expect(not tour.observer.letters_to(str(stranger["From"])), "a stranger got a letter")
    tour.screen.pause(1.2)
    asked = Request(STAFF["wufang"], mails.ask_as_colleague(number), "hardware", None)
    story = tour.open(asked)
    if story is not None:
        own = story.ticket != number and "linked" in tour.observer.events_of(str(story.ticket))
        ack = tour.acks.get("wufang")
        raw = tour.observer.read_mailbox(STAFF["wufang"].address, ack.message_id) if ack else b""
        tour.expect(number in _read_text(raw or b""), f"the acknowledgement does not name {number}")
        if tour.expect(own, "the colleague's mail did not open a linked ticket"):
            tour.explain(
                Label(
                    f"与 {number} 关联，但不进入该单；回执里已说明。",
                    f"Linked to {number}, not joined to it; the acknowledgement says so.",
                )
            )
    tour.expect(tour.observer.events_of(number) == events, f"{number} was changed from outside")
    tour.screen.pause(1.2)


def show_machines(tour: Tour) -> None:
    tour.screen.open_section(
        Label("六、机器来信：不回、不绕圈", "6. Machines are not answered, nothing loops"),
        Label(
            "自动回复和退信只记在单上；监控告警开单，但不发回执。",
            "Automatic replies and bounces are noted; monitoring gets a ticket, no letter.",
        ),
    )
    ack = tour.acks.get("lina")
    if tour.expect(ack, "no acknowledgement to answer automatically"):
        assert ack is not None
        before = tour.observer.letters_to(ack.address)
        mail = mails.answer_automatically(ack.message_id, ack.subject)
        story = tour.bring(mail, STAFF["lina"])
        said = Label("外出自动回复：记在单上，谁也不打扰。", "Out of office: on the timeline only.")
        _expect_note(tour, story, "auto_reply", tour.number_of("lina"), said)
        tour.expect(tour.observer.letters_to(ack.address) == before, "a machine got a letter")
    tour.screen.pause(1.2)
    alert = mails.write_monitoring()
    story = tour.bring(alert, None)
    if story is not None:
        tour.teller.tell_opened(story, None)
        tour.expect(story.outcome == "opened", "the alert opened no ticket")
        tour.expect(not tour.observer.letters_to(str(alert["From"])), "monitoring got a letter")
    tour.screen.pause(1.2)
    tour.open(mails.write_phish())
    _show_bounce(tour)


def _show_bounce(tour: Tour) -> None:
    """The acknowledgement to a full mailbox comes back as a delivery report."""
    ack = tour.acks.get(FULL.local)

    def is_report(item: Delivery) -> bool:
        return not item.sender and item.recipient == DESK

    report = tour.observer.servers.wait_for(is_report, 10) if ack else None
    if not tour.expect(report, "the acknowledgement to a full mailbox did not bounce"):
        return
    assert report is not None
    subject = str(report.head["Subject"])
    tour.screen.show_mail("MAILER-DAEMON", f"{subject} (552 mailbox full)")
    found = tour.observer.follow(report.message_id)
    story = found[0] if found else None
    letters = tour.observer.letters_to(FULL.address)
    said = Label(
        "回执被退回：记在单上，不再发信。", "Our acknowledgement came back: noted, no more letters."
    )
    _expect_note(tour, story, "bounced", tour.number_of(FULL.local), said)
    tour.expect(letters == 1, "a bounce caused another letter")
    tour.screen.pause(1.2)


def _expect_note(
    tour: Tour, story: Explanation | None, event: str, number: str, said: Label
) -> None:
    if not tour.expect(story, f"{event}: not decided"):
        return
    assert story is not None
    tour.teller.tell_outcome(story)
    tour.teller.tell_letter(story, None)
    tour.explain(said)
    noted = story.outcome == "noted" and story.ticket == number
    tour.expect(noted and event in tour.observer.events_of(number), f"{event} was not noted")


def show_letter(tour: Tour) -> None:
    """One acknowledgement as its receiver reads it, out of the receiver's mailbox."""
    chinese = tour.screen.language.startswith("zh")
    staff = STAFF["zhangmin" if chinese else "alice.chen"]
    tour.screen.open_section(
        Label(f"七、{staff.name}收到的回执", f"7. What {staff.name} reads"),
        Label(
            f"经 IMAP 从 {staff.address} 的收件箱取出。",
            f"Read over IMAP from the inbox of {staff.address}.",
        ),
    )
    ack = tour.acks.get(staff.local)
    raw = tour.observer.read_mailbox(staff.address, ack.message_id) if ack else None
    if not tour.expect(raw, f"{staff.name} has no acknowledgement in the inbox"):
        return
    assert raw is not None
    letter = message_from_bytes(raw, policy=policy.default)
    text = _read_text(raw)
    tour.screen.write()
    for name in ("From", "To", "Subject"):
        tour.screen.quote(f"{name}: {letter[name]}")
    tour.screen.quote("\n" + text)
    number = tour.number_of(staff.local)
    tour.expect(number in text and number in str(letter["Subject"]), "the letter lacks the number")
    tour.screen.pause(1.5)


def show_proof(tour: Tour) -> None:
    """Nothing lost, nothing left over: the server against the ledger, and the outbox."""
    tour.screen.open_section(
        Label("八、对账：一封不丢", "8. The proof: nothing lost"),
        Label("邮件服务器与台账逐封核对。", "The mail server against the ledger, mail by mail."),
    )
    house = tour.observer.house
    proof = compare(
        house.config.mailboxes[0], house.store, house.intake.blobs, ImapMailbox, hashes=True
    )
    for item in proof.findings:
        tour.expect(False, item.what)
    delivered = len(tour.observer.to_desk()) + len(tour.old)
    tour.expect(proof.on_server == delivered, f"{proof.on_server} of {delivered} mails are there")
    lost = sum(1 for item in proof.findings if item.lost)
    tour.screen.show_fact(
        Label("邮件", "mails"),
        tour.screen.choose(
            Label(
                f"服务器 {proof.on_server} 封，台账 {proof.in_ledger} 封，丢失 {lost} 封",
                f"{proof.on_server} on the server, {proof.in_ledger} in the ledger, {lost} lost",
            )
        ),
    )
    outcomes = {
        tour.teller.name_outcome(key): count
        for key, count in tour.observer.count_outcomes().items()
    }
    tour.screen.show_fact(OUTCOME, _count(outcomes))
    tour.screen.show_fact(TICKET, str(tour.observer.count_tickets()))
    letters = tour.observer.await_quiet()
    tour.screen.show_fact(Label("信件", "letters"), _count(letters))
    tour.expect(set(letters) == {"accepted"}, f"letters are left over: {_count(letters)}")
    waits = [ack.seconds for ack in tour.acks.values() if ack.seconds is not None]
    if waits:
        said = Label("最慢回执", "slowest")
        slow = max(waits) > ACK_SECONDS
        tour.screen.show_fact(said, f"{max(waits):.2f} s", "yellow" if slow else "green")


STEPS: tuple[Callable[[Tour], None], ...] = (
    show_polite_start,
    show_requests,
    show_answers,
    show_work,
    show_strangers,
    show_forgery,
    show_machines,
    show_letter,
    show_proof,
)


def _read_text(raw: bytes) -> str:
    body = message_from_bytes(raw, policy=policy.default).get_body(("plain",))
    return str(body.get_content()) if body is not None else ""


def _introduce(mail: EmailMessage, sender: Staff | None) -> str:
    return f"{sender.name} ({sender.department})" if sender else str(mail["From"])


def _list_files(mail: EmailMessage) -> str:
    return "  ".join(f"+ {part.get_filename()}" for part in mail.iter_attachments())


def _count(counted: dict[str, int]) -> str:
    return ", ".join(f"{key} {count}" for key, count in sorted(counted.items()))
