"""The counties below a league, city or province side by side."""
