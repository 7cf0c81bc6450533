"""Record level (teachers, posts) to facts: each count with the people behind it, one SQL on either engine."""
