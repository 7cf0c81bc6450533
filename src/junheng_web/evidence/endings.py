"""What a file's ending says: which are taken in, and for those that are not, what to do so that they can be."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.core.exceptions import ValidationError

from junheng_web.evidence.contents import KINDS

NEWER = "旧格式里有没有宏看不准；请在 WPS 或 Office 里打开，另存为"
PICTURE = "请在电脑上打开，另存为 jpg 再交，或放进 Word 里导出 PDF"
PACKED = "请解开，直接把文件夹拖进来，或用 zip 重新压缩"
SHOWN = "请导出为 PDF 再交（WPS 里是“文件—输出为 PDF”）"
MOVING = "录像和录音请留在本单位，交盖章的说明，写明原件在哪里"
MACROS = "带宏的文件不收；请另存为不带宏的"
_SAYS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("doc", "wps", "dot", "wpt", "rtf", "odt"), f"{NEWER} docx，或导出 PDF，再交"),
    (("et", "ett", "ods"), f"{NEWER} xlsx 再交"),
    (("ppt", "pptx", "dps", "pps", "ppsx", "odp"), SHOWN),
    (("docm", "dotm"), f"{MACROS} docx 再交"),
    (("xlsm", "xltm", "xlsb"), f"{MACROS} xlsx 再交"),
    (("pptm",), SHOWN),
    (
        ("heic", "heif"),
        f"苹果手机的照片格式，单位的电脑多半打不开；{PICTURE}。以后拍照前，把手机“相机—格式”改成“兼容性最佳”",
    ),
    (("tif", "tiff", "bmp", "gif", "webp"), f"{PICTURE}；扫描时直接选 PDF 最好"),
    (("txt", "md"), "请粘贴到 Word 里，另存为 docx 或 PDF 再交"),
    (("ceb", "cebx", "gd", "gw"), "请用原来的阅读器打印成 PDF，或请发文单位给 OFD、PDF 再交"),
    (("rar", "7z", "tar", "gz"), PACKED),
    (("mp4", "mov", "avi", "mp3", "m4a", "wav"), MOVING),
)
# Of each ending that people hand in again and again: what to do with it.
INSTEAD: Mapping[str, str] = MappingProxyType({ending: told for endings, told in _SAYS for ending in endings})


def ending_of(name: str) -> str:
    """Return the ending of a name that may be taken in. Raises ValidationError with what to do, or with what may."""
    ending = name.rsplit(".", 1)[-1].lower().replace("jpeg", "jpg") if "." in name else ""
    if ending in KINDS:
        return ending
    if ending in INSTEAD:
        raise ValidationError(f"{name}：不收 .{ending}；{INSTEAD[ending]}")
    raise ValidationError(f"{name}：不收这种文件；可以交 {'、'.join(KINDS)}")
