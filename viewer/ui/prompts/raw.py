"""A message as the portal sent it, for those who report a fault."""

import json

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialogButtonBox, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from viewer.chat import Message
from viewer.i18n import _
from viewer.ui.enter import Enter
from viewer.ui.room import Prompt
from viewer.ui.theme import widget_font


def show_raw(message: Message, parent: QWidget) -> Prompt:
    """Open a prompt with the message's own data; it does not block the window."""
    prompt = Prompt(parent, 640, 520)
    prompt.setWindowTitle(_("Message {id} as the portal sent it").format(id=message.id))
    words = json.dumps(message.raw, ensure_ascii=False, indent=2, default=str)
    text = QPlainTextEdit(words)
    text.setReadOnly(True)
    text.setFont(widget_font("code"))
    buttons = QDialogButtonBox()
    copy = QPushButton(_("Copy"))
    copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(words))
    close = QPushButton(_("Close"))
    close.clicked.connect(prompt.close)
    buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
    buttons.addButton(close, QDialogButtonBox.ButtonRole.RejectRole)
    column = QVBoxLayout(prompt)
    column.addWidget(text)
    column.addWidget(buttons)
    Enter(prompt, close)
    prompt.show()
    return prompt
