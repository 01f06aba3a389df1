"""The invented portal: its people, lines, chats, sessions, messages and files. Deterministic for a given day."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone

ZONE = timezone(timedelta(hours=3))
HEAD = 17  # the supervisor whose webhook it is
BOT = 90
RULE = "-" * 54  # around a quoted message (§7.3)


@dataclass(frozen=True, slots=True)
class User:
    """A person of the portal, or a client; `kind` is employee, client or bot."""

    id: int
    first: str
    last: str
    kind: str
    position: str = ""

    @property
    def name(self) -> str:
        """The whole name."""
        return f"{self.first} {self.last}".strip()


@dataclass(frozen=True, slots=True)
class Line:
    """An open line."""

    id: int
    name: str
    language: str
    connectors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file of the Drive. `scene` names the drawing; `lost` is how it fails: "", "v2", "both" or "login"."""

    id: int
    chat_id: int
    author_id: int
    moment: datetime
    name: str
    type: str
    size: int
    width: int = 0
    height: int = 0
    scene: str = ""
    lost: str = ""

    @property
    def extension(self) -> str:
        """The name's ending."""
        return self.name.rpartition(".")[2].lower()


@dataclass(frozen=True, slots=True)
class Message:
    """A message as the portal keeps it; `params` in the spelling of a history, camelCase."""

    id: int
    author_id: int
    moment: datetime
    text: str
    params: dict[str, object] = field(default_factory=dict)
    legacy: str = ""


@dataclass(slots=True)
class Session:
    """One handling of a chat. The votes may change while the program runs."""

    id: int
    chat_id: int
    operator_id: int
    opened: datetime
    closed: datetime | None
    status: str
    reason: str
    client_vote: str = "none"
    head_vote: int = 0
    head_comment: str = ""
    transfers: int = 0
    denied: bool = False
    rateable: bool = True  # whether the supervisor has the right “Conversation rating” for it
    count: int = 0  # messages, where they are made late
    messages: list[Message] = field(default_factory=list)


@dataclass(slots=True)
class Chat:
    """An open-line chat of one client."""

    id: int
    line: Line
    connector: str
    client: User
    member: bool = False  # whether the supervisor is in it
    deal: int = 0
    sessions: list[Session] = field(default_factory=list)

    @property
    def code(self) -> str:
        """The user code."""
        return f"{self.connector}|{self.line.id}|{self.id - 2}|{self.client.id}"

    @property
    def name(self) -> str:
        """The chat's name in the messenger."""
        return f"{self.client.name} - {self.line.name}"


LINES = (
    Line(22, "Поддержка", "ru", ("telegrambot", "whatsappbyedna", "vkgroup", "avito", "livechat")),
    Line(31, "Sales EN", "en", ("livechat", "whatsappbyedna")),
    Line(58, "Опт", "ru", ("telegrambot", "livechat", "vkgroup")),
)

EMPLOYEES = (
    User(HEAD, "Марина", "Лещенко", "employee", "Руководитель поддержки"),
    User(27, "Павел", "Кремнёв", "employee", "Старший оператор"),
    User(28, "Ольга", "Дрозд", "employee", "Оператор"),
    User(29, "Hanna", "Brandt", "employee", "Sales manager"),
    User(33, "Ирина", "Соколова", "employee", "Склад"),
    User(34, "Тимофей", "Ершов", "employee", "Оператор"),
    User(35, "Marcus", "Hale", "employee", "Sales manager"),
    User(BOT, "Зёрнышко", "", "bot"),
)  # fmt: skip

_CITIES = {
    "ru": ("Химки", "Казань", "Томск", "Тула", "Пермь", "Сочи"),
    "en": ("Leeds", "Porto", "Gdańsk", "Utrecht", "Cork"),
}
_MODELS = ("МВ-2", "Verra 300", "Lumo Duo", "Брио-7")
ACCENTS = ("like", "dislike", "none", "none", "like")


def _votes(rng: random.Random, ru: bool) -> tuple[str, int, str]:
    client, head = rng.choice(ACCENTS), rng.choice((0, 0, 0, 0, 3, 4, 5, 5, 2))
    comment = ("Хорошо, но можно быстрее." if ru else "Good, could be faster.") if 0 < head < 5 else ""
    return client, head, comment


class World:
    """Everything there is. `today` is the day after the last news; `late` makes the messages of sessions that are too
    long to be made at once, when they are first asked for."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.late: dict[int, Callable[[], list[Message]]] = {}
        self.users = {user.id: user for user in EMPLOYEES}
        self.chats: dict[int, Chat] = {}
        self.sessions: dict[int, Session] = {}
        self.files: dict[int, FileRecord] = {}
        self._next_message = 80_000
        self._next_file = 5_000

    def chat(self, number: int, line: Line, connector: str, name: str) -> Chat:
        """Begin a chat with a new client."""
        first, _, last = name.partition(" ")
        client = User(500 + number - 1700, first, last, "client")
        self.users[client.id] = client
        chat = self.chats[number] = Chat(number, line, connector, client)
        return chat

    def session(self, chat: Chat, number: int, opened: datetime, operator: int = 27) -> Session:
        """Begin a session of a chat; it is closed by `close`."""
        session = Session(number, chat.id, operator, opened, None, "answered", "")
        chat.sessions.append(session)
        self.sessions[number] = session
        return session

    def say(self, session: Session, author: int, moment: datetime, text: str, **params: object) -> Message:
        """Add a message to a session."""
        self._next_message += 1 + self._next_message % 3
        message = Message(self._next_message, author, moment, text, params)
        session.messages.append(message)
        return message

    def file(self, session: Session, author: int, moment: datetime, name: str, type_: str, **more: object) -> int:
        """Add a file; returns its id."""
        self._next_file += 2
        size = more.pop("size", 20_000 + self._next_file * 7919 % 400_000)
        record = FileRecord(self._next_file, session.chat_id, author, moment, name, type_, size, **more)  # type: ignore[arg-type]
        self.files[record.id] = record
        return record.id

    # --- playing a script ---

    def play(self, chat: Chat, session: Session, script: list[str], votes: tuple[str, int, str] | None = None) -> None:
        """Fill a session from a script, with the portal's own lines around it."""
        rng = random.Random(session.id)
        operator = self.users[session.operator_id]
        words = {
            "client": chat.client.first,
            "operator": operator.first,
            "operator_id": str(operator.id),
            "order": f"48-{1000 + session.id}",
            "sum": f"{9 + session.id % 40} {session.id % 9}90 ₽"
            if chat.line.language == "ru"
            else f"€{120 + session.id % 400}",
            "city": _CITIES[chat.line.language][session.id % len(_CITIES[chat.line.language])],
            "model": _MODELS[session.id % len(_MODELS)],
        }
        moment = self.begin(chat, session)
        for line in script:
            if line.startswith("@"):
                self._direct(session, line[1:])
            elif ": " in line:
                moment = self._speak(chat, session, moment, line, words, rng)
        self.close(chat, session, moment + timedelta(minutes=rng.randint(1, 6)), rng, votes)

    def _speak(
        self, chat: Chat, session: Session, moment: datetime, line: str, words: dict[str, str], rng: random.Random
    ) -> datetime:
        head, _, text = line.partition(": ")
        gap, _, who = head.rpartition(" ")
        minutes = float(gap[1:]) if gap.startswith("+") else rng.uniform(0.1, 2)
        moment += timedelta(seconds=round(minutes * 60))
        for key, value in words.items():
            text = text.replace("{" + key + "}", value)
        text = text.replace("\\n", "\n")
        second = 34 if session.operator_id != 34 else 28
        authors = {"c": chat.client.id, "o": session.operator_id, "p": second, "b": BOT}
        params: dict[str, object] = {}
        if who == "a":
            params = {"class": "bx-messenger-content-item-ol-output", "type": "lines"}
        elif who == "n":
            params = {"class": "bx-messenger-content-item-system"}
        elif who in "cop":
            params = {"connectorMid": [str(self._next_message + 7)]}
        if who == "p" and not session.transfers:
            session.transfers = 1
        self.say(session, authors.get(who, 0), moment, text, **params)
        return moment

    def _direct(self, session: Session, line: str) -> None:
        """Apply a directive to the message before it."""
        message = session.messages[-1]
        name, _, rest = line.partition(" ")
        params = message.params
        if name == "photo":
            scene, _, measure = rest.partition(" ")
            width, height = (int(part) for part in (measure or "640x480").split("x"))
            number = self.file(
                session, message.author_id, message.moment, f"{scene}_{self._next_file}.png", "image",
                width=width, height=height, scene=scene,
            )  # fmt: skip
            self._attach(params, number)
        elif name in ("file", "voice", "audio", "video"):
            titles = {"voice": f"voice_{self._next_file}.wav", "audio": "record.wav", "video": "video.mp4"}
            kinds = {"voice": "audio", "audio": "audio", "video": "video"}
            size = {"size": 84 * 1024 * 1024} if name == "video" else {}
            title = rest or titles.get(name, "file.txt")
            number = self.file(session, message.author_id, message.moment, title, kinds.get(name, "file"), **size)
            self._attach(params, number)
        elif name == "reply":
            back = session.messages[max(0, len(session.messages) - 1 - int(rest or 1))]
            params["replyId"] = back.id
        elif name == "buttons":
            params["keyboard"] = {"BUTTONS": [{"TEXT": each.strip(), "TYPE": "BUTTON"} for each in rest.split("|")]}
        else:
            marks: dict[str, tuple[str, object]] = {
                "edited": ("isEdited", "Y"), "deleted": ("isDeleted", "Y"), "like": ("like", [session.operator_id]),
                "undelivered": ("isDelivered", "N"), "failed": ("isError", "Y"),
            }  # fmt: skip
            if name in marks:
                params[marks[name][0]] = marks[name][1]
            if name == "deleted":
                session.messages[-1] = Message(message.id, message.author_id, message.moment, "", params)

    @staticmethod
    def _attach(params: dict[str, object], number: int) -> None:
        known = params.get("fileId")
        params["fileId"] = [*known, number] if isinstance(known, list) else [number]

    # --- the portal's own lines ---

    def begin(self, chat: Chat, session: Session) -> datetime:
        """The lines that open a session; returns the moment the client may speak."""
        moment, ru = session.opened, chat.line.language == "ru"
        link = f"[URL=/online/?IM_HISTORY=imol|{session.id}]{session.id}[/URL]"
        text = f"Начат новый диалог №{link}" if ru else f"New conversation No.{link} started"
        self.say(session, 0, moment, text, **{"class": "bx-messenger-content-item-ol-start", "imolSid": session.id})
        operator = self.users[session.operator_id]
        mention = f"[USER={operator.id} REPLACE]{operator.name}[/USER]"
        text = f"Обращение направлено на {mention}" if ru else f"The enquiry was sent to {mention}"
        self.say(session, 0, moment, text)
        hello = (
            "Здравствуйте! Ответим в течение 10 минут. Укажите номер заказа."
            if ru
            else "Hello! We usually answer within 10 minutes. Please have your order number ready."
        )
        params = {
            "class": "bx-messenger-content-item-ol-output",
            "imolForm": "welcome",
            "type": "lines",
            "connectorMid": ["1"],
        }
        self.say(session, 0, moment + timedelta(seconds=5), hello, **params)
        return moment + timedelta(seconds=20)

    def close(
        self,
        chat: Chat,
        session: Session,
        moment: datetime,
        rng: random.Random,
        votes: tuple[str, int, str] | None = None,
    ) -> None:
        """The lines that close a session, and its votes: the client's, the supervisor's, her comment."""
        ru = chat.line.language == "ru"
        session.reason = rng.choice(("operator", "operator", "operator", "auto", "client"))
        session.client_vote, session.head_vote, session.head_comment = votes or _votes(rng, ru)
        ask = "Оцените, пожалуйста, нашу работу." if ru else "Please rate our work."
        request = {
            "class": "bx-messenger-content-item-ol-output bx-messenger-content-item-vote", "imolVote": str(session.id),
            "imolForm": "like", "type": "lines",
        }  # fmt: skip
        self.say(session, 0, moment, ask, **request)
        if session.client_vote != "none":
            good = session.client_vote == "like"
            said = ("Клиент оценил работу: " if ru else "The client rated the work: ") + (
                "[LIKE]" if good else "[DISLIKE]"
            )
            self.say(session, 0, moment + timedelta(seconds=40), said)
        session.closed, session.status = moment + timedelta(minutes=1), "closed"
        done = "Диалог завершён." if ru else "The conversation is closed."
        params: dict[str, object] = {
            "class": "bx-messenger-content-item-ol-end", "componentId": "bx-imopenlines-message", "type": "lines",
            "imolVoteSid": session.id, "imolVoteHead": session.head_vote,
            "imolVoteUser": {"like": 5, "dislike": 1}.get(session.client_vote, 0),
        }  # fmt: skip
        if session.head_comment:
            params["imolCommentHead"] = session.head_comment
        self.say(session, 0, session.closed, done, **params)

    # --- asking ---

    def messages(self, session: Session) -> list[Message]:
        """The messages of a session, oldest first."""
        if session.id in self.late:
            session.messages = self.late.pop(session.id)()
        return session.messages

    def all_messages(self) -> Iterator[tuple[Session, Message]]:
        """Every message that was made so far, the late ones excepted."""
        for session in self.sessions.values():
            for message in session.messages:
                yield session, message

    def at(self, days: int, hour: int, minute: int) -> datetime:
        """A moment so many days before today."""
        return datetime.combine(self.today - timedelta(days=days), time(hour, minute), ZONE)

    def now(self) -> datetime:
        """The moment the invented day stands at."""
        return datetime.combine(self.today, time(14, 5), ZONE).astimezone(UTC)
