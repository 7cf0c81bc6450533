"""What may be typed, with what it does: shown below the help of each command, and tried by the tests."""

from __future__ import annotations

from collections.abc import Mapping

Examples = tuple[tuple[str, str], ...]

EXAMPLES: Mapping[str, Examples] = {
    "junheng": (
        ("junheng template --output 填报.xlsx", "写出空白填报工作簿"),
        ("junheng check 填报.xlsx", "填好以后先查数据"),
        ("junheng assess 填报.xlsx", "再看结论、缺口和原因"),
        ("junheng explain 填报.xlsx --stage primary --indicator B6", "问一个数字怎么来的"),
    ),
    "aggregate": (
        ("junheng aggregate 名册 --output 数据", "由名册数出各校的数据，并查名册里可疑的地方"),
        ("junheng aggregate 名册 --output 数据 --memory 512MB", "内存小的机器：放不下的写到磁盘上"),
        ("junheng aggregate 名册 --output 排好的名册 --lay-out", "收齐时排一遍，以后每次只算变了的部分"),
        ("junheng aggregate 名册 --output 数据 --follow 各县.csv", "收名册的这些天一直看着：哪个县改了，结论就跟着改"),
        (
            "junheng aggregate 名册 --output 数据 --from-postgres service=xueji",
            "名册在 PostgreSQL 里：先取到文件夹，再数",
        ),
        ("junheng aggregate 名册 --output 数据 --engine spark --master spark://主机:7077", "在已有的 Spark 集群上数"),
    ),
    "match": (
        ("junheng match key --output 钥匙.key", "做一把钥匙，当面拷给另一家"),
        ("junheng match seal 残联名单.xlsx --key 钥匙.key --owner 旗残联 --output 残联.sealed", "残联密封自己的名单"),
        (
            "junheng match seal 学籍.xlsx --key 钥匙.key --columns 身份证号=证件 --owner 教育局 --output 学籍.sealed",
            "教育局也密封自己的（列名不常见的，指明是哪一列）",
        ),
        (
            "junheng match compare 残联.sealed 学籍.sealed --output 差异.xlsx --summary 摘要.pdf --date 2025-09-10",
            "哪一家都可以对照；摘要盖章以后上传",
        ),
        ("junheng match own 残联名单.xlsx 差异.xlsx --key 钥匙.key --output 要核对的.xlsx", "各自取出自己的那几行"),
    ),
    "nation": (
        ("junheng nation 数据", "各省、各县的结论"),
        ("junheng nation 数据 --output 各县.csv", "每县一行，存成表"),
        ("junheng nation 数据 --output 全国.html", "带图的一页，打开就能看"),
    ),
    "assess": (
        ("junheng assess 填报.xlsx", "在屏幕上看结论"),
        ("junheng assess 填报.xlsx --format docx --output 结果.docx", "存成 Word，交领导看"),
        ("junheng assess 填报.xlsx --format json --output 结果.json", "给别的程序用"),
        ("junheng assess 填报.xlsx --as-of 2021-09-01", "按 2021 年 9 月 1 日有效的规则（含过渡条款）判定"),
        ("junheng assess 各县数据 --all --output 各县.jsonl", "文件夹里有许多县，每县一行"),
    ),
    "check": (
        ("junheng check 填报.xlsx", "列出哪里可疑、该怎么办"),
        ("junheng check 填报.xlsx --annotate 退回.xlsx", "把问题标在格子上，退给学校改"),
        ("junheng check 填报.xlsx --previous 上年.xlsx", "与上年的数据比较，找增减过大之处"),
    ),
    "compare": (("junheng compare 上年.xlsx 填报.xlsx", "结论和指标变了什么，是哪些数变了"),),
    "completion": (
        (
            "junheng completion bash > ~/.local/share/bash-completion/completions/junheng",
            "bash：写到这里，下次打开终端起按 Tab 补全",
        ),
        ("source <(junheng completion bash)", "bash：只在这一次打开的终端里用"),
        ("junheng completion zsh > ~/.zfunc/_junheng", "zsh：写到 fpath 里的一个文件夹"),
    ),
    "explain": (
        ("junheng explain 填报.xlsx --school 1506990019 --stage junior --indicator B4", "一校一项：每一步怎么算"),
        ("junheng explain 填报.xlsx --stage primary --indicator B6", "一个学段的校际差异系数：每校一行"),
        ("junheng explain 填报.xlsx --indicator B12", "B8 以后的一项：用了哪些数，谁不达标"),
    ),
    "form": (
        ("junheng form 填报.xlsx", "在屏幕上看申报表各表、不相符的地方、还没有填的"),
        ("junheng form 填报.xlsx --basics 基本情况.csv --format docx --output 申报表.docx", "存成 Word"),
        ("junheng form 填报.xlsx --format xlsx --output 申报表.xlsx", "存成工作簿，均值和差异系数是公式"),
        (
            "junheng form 填报.xlsx --paper report --format docx --output 自评报告.docx",
            "自查自评报告的初稿，数都已填好",
        ),
        ("junheng form 填报.xlsx --paper notice --format pdf --output 公示.pdf", "公示，按公文格式排成 PDF"),
    ),
    "plan": (
        ("junheng template --plan --output 价格和限制.xlsx", "先写出空白的价格、限制、路程表"),
        ("junheng plan 填报.xlsx --prices 价格和限制.xlsx --limits 价格和限制.xlsx", "最省钱的达标方案，每校办什么"),
        ("junheng plan 填报.xlsx --budget 3000000", "只有 300 万元：最少几所学校不达标，还差多少"),
        ("junheng plan 填报.xlsx --frontier 20 --alternatives --format html --output 方案.html", "给领导的一页纸"),
        ("junheng plan 填报.xlsx --format json --output 方案.json", "给别的程序用"),
    ),
    "standard": (
        ("junheng standard list", "有哪些规则手册"),
        ("junheng standard show", "显示国家办法的全部指标和标准值"),
        ("junheng standard diff otog", "本旗任务分工表与国家办法有什么不同"),
    ),
    "template": (("junheng template --output 填报.xlsx", "写出空白填报工作簿，交各校填"),),
}


def epilog(command: str) -> str:
    """Return a command's examples as they stand below its help."""
    return "示例：\n" + "".join(f"  {typed}\n      {does}\n" for typed, does in EXAMPLES[command])
