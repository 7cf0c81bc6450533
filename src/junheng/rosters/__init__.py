"""Record level (pupils, teachers, rooms) to facts. Nothing stands here yet."""
