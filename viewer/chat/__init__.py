"""The domain: people, messages, cards, files, sessions, and the transcript they make. Standard library only."""

from viewer.chat.card import (
    Block,
    Card,
    Cell,
    Delimiter,
    Display,
    FileBlock,
    FileItem,
    GridBlock,
    ImageBlock,
    ImageItem,
    LinkBlock,
    LinkItem,
    PersonBlock,
    PersonItem,
    TextBlock,
    UnknownBlock,
)
from viewer.chat.connector import connector_name
from viewer.chat.dialog import CrmLink, Dialog, Rating, Session
from viewer.chat.file import File, FileKind
from viewer.chat.listing import ChatEntry, Filter, filtered, folded, grouped, merged
from viewer.chat.message import Button, Delivery, Forward, Message, MessageKind, Votes
from viewer.chat.person import PORTAL, Person, Side
from viewer.chat.reference import Reference, ReferenceKind, parse_reference
from viewer.chat.transcript import (
    Batch,
    DayBreak,
    Figures,
    MessageRow,
    Row,
    SessionBar,
    SessionEnd,
    SystemLines,
    Transcript,
    figures,
    rows,
)

__all__ = [
    "PORTAL", "Batch", "Block", "Button", "Card", "Cell", "ChatEntry", "CrmLink", "DayBreak", "Delimiter", "Delivery",
    "Dialog", "Display", "Figures", "File", "FileBlock", "FileItem", "FileKind", "Filter", "Forward", "GridBlock",
    "ImageBlock", "ImageItem", "LinkBlock", "LinkItem", "Message", "MessageKind", "MessageRow", "Person", "PersonBlock",
    "PersonItem", "Rating", "Reference", "ReferenceKind", "Row", "Session", "SessionBar", "SessionEnd", "Side",
    "SystemLines", "TextBlock", "Transcript", "UnknownBlock", "Votes", "connector_name", "figures", "filtered",
    "folded", "grouped", "merged", "parse_reference", "rows",
]  # fmt: skip
