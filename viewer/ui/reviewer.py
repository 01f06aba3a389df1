"""Rating from the window: drafts kept while one types, one rating sent, what came of it told, on to the next."""

from collections.abc import Sequence
from datetime import datetime
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from viewer.chat import Rating, Reference, ReferenceKind, Session
from viewer.errors import ViewerError
from viewer.i18n import _, own_clock
from viewer.library.drafts import Drafts
from viewer.ui.notice import Action

if TYPE_CHECKING:
    from viewer.library import Rated
    from viewer.ui.window import MainWindow

PAUSE_MS = 300  # between a keystroke and the draft on the disk


class Reviewer(QObject):
    """Rates the session that is open.

    Signal `finished(object)` carries the `Rated`, or the `ViewerError`.
    """

    finished = Signal(object)

    def __init__(self, window: "MainWindow", drafts: Drafts) -> None:
        super().__init__(window)
        self._window, self._drafts = window, drafts
        self._section = window.details.rating
        self._session = Session(0)
        self._saving: set[int] = set()
        self._told: dict[int, tuple[str, str]] = {}  # how the last attempt went, by session, until one edits
        self._unkept = False  # whether something was typed since the draft was last kept
        self._resume: QWidget | None = None  # what had the focus before another dialogue was asked for
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self.keep)
        self._section.edited.connect(self._edited)
        self._section.save.connect(self.save)

    # --- what is shown ---

    def show(self) -> None:
        """Show the rating of the open session, with its draft where there is one."""
        self.keep()
        transcript = self._window.desk.transcript
        self._session = self._window.desk.session or Session(0)
        number = self._session.id
        if not number:
            self._section.clear()
            return
        held = self._session.rating
        draft = self._drafts.get(self._account, number)
        if draft is not None and draft.rating.same(held):
            self._drafts.erase(self._account, number)  # saved after all, when nobody was there to see it
            self._told.pop(number, None)
            draft = None
        self._section.show_session(self._session, draft.rating if draft else held, allowed=transcript.can_vote is True)
        self._section.set_busy(number in self._saving)
        self._say()
        if self._resume and self._window.dialogues.list.hasFocus():
            self._resume.setFocus()
        self._resume = None

    def leave(self) -> None:
        """Another dialogue is being opened, or the window closes."""
        self.keep()
        if part := self._section.focus_part():
            self._resume = part
            self._window.dialogues.list.setFocus()
        self._session = Session(0)
        self._section.clear()

    def keep(self) -> None:
        """Keep what was typed since the last time."""
        if not self._unkept:
            return
        self._unkept = False
        self._timer.stop()
        number = self._session.id
        if self._section.changed:
            kept = self._drafts.put(self._account, number, self._section.rating)
            if not kept:
                words = _("The draft cannot be kept on this computer. Save the rating before you close the window.")
                self._told[number] = (words, "bad")
        else:
            self._drafts.erase(self._account, number)
        self._say()

    @property
    def _account(self) -> str:
        source = self._window.desk.source
        return source.key if source else ""

    @property
    def _portal(self) -> str:
        source = self._window.desk.source
        return source.title if source else ""

    def _edited(self) -> None:
        self._told.pop(self._session.id, None)
        self._unkept = True
        if not self._timer.isActive():  # started once, not anew with each key: who types without a pause is kept too
            self._timer.start()
        self._say()

    def _say(self) -> None:
        number, section = self._session.id, self._section
        if number in self._saving:
            section.say(_("Saving…"))
        elif self._window.desk.transcript.can_vote is not True:
            section.say(self._why_not(), "lock")
        elif number in self._told:
            section.say(*self._told[number])
        elif draft := self._drafts.get(self._account, number):
            words = _("Draft kept here at {time}.").format(time=own_clock(draft.kept))
            section.say(f"{words} {self._promise()}", "draft")
        elif self._session.rating and not section.changed:
            section.say(_("Saved to {portal}.").format(portal=self._portal), "good")
        else:
            section.say(self._promise())

    def _promise(self) -> str:
        return _("Saving sends it to {portal} and notifies the operator.").format(portal=self._portal)

    def _why_not(self) -> str:
        source = self._window.desk.source
        if source is not None and source.files:
            return _("What was read from a file cannot be rated: its portal is not asked.")
        if self._window.desk.transcript.can_vote is None:
            return _("The portal showed the messages of the chat alone; they do not tell whether you may rate it.")
        return _("You cannot rate this: the right “Conversation rating” is missing, or the plan does not include it.")

    # --- saving ---

    def save(self, going_on: bool = False) -> None:
        """Send the rating in the fields; then go on to the next unrated dialogue, if that is wanted."""
        session, rating = self._session, self._section.rating
        if session.id in self._saving:
            return
        self.keep()
        if rating.same(session.rating):
            if going_on:
                told = self._go_on(self._next(session.id))
                if told:
                    self._tell(told, "info")
            return
        self._saving.add(session.id)
        self._told.pop(session.id, None)
        self._section.set_busy(True)
        self._say()
        desk = self._window.desk

        def work(cancel: Event) -> "Rated":
            from viewer.library import rate

            return rate(desk.portal(), session.id, rating, session.rating, cancel=cancel)

        desk.tasks.run(
            work,
            on_done=lambda done: self._done(session.id, rating, done, going_on),
            on_failure=lambda error: self._failed(session.id, error),
        )

    def _done(self, number: int, sent: Rating, done: "Rated | None", going_on: bool) -> None:
        from viewer.library import Outcome

        self._saving.discard(number)
        if done is None:
            self._refresh()
            return
        here = self._session.id == number
        if done.outcome is Outcome.SAVED:
            draft = self._drafts.get(self._account, number)
            if draft is None or draft.rating.same(sent):
                self._drafts.erase(self._account, number)
            words = _("Saved to {portal} at {time}.").format(
                portal=self._portal, time=own_clock(datetime.now().astimezone())
            )
            self._told[number] = (words, "good")
            following = self._next(number)  # before the list learns of it: a filter may take the row away
            self._window.desk.take_rating(number, done.found)
            self._refresh()
            told = self._saved_words(number, done.found)
            if going_on and here:
                told = " ".join(part for part in (told, self._go_on(following)) if part)
            self._tell(told, "good")
        else:
            self._not_saved(number, done, going_on)
        self.finished.emit(done)

    def _not_saved(self, number: int, done: "Rated", going_on: bool) -> None:
        from viewer.library import Outcome

        words = {
            Outcome.CHANGED: _("Session {id} was rated by somebody else meanwhile. Nothing was sent."),
            Outcome.NOT_KEPT: _("The portal said yes but did not save the rating of session {id}. It is kept here."),
            Outcome.LOST: _("The rating of session {id} was not saved. It is kept here."),
            Outcome.UNKNOWN: _("It is not known whether the rating of session {id} was saved. It is kept here."),
        }[done.outcome].format(id=number)
        if done.error is not None:
            words = f"{words} {done.error.title}"
        self._told[number] = (words, "bad")
        if done.outcome is not Outcome.UNKNOWN:
            self._window.desk.take_rating(number, done.found)
        self._refresh()
        actions: list[Action] = [(_("Try again"), lambda: self._again(number, going_on))]
        if done.outcome is Outcome.UNKNOWN:
            actions = [(_("Read again"), lambda: self._open(number))]
        elif done.outcome is Outcome.CHANGED:
            actions = []
            if self._session.id == number:
                self._section.ask(going_on=going_on)
        self._tell(words, "warn" if done.outcome is Outcome.CHANGED else "bad", actions)

    def _failed(self, number: int, error: ViewerError) -> None:
        self._saving.discard(number)
        self._told[number] = (str(error), "bad")
        self._refresh()
        self._tell(str(error), "bad", [(_("Try again"), lambda: self._again(number, going_on=False))])
        self.finished.emit(error)

    def _saved_words(self, number: int, rating: Rating) -> str:
        stars = _("{n} of 5").format(n=rating.stars) if rating.stars else _("no stars")
        return _("Rating of session {id} saved: {stars}.").format(id=number, stars=stars)

    def _tell(self, words: str, tone: str, actions: Sequence[Action] = ()) -> None:
        self._window.conversation.notice.tell(words, tone, actions)

    def _refresh(self) -> None:
        if self._session.id:
            self.show()

    def _again(self, number: int, going_on: bool) -> None:
        if self._session.id == number:
            self._section.ask_to_save(going_on=going_on)
        else:
            self._open(number)

    # --- going on ---

    def _open(self, number: int) -> None:
        self._window.desk.open(Reference(ReferenceKind.SESSION, str(number)))

    def _next(self, number: int) -> int:
        found = self._window.dialogues.model.next_unrated(number)
        return found.id if found else 0

    def _go_on(self, following: int) -> str:
        """Open the next dialogue; what is to be said where there is none."""
        if following:
            self._open(following)
            return ""
        return _("No unrated dialogue is left in the list.")
