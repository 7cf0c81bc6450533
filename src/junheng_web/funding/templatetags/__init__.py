"""What templates show of money."""
