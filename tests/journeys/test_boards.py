"""Boards in real browsers: they go on by themselves, and say since when their figures stand once the line is lost."""

from __future__ import annotations

from playwright.sync_api import expect

from looking import overflows, shut_out

BOARDS = "/c/150699/boards/"
PHONE = {"width": 390, "height": 844}
A_MINUTE = 61_000


def test_a_board_goes_on_after_a_lost_line(someone) -> None:
    """New figures by the minute; without a line the old ones stay, with their time; then it goes on by itself."""
    leader = someone("leader")
    leader.clock.install()
    leader.goto(BOARDS)
    board, state = leader.locator("[data-board]"), leader.get_by_role("status").first
    expect(state).to_contain_text("每 60 秒更新")
    leader.context.set_offline(True)
    leader.clock.fast_forward(A_MINUTE)
    expect(state).to_contain_text("连不上服务器：这些数是")
    expect(board.get_by_role("heading", name="合计")).to_be_visible()
    leader.context.set_offline(False)
    board.evaluate("board => { board.querySelector('h2').textContent = '旧的'; }")
    leader.clock.fast_forward(A_MINUTE)
    expect(state).to_contain_text("每 60 秒更新")
    expect(board.get_by_text("旧的")).to_have_count(0)
    leader.context.clear_cookies()
    leader.clock.fast_forward(A_MINUTE)
    expect(state).to_contain_text("登录已过期")


def test_a_town_sees_the_map_on_a_phone(someone) -> None:
    """The drawing goes sideways in its own frame, numbers stand in the marks, the table says the same."""
    town = someone("town-shawan", PHONE)
    town.goto(f"{BOARDS}map/")
    assert not overflows(town)
    drawing = town.get_by_role("region", name="学校分布图")
    expect(drawing.locator(".map-number").first).to_be_visible()
    expect(drawing.locator(".map-name").first).to_be_hidden()
    expect(town.get_by_role("region", name="各校结论").get_by_role("row")).to_have_count(31)
    assert shut_out(town) == []
