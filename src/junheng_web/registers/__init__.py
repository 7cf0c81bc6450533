"""Registers of people and posts (教师台账、编制台账): rows with their history, and the counts that follow."""
