"""Boards for the wall, and the map: what the other rooms know, in one look."""
