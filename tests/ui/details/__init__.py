"""The details, seen and touched."""
