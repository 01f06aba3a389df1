"""What came of a run, in words."""

from collections.abc import Sequence

from viewer.export import FORMATS
from viewer.i18n import _, ngettext, short_date, size
from viewer.library.batch import Item, Moved, Outcome, Phase, State
from viewer.ui.exports.rows import RunRow
from viewer.ui.exports.runner import Job


def which(item: Item) -> str:
    """Which of a client's dialogues it is."""
    session = item.session
    if session is None or not session.id:
        return ""
    day = short_date(session.opened) if session.opened else ""
    return ", ".join(filter(None, (_("session {id}").format(id=session.id), day)))


def phase_words(step: Moved) -> str:
    """What is being done."""
    if step.phase is Phase.READ:
        return _("Reading")
    if step.phase is Phase.FETCH:
        return _("Downloading files")
    return _("Writing {format}").format(format=FORMATS[step.form].title)


def outcome_words(outcome: Outcome) -> str:
    """What came of a dialogue, "" where all is well."""
    told = {
        State.EXISTS: _("a file exists already"),
        State.SKIPPED: _("skipped, a file exists"),
        State.BEFORE: _("done before"),
        State.INCOMPLETE: _("incomplete"),
    }
    return str(outcome.error) if outcome.error else told.get(outcome.state, "")


def failures(outcomes: Sequence[Outcome]) -> list[RunRow]:
    """What could not be written or had, a row for each."""
    rows = []
    for each in outcomes:
        name = each.item.title
        if each.error is not None:
            rows.append(RunRow(name, str(each.error), state="bad"))
        if each.state is State.EXISTS:
            rows.append(RunRow(each.paths[0].name, _("a file exists already"), name, "warn"))
        for told in each.lost:
            what, _colon, why = told.partition(": ")
            rows.append(RunRow(what, why, name, "warn"))
    return rows


def head(job: Job) -> str:
    """What came of a run, in a few words."""
    if job.problem is not None:
        return job.problem.title
    files = len(job.paths())
    before, asked = len(job.of(State.BEFORE)), len(job.of(State.EXISTS))
    if not files and asked:
        return _("Nothing was written yet: files exist already")
    if not files and not before:
        return _("Nothing was saved")
    words = ngettext("{n} document saved", "{n} documents saved", files).format(n=files)
    if job.stopped:
        words = _("Stopped; {words}").format(words=words)
    return words


def detail(job: Job) -> str:
    """The figures of a run."""
    good = job.of(State.WRITTEN, State.INCOMPLETE)
    parts = []
    if len(job.plan.items) > 1:
        done = len(good) + len(job.of(State.BEFORE, State.SKIPPED))
        parts.append(_("{n} of {count} dialogues").format(n=done, count=len(job.plan.items)))
    if messages := sum(each.messages for each in good):
        parts.append(ngettext("{n} message", "{n} messages", messages).format(n=messages))
    if pages := sum(each.pages for each in good):
        parts.append(ngettext("{n} page", "{n} pages", pages).format(n=pages))
    if total := sum(each.size for each in good):
        parts.append(size(total))
    seconds = max(1, round(job.took))
    parts.append(ngettext("{n} second", "{n} seconds", seconds).format(n=seconds))
    if places := sum(each.replaced or 0 for each in good):
        words = ngettext("{n} place without personal data now", "{n} places without personal data now", places)
        parts.append(words.format(n=places))
    failed = [each.error for each in job.of(State.FAILED) if each.error is not None]
    if job.problem is not None:
        parts.insert(0, " ".join(filter(None, (job.problem.detail, job.problem.advice))))
    elif failed and not good:
        parts = [str(failed[0])]
    notes = list(dict.fromkeys(note for each in good for note in each.notes))
    return " · ".join(parts) + ("\n" + " ".join(notes[:3]) if notes else "")


def report(job: Job) -> str:
    """What came of a run, as text to be handed on."""
    lines = [head(job), detail(job), str(job.plan.folder), ""]
    for _place, each in sorted(job.outcomes.items()):
        lines.append(f"{each.item.reference}\t{each.state.value}\t{outcome_words(each)}")
        lines += [f"\t{path}" for path in each.paths]
        lines += [f"\t{note}" for note in (*each.notes, *each.lost)]
    return "\n".join(lines)


def summary_of(job: Job) -> str:
    """What came of a run, in a sentence."""
    errors = [str(each.error) for each in job.of(State.FAILED) if each.error is not None]
    lost = sum(len(each.lost) for each in job.outcomes.values())
    parts = [head(job), detail(job).replace("\n", " · ")]
    if lost:
        parts.append(ngettext("{n} file could not be had", "{n} files could not be had", lost).format(n=lost))
    return " · ".join(filter(None, [*parts, *dict.fromkeys(errors)]))
