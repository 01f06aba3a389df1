"""The cover of an export with evidence: its circumstances, and the SHA-256 of what it was made from and goes with.

It stands on the first page of every format but CSV; beside the export the same is told for programs (`evidence`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from viewer.chat import Origin
from viewer.export import facts, omissions
from viewer.export.document import Export
from viewer.export.evidence import attached_files, attested
from viewer.i18n import _, here, ngettext, offset_name, size


@dataclass(frozen=True, slots=True)
class Digest:
    """The SHA-256 of something; `name` and `detail` say of what."""

    name: str
    detail: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Cover:
    """`circumstances` are labels with values, `groups` digests under their headings."""

    circumstances: facts.Pairs
    groups: tuple[tuple[str, tuple[Digest, ...]], ...]


def cover(export: Export) -> Cover | None:
    """What the first page of an export with evidence tells besides the facts; None of any other export."""
    if not export.evidence:
        return None
    told = [
        (_("Messages"), (_messages(export),)),
        (_("Answers that the messages were read from"), tuple(map(_answer, export.transcript.origins))),
        (_("Files as the portal gave them"), tuple(_files(export))),
    ]
    return Cover(_circumstances(export), tuple((name, digests) for name, digests in told if digests))


def _circumstances(export: Export) -> facts.Pairs:
    known = [
        (_("Portal"), " · ".join(filter(None, [export.portal, export.host]))),
        (_("Source"), _read(export.transcript.origins)),
        (_("Left out by choice"), omissions.left_out(export) or _("nothing")),
        (_("Check with"), "openlines-viewer verify"),
    ]
    return [(label, value) for label, value in known if value]


def _read(origins: tuple[Origin, ...]) -> str:
    """From what and when the messages were read."""
    if not origins:
        return ""
    first, last = (choose(each.read_at for each in origins) for choose in (min, max))
    when = _second(first) if first == last else f"{_second(first)} – {_second(last)}"
    return (_("from the portal, {moment}") if origins[0].method else _("from saved answers, {moment}")).format(
        moment=f"{when} ({offset_name(here(last))})"
    )


def _second(when: datetime) -> str:
    return f"{here(when):%Y-%m-%d %H:%M:%S}"


def _messages(export: Export) -> Digest:
    count = len(attested(export.transcript))
    counted = ngettext("{n} message", "{n} messages", count).format(n=count)
    detail = _("in their order; the digest of each stands in the file beside")
    return Digest(counted, detail, export.evidence)


def _answer(origin: Origin) -> Digest:
    name = " ".join(filter(None, [origin.method, origin.subject])) or _("standard input")
    return Digest(name, f"{_second(origin.read_at)} · {size(origin.size)}", origin.sha256)


def _files(export: Export) -> Iterator[Digest]:
    for each in attached_files(export, export.pictures):
        yield Digest(each["name"] or _("File {id}").format(id=each["id"]), size(each["size"]), each["sha256"])
