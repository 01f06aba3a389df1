"""The transcript view, seen and touched."""
