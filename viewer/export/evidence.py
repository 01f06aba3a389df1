"""Evidence: digests by which an export can be checked later, and the checking.

Beside the exported files stands `….evidence.json`: the circumstances of the export, the SHA-256 of each answer of the
portal as its bytes came, of each message in it (its object with sorted keys, in UTF-8, without spaces), of each
attached file, and of each file that was written. The digests of the messages are chained, so that none can be left out,
added or moved unseen; the last link stands on the first page of the export (`cover`).

What this shows: the files are those of this export, and each message is as it was read then. It does not show who made
the export: that needs a signature.
"""

import errno
import json
import logging
import stat
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from hashlib import file_digest, sha256
from pathlib import Path, PureWindowsPath
from typing import Any

from viewer.chat import Message, Transcript
from viewer.export.document import Export, ExportError
from viewer.export.files import write_whole
from viewer.i18n import _

log = logging.getLogger(__name__)

SCHEMA = "openlines-viewer-evidence/1"
SUFFIX = ".evidence.json"
_LARGEST = 512 * 1024 * 1024  # bytes; 100,000 messages take 20 MB


class Verdict(Enum):
    """What the check of one thing found."""

    SAME = "same"
    CHANGED = "changed"
    MISSING = "missing"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked, in words."""

    verdict: Verdict
    what: str


def message_digest(message: Message) -> str:
    """The SHA-256 of a message as the portal sent it."""
    return sha256(_canonical(message.raw)).hexdigest()


def chained(digests: Iterable[str]) -> str:
    """The last link of a chain: each link is the SHA-256 of the one before and the next digest."""
    link = ""
    for digest in digests:
        link = sha256(f"{link}{digest}".encode()).hexdigest()
    return link


def content_digest(transcript: Transcript) -> str:
    """What stands on the first page: the last link of the chain of messages."""
    return chained(map(message_digest, attested(transcript)))


def attested(transcript: Transcript) -> list[Message]:
    """The messages whose own object is known: a copy for the client lacks that of a session's end, with its ratings."""
    return [message for message in transcript.messages if message.raw]


def answers(transcript: Transcript) -> list[dict[str, Any]]:
    """The answers that a conversation was read from, in the order of reading."""
    return [{**asdict(each), "read_at": each.read_at.isoformat()} for each in transcript.origins]


def write_evidence(
    export: Export, written: Sequence[Path], attached: Mapping[int, bytes] | None = None, saved: Iterable[Path] = ()
) -> Path:
    """Write the evidence of an export beside its first file; `saved` are files of the dialogue in a folder beside it.

    Raises ExportError.
    """
    path = written[0].with_name(written[0].stem + SUFFIX)
    messages = [
        {"n": number, "id": message.id, "date": message.date.isoformat(), "author_id": message.author_id,
         "sha256": message_digest(message)}
        for number, message in enumerate(attested(export.transcript), 1)
    ]  # fmt: skip
    made: dict[str, Any] = {
        "schema": SCHEMA,
        "host": export.host,
        "exported_at": export.exported_at.isoformat(),
        "exported_by": export.exported_by,
        "version": export.version,
        "sessions": [session.id for session in export.transcript.sessions],
        "answers": answers(export.transcript),
        "messages": messages,
        "content": content_digest(export.transcript),
        "attached": attached_files(export, attached or {}),
        "missing": list(export.missing),
        "files": [_file(each, path.parent) for each in (*written, *dict.fromkeys(saved))],
    }
    made["seal"] = _seal(made)
    write_whole(path, json.dumps(made, ensure_ascii=False, indent=1).encode())
    return path


def attached_files(export: Export, shown: Mapping[int, bytes]) -> list[dict[str, Any]]:
    """The files that go with an export, each once: those it shows, and those that stand within or beside it."""
    numbers = sorted({*shown, *export.files})
    return [_attached(each, shown[each] if each in shown else export.files[each], export) for each in numbers]


def _attached(number: int, data: bytes, export: Export) -> dict[str, Any]:
    file = export.transcript.files.get(number)
    return {"id": number, "name": file.name if file else "", "size": len(data), "sha256": sha256(data).hexdigest()}


def _file(path: Path, folder: Path) -> dict[str, Any]:
    return {"name": path.relative_to(folder).as_posix(), "size": path.stat().st_size, "sha256": _digest(path)}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str).encode(
        "utf-8", "surrogatepass"
    )


def _seal(made: Mapping[str, Any]) -> str:
    return sha256(_canonical({key: value for key, value in made.items() if key != "seal"})).hexdigest()


# --- checking -----------------------------------------------------------------------------------------------------


def verify(path: Path, others: Iterable[Transcript] = ()) -> list[Finding]:
    """Check an export by its evidence: `path` is the evidence itself, a file of the export, or their folder.

    `others` are conversations read from saved answers, or from the portal anew: their messages are compared too.
    Raises ExportError where there is no evidence, or the only one is none of this program.
    """
    known = list(others)
    findings: list[Finding] = []
    found = _evidence_of(path)
    for evidence in found:
        try:
            findings += _checked(evidence, known)
        except OSError as error:
            log.info("evidence cannot be read: %s", type(error).__name__)
            findings.append(Finding(Verdict.UNREADABLE, evidence.name))
        except ExportError:
            if len(found) == 1:
                raise
            findings.append(Finding(Verdict.CHANGED, evidence.name))
    return findings


def _checked(evidence: Path, others: Iterable[Transcript]) -> list[Finding]:
    made = _read(evidence)
    seal = Verdict.SAME if made.get("seal") == _seal(made) else Verdict.CHANGED
    findings = [Finding(seal, evidence.name), *_files(made, evidence.parent)]
    messages = _records(made, "messages")
    whole = made.get("content") == chained(str(each.get("sha256")) for each in messages)
    told = _("{n} messages, in their order").format(n=len(messages))
    findings.append(Finding(Verdict.SAME if whole else Verdict.CHANGED, told))
    for transcript in others:
        findings += _same_answers(_records(made, "answers"), transcript)
        findings += _compared(messages, transcript)
    return findings


def _evidence_of(path: Path) -> list[Path]:
    try:
        if path.is_dir():
            found = sorted(each for each in path.iterdir() if each.name.endswith(SUFFIX) and not each.is_dir())
        elif path.name.endswith(SUFFIX):
            found = [path]
        else:
            found = [path.with_name(path.stem + SUFFIX)]
        found = [each for each in found if each.exists()]
    except OSError as error:
        raise ExportError(_("{name} cannot be read.").format(name=path.name), f"{error.strerror or error}.") from error
    if not found:
        raise ExportError(
            _("There is no evidence for {name}.").format(name=path.name),
            _("An export made with evidence has a file ending in {suffix} beside it.").format(suffix=SUFFIX),
        )
    return found


def _read(path: Path) -> dict[str, Any]:
    """What the evidence tells. Raises OSError, and ExportError for what is no evidence."""
    if not _regular(path) or path.stat().st_size > _LARGEST:
        raise _no_evidence(path)
    try:
        made = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        raise _no_evidence(path) from None
    if not isinstance(made, dict) or made.get("schema") != SCHEMA:
        raise _no_evidence(path)
    return made


def _no_evidence(path: Path) -> ExportError:
    return ExportError(
        _("{name} is no evidence of this program.").format(name=path.name),
        _("Its schema is not {schema}.").format(schema=SCHEMA),
    )


def _regular(path: Path) -> bool:
    """Whether a file stands there: to read a pipe or a device might never end. Raises OSError."""
    return stat.S_ISREG(path.stat().st_mode)


def _records(made: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    listed = made.get(key)
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


def _files(made: Mapping[str, Any], folder: Path) -> list[Finding]:
    findings = []
    for record in _records(made, "files"):
        name = _inside(str(record.get("name")))
        findings.append(Finding(_verdict(folder / name, record.get("sha256")), name))
    return findings


def _verdict(path: Path, digest: object) -> Verdict:
    """Whether the file at a path has this digest, or why that is not known."""
    try:
        if not _regular(path):
            return Verdict.MISSING
        return Verdict.SAME if _digest(path) == digest else Verdict.CHANGED
    except (FileNotFoundError, NotADirectoryError, ValueError):  # the latter for what can be no name
        return Verdict.MISSING
    except OSError as error:
        log.info("a file cannot be read: %s", type(error).__name__)
        return Verdict.MISSING if error.errno in (errno.ENAMETOOLONG, errno.EINVAL) else Verdict.UNREADABLE


def _inside(name: str) -> str:
    """A path in the folder or in one within it, never out of it."""
    path = PureWindowsPath(name)  # which knows both kinds of slashes, and drives
    out = path.drive or path.root or ".." in path.parts or len(path.parts) > 2
    return path.name if out else path.as_posix()


def _same_answers(answers: Sequence[Mapping[str, Any]], transcript: Transcript) -> list[Finding]:
    """The saved answers that are byte for byte those of the export. Others need not be: the portal dates each anew."""
    known = {each.get("sha256") for each in answers}
    same = [each for each in transcript.origins if each.sha256 in known]
    told = _("{name}, byte for byte what was read")
    return [Finding(Verdict.SAME, told.format(name=each.subject or _("standard input"))) for each in same]


def _compared(messages: Sequence[Mapping[str, Any]], transcript: Transcript) -> list[Finding]:
    """The messages of the evidence beside those of another reading, each by its number."""
    known = {message.id: message for message in transcript.messages}
    findings = []
    for record in messages:
        what = _("message {n} ({id})").format(n=record.get("n"), id=record.get("id"))
        message = known.get(record["id"]) if isinstance(record.get("id"), int) else None
        if message is None:
            findings.append(Finding(Verdict.MISSING, what))
        elif message_digest(message) != record.get("sha256"):
            findings.append(Finding(Verdict.CHANGED, what))
    if not findings:
        findings.append(Finding(Verdict.SAME, _("every message is as the answer has it")))
    return findings
