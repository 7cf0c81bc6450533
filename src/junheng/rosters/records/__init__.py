"""Rosters of pupils, teachers, rooms and schools, at any scale, to the tables of facts: one SQL on DuckDB and Spark."""
