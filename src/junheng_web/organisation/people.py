"""Units and their posts, people and their accounts, and who holds which post from when to when."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from junheng_web.organisation.areas import Area, CountyOwned, OwnedQuerySet, stay_home
from junheng_web.organisation.roles import Role


class Unit(CountyOwned):
    """A unit of the working group, or a desk (股室) inside one; listed in the document's order."""

    class Kind(models.TextChoices):
        DEPARTMENT = "department", "部门"
        TOWN = "town", "苏木镇"
        OUTSIDE = "outside", "没有账号的单位"

    code = models.CharField("代码", max_length=40)
    name = models.CharField("名称", max_length=80)
    full_name = models.CharField("全称", max_length=160, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="desks")
    place = models.PositiveIntegerField("次序", default=0)
    kind = models.CharField("类别", max_length=12, choices=Kind.choices, default=Kind.DEPARTMENT)
    closed = models.DateField("撤销", null=True, blank=True)

    class Meta:
        ordering = ("place", "code")
        constraints = (models.UniqueConstraint(fields=("county", "code"), name="unit_code"),)

    def __str__(self) -> str:
        return self.name


class Person(CountyOwned):
    """Somebody who works in the county, with or without an account. Two of one name are told apart by a code."""

    code = models.CharField("人员编号", max_length=40, blank=True)
    name = models.CharField("姓名", max_length=60)
    phone = models.CharField("电话", max_length=40, blank=True)
    email = models.EmailField("电子邮箱", max_length=120, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("county", "code"), condition=~Q(code=""), name="person_code"),)

    def __str__(self) -> str:
        return self.name


class AccountManager(BaseUserManager):
    """Makes accounts; a password is hashed and never kept otherwise."""

    def create_user(self, username: str, password: str | None = None, **more: object) -> Account:
        account = self.model(username=self.model.normalize_username(username), **more)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """What one signs in with. It gives no right by itself: rights come with appointments."""

    username = models.CharField("用户名", max_length=60, unique=True)
    person = models.OneToOneField(Person, models.PROTECT, null=True, blank=True, related_name="account")
    is_active = models.BooleanField("可登录", default=True)
    demonstration = models.BooleanField("演示账号", default=False)
    initial = models.BooleanField("初始密码还没有改", default=False)
    created_at = models.DateTimeField("开通时间", auto_now_add=True)

    USERNAME_FIELD = "username"
    objects = AccountManager()

    def __str__(self) -> str:
        return self.person.name if self.person else self.username


class Post(models.Model):
    """What duties and permissions hang on: a place in a unit, a school, or an area.

    One with a `group` is there only for a working group, and ends with it. `signs` says as what it signs its unit's
    forms; where no post of a unit does, nobody's signature of that kind is asked.
    """

    class Signs(models.TextChoices):
        DEPUTY = "deputy", "分管领导"
        HEAD = "head", "主要负责人"

    area = models.ForeignKey(Area, models.PROTECT, related_name="posts")
    code = models.CharField("代码", max_length=60)
    name = models.CharField("岗位", max_length=120)
    role = models.CharField("类别", max_length=20, choices=Role.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="posts")
    school = models.ForeignKey("organisation.School", models.PROTECT, null=True, blank=True, related_name="posts")
    group = models.ForeignKey("organisation.Group", models.PROTECT, null=True, blank=True, related_name="posts")
    signs = models.CharField("在本单位的表上签", max_length=10, choices=Signs.choices, blank=True)

    class Meta:
        ordering = ("area", "code")
        constraints = (models.UniqueConstraint(fields=("area", "code"), name="post_code"),)

    def save(self, *args: Any, **options: Any) -> None:
        """Save the post. Raises ValueError where its unit or school is of another county than the post."""
        stay_home(self, self.area_id)
        super().save(*args, **options)

    def __str__(self) -> str:
        return self.name


class AppointmentQuerySet(models.QuerySet):
    """Appointments, by day."""

    def on(self, day: dt.date) -> AppointmentQuerySet:
        """Return the appointments in force on a day; the last day still counts."""
        return self.filter(Q(end=None) | Q(end__gte=day), Q(start=None) | Q(start__lte=day))


class Appointment(models.Model):
    """Who holds a post from when to when (no start: it is not known). A successor takes over by it alone."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="appointments")
    person = models.ForeignKey(Person, models.PROTECT, related_name="appointments")
    start = models.DateField("任职", null=True, blank=True)
    end = models.DateField("离任", null=True, blank=True)
    document = models.CharField("依据", max_length=120, blank=True)
    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = (models.F("start").asc(nulls_first=True), "id")


__all__ = ["Account", "Appointment", "OwnedQuerySet", "Person", "Post", "Unit"]
