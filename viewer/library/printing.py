"""A dialogue on paper: read, its pictures fetched, its pages drawn."""

from collections.abc import Callable
from dataclasses import replace

from viewer.bitrix import Cancel
from viewer.export.preview import draw_pages
from viewer.library.batch import Plan, Reader
from viewer.library.exporting import prepared, ready


def draw(plan: Plan, reader: Reader, ppi: float, take: Callable[[bytes], object], cancel: Cancel) -> None:
    """Hand on the pages of a plan's first dialogue as PNG. Raises ViewerError, Cancelled."""
    item, choices = plan.items[0], plan.choices
    transcript, lacks = reader.read(item, lambda _done, _of: None, cancel)
    made = prepared(transcript, internal=choices.internal, redaction=choices.redaction)
    export = replace(
        made,
        host=plan.host,
        portal=plan.portal,
        exported_by=plan.exported_by,
        options=replace(choices.options, files="none"),
        missing=(*item.notes, *lacks),
    )
    chat = transcript.dialog.chat_id if transcript.dialog else 0
    with ready(
        export,
        ("pdf",),
        (lambda file: reader.fetch(file, chat, cancel)) if reader.fetches else None,
        pictures=choices.pictures,
        redaction=choices.redaction,
        cancel=cancel,
    ) as got:
        draw_pages(got.of("pdf"), ppi, take, cancel=cancel)
