"""What the demonstration shows of each room."""
