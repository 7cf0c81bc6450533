"""Runs the engine's statements, on DuckDB or on Spark. Statements are written once, in DuckDB's words."""

from junheng.sql.session import EngineMissing, Session, open_session

__all__ = ["EngineMissing", "Session", "open_session"]
