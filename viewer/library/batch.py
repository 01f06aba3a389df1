"""A run of exports: many dialogues in several formats, one after the other; one that fails does not stop the others.

Each dialogue is read, its files are fetched once, and every format is written whole or not at all. What is written
stays when the run is stopped. A run keeps a journal, so that one that was cut goes on where it stood.
"""

import errno
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import Protocol

from viewer.bitrix import Cancel, Unreachable
from viewer.chat import File, Session, Transcript
from viewer.errors import Cancelled, ViewerError
from viewer.export import FORMATS, Export, ExportError
from viewer.export.evidence import write_evidence
from viewer.export.files import explained
from viewer.export.names import stands
from viewer.i18n import _
from viewer.library.choices import Choices, Clash
from viewer.library.exporting import is_incomplete, prepared, ready
from viewer.library.gathering import Ready
from viewer.library.naming import ending, facts_of, free_stem, parts_of, places, stem_in

log = logging.getLogger(__name__)

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)  # what every other dialogue would meet too


@dataclass(frozen=True, slots=True)
class Item:
    """One dialogue of a run, the `number`th. `reference` names it to the portal, `title` to people.

    `session` is what a list told of it; `held` is the conversation where it need not be read; `whole` asks for every
    session of its chat; `notes` are sentences that the export shall carry; `former` are files of an earlier attempt,
    which give way.
    """

    reference: str
    title: str
    number: int = 1
    session: Session | None = None
    held: Transcript | None = None
    whole: bool = False
    notes: tuple[str, ...] = ()
    former: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be exported, how, and where to."""

    items: tuple[Item, ...]
    choices: Choices
    folder: Path
    host: str = ""
    portal: str = ""
    exported_by: str = ""
    filters: str = ""  # of the list that the items were taken from, in words


class Phase(Enum):
    """What is being done with a dialogue."""

    READ = "read"
    FETCH = "fetch"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class Moved:
    """How far the work on a dialogue has come; `total` is 0 where nobody knows. `form` is the format being written."""

    item: Item
    phase: Phase
    done: int = 0
    total: int = 0
    form: str = ""


class State(Enum):
    """What came of a dialogue."""

    WRITTEN = "written"
    INCOMPLETE = "incomplete"  # written, but something of it could not be read
    FAILED = "failed"
    EXISTS = "exists"  # not written: a file stands there, and nobody was asked yet
    SKIPPED = "skipped"
    BEFORE = "before"  # written before the run was cut


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one dialogue: where it stands, what it lacks, or why it does not stand there."""

    item: Item
    state: State
    paths: tuple[Path, ...] = ()
    notes: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    error: ViewerError | None = None
    pages: int = 0
    messages: int = 0
    files: int = 0
    size: int = 0  # bytes
    replaced: int | None = None  # places without personal data now


class Reader(Protocol):
    """Reads dialogues and their files, and obeys `cancel`."""

    @property
    def fetches(self) -> bool:
        """Whether there is a portal to fetch files from."""

    def read(
        self, item: Item, told: Callable[[int, int], object], cancel: Cancel, /
    ) -> tuple[Transcript, tuple[str, ...]]:
        """The conversation, and in sentences what may be missing. `told(messages, of)`. Raises ViewerError."""

    def fetch(self, file: File, chat_id: int, cancel: Cancel, /) -> bytes:
        """The bytes of a file. Raises ViewerError."""


class Log(Protocol):
    """Remembers what of a run is done."""

    def written(self, item: Item) -> tuple[Path, ...]:
        """The files of a dialogue that was done before; empty when it was not."""

    def mine(self, stem: Path) -> bool:
        """Whether files of that name were begun by this very run, and may be written anew."""

    def begin(self, item: Item, stem: Path) -> None:
        """The dialogue is about to be written."""

    def end(self, outcome: Outcome) -> None:
        """The dialogue is through."""


def run(
    plan: Plan,
    reader: Reader,
    *,
    cancel: Cancel,
    told: Callable[[Moved], object] = lambda _moved: None,
    journal: Log | None = None,
) -> Iterator[Outcome]:
    """Export the dialogues of a plan and tell of each. Raises Cancelled; what was told by then is whole."""
    work = _Run(plan, reader, cancel, told, journal)
    stopped: ViewerError | None = None
    for item in plan.items:
        if cancel.is_set():
            raise Cancelled
        outcome = work.one(item) if stopped is None else Outcome(item, State.FAILED, error=stopped)
        if journal is not None and outcome.state is not State.BEFORE:
            journal.end(outcome)
        stopped = stopped or _hopeless(outcome.error)
        yield outcome


def _hopeless(error: ViewerError | None) -> ViewerError | None:
    """The failure, if the next dialogue would meet it too."""
    if error is None:
        return None
    cause = error.__cause__
    full = isinstance(cause, OSError) and cause.errno in _FULL
    return error if error.fatal or full or isinstance(error, Unreachable) else None


@dataclass(slots=True)
class _Run:
    plan: Plan
    reader: Reader
    cancel: Cancel
    told: Callable[[Moved], object]
    journal: Log | None
    used: set[str] = field(default_factory=set)  # paths of this run, as a system that ignores case tells them apart

    def one(self, item: Item) -> Outcome:
        """Export one dialogue."""
        before = self.journal.written(item) if self.journal else ()
        if before:
            self.used.update(map(_same, before))
            return Outcome(item, State.BEFORE, before)
        try:
            self.told(Moved(item, Phase.READ))
            read = self.reader.read(item, lambda *at: self.told(Moved(item, Phase.READ, *at)), self.cancel)
            return self._exported(item, *read)
        except Cancelled:
            raise
        except ViewerError as error:
            return Outcome(item, State.FAILED, error=error)
        except Exception as error:  # a fault of ours in one dialogue must not take the others along
            log.exception("unexpected error in a run of exports")
            told = _("Kind of error: {kind}.").format(kind=type(error).__name__)
            return Outcome(item, State.FAILED, error=ViewerError(_("Something went wrong in the program."), told))

    def _exported(self, item: Item, transcript: Transcript, lacks: tuple[str, ...]) -> Outcome:
        choices, plan = self.plan.choices, self.plan
        redaction = choices.redaction
        made = prepared(transcript, internal=choices.internal, redaction=redaction, evidence=choices.evidence)
        export = replace(
            made,
            host=plan.host,
            portal=plan.portal,
            exported_by=plan.exported_by,
            filters=plan.filters if choices.internal and redaction is None else "",  # they may name a person
            options=choices.options,
            missing=(*item.notes, *lacks),
        )
        facts = facts_of(export.transcript, item.number, item.session)
        stem = stem_in(plan.folder, parts_of(choices.template, facts))
        if early := self._clash(item, stem):
            return early
        chat = transcript.dialog.chat_id if transcript.dialog else 0
        with ready(
            export,
            choices.formats,
            (lambda file: self.reader.fetch(file, chat, self.cancel)) if self.reader.fetches else None,
            pictures=choices.pictures,
            redaction=redaction,
            cancel=self.cancel,
            progress=lambda done, total: self.told(Moved(item, Phase.FETCH, done, total - 1)),
        ) as got:
            whole = not is_incomplete(got, choices.formats)
            if not whole:
                stem = stem.with_name(_("{name} (incomplete)").format(name=stem.name))
                if late := self._clash(item, stem):
                    return late
            return self._written(item, export, got, self._free(item, stem), whole=whole)

    # --- where ---

    def _places(self, stem: Path) -> tuple[Path, ...]:
        return places(stem, self.plan.choices.formats, evidence=self.plan.choices.evidence)

    def _clash(self, item: Item, stem: Path) -> Outcome | None:
        """What is told of a dialogue for which a file stands already, where nothing may be written for that."""
        clash = self.plan.choices.clash
        if clash not in (Clash.ASK, Clash.SKIP) or self._is_mine(stem) or self._is_used(stem):
            return None
        there = tuple(place for place in self._places(stem) if stands(place) and place not in item.former)
        if not there:
            return None
        return Outcome(item, State.EXISTS if clash is Clash.ASK else State.SKIPPED, there)

    def _free(self, item: Item, stem: Path) -> Path:
        """The stem to write to: never that of another dialogue of this run."""
        may_replace = self.plan.choices.clash is Clash.REPLACE or self._is_mine(stem)

        def taken(other: Path) -> bool:
            there = (place for place in self._places(other) if stands(place) and place not in item.former)
            replaceable = may_replace and other == stem
            return self._is_used(other) or (not replaceable and any(there))

        return free_stem(stem, taken)

    def _is_used(self, stem: Path) -> bool:
        return any(_same(place) in self.used for place in self._places(stem))

    def _is_mine(self, stem: Path) -> bool:
        return self.journal is not None and self.journal.mine(stem)

    # --- what ---

    def _written(self, item: Item, export: Export, got: Ready, stem: Path, *, whole: bool) -> Outcome:
        forms = self.plan.choices.formats
        _make_folder(stem.with_name(f"{stem.name}.{forms[0]}"))
        if self.journal is not None:
            self.journal.begin(item, stem)
        paths: list[Path] = []
        saved: list[Path] = []
        notes: list[str] = []
        error: ViewerError | None = None
        pages = 0
        for form in forms:
            try:
                result = FORMATS[form].write(
                    got.of(form), ending(stem, form), cancel=self.cancel, progress=self._writing(item, form)
                )
            except Cancelled:
                raise
            except ViewerError as failure:
                error = error or failure
                notes.append(str(failure))
                continue
            paths += result.parts or (result.path,)
            saved += result.files
            notes += result.notes
            pages += result.pages
        if self.plan.choices.evidence and paths:
            paths.append(write_evidence(got.of(forms[0]), paths, got.shelf, saved))
        self.used.update(map(_same, (*self._places(stem), *paths)))
        _give_way(item.former, paths)
        state = State.FAILED if error else (State.WRITTEN if whole else State.INCOMPLETE)
        return Outcome(
            item,
            state,
            tuple(paths),
            tuple(dict.fromkeys((*notes, *got.notes(forms)))),
            lost=tuple(dict.fromkeys(each for form in forms for each in got.named_lost(form))),
            error=error,
            pages=pages,
            messages=len(export.messages()),
            files=len(got.shelf),
            size=sum(path.stat().st_size for path in paths if path.is_file()),
            replaced=export.redacted,
        )

    def _writing(self, item: Item, form: str) -> Callable[[int, int], object]:
        self.told(Moved(item, Phase.WRITE, 0, 1, form))
        return lambda done, total: self.told(Moved(item, Phase.WRITE, done, total, form))


def _make_folder(path: Path) -> None:
    """Make the folder of a file. Raises ExportError."""
    with explained(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError) as error:
            raise ExportError(
                _("{name} could not be saved.").format(name=path.name),
                _("A file stands where the folder {folder} should.").format(folder=path.parent),
                _("Choose another folder."),
            ) from error


def _same(path: Path) -> str:
    return str(path).casefold()


def _give_way(former: Sequence[Path], written: Sequence[Path]) -> None:
    """Remove what an earlier attempt left and this one has not written again."""
    kept = set(map(_same, written))
    for path in former:
        if _same(path) not in kept:
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                log.info("a file of an earlier attempt stays: %s", type(error).__name__)
