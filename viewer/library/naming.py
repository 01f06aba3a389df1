"""Names of exported files from a template, such as `{line}/{month}/{date}_{client}`; a slash begins a folder.

Whatever a client calls himself, a value never makes a folder, leads out of one, or breaks a rule of Windows, macOS or
Linux.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from viewer.chat import Session, Side, Transcript, connector_name
from viewer.errors import ViewerError
from viewer.export import FORMATS, safe_name
from viewer.export.evidence import SUFFIX
from viewer.i18n import N_, _

DEFAULT = "{date}_{line}_{client}_{session}"
DEEPEST = 4  # folders in a template
LONGEST = 235  # characters of a whole path without its ending: Windows takes 259
SHORTEST = 12  # characters that are left of a name however long its folder is

FIELDS = {
    "date": N_("date"), "month": N_("month"), "year": N_("year"), "line": N_("line"), "channel": N_("channel"),
    "client": N_("client"), "operator": N_("operator"), "session": N_("session"), "chat": N_("chat"),
    "number": N_("number"),
}  # fmt: skip
_FIELD = re.compile(r"\{([^{}]*)\}")
_GAP = re.compile(r"[\s_\-–·,]*\0(?=[\s_\-–·,]|$)|^\0[\s_\-–·,]*|\0")  # an unknown value, and what parts it off


class TemplateError(ViewerError):
    """A template names a field that there is not, or nothing at all."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a name can tell of a dialogue; empty or 0 where it is not known. `number` is its place in the run."""

    day: date | None = None
    line: str = ""
    channel: str = ""
    client: str = ""
    operator: str = ""
    session: int = 0
    chat: int = 0
    number: int = 0


def facts_of(transcript: Transcript, number: int = 0, listed: Session | None = None) -> Facts:
    """The facts of a conversation as it is to be shown; what it does not know itself, from a list's `listed`."""
    sessions = [session for session in transcript.sessions if session.id]
    last = sessions[-1] if sessions else Session(0)
    session = replace(listed, client_name="", operator_name="").with_news(last) if listed is not None else last
    dialog = transcript.dialog
    answering = (
        transcript.author(each).name
        for each in reversed(transcript.messages)
        if transcript.author(each).side is Side.OPERATOR
    )
    begun = transcript.messages[0].date if transcript.messages else session.opened
    return Facts(
        day=begun.date() if begun else None,
        line=session.line_name or (_("line {id}").format(id=session.line_id) if session.line_id else ""),
        channel=connector_name(session.connector or (dialog.connector if dialog else "")),
        client=transcript.title or session.client_name,
        operator=session.operator_name or next(answering, ""),
        session=session.id,
        chat=(dialog.chat_id if dialog else 0) or session.chat_id,
        number=number,
    )


def check_template(template: str) -> None:
    """Raise TemplateError with what is wrong with a template."""
    for found in _FIELD.findall(template):
        if _key(found) not in FIELDS:
            raise TemplateError(
                _("There is no field {name}.").format(name=f"{{{found}}}"),
                advice=_("Choose one from “Insert”."),
            )
    if "{" in _FIELD.sub("", template) or "}" in _FIELD.sub("", template):
        raise TemplateError(_("A brace is not closed."), advice=_("Write a field as {name}.").format(name="{date}"))
    parts = template.replace("\\", "/").split("/")
    if not parts[-1].strip(" ."):
        raise TemplateError(_("The name is empty."), advice=_("Write a name after the last slash."))
    if len(parts) > DEEPEST + 1:
        raise TemplateError(_("At most {n} folders.").format(n=DEEPEST))


def shown_template(template: str) -> str:
    """A template with its fields in the user's language."""
    return _FIELD.sub(
        lambda found: f"{{{_(FIELDS[_key(found[1])])}}}" if _key(found[1]) in FIELDS else found[0], template
    )


def plain_template(template: str) -> str:
    """A template with the names of its fields as they are kept, whatever language they were typed in."""
    return _FIELD.sub(lambda found: f"{{{_key(found[1])}}}", template)


def _key(name: str) -> str:
    typed = name.strip().casefold()
    return next((key for key, words in FIELDS.items() if typed in (key, _(words).casefold())), name)


def parts_of(template: str, facts: Facts) -> tuple[str, ...]:
    """The folders and the name, without an ending, that a template gives; each is safe. Raises TemplateError."""
    check_template(template)
    values = _values(facts)
    parts = []
    for part in template.replace("\\", "/").split("/"):
        told = _without_gaps(_FIELD.sub(lambda found: values[_key(found[1])] or "\0", part))
        parts.append(safe_name(f"{told}.x").removesuffix(".x") if told.strip(" ._-") else "")
    folders = tuple(part for part in parts[:-1] if part)
    return (*folders, parts[-1] or _("Conversation"))


def _without_gaps(text: str) -> str:
    """A name without the separators around values that are not known: `2026-03-11__Anna` has one too many."""
    return _GAP.sub("", text).lstrip(" _-–·,")


def _values(facts: Facts) -> dict[str, str]:
    day = facts.day
    told = {
        "date": day.isoformat() if day else "",
        "month": day.isoformat()[:7] if day else "",
        "year": day.isoformat()[:4] if day else "",
        "line": facts.line,
        "channel": facts.channel,
        "client": facts.client,
        "operator": facts.operator,
        "session": str(facts.session or ""),
        "chat": str(facts.chat or ""),
        "number": f"{facts.number:03}" if facts.number else "",
    }
    return {name: re.sub(r"[/\\\0]", "_", value).strip() for name, value in told.items()}


def stem_in(folder: Path, parts: Sequence[str]) -> Path:
    """The path without an ending, its name cut where the whole would be too long for Windows."""
    place = folder.joinpath(*parts)
    over = len(str(place.absolute())) - LONGEST
    if over <= 0:
        return place
    name = place.name[: max(SHORTEST, len(place.name) - over)].rstrip(" .")
    return place.with_name(name or place.name[:SHORTEST])


def places(stem: Path, forms: Sequence[str], *, evidence: bool = False) -> tuple[Path, ...]:
    """The files that a dialogue becomes, in all formats."""
    made = [place for form in forms for place in FORMATS[form].places(ending(stem, form))]
    return (*made, ending(stem, SUFFIX.lstrip("."))) if evidence else tuple(made)


def ending(stem: Path, form: str) -> Path:
    """The stem with a format's ending; a dot within the name stays."""
    return stem.with_name(f"{stem.name}.{form}")


def free_stem(stem: Path, taken: Callable[[Path], bool]) -> Path:
    """The stem, or one with a number, of which nothing is taken."""
    number, free = 1, stem
    while taken(free):
        number += 1
        free = stem.with_name(f"{stem.name} ({number})")
    return free
