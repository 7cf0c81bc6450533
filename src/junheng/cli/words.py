"""The command line's words: its help, and argparse's own sentences, in Chinese."""

from __future__ import annotations

from types import ModuleType

HELP = {
    "junheng": "均衡：义务教育优质均衡发展的逐校判定",
    "version": "显示版本",
    "assess": "判定：各校七项指标、校际差异系数、结论、缺口和原因",
    "check": "查数据：填错、漏填、前后不一致、单位不对、与同类学校相差太远之处",
    "previous": "上年的数据（同 PATH），与它比较：增减过大、骨干突增、学校新增撤并、换了标识码",
    "annotate": "另写一个工作簿：数据照旧，有问题的格子标色并加批注，附问题清单",
    "checking": "正在查数据…（Ctrl+C 可中止）",
    "compare": "比较两份数据的结果：什么变了，为什么变",
    "before": "先前的数据（工作簿或文件夹）",
    "after": "后来的数据（工作簿或文件夹）",
    "completion": "写出让终端按 Tab 补全命令、选项和文件名的脚本",
    "shell": "用的是哪种终端",
    "explain": "说明一个数字怎么来的：报来的数、每一步、标准和依据",
    "standard_command": "规则手册：list 列出有哪些，show 显示内容，diff 比较两本有什么不同",
    "deed": "list 列出，show 显示，diff 比较",
    "standard_ids": "标准的编号；show 写一个（默认 national-2017），diff 写两个（只写一个时与 national-2017 比较）",
    "plan": "方案：最省钱的达标办法（调谁、聘多少、建什么），或者为什么办不到",
    "prices": "价格表（默认用数据里的“价格”表）",
    "limits": "限制表：经费、招聘、交流、土地等（默认用数据里的“限制”表）",
    "distances": "学校之间的路程表（默认用数据里的“路程”表）",
    "budget": "总经费不超过多少元",
    "seconds": "最多算多少秒，到时给出已有的最好方案（默认 120）",
    "strict_plan": "没有全部达标的方案时，退出状态为 1",
    "today": "从哪一天起可以着手，如 2025-10-20（默认按规则的日期）：算出今年还来得及的",
    "frontier": "另算 N 个点：花多少钱，几所学校达标",
    "alternatives": "另找差不多一样省（多花不超过千分之五、百分之二）、办法最不同的方案",
    "planning": "正在找方案…（Ctrl+C 可中止）",
    "template_plan": "写方案用的空白工作簿：价格、限制、路程",
    "school": "学校标识码或学校名称（不写：B1～B7 看差异系数，其余看全县）",
    "stage": "学段：primary 小学，junior 初中（B8 以后不分学段，不写）",
    "indicator": "指标编号，如 B3、B12、SR、VETO、PRE",
    "template": "写出空白填报工作簿（列名、单位、下拉、说明）",
    "template_file": "写到哪个文件（默认 junheng.xlsx）",
    "path": "数据工作簿（.xlsx、.xls），或文件夹（每张表一个 .csv 或 .parquet 文件）",
    "standard": "采用的标准（默认 national-2017）",
    "as_of": "按哪一天有效的规则判定，如 2025-09-01（默认取统计时点）",
    "county": "数据里有多个县时，选其中一个的县代码",
    "all": "逐县判定，每县输出一行 JSON",
    "format": "输出形式（默认是第一种）",
    "output": "写入文件；文字类的不写则输出到屏幕",
    "strict": "结论不是“达标”时，退出状态为 1",
    "engine": "计算引擎：duckdb（默认）或 spark",
    "help": "显示本说明",
    "reading": "正在读取数据…（Ctrl+C 可中止）",
    "judging": "正在判定…（Ctrl+C 可中止）",
}

_ARGPARSE = {
    "usage: ": "用法：",
    "options": "选项",
    "positional arguments": "参数",
    "show this help message and exit": HELP["help"],
    "the following arguments are required: %s": "缺少：%s",
    "unrecognized arguments: %s": "不认识的参数：%s",
    "expected one argument": "后面要跟一个值",
    "expected at most one argument": "后面最多跟一个值",
    "not allowed with argument %s": "不能与 %s 同用",
    "argument %(argument_name)s: %(message)s": "参数 %(argument_name)s：%(message)s",
    "invalid choice: %(value)r (choose from %(choices)s)": "不认识 %(value)r，可选：%(choices)s",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s 有多种可能：%(matches)s",
    "ignored explicit argument %r": "不需要这个值：%r",
}


def in_chinese(argparse: ModuleType) -> None:
    """Let `argparse` speak Chinese. It looks its sentences up through its module's `_`, made for translation."""
    vars(argparse)["_"] = lambda message: _ARGPARSE.get(message, message)
