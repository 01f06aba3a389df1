"""What an export lacks, in sentences: what could not be read, and what is left out by choice."""

from viewer.export import facts
from viewer.export.document import Export
from viewer.i18n import _, ngettext


def untold(export: Export) -> list[str]:
    """What could not be read or is not shown, in sentences: files, sessions, and what is left out by choice."""
    return [*export.missing, *export.transcript.lacks, *filter(None, [left_out(export)])]


def lacking(export: Export) -> str:
    """The sentence of the first page where the export lacks what the portal should have; empty where it is whole."""
    files = (file for file in export.transcript.files.values() if not file.missing)
    names = tuple(f"{facts.file_name(file)}: " for file in files)
    count = len(export.transcript.lacks) + sum(each.startswith(names) for each in export.missing)
    if not count:
        return ""
    return ngettext(
        "Not complete: {n} thing could not be read. The list stands at the end.",
        "Not complete: {n} things could not be read. The list stands at the end.",
        count,
    ).format(n=count)


def left_out(export: Export) -> str:
    """What was left out by choice, in sentences: internal messages, the portal's lines, ratings, personal data."""
    told = [] if export.internal else [_("Internal messages, which the client never saw, are left out by choice.")]
    if not export.options.system:
        told.append(_("The portal's own lines are left out by choice."))
    if not export.options.votes:
        told.append(_("Ratings and comments on them are left out by choice."))
    if export.redacted is not None:
        places = ngettext("{n} place", "{n} places", export.redacted).format(n=export.redacted)
        told.append(_("Personal data are replaced by choice, in {places}.").format(places=places))
    return " ".join(told)
