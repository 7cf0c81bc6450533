"""What is in a file is shown in a page as pictures or words of ours; from outside, numbers of persons are covered."""

from __future__ import annotations

import io

import pytest
from PIL import Image

import hostile
import pdfs
from dossiers import approved, county, given_to, handed
from handed_in import named
from junheng_web.dossier.models import Paper
from junheng_web.evidence import looking
from junheng_web.evidence.models import File
from junheng_web.evidence.personal import masked, personal_in
from junheng_web.evidence.reading import files_read
from places import COUNTY

pytestmark = pytest.mark.django_db
HERE = f"/c/{COUNTY}/files/"
# Invented: an identity number whose last sign is right, and a mobile number that nobody has.
IDENTITY, MOBILE = "150624190001010018", "10000000000"


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path) -> None:
    settings.FILES = tmp_path / "files"


def checked() -> str:
    """Return an invented identity number whose last sign fits."""
    from junheng_web.evidence.personal import CHECKS, WEIGHTS

    first = IDENTITY[:17]
    return first + CHECKS[sum(int(one) * weight for one, weight in zip(first, WEIGHTS, strict=True)) % 11]


def shown(as_, content: bytes, name: str = "批复.pdf", by: str = "office") -> tuple[File, str]:
    as_("office").post(f"{HERE}add?kind=indicator&code=B10", {"file": named(name, content)})
    one = File.objects.get()
    return one, as_(by).get(f"{HERE}{one.digest}/look/").content.decode()


def opened(answer) -> Image.Image:
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/png"
    assert "sandbox" in answer["Content-Security-Policy"]
    return Image.open(io.BytesIO(answer.content)).convert("L")


def dark(picture: Image.Image) -> int:
    return sum(picture.histogram()[:60])


def test_numbers_of_persons_are_told_from_others() -> None:
    """By what their last sign has to be; a code of a school is none."""
    number = checked()
    text = f"学校 1506990003，身份证 {number}，电话 13800000000，金额 138000000000"
    assert [text[start:end] for start, end in personal_in(text)] == [number, "13800000000"]
    assert masked(text) == f"学校 1506990003，身份证 150{'*' * 15}，电话 138********，金额 138000000000"
    assert list(personal_in(number[:17] + ("1" if number[17] != "1" else "2"))) == []


def test_a_paper_is_shown_page_by_page(as_) -> None:
    """Pictures that the server draws; ten to a screen; no page beyond the last."""
    one, page = shown(as_, pdfs.pages(*[f"第 {at} 页" for at in range(1, 13)]))
    assert page.count("<img") == 10
    assert "?page=11" in page
    assert as_("office").get(f"{HERE}{one.digest}/look/?page=11").content.decode().count("<img") == 2
    picture = opened(as_("office").get(f"{HERE}{one.digest}/pages/1"))
    assert picture.width == pytest.approx(1200, abs=2)
    assert as_("office").get(f"{HERE}{one.digest}/pages/13").status_code == 404
    assert as_("office").get(f"{HERE}{one.digest}/pages/0").status_code == 404
    assert as_("office").get(f"{HERE}{one.digest}/look/?page=x").status_code == 200


def test_a_photo_is_shown_without_what_the_camera_wrote(as_) -> None:
    """Where it was taken is not sent along."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "where it was taken"
    Image.new("RGB", (3000, 2000), "white").save(out, "JPEG", exif=exif)
    one, _ = shown(as_, out.getvalue(), "照片.jpg")
    answer = as_("office").get(f"{HERE}{one.digest}/pages/1")
    assert b"where it was taken" not in answer.content
    assert opened(answer).width == 1200


def test_an_office_file_is_shown_by_its_words(as_) -> None:
    """Nothing in it becomes part of the page."""
    one, page = shown(as_, "学校,数\n<script>一校</script>,1\n".encode(), "数.csv")
    assert "&lt;script&gt;一校" in page
    assert as_("office").get(f"{HERE}{one.digest}/pages/1").status_code == 404


def test_what_cannot_be_opened_says_so(as_) -> None:
    """With what to do."""
    _, page = shown(as_, b"%PDF-1.7\nbroken")
    assert "打不开" in page


def test_from_outside_numbers_of_persons_are_covered(as_) -> None:
    """In the picture and in the words; the file itself is not handed out; at home nothing is covered."""
    one, _ = shown(as_, pdfs.pages(f"名单 {checked()}"))
    files_read()
    address = f"{HERE}{one.digest}"
    home, outside = (opened(as_(name).get(f"{address}/pages/1")) for name in ("office", "assessor"))
    assert dark(outside) > 2 * dark(home)
    assert "已经盖住" in as_("assessor").get(f"{address}/look/").content.decode()
    assert "已经盖住" not in as_("office").get(f"{address}/look/").content.decode()
    assert [as_(name).get(address).status_code for name in ("assessor", "area-viewer", "auditor", "office")] == [
        *(403, 403, 200, 200)
    ]


def test_words_are_covered_as_well(as_) -> None:
    """A table of people, read from outside."""
    one, _ = shown(as_, f"姓名,号码\n示例,{checked()}\n".encode(), "名册.csv")
    for name, covered in (("assessor", True), ("office", False)):
        page = as_(name).get(f"{HERE}{one.digest}/look/").content.decode()
        assert (checked() in page) != covered
        assert ("*****" in page) == covered


def test_what_one_may_not_read_is_not_shown(as_) -> None:
    """Neither its page nor a picture of it."""
    paper = handed(given_to("fin"), "fin-staff")
    for path in ("look/", "pages/1"):
        assert as_("town-shawan").get(f"{HERE}{paper.file.digest}/{path}").status_code == 404
    assert as_("fin-staff").get(f"{HERE}{paper.file.digest}/look/").status_code == 200


def test_a_picture_is_drawn_once(as_, monkeypatch) -> None:
    """The second reader gets what the first one got; what is covered is another picture."""
    paper = approved(given_to("fin"))
    Paper.objects.update(file=paper.file)
    one, _ = File.objects.get(), county()
    as_("office").post(f"{HERE}add", {"file": named("二.pdf", pdfs.pages("二"))})
    two = File.objects.exclude(id=one.id).get()
    first = as_("office").get(f"{HERE}{two.digest}/pages/1").content
    kept = looking.root() / two.digest / "1.png"
    assert kept.read_bytes() == first
    assert [one.name for one in kept.parent.iterdir()] == ["1.png"]
    assert hostile.REFUSED
