"""The rule book: the national standard as data, and the frozen types that the engine reads."""
