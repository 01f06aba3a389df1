"""How tall a row will be, told from the length of its text alone: about a microsecond a row."""

from viewer.chat import Aside, DayBreak, MessageRow, Row, SessionBar, SystemLines
from viewer.ui.transcript import aside
from viewer.ui.transcript.context import Context

_LETTER = 7.0
_LINE = 18.0


def estimate(row: Row, ctx: Context) -> float:
    """The height of a row, near enough for a scroll bar."""
    match row:
        case MessageRow(message=message, first_of_run=first):
            if message.deleted:
                return ctx.gap + 18.0
            lines = len(message.text) * _LETTER / ctx.widest
            whole = int(lines) + 1 + message.text.count("\n") * 0.6 if message.text else 0.0
            tall = 2 * ctx.pad_y + whole * _LINE + (ctx.gap + _LINE if first else 2.0)
            if message.file_ids:
                tall += 150.0
            return tall + 90.0 * len(message.cards) + (28.0 if message.buttons or message.reply_to else 0.0)
        case SessionBar():
            return 52.0
        case DayBreak():
            return 32.0
        case Aside():
            return aside.HEIGHT
        case SystemLines(messages=messages):
            return 26.0 if len(messages) == 1 or messages[0].id not in ctx.unfolded else 26.0 + 18.0 * len(messages)
        case _:
            return 54.0
