"""Reminders by e-mail, against a real server on this machine: off by itself, once, by day, to who gave an address."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Iterator

import pytest
from django.utils import timezone

from collected import acting
from junheng_web.config.mails import mail_server
from junheng_web.notices.mail_services import deliver_mails
from junheng_web.notices.mails import TRIES
from junheng_web.notices.models import Mail, Notice
from junheng_web.notices.services import notice_send
from junheng_web.organisation.appointing import post_hand_over
from junheng_web.organisation.models import Account, AuditRow, Person, Post
from junheng_web.supervision.reminding import remind
from junheng_web.supervision.services import task_urge
from places import COUNTY
from posted import PostOffice, serving
from supervised import assigned, county, days, post, today

pytestmark = pytest.mark.django_db
ADDRESS = "fin@example.cn"
Status = Mail.Status


def at(hour: int) -> dt.datetime:
    """Return an hour of today."""
    return timezone.localtime().replace(hour=hour, minute=0)


MORNING, NIGHT = 9, 23


@pytest.fixture
def office(settings) -> Iterator[PostOffice]:
    """A mail server that this installation is told of."""
    one = PostOffice()
    with serving(one) as port:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.DEFAULT_FROM_EMAIL, settings.PUBLIC_ADDRESS = "junheng@example.cn", "https://junheng.example.cn"
        yield one


@pytest.fixture(autouse=True)
def _addressed() -> None:
    """Whoever holds the 财政局's post has given an address; nobody else has."""
    Person.objects.filter(appointments__post=post()).update(email=ADDRESS)


def due_soon() -> None:
    """Let a task be due in three days, and its desk be reminded of it as the scheduler does."""
    assigned(due=days(3), title="核对拨款（邮件）")
    remind(at(MORNING))


def mail() -> Mail:
    """Return the mail to the desk of the task."""
    return Mail.objects.get(notice__text__contains="核对拨款（邮件）")


def test_without_a_server_nothing_is_on_its_way(settings) -> None:
    """It is off by itself; the notice is there, and turning mail on later says nothing old."""
    assert settings.EMAIL_HOST == ""
    due_soon()
    assert Notice.objects.filter(text__startswith="还有 3 天截止", text__contains="核对拨款（邮件）").count() == 1
    assert (Mail.objects.count(), deliver_mails(at(MORNING))) == (0, 0)


def test_a_reminder_arrives_once(office: PostOffice) -> None:
    """However often the scheduler asks; with what is due, where it is, and how not to get more."""
    due_soon()
    due_soon_again = remind(at(MORNING))
    assert (due_soon_again, deliver_mails(at(MORNING)), deliver_mails(at(MORNING))) == (0, 1, 0)
    (got,) = office.got
    task = mail().notice.url
    assert (office.to, got["To"], got["From"]) == ([ADDRESS], ADDRESS, "junheng@example.cn")
    assert "还有 3 天截止" in got["Subject"]
    assert got["Auto-Submitted"] == "auto-generated"
    text = got.get_content()
    for words in ("核对拨款（邮件）", f"https://junheng.example.cn{task}", "虚构数据，仅供演示", "删掉"):
        assert words in text, words
    assert (mail().status, mail().to, mail().attempts) == (Status.SENT, ADDRESS, 1)


def test_only_what_is_a_reminder_goes_by_mail(office: PostOffice) -> None:
    """To be assigned a task is no reminder; to be urged by the office is."""
    task = assigned(title="催一催")
    assert Mail.objects.count() == 0
    task_urge(by=acting("office"), task=task, note="请抓紧")
    assert deliver_mails(at(MORNING)) == 1
    assert "办公室催办" in office.got[0]["Subject"]


def test_the_night_is_quiet(office: PostOffice) -> None:
    """What was put on its way at night goes out in the morning."""
    due_soon()
    assert (deliver_mails(at(NIGHT)), office.got, mail().status) == (0, [], Status.WAITING)
    assert deliver_mails(at(MORNING)) == 1


def test_who_gave_no_address_or_has_read_it_is_spared(office: PostOffice) -> None:
    """And the page says why."""
    due_soon()
    Person.objects.filter(email=ADDRESS).update(email="")
    assert (deliver_mails(at(MORNING)), mail().status) == (0, Status.SPARED)
    assert "没有写电子邮箱" in mail().error
    Person.objects.filter(appointments__post=post()).update(email=ADDRESS)
    Mail.objects.update(status=Status.WAITING)
    Notice.objects.update(read_at=timezone.now())
    assert (deliver_mails(at(MORNING)), mail().status, office.got) == (0, Status.SPARED, [])


def test_one_person_in_two_posts_gets_one_mail(office: PostOffice) -> None:
    """The same words are not said twice to the same person."""
    person = Person.objects.get(email=ADDRESS)
    second = Post.objects.create(area=county(), code="fin-2", name="示例", role="unit_staff", unit=post().unit)
    post_hand_over(by=None, post=second, person=person, day=today())
    told = {"by": None, "county": county(), "key": "two", "text": "同样的话", "mailed": True}
    assert notice_send(posts=[post(), second], **told) == 2
    assert deliver_mails(at(MORNING)) == 1
    assert sorted(Mail.objects.values_list("status", flat=True)) == ["sent", "spared"]


def test_a_successor_is_written_to(office: PostOffice) -> None:
    """Reminders follow the post: who holds it when the mail goes out."""
    due_soon()
    new = Person.objects.create(county=county(), name="示例继任", email="next@example.cn")
    post_hand_over(by=None, post=post(), person=new, day=today())
    deliver_mails(at(MORNING))
    assert office.to == ["next@example.cn"]


def test_what_the_server_will_not_take_now_is_tried_again_later(office: PostOffice) -> None:
    """Each time after twice as long, and not for ever; the server's own words stand beside it."""
    due_soon()
    office.busy = TRIES
    waits = []
    for _ in range(TRIES - 1):
        assert deliver_mails(at(MORNING)) == 0
        assert deliver_mails(at(MORNING)) == 0
        waits.append((mail().not_before - timezone.now()).total_seconds() / 60)
        Mail.objects.update(not_before=timezone.now())
    assert [round(one / 10) for one in waits] == [1, 2, 4, 8, 16]
    assert "451 busy" in mail().error
    deliver_mails(at(MORNING))
    assert (mail().status, mail().attempts, office.got) == (Status.FAILED, TRIES, [])


def test_an_address_that_is_none_is_not_tried_again(office: PostOffice) -> None:
    """A refusal for good is one, and others' mail goes on."""
    due_soon()
    office.refused[ADDRESS] = 550
    Person.objects.filter(appointments__post=post("town-shawan")).update(email="town@example.cn")
    told = {"by": None, "county": county(), "key": "other", "text": "另一件", "mailed": True}
    notice_send(posts=[post("town-shawan")], **told)
    assert deliver_mails(at(MORNING)) == 1
    assert (mail().status, mail().attempts) == (Status.FAILED, 1)
    assert "550 no such mailbox" in mail().error
    assert (office.to, office.connections) == (["town@example.cn"], 1)


def test_a_server_that_is_gone_costs_one_wait_and_loses_nothing(office: PostOffice, settings) -> None:
    """All of it goes out when the server is back."""
    due_soon()
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    assert deliver_mails(at(MORNING)) == 0
    assert (mail().status, mail().attempts) == (Status.WAITING, 1)
    settings.EMAIL_PORT = port
    Mail.objects.update(not_before=None)
    assert deliver_mails(at(MORNING)) == 1


def test_one_signs_in_where_the_server_asks_for_it(office: PostOffice, settings) -> None:
    """With what the installation was told; the password stands nowhere."""
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "junheng", "p@ss"
    due_soon()
    assert deliver_mails(at(MORNING)) == 1
    assert base64.b64decode(office.signed_in[0]) == b"\0junheng\0p@ss"
    assert not [row for row in AuditRow.objects.all() if "p@ss" in str(row.detail)]


def test_an_address_names_the_server() -> None:
    """None is none; a way of speaking that is not known is refused with what to write, and without the password."""
    assert mail_server("").host == ""
    one = mail_server("smtps://junheng%40example.cn:p%40ss@mail.example.cn")
    assert (one.host, one.port, one.user, one.password, one.ssl, one.starttls) == (
        "mail.example.cn",
        465,
        "junheng@example.cn",
        "p@ss",
        True,
        False,
    )
    assert mail_server("smtp+starttls://mail").port == 587
    assert mail_server("smtp://10.0.0.1:2525").port == 2525
    with pytest.raises(ValueError, match="smtps://") as why:
        mail_server("imap://a:secret@b")
    assert "secret" not in str(why.value)


def test_the_page_says_whether_it_is_on_and_what_became_of_each(as_, office: PostOffice, settings) -> None:
    """For the office and the administrator; of a county nobody but its own."""
    due_soon()
    deliver_mails(at(MORNING))
    page = f"/c/{COUNTY}/notices/mails/"
    text = as_("office").get(page).content.decode()
    for words in ("开着", ADDRESS, "已发", "1 人"):
        assert words in text, words
    assert as_("fin-staff").get(page).status_code == 403
    settings.EMAIL_HOST = ""
    assert "没有开" in as_("administrator").get(page).content.decode()


def test_an_address_is_put_down_by_the_office_and_kept_from_the_audit(as_) -> None:
    """As a telephone number is; what is no address is refused and stays in the form."""
    person = Account.objects.get(username="fin-staff").person
    page = f"/c/{COUNTY}/organisation/people/{person.id}/"
    told = {"name": person.name, "phone": "", "code": person.code}
    wrong = as_("office").post(page, told | {"email": "不是地址"})
    assert (wrong.status_code, 'value="不是地址"' in wrong.content.decode()) == (422, True)
    assert as_("office").post(page, told | {"email": "neu@example.cn"}).status_code == 302
    person.refresh_from_db()
    assert person.email == "neu@example.cn"
    rows = map(str, AuditRow.objects.filter(action="person.change").values_list("detail", flat=True))
    assert not [row for row in rows if "example.cn" in row]
