"""The papers that a county hands in: the national application form, and official papers in the format of GB/T 9704.

Beside `junheng.api`, for users and the platform.

>>> import junheng as jh
>>> from junheng import papers
>>> answer = jh.assess(jh.load("examples/shili/facts"))
>>> form = papers.build_form(answer)
>>> form
<Form 示例旗（虚构）：7 张表，37 处未填>
>>> filled = papers.fill("全县{{全县结论}}，小学达标 {{小学.达标学校数}} 所。", papers.report_figures(answer, form))
>>> filled.blocks, filled.unknown
((Text(text='全县不达标，小学达标 17 所。'),), ())
"""

from __future__ import annotations

from junheng.output.form.answer import form_as_dict, form_schema, form_to_json, print_form
from junheng.output.form.basics import CountyBasics, basics_asked, load_basics
from junheng.output.form.build import build_form
from junheng.output.form.document import write_form_docx
from junheng.output.form.footing import foot as foot_form
from junheng.output.form.layout import items_printed
from junheng.output.form.model import Cell, Form, FormFinding, Open, Source
from junheng.output.form.model import Table as FormTable
from junheng.output.form.workbook import write_form_xlsx
from junheng.output.official.defaults import TITLES, default_text
from junheng.output.official.docx import put_grid_docx, write_paper_docx
from junheng.output.official.figures import report_figures
from junheng.output.official.form_pdf import write_form_pdf
from junheng.output.official.model import Grid, Heading, OfficialPaper, Picture, Text
from junheng.output.official.pdf import write_paper_pdf
from junheng.output.official.text import Figure, Filled, fill, filled_text, references

__all__ = [
    "TITLES",
    "Cell",
    "CountyBasics",
    "Figure",
    "Filled",
    "Form",
    "FormFinding",
    "FormTable",
    "Grid",
    "Heading",
    "OfficialPaper",
    "Open",
    "Picture",
    "Source",
    "Text",
    "basics_asked",
    "build_form",
    "default_text",
    "fill",
    "filled_text",
    "foot_form",
    "form_as_dict",
    "form_schema",
    "form_to_json",
    "items_printed",
    "load_basics",
    "print_form",
    "put_grid_docx",
    "references",
    "report_figures",
    "write_form_docx",
    "write_form_pdf",
    "write_form_xlsx",
    "write_paper_docx",
    "write_paper_pdf",
]
