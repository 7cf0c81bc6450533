"""What is asked to set a robot up."""

from __future__ import annotations

from django import forms

from junheng_web.notices.robot_services import check_address
from junheng_web.notices.robots import Robot


class RobotForm(forms.Form):
    """A robot of a work group."""

    kind = forms.ChoiceField(label="种类", choices=Robot.Kind.choices)
    name = forms.CharField(label="工作群", max_length=80, error_messages={"required": "请写是哪个工作群"})
    url = forms.CharField(
        label="机器人地址",
        max_length=300,
        help_text="在工作群里添加机器人，复制它给的 Webhook 地址",
        error_messages={"required": "请填机器人地址"},
    )
    secret = forms.CharField(
        label="加签密钥",
        max_length=120,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="钉钉选了“加签”的才填；改别的栏时空着，就还用原来的",
    )
    used = forms.BooleanField(label="在用", required=False, initial=True)

    def clean_url(self) -> str:
        """Refuse an address to which this installation may not send."""
        check_address(self.cleaned_data["url"])
        return str(self.cleaned_data["url"])
