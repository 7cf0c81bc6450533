"""What files are linked to, by the name that the rooms give it, and what it is called on the screen."""

from __future__ import annotations

# What files are mostly linked to by hand.
OBJECTS = {"indicator": "指标", "school": "学校", "run": "评估", "snapshot": "数据快照"}
# What the rooms link by themselves: who may, and until when, is theirs to say.
BY_ROOMS = {
    "entry": "填报的数",
    "difference": "口径差异",
    "sealed": "盖章的表",
    "confirmation": "会签的表",
    "ledger": "导入的工作簿",
    "visit": "督导查看",
    "task": "任务",
    "dispatch": "发文",
    "instruction": "批示",
    "meeting": "调度会",
    "duty_report": "职责报送",
    "issue": "整改",
    "veto": "否决项申报",
}
