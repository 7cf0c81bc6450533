"""Tasks of a county, what goes out about them, meetings, instructions and the calendar."""

from __future__ import annotations

from django.urls import path

from junheng_web.supervision import board_views, calendar_views, dispatch_views, following, meeting_views, views

app_name = "supervision"
# Whoever hands a post over sees what of this room follows it.
FOLLOWING = following.tasks_of_post
urlpatterns = [
    path("", views.tasks, name="tasks"),
    path("mine/", views.mine, name="mine"),
    path("board/", board_views.board, name="board"),
    path("late/", board_views.late, name="late"),
    path("late/send", board_views.late_send, name="late_send"),
    path("add/", views.add, name="add"),
    path("dispatches/", dispatch_views.dispatches, name="dispatches"),
    path("dispatches/add/", dispatch_views.add, name="dispatch_add"),
    path("dispatches/bodies/", dispatch_views.bodies, name="bodies"),
    path("dispatches/<int:dispatch>/", dispatch_views.dispatch, name="dispatch"),
    path("dispatches/<int:dispatch>/edit/", dispatch_views.edit, name="dispatch_edit"),
    path("dispatches/<int:dispatch>/printed/", dispatch_views.printed, name="printed"),
    path("dispatches/<int:dispatch>/<str:deed>", dispatch_views.step, name="dispatch_step"),
    path("meetings/", meeting_views.meetings, name="meetings"),
    path("meetings/add/", meeting_views.add, name="meeting_add"),
    path("meetings/<int:meeting>/", meeting_views.meeting, name="meeting"),
    path("meetings/<int:meeting>/edit/", meeting_views.edit, name="meeting_edit"),
    path("meetings/<int:meeting>/brief/", meeting_views.brief, name="brief"),
    path("meetings/<int:meeting>/decide", meeting_views.decide, name="decide"),
    path("meetings/<int:meeting>/minutes", meeting_views.minutes, name="minutes"),
    path("instructions/", meeting_views.instructions, name="instructions"),
    path("instructions/add/", meeting_views.instruct, name="instruct"),
    path("calendar/", calendar_views.calendar, name="calendar"),
    path("calendar/edit/", calendar_views.edit, name="calendar_edit"),
    path("<int:task>/", views.task, name="task"),
    path("<int:task>/edit/", views.edit, name="edit"),
    path("<int:task>/<str:deed>", views.step, name="step"),
]
