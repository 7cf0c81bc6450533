"""What templates of other rooms show of a file."""
