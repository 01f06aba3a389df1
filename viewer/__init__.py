"""Open Lines Viewer: read, judge and file customer dialogues of Bitrix24 Open Lines."""

__version__ = "0.1.0"
