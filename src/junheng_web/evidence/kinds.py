"""What files are linked to by hand, by the name that the rooms give it, and what it is called on the screen."""

from __future__ import annotations

OBJECTS = {"indicator": "指标", "school": "学校", "run": "评估", "snapshot": "数据快照"}
# The link of an account that handed in what somebody else had handed in before.
SENDER = "sender"
