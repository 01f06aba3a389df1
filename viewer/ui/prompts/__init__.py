"""What the window asks or tells apart from the conversation: the first run, shortcuts, raw data."""
