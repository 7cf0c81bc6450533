"""The papers that a county hands in: the national application form. Beside `junheng.api`, for users and the platform.

>>> import junheng as jh
>>> from junheng import papers
>>> papers.build_form(jh.assess(jh.load("examples/shili/facts")))
<Form 示例旗（虚构）：7 张表，37 处未填>
"""

from __future__ import annotations

from junheng.output.form.answer import form_as_dict, form_schema, form_to_json, print_form
from junheng.output.form.basics import CountyBasics, basics_asked, load_basics
from junheng.output.form.build import build_form
from junheng.output.form.document import write_form_docx
from junheng.output.form.footing import foot as foot_form
from junheng.output.form.model import Form, FormFinding
from junheng.output.form.workbook import write_form_xlsx

__all__ = [
    "CountyBasics",
    "Form",
    "FormFinding",
    "basics_asked",
    "build_form",
    "foot_form",
    "form_as_dict",
    "form_schema",
    "form_to_json",
    "load_basics",
    "print_form",
    "write_form_docx",
    "write_form_xlsx",
]
