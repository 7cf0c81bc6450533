"""Reports with their versions, what was done to each, what signing froze; templates; and packages for a receiver."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from junheng_web.evidence.models import File
from junheng_web.organisation.models import CountyOwned, OwnedOnce, Post

TITLE, NOTE, TEXT = 120, 1000, 60_000


class Kind(models.TextChoices):
    """What kinds of reports there are; `kinds.py` says what each asks for."""

    APPLICATION = "application", "申报表"
    SELF = "self", "自查自评报告"
    SCHOOL_PLANS = "school_plans", "一校一案"
    DUTIES = "duties", "附件2 任务分工表"
    FUNDING = "funding", "附件3 创建资金明细表"
    BRIEF = "brief", "周报"
    NOTICE = "notice", "公示"


class Wanted(models.TextChoices):
    """What a receiver may ask for beside reports; `wanted.py` says where each comes from."""

    SEALED = "sealed_forms", "盖章填报表"
    EVIDENCE = "evidence_list", "佐证目录"
    BINDER = "binder", "佐证汇编"


class Template(OwnedOnce):
    """A county's own template of a kind: a text with references, or a Word file with them in it; the last one counts.

    `text` of a Word file is what was read from it.
    """

    kind = models.CharField("种类", max_length=20, choices=Kind.choices)
    name = models.CharField("名称", max_length=TITLE)
    text = models.TextField("正文", max_length=TEXT)
    file = models.ForeignKey(File, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-id",)


class Report(CountyOwned):
    """A report. Drafts are working papers (P6): only the office, the leader, its reviewers and its signer read them."""

    class Status(models.TextChoices):
        DRAFT = "draft", "起草"
        REVIEW = "review", "会审"
        SIGNED = "signed", "已签发"
        DROPPED = "dropped", "不用了"

    kind = models.CharField("种类", max_length=20, choices=Kind.choices)
    number = models.PositiveIntegerField("编号")
    title = models.CharField("标题", max_length=TITLE)
    signer = models.ForeignKey(Post, models.PROTECT, related_name="+", verbose_name="签发岗位")
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.DRAFT)
    # The number of its last version.
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=("county", "number"), name="report_number"),)

    def __str__(self) -> str:
        return self.title

    @property
    def code(self) -> str:
        """Its name within the county, in events and in the links of files."""
        return str(self.number)

    @property
    def url(self) -> str:
        """Where its page is."""
        return self.address("report")

    def address(self, name: str, *more: object) -> str:
        """Return where one of its pages is."""
        return reverse(f"reports:{name}", args=[self.county.code, self.number, *more])

    @property
    def open(self) -> bool:
        """Whether it is still on its way to being signed."""
        return self.status in (self.Status.DRAFT, self.Status.REVIEW)


class Version(OwnedOnce):
    """A report as somebody saved it: the text with its references, and what each of them said at that time.

    `file` is the Word file whose words the text is, where the report follows one.
    """

    report = models.ForeignKey(Report, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("第几稿")
    title = models.CharField("标题", max_length=TITLE)
    text = models.TextField("正文", max_length=TEXT)
    file = models.ForeignKey(File, models.PROTECT, null=True, blank=True, related_name="+")
    # Of an application form: what the county itself writes on it, one thing a line.
    basics = models.TextField("基本情况", max_length=TEXT, blank=True)
    figures = models.JSONField(default=dict)

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("report", "number"), name="version_number"),)


class Reviewer(CountyOwned):
    """A post that reviews a report: its holder agrees, or gives it back with reasons."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="reviewers")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("report", "post"), name="reviewer_once"),)


class Step(OwnedOnce):
    """What was done to a report, at which version; of a review, for which post."""

    class Deed(models.TextChoices):
        MAKE = "make", "起草"
        EDIT = "edit", "修改"
        SEND = "send", "送会审"
        COMMENT = "comment", "意见"
        AGREE = "agree", "同意"
        RETURN = "return", "退回"
        SIGN = "sign", "签发"
        DROP = "drop", "不用了"

    report = models.ForeignKey(Report, models.PROTECT, related_name="steps")
    deed = models.CharField("节点", max_length=10, choices=Deed.choices)
    version = models.PositiveIntegerField("第几稿")
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.TextField("说明", max_length=NOTE, blank=True)
    behalf = models.BooleanField("代录", default=False)

    class Meta:
        ordering = ("id",)


class Signature(OwnedOnce):
    """What signing froze: every figure of the catalogue that is quoted with its trace, words, tables, and each file.

    `tables` is None where it was signed before tables were kept. `digest` is that of figures, words, files and tables
    together: whoever changes one of them cannot hide it.
    """

    report = models.OneToOneField(Report, models.PROTECT, related_name="signature")
    version = models.PositiveIntegerField("第几稿")
    run = models.CharField("评估编号", max_length=16, blank=True)
    day = models.DateField("签发日期")
    signed_by = models.CharField("签发人", max_length=60)
    behalf = models.BooleanField("代录", default=False)
    words = models.TextField("签发的正文")
    figures = models.JSONField(default=list)
    files = models.JSONField(default=list)
    tables = models.JSONField("附表", null=True, blank=True)
    digest = models.CharField("SHA-256", max_length=64)

    class Meta:
        ordering = ("id",)


class Package(CountyOwned):
    """What a receiver asks for, in the receiver's order and under the receiver's names (P18)."""

    number = models.PositiveIntegerField("编号")
    receiver = models.CharField("交给谁", max_length=TITLE)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=("county", "number"), name="package_number"),)

    def __str__(self) -> str:
        return self.receiver

    @property
    def code(self) -> str:
        """Its name within the county."""
        return str(self.number)

    def address(self, name: str = "package") -> str:
        """Return where one of its pages is."""
        return reverse(f"reports:{name}", args=[self.county.code, self.number])


class Want(CountyOwned):
    """One thing that a receiver asks for: what it is, what its file is to be called, how large it may be.

    What fills it is the last signed report of `kind`, what `kind` says of other rooms, or the `file` that was chosen.
    """

    package = models.ForeignKey(Package, models.CASCADE, related_name="wants")
    place = models.PositiveIntegerField("次序")
    name = models.CharField("材料", max_length=TITLE)
    filename = models.CharField("文件名", max_length=TITLE)
    most_mb = models.PositiveIntegerField("最大（MB）", default=0)
    kind = models.CharField("文稿", max_length=20, choices=[*Kind.choices, *Wanted.choices], blank=True)
    file = models.ForeignKey(File, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("place",)
        constraints = (models.UniqueConstraint(fields=("package", "place"), name="want_place"),)
