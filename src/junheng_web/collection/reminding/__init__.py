"""Who is late hears of it: by itself, when the office asks, and by telephone (P3, P16)."""
