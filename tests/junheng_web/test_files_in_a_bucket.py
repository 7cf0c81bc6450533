"""Contents lie in a bucket where the setting says so; while its server is away nothing is lost, and all are told."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pypdfium2
import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError

import hostile
import installations
import pdfs
from buckets import BUCKET, SECRET, Server, serving
from collected import acting
from dossiers import county
from installations import ROOT, Installation, answers, free_port
from junheng_web.config.management.commands.serve import _refuse_an_unusable_bucket
from junheng_web.config.objects import s3_server
from junheng_web.dossier.binder_jobs import PDF, ZIP, folder_of
from junheng_web.evidence import buckets, folders, reading, storage
from junheng_web.evidence.buckets import Damaged, Unavailable
from junheng_web.evidence.models import File, Reading
from junheng_web.evidence.moving import contents_move
from junheng_web.evidence.parts import PART
from junheng_web.evidence.services import Later, file_add
from junheng_web.organisation.models import Job
from test_binders import made, proved
from test_uploading_in_parts import HERE, PARTS_SENT, SIGN_IN, Browser, begin, large, put

pytestmark = pytest.mark.xdist_group("bucket")
MANY = 200


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("s3")) as one:
        yield one


@pytest.fixture
def bucket(server: Server, settings, tmp_path) -> Server:
    """An empty bucket in which this installation's contents lie."""
    if server.process is None:
        server.start()
    server.empty()
    settings.FILES, settings.S3 = tmp_path / "files", server.settings()
    return server


def added(name: str, content: bytes) -> File:
    return file_add(by=acting("office"), county=county(), name=name, chunks=[content])[0]


def left(folder: Path) -> list[Path]:
    """Return what lies in the data folder, but for the copies that are kept."""
    return [one for one in folder.rglob("*") if one.is_file() and one.parent.name != "part-cache"]


def test_what_goes_up_in_parts_comes_back_as_it_was(bucket: Server, as_, settings, db) -> None:
    """Its object bears its SHA-256; on the disk nothing stays but a copy; from the copy's loss nobody suffers."""
    content, office = pdfs.pages("批复", "第二页") + b"%" + bytes(range(1, 60)) * 90_000, as_("office")
    code = begin(office, "批复.pdf", len(content))["code"]
    for at in range(0, len(content), PART):
        put(office, code, at, content[at : at + PART])
    done = office.post(f"{HERE}uploads/{code}/finish").json()["files"][0]
    digest = hashlib.sha256(content).hexdigest()
    assert done["digest"] == digest
    assert bucket.held() == {f"{digest[:2]}/{digest}": content}
    assert left(settings.FILES) == []
    answer = office.get(f"{HERE}{digest}")
    assert int(answer["Content-Length"]) == len(content)
    assert b"".join(answer.streaming_content) == content
    for copy in (settings.FILES / "part-cache").iterdir():
        copy.unlink()
    assert reading.files_read() == 1
    assert Reading.objects.get().pages == 2
    assert office.get(f"{HERE}{digest}/pages/1").status_code == 200


def test_the_same_content_is_one_object_under_a_prefix(bucket: Server, settings, db) -> None:
    """Beside what others put into the same bucket."""
    settings.S3 = bucket.settings(prefix="/qi/one")
    bucket.client().put_object(Bucket=BUCKET, Key="other", Body=b"x")
    one, same = added("批复.pdf", pdfs.pages("批复")), added("又.pdf", pdfs.pages("批复"))
    assert one == same
    assert set(bucket.held()) == {"other", f"qi/one/{one.digest[:2]}/{one.digest}"}
    assert list(storage.current().digests()) == [one.digest]


def test_copies_on_the_disk_are_bounded(bucket: Server, settings, db) -> None:
    """Those not used for longest go; what is being read stays for its reader; what is larger than all is not kept."""
    settings.S3_CACHE = 1
    digests = [added(f"{at}.csv", bytes(f"{at},", "ascii") * 200_000).digest for at in range(3)]
    kept = settings.FILES / "part-cache"
    with storage.local(digests[0]) as one, storage.local(digests[1]), storage.local(digests[2]):
        assert hashlib.sha256(one.read_bytes()).hexdigest() == digests[0]
    assert sum(each.stat().st_size for each in kept.iterdir()) <= 2**20
    assert {each.name for each in kept.iterdir()} <= set(digests)
    settings.S3_CACHE = 0
    with storage.local(digests[0]) as one:
        assert one.stat().st_size == 400_000
    assert not list(kept.glob("use-*"))


def test_a_content_that_is_not_what_it_was_is_told(bucket: Server, as_, db) -> None:
    """It is never given whole, by no way; the check names it; its page stays."""
    one = added("批复.pdf", pdfs.pages("批复"))
    other = added("预算.pdf", pdfs.pages("预算"))
    for copy in (folders.here().files / "part-cache").iterdir():
        copy.unlink()
    bucket.client().put_object(Bucket=BUCKET, Key=f"{one.digest[:2]}/{one.digest}", Body=pdfs.pages("批夏"))
    with pytest.raises(Damaged), storage.local(one.digest):
        pass
    with pytest.raises(Damaged):
        b"".join(as_("office").get(f"{HERE}{one.digest}").streaming_content)
    assert not list((folders.here().files / "part-cache").iterdir())
    bucket.client().delete_object(Bucket=BUCKET, Key=f"{other.digest[:2]}/{other.digest}")
    with pytest.raises(FileNotFoundError):
        storage.opened(other.digest)
    with pytest.raises(CommandError) as told:
        call_command("verify_files")
    assert f"文件 {one.digest[:12]} 内容变了" in str(told.value)
    assert f"文件 {other.digest[:12]} 不见了" in str(told.value)
    assert reading.file_read(one).state == Reading.State.UNREADABLE


def test_a_binder_is_made_of_what_lies_in_a_bucket(bucket: Server, db) -> None:
    """Pages, pictures and the originals in its zip."""
    import zipfile

    proved("B10", 1, "批复.pdf", pdfs.pages("第一份一", "第一份二"))
    proved("B10", 2, "照片.jpg", hostile.picture("JPEG"))
    for copy in (folders.here().files / "part-cache").iterdir():
        copy.unlink()
    job = made("B10")
    assert job.status == Job.Status.DONE, job.error
    document = pypdfium2.PdfDocument(folder_of(job) / PDF)
    assert len(document) == 2 + 1 + 2 + 1
    assert "第一份二" in document[4].get_textpage().get_text_range()
    with zipfile.ZipFile(folder_of(job) / ZIP) as package:
        originals = {package.read(name) for name in package.namelist() if name.startswith("原件/")}
    assert originals == set(bucket.held().values())
    assert not list((folders.here().files / "part-cache").glob("use-*"))


def test_while_the_server_is_away_nothing_is_lost(bucket: Server, as_, settings, db) -> None:
    """What arrived waits, and is taken in when the server is back; pages without contents go on."""
    content, office = pdfs.pages("批复"), as_("office")
    earlier = added("早.csv", b"a,b\n")
    code = begin(office, "批复.pdf", len(content))["code"]
    put(office, code, 0, content[:300])
    bucket.stop()
    assert put(office, code, 300, content[300:]).json() == {"received": len(content)}
    answer = office.post(f"{HERE}uploads/{code}/finish")
    assert answer.status_code == 503
    assert "现在用不了，没有收下；请过几分钟再交" in answer.json()["error"]
    assert File.objects.count() == 1
    assert begin(office, "批复.pdf", len(content)) == {"code": code, "received": len(content), "part": PART}
    plain = office.post(f"{HERE}add", {"file": pdfs_as("又.pdf", pdfs.pages("又"))})
    assert plain.status_code == 422
    assert "又.pdf：存放文件的服务器现在用不了" in plain.content.decode()
    away = office.get(f"{HERE}{earlier.digest}")
    assert away.status_code == 503
    assert "文件现在拿不出来" in away.content.decode()
    assert office.get(HERE).status_code == office.get(f"{HERE}{earlier.digest}/").status_code == 200
    bucket.start()
    assert office.post(f"{HERE}uploads/{code}/finish").json()["files"][0]["name"] == "批复.pdf"
    assert list(bucket.held().values()) == [content]
    assert left(settings.FILES) == []


def pdfs_as(name: str, content: bytes):
    from handed_in import named

    return named(name, content)


def test_a_file_is_not_called_unreadable_while_the_server_is_away(bucket: Server, db) -> None:
    """It is read later; a binder says why it was not made."""
    proved("B10", 1, "批复.pdf", pdfs.pages("批复"))
    for copy in (folders.here().files / "part-cache").iterdir():
        copy.unlink()
    bucket.stop()
    with pytest.raises(Unavailable):
        reading.files_read()
    assert not Reading.objects.exists()
    job = made("B10")
    assert (job.status, job.error) == (Job.Status.FAILED, str(Unavailable("")))
    assert not folder_of(job).exists()


def test_a_zip_waits_as_a_whole(bucket: Server, as_, db) -> None:
    """What was taken in of it before is not there twice afterwards."""
    office, content = as_("office"), hostile.zipped({"一.pdf": pdfs.pages("一"), "二.pdf": pdfs.pages("二")})
    code = begin(office, "包.zip", len(content))["code"]
    put(office, code, 0, content)
    bucket.stop()
    assert office.post(f"{HERE}uploads/{code}/finish?unpack=1").status_code == 503
    bucket.start()
    assert len(office.post(f"{HERE}uploads/{code}/finish?unpack=1").json()["files"]) == 2
    assert len(bucket.held()) == File.objects.count() == 2


def test_whoever_looks_after_it_is_told_why(bucket: Server, settings, tmp_path, capfd, db) -> None:
    """No bucket, a wrong key, nobody there, never moved: each by itself; the secret is told nowhere."""
    _refuse_an_unusable_bucket()
    settings.S3 = bucket.settings(bucket="nobody")
    with pytest.raises(CommandError, match="没有这个桶"):
        _refuse_an_unusable_bucket()
    with pytest.raises(Later, match="存放文件的服务器现在用不了"):
        added("批复.pdf", pdfs.pages("批复"))
    with serving(tmp_path, strict=True) as strict:
        settings.S3 = strict.settings()
        with pytest.raises(CommandError, match="不认识这个密钥；请核对 JUNHENG_S3_KEY"):
            _refuse_an_unusable_bucket()
    settings.S3 = dataclasses.replace(bucket.settings(), endpoint=f"http://127.0.0.1:{free_port()}")
    with pytest.raises(CommandError, match="连不上服务器"):
        _refuse_an_unusable_bucket()
    settings.S3 = None
    added("批复.pdf", pdfs.pages("批复"))
    settings.S3 = bucket.settings()
    with pytest.raises(CommandError, match="move-files s3"):
        _refuse_an_unusable_bucket()
    assert SECRET not in repr(settings.S3)
    assert SECRET not in "".join(capfd.readouterr())


@pytest.mark.parametrize(
    "address", ["ftp://a/b", "https://host", "https://host/", "https://a:b@host/c", "nonsense", "http://h/b?style=x"]
)
def test_an_address_that_cannot_be_read_says_how_it_is_written(address: str) -> None:
    """And so does one without its key."""
    with pytest.raises(ValueError, match=r"JUNHENG_S3：.*请写 https://主机:端口/桶名"):
        s3_server(address, "k", "s")
    with pytest.raises(ValueError, match="JUNHENG_S3_KEY 和 JUNHENG_S3_SECRET"):
        s3_server("https://host/bucket", "k", "")
    told = s3_server("https://host:9000/bucket/a/b?region=r&style=virtual", "k", "s")
    assert (told.endpoint, told.bucket, told.prefix, told.region) == ("https://host:9000", "bucket", "a/b/", "r")


def moved(to: str, *more: str) -> str:
    out = StringIO()
    call_command("move_files", to, *more, stdout=out)
    return out.getvalue()


def test_two_hundred_files_go_there_and_back(bucket: Server, settings, db) -> None:
    """Cut off, it goes on; nothing goes while one is not whole; back, they are what they were."""
    settings.S3 = None
    for at in range(MANY):
        added(f"{at}.csv", f"第,{at}\n".encode())
    here = folders.here()
    before = {digest: here.place(digest).read_bytes() for digest in here.digests()}
    assert len(before) == MANY
    with pytest.raises(CommandError, match="没有设 JUNHENG_S3"):
        moved("s3")
    settings.S3 = bucket.settings()

    class CutOff(Exception):
        """The line is lost."""

    def say(done: int) -> None:
        if done == 50:
            raise CutOff

    with pytest.raises(CutOff):
        contents_move(here, buckets.there(), remove=True, say=say)
    assert len(bucket.held()) == 50
    assert set(here.digests()) == set(before)
    broken = max(before)
    here.place(broken).write_bytes(b"other")
    with pytest.raises(CommandError, match=f"有 1 个内容不对，没有搬：{broken[:12]}；什么也没有删"):
        moved("s3", "--remove")
    assert len(list(here.digests())) == MANY
    here.place(broken).write_bytes(before[broken])
    assert f"搬了 1 个，本来就在的 {MANY - 1} 个，全部核对一致；删去原来的 {MANY} 个" in moved("s3", "--remove")
    assert list(here.digests()) == []
    assert {name.split("/")[1]: content for name, content in bucket.held().items()} == before
    assert f"搬了 {MANY} 个，本来就在的 0 个，全部核对一致；删去原来的 0 个" in moved("folder")
    assert {digest: here.place(digest).read_bytes() for digest in here.digests()} == before
    assert len(bucket.held()) == MANY


def test_what_stands_there_damaged_is_copied_again(bucket: Server, settings, db) -> None:
    """Its size may be the same."""
    settings.S3 = None
    one = added("数.csv", b"1,2\n")
    settings.S3 = bucket.settings()
    bucket.client().put_object(Bucket=BUCKET, Key=f"{one.digest[:2]}/{one.digest}", Body=b"1,3\n")
    assert "搬了 1 个" in moved("s3")
    assert storage.intact(one.digest)


@dataclasses.dataclass(frozen=True)
class WithBucket(Installation):
    """An installation whose contents lie in a bucket."""

    server: Server | None = None

    @property
    def environment(self) -> dict[str, str]:
        return {**super().environment, **self.server.environment()}


def with_bucket(one: Installation, server: Server) -> WithBucket:
    return WithBucket(one.data, one.postgres, one.demonstration, server)


def test_an_installation_with_a_bucket_survives_being_killed_and_is_backed_up(
    server: Server, installation: Installation, tmp_path: Path
) -> None:
    """Killed between parts; the backup holds what lies in the bucket; restored, it lies there again."""
    if server.process is None:
        server.start()
    server.empty()
    one = with_bucket(installation, server)
    assert "全部核对一致" in one.done("move-files", "s3", "--remove")
    file, browser, size = tmp_path / "大.pdf", Browser(one.python(SIGN_IN)), 16 * 2**20
    digest, port = large(file, size), free_port()
    asked = json.dumps({"name": "大.pdf", "size": size, "mark": "7"}).encode()
    with one.started("serve", "--port", str(port)) as process, file.open("rb") as content:
        assert answers(f"http://127.0.0.1:{port}/healthz", process), one.output()
        code = browser.at(port).told(f"{HERE}uploads/begin", asked)["code"]
        for at in range(0, PARTS_SENT * PART, PART):
            browser.told(f"{HERE}uploads/{code}?at={at}", content.read(PART))
        process.kill()
        process.wait(30)
    port = free_port()
    with one.started("serve", "--port", str(port)) as process, file.open("rb") as content:
        assert answers(f"http://127.0.0.1:{port}/healthz", process), one.output()
        at = browser.at(port).told(f"{HERE}uploads/begin", asked)["received"]
        assert at == PARTS_SENT * PART
        content.seek(at)
        browser.told(f"{HERE}uploads/{code}?at={at}", content.read(PART))
        assert browser.told(f"{HERE}uploads/{code}/finish")["files"][0]["digest"] == digest
        back, kept = browser.ask("GET", f"{HERE}{digest}")
        assert (back.status, hashlib.sha256(kept).hexdigest()) == (200, digest)
    assert server.held().keys() >= {f"{digest[:2]}/{digest}"}
    assert not list((installation.data / "files").glob(f"{digest[:2]}/{digest}"))
    one.done("backup", str(tmp_path / "backup"))
    assert (tmp_path / "backup" / "files" / digest[:2] / digest).stat().st_size == size
    server.empty()
    assert "不见了" in one.run("verify-files").stderr
    empty = installations.empty(tmp_path / "new", os.environ.get("JUNHENG_DATABASE", ""))
    assert "已恢复" in with_bucket(empty, server).done("restore", str(tmp_path / "backup"))
    assert f"{digest[:2]}/{digest}" in server.held()
    assert not (empty.data / "files" / digest[:2] / digest).exists()


def test_without_the_setting_no_client_is_needed(tmp_path) -> None:
    """Whoever keeps contents in the data folder does not install one."""
    code = (
        "import sys; sys.modules['boto3'] = sys.modules['botocore'] = None\n"
        "import django; django.setup()\n"
        "from junheng_web.evidence import storage\n"
        "with storage.incoming([b'x']) as came: came.store(); print(storage.intact(came.digest))"
    )
    known = {"JUNHENG_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "junheng_web.config.settings"}
    environment = {**os.environ, **known, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"


def test_the_client_that_is_not_installed_is_named(settings, tmp_path, monkeypatch, db) -> None:
    """With how it is installed."""
    monkeypatch.setitem(sys.modules, "boto3", None)
    settings.FILES, settings.S3 = tmp_path / "files", s3_server("http://127.0.0.1:9/bucket", "k", "never-used")
    with pytest.raises(CommandError, match=r"requirements-s3\.lock"):
        _refuse_an_unusable_bucket()
    with pytest.raises(ValidationError, match="存放文件的服务器现在用不了"):
        added("批复.pdf", pdfs.pages("批复"))
