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
    PersonKind,
    TextBlock,
    UnknownBlock,
)
from viewer.chat.connector import connector_name, is_connector_name
from viewer.chat.course import PAUSE, Course, Moment, course
from viewer.chat.dialog import CrmLink, Dialog, Rating, Session
from viewer.chat.file import File, FileKind
from viewer.chat.filter import Choice, Filter, choices, folded, is_named
from viewer.chat.listing import ChatEntry, filtered, grouped, merged
from viewer.chat.message import Button, Delivery, Forward, Message, MessageKind, Reaction, Sticker, Votes
from viewer.chat.origin import Origin
from viewer.chat.person import PORTAL, Person, Side
from viewer.chat.reference import Reference, ReferenceKind, parse_crm, parse_reference, plain_name
from viewer.chat.rows import (
    Aside,
    DayBreak,
    Figures,
    MessageRow,
    Row,
    SessionBar,
    SessionEnd,
    SystemLines,
    figures,
    messages_of,
    rows,
    session_part,
    without_part,
)
from viewer.chat.transcript import Batch, Transcript

__all__ = [
    "PAUSE", "PORTAL", "Aside", "Batch", "Block", "Button", "Card", "Cell", "ChatEntry", "Choice", "Course",
    "CrmLink", "DayBreak", "Delimiter", "Delivery", "Dialog", "Display", "Figures", "File", "FileBlock", "FileItem",
    "FileKind", "Filter", "Forward", "GridBlock", "ImageBlock", "ImageItem", "LinkBlock", "LinkItem", "Message",
    "MessageKind", "MessageRow", "Moment", "Origin", "Person", "PersonBlock", "PersonItem", "PersonKind", "Rating",
    "Reaction", "Reference", "ReferenceKind", "Row", "Session", "SessionBar", "SessionEnd", "Side", "Sticker",
    "SystemLines", "TextBlock", "Transcript", "UnknownBlock", "Votes", "choices", "connector_name", "course",
    "figures", "filtered", "folded", "grouped", "is_connector_name", "is_named", "merged", "messages_of", "parse_crm",
    "parse_reference", "plain_name", "rows", "session_part", "without_part",
]  # fmt: skip
