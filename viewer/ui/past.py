"""The other sessions of the chat that is open: found, loaded above the shown ones, shown; and the chat as a whole."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from viewer.chat import Aside, Batch, Reference, ReferenceKind, Row, Session, Transcript, rows
from viewer.errors import ViewerError
from viewer.i18n import _
from viewer.library.readings import Reading, readings
from viewer.ui.tasks import Task
from viewer.ui.transcript.above import Reach, go_to_session

if TYPE_CHECKING:
    from viewer.library.before import Step
    from viewer.ui.window import MainWindow

_LOAD, _STOP, _WHOLE = "olv:past/load", "olv:past/stop", "olv:past/whole"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A conversation that grew by a session, its rows, and whether the user may rate that session."""

    transcript: Transcript
    rows: list[Row]
    session: Session
    can_vote: bool | None = None


def loads(start: Transcript, steps: "Iterator[Step]") -> "Iterator[Loaded | Step]":
    """One earlier session put before a conversation, and the news on the way; runs on the worker."""
    from viewer.library import Ended, Unreadable

    grown, vote = start, None
    for step in steps:
        if isinstance(step, Batch):
            vote = vote if step.can_vote is None else step.can_vote
            grown = grown.with_batch(replace(step, can_vote=None))
        elif isinstance(step, Unreadable):
            grown = replace(grown, unread={**grown.unread, step.session.id: step.error.title})
            yield Loaded(grown, rows(grown), step.session)
        elif isinstance(step, Ended):
            yield Loaded(grown, rows(grown), step.session, vote)
            return
        else:
            yield step


class Past(QObject):
    """Knows the sessions of the chat that is open, and reads those that are wanted, one after the other."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._chat = 0
        self._found: dict[int, Session] = {}
        self._votes: dict[int, bool | None] = {}
        self._loading: Task | None = None
        self._listing: Task | None = None
        self._listed = False  # whether the sessions of the chat were listed to the end
        self._base = Transcript()  # the conversation that the work under way started from
        self._goal = 0  # the session to be shown when it is loaded
        self._about = 0  # the session that is being read
        self._settled = False  # nothing more comes by scrolling: it begins here, or a failure waits for a click
        self.why_not_whole = ""
        self._reach = Reach(window.conversation.view)
        self._reach.reached.connect(self._reached)

    # --- what is known ---

    def siblings(self) -> list[Session]:
        """The sessions of the chat, as far as they are known."""
        desk = self._window.desk
        dialog = desk.transcript.dialog
        chat, code = (dialog.chat_id, dialog.user_code) if dialog else (0, "")
        known = dict(self._found) if chat and chat == self._chat else {}
        for each in desk.sessions:
            if (chat and each.chat_id == chat) or (code and not each.chat_id and each.user_code == code):
                known[each.id] = known.get(each.id, each).with_news(each)
        for each in desk.transcript.sessions:
            if each.id:
                known[each.id] = known.get(each.id, each).with_news(each)
        return list(known.values())

    def leave(self) -> None:
        """Another dialogue is being opened."""
        for task in (self._loading, self._listing):
            if task is not None:
                task.cancel()
        self._loading = self._listing = None
        self._votes = {}
        self._settled = False
        self._window.details.set_search("")
        self._say("")

    def begin(self) -> None:
        """A dialogue was read."""
        desk = self._window.desk
        chat = desk.transcript.dialog.chat_id if desk.transcript.dialog else 0
        if chat != self._chat:
            self._chat, self._found, self._listed, self.why_not_whole = chat, {}, False, ""
        if desk.session is not None:
            desk.current = desk.session.id
            self._votes[desk.session.id] = desk.transcript.can_vote
        self._rest()
        if self._window.details.tabs.currentIndex() == self._window.details.SESSIONS:
            self.list_all()

    # --- one session ---

    def show(self, number: int) -> None:
        """Bring a session of the chat to sight: at once, loaded above the others, or opened anew."""
        if not number:
            return
        desk = self._window.desk
        if number in (each.id for each in desk.transcript.sessions) and desk.complete:
            self._choose(number)
        elif desk.complete and number == self._next():
            self.load(number)
        else:
            desk.open(Reference(ReferenceKind.SESSION, str(number)))

    def _choose(self, number: int) -> None:
        desk = self._window.desk
        go_to_session(self._window.conversation.view, number)
        if desk.session is None or desk.session.id != number:
            self._window.reviewer.leave()
            desk.choose(number, self._votes.get(number))
            self._window.show_neighbours()

    def _next(self) -> int:
        """The session before the oldest one that is loaded, as far as is known."""
        shown = self._window.desk.transcript
        first = shown.sessions[0].id if shown.sessions else 0
        tried = {each.id for each in shown.sessions} | shown.unread.keys()
        return max((each.id for each in self.siblings() if each.id < first and each.id not in tried), default=0)

    # --- loading ---

    def follow(self, what: str) -> None:
        """Do what a link of the program's own asks: load, stop, whole."""
        acts: Mapping[str, Callable[[], None]] = {"load": self.load, "stop": self.stop, "whole": self.read_whole}
        if what in acts:
            acts[what]()

    def _reached(self) -> None:
        if not self._settled:
            self.load()

    def load(self, goal: int = 0) -> None:
        """Put the session before the oldest one above it; show it then, if it is the `goal`."""
        from viewer.library import earlier

        desk = self._window.desk
        if goal:
            self._goal = goal
        if self.busy or not desk.complete or not desk.rows:
            return
        self._base = start = desk.transcript
        known, passed = self.siblings(), frozenset(start.unread)

        def work(cancel: Event) -> "Iterator[Loaded | Step]":
            return loads(start, earlier(desk.portal(), start, known, passed=passed, cancel=cancel))

        self._settled = False
        self._say_loading(self._next())
        self._loading = desk.tasks.run(work, on_batch=self._step, on_done=self._done, on_failure=self._load_failed)

    def stop(self) -> None:
        """Stop reading; what was read stays."""
        if self._loading is not None:
            self._loading.cancel()
        self._done(None)

    @property
    def busy(self) -> bool:
        """Whether something is being read."""
        return self._loading is not None and self._loading.active

    def _step(self, step: "Loaded | Step") -> None:
        from viewer.library import Began, Beginning, Siblings

        if isinstance(step, Loaded):
            self._grow(step.transcript, step.rows)
            self._votes[step.session.id] = step.can_vote
            self._window.show_neighbours()
        elif isinstance(step, Siblings):
            self._learn(step.sessions)
        elif isinstance(step, Began):
            self._say_loading(step.session.id)
        elif isinstance(step, Beginning):
            self._settled = True
            self._say_end(sure=step.sure)

    def _grow(self, grown: Transcript, listed: list[Row]) -> None:
        """Show what came above."""
        desk = self._window.desk
        desk.adopt(self._base, grown, listed)
        if desk.transcript is grown:
            self._base = grown
        self._window.conversation.show_above(desk.rows, desk.transcript)

    def _done(self, _none: object) -> None:
        self._loading = None
        if not self._settled:
            self._rest()
        goal, self._goal = self._goal, 0
        if goal and goal in (each.id for each in self._window.desk.transcript.sessions):
            self._choose(goal)

    def _load_failed(self, error: ViewerError) -> None:
        self._loading, self._goal = None, 0
        self._say_failed(error, _LOAD)

    def _rest(self) -> None:
        """Nothing is under way: more may be loaded, or all is here."""
        from viewer.library import begins_here

        desk = self._window.desk
        if desk.source is not None and desk.source.files:
            self._settled = True
            self._say(_("Read from {names}. What is not in it is on the portal alone.").format(names=desk.source.title))
            return
        self._settled = begins_here(desk.transcript)
        if self._settled:
            self._say_end(sure=True)
        else:
            self._say_more()

    # --- the whole chat ---

    def read_whole(self) -> None:
        """Read the messages of all sessions, newest first, for a member of the chat."""
        from viewer.library import whole_chat

        desk = self._window.desk
        if not desk.complete or desk.transcript.dialog is None:
            return
        if self._loading is not None:
            self._loading.cancel()
        self._base = start = desk.transcript

        def work(cancel: Event) -> Iterator[Reading]:
            return readings(replace(start, unread={}), whole_chat(desk.portal(), start, cancel=cancel))

        self._settled = False
        self._say_whole()
        self._loading = desk.tasks.run(
            work, on_batch=self._read, on_done=self._whole_done, on_failure=self._whole_failed
        )

    def _read(self, reading: Reading) -> None:
        self._grow(reading.transcript, reading.rows)
        self._window.show_neighbours()
        self._say_whole()

    def _whole_done(self, _none: object) -> None:
        self._loading = None
        self._settled = True
        self._say_end(sure=True)
        self._window.desk.learn(self._found)

    def _whole_failed(self, error: ViewerError) -> None:
        from viewer.bitrix import NotMember

        self._loading = None
        if isinstance(error, NotMember):
            self.why_not_whole = error.title
            self._rest()
            self._window.conversation.notice.tell(str(error), "warn")
        else:
            self._say_failed(error, _WHOLE)

    # --- the list of sessions ---

    def list_all(self) -> None:
        """Find all sessions of the chat, once."""
        from viewer.library import chat_sessions

        desk, details = self._window.desk, self._window.details
        if self._listed or not self._chat or not desk.complete or (self._listing and self._listing.active):
            return
        start = desk.transcript

        def work(cancel: Event) -> Iterator[tuple[Session, ...]]:
            return chat_sessions(desk.portal(), start, cancel=cancel)

        details.set_search(_("Looking for the sessions of this chat…"), _("Stop"), self._stop_listing)
        self._listing = desk.tasks.run(
            work, on_batch=self._learn, on_done=self._all_listed, on_failure=self._listing_failed
        )

    def _all_listed(self, _none: object) -> None:
        self._listed = True
        self._window.details.set_search("")
        self._window.desk.learn(self._found)

    def _stop_listing(self) -> None:
        if self._listing is not None:
            self._listing.cancel()
        self._window.details.set_search(_("Stopped: there may be more."), _("Look again"), self.list_all)

    def _listing_failed(self, error: ViewerError) -> None:
        self._window.details.set_search(error.title, _("Try again"), self.list_all)

    def _learn(self, found: tuple[Session, ...]) -> None:
        for each in found:
            self._found[each.id] = self._found.get(each.id, each).with_news(each)
        desk, siblings = self._window.desk, self.siblings()
        self._window.conversation.set_head(desk.transcript, desk.session, siblings)
        self._window.details.set_sessions(siblings)

    # --- what stands above the first row ---

    def _say(self, text: str, icon: str = "", detail: str = "", *links: tuple[str, str]) -> None:
        self._window.conversation.set_top(Aside("top", text, detail, icon, links))

    def _say_more(self) -> None:
        number = self._next()
        words = _("Show session {id}").format(id=number) if number else _("Show earlier messages")
        self._say("", "chevron-up", "", (words, _LOAD))

    def _say_loading(self, number: int) -> None:
        words = _("Loading session {id}…").format(id=number) if number else _("Looking for earlier messages…")
        self._about = number
        self._say(words, "clock", "", (_("Stop"), _STOP))

    def _say_whole(self) -> None:
        transcript = self._window.desk.transcript
        count = transcript.dialog.message_count if transcript.dialog else 0
        words = _("Reading the whole chat: {n} of {count} messages") if count else _("Reading the whole chat: {n}")
        self._about = 0
        self._say(words.format(n=len(transcript.messages), count=count), "clock", "", (_("Stop"), _STOP))

    def _say_failed(self, error: ViewerError, again: str) -> None:
        self._settled = True  # scrolling does not knock at a portal that has just failed
        words = _("Session {id} could not be loaded: {why}") if self._about else _("Nothing could be loaded: {why}")
        self._say(words.format(id=self._about, why=error.title), "warning", str(error), (_("Try again"), again))

    def _say_end(self, *, sure: bool) -> None:
        if sure:
            self._say(_("The conversation begins here"), "chat")
        else:
            why = _("The portal lists no sessions by chat; one that you may not read may be missing.")
            self._say(_("No earlier session was found"), "info", why, (_("Look again"), _LOAD))
