"""Tasks from 立项 to 办结, dispatches that are signed before they go out, meetings, instructions and the calendar."""
