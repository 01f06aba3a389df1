"""Personal data in a text: found, and replaced by stable pseudonyms.

The same value gets the same pseudonym wherever it stands: "+7 900 000-12-34" and "89000001234" are one phone. What is
found is rather too much than too little: an order number of eleven digits that begins like a mobile phone goes too.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from viewer.chat import Person, Side
from viewer.i18n import _


class Kind(Enum):
    """What can be replaced."""

    PHONES = "phones"
    EMAILS = "emails"
    CARDS = "cards"
    NAMES = "names"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Redaction:
    """What to replace: kinds, and words of the user's own. Pictures are left out unless they are asked for."""

    kinds: frozenset[Kind] = frozenset({Kind.PHONES, Kind.EMAILS, Kind.CARDS, Kind.NAMES})
    words: tuple[str, ...] = ()
    pictures: bool = False


@dataclass(frozen=True, slots=True)
class Replaced:
    """One value that was found, what stands in its place, and how often."""

    kind: Kind
    value: str
    pseudonym: str
    count: int


_GAP = r"[ \u00a0().\-\u2010-\u2014]"
_EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,5}")
_CARD = re.compile(r"(?<![\w-])[0-9](?:[ \u00a0-]?[0-9]){12,18}(?![\w-])")
_PHONE = re.compile(
    rf"(?<![\w.])\+[0-9](?:{_GAP}{{0,3}}[0-9]){{8,14}}(?![0-9])"  # international
    rf"|(?<![\w.,/-])[78]{_GAP}{{0,2}}[3489][0-9]{{2}}(?:{_GAP}{{0,2}}[0-9]){{7}}(?![0-9])"  # Russian, in full
    rf"|(?<![\w.,/-])\(?9[0-9]{{2}}\)?{_GAP}[0-9]{{3}}{_GAP}[0-9]{{2}}{_GAP}?[0-9]{{2}}(?![0-9])"  # no first digit
)
_ALONE, _ENDED = r"(?<![^\W\d_])", r"(?![^\W\d_])"  # no letter beside it
_NOT_DIGIT = re.compile(r"[^0-9]")
# A Russian name is found in its cases too: the word without its last vowel, with one of these.
_CASES = "(?:а|я|ы|и|у|ю|е|о|ой|ей|ою|ею|ом|ем|ём|ым|им|ого|его|ому|ему|ова|ову|овой|овым|ове|ь|й|ью|ии|ия|ию|ией|ем)?"
_FLEETING = re.compile(r"(?<=[а-яё])е(?=[лцк]$)")  # Павел, Павла
# Names that are words too: found only where they are written with a capital letter.
_ORDINARY = frozenset({"вера", "надежда", "любовь", "роман", "лев", "слава", "роза", "лилия", "мир", "май", "клим"})
_LETTER = re.compile(r"[^\W\d_]")


class Redactor:
    """Replaces in any text what one redaction names; knows the people of one conversation."""

    def __init__(self, redaction: Redaction, people: Iterable[Person] = ()) -> None:
        self._redaction = redaction
        self._pseudonyms: dict[tuple[Kind, str], str] = {}
        self._seen: dict[tuple[Kind, str], str] = {}
        self._counts: Counter[tuple[Kind, str]] = Counter()
        self._numbers: Counter[str] = Counter()
        self._people = {person.id: self._called(person) for person in people} if Kind.NAMES in redaction.kinds else {}
        self._names = self._name_patterns(people if Kind.NAMES in redaction.kinds else ())
        self._words = _word_pattern(redaction.words) if Kind.WORDS in redaction.kinds or redaction.words else None

    def replaced(self) -> list[Replaced]:
        """What has been replaced so far, in the order in which it was met first."""
        return [Replaced(key[0], value, self._pseudonyms[key], self._counts[key]) for key, value in self._seen.items()]

    def person(self, person: Person) -> str:
        """The name under which a person goes on."""
        return self._people.get(person.id) or self.text(person.name)

    def text(self, text: str) -> str:
        """A text without what is to be replaced."""
        kinds = self._redaction.kinds
        if self._words is not None:
            text = self._words.sub(lambda found: self._put(Kind.WORDS, found[0].casefold(), found[0]), text)
        if Kind.EMAILS in kinds and "@" in text:
            text = _EMAIL.sub(lambda found: self._put(Kind.EMAILS, found[0].casefold(), found[0]), text)
        if Kind.CARDS in kinds:
            text = _CARD.sub(self._card, text)
        if Kind.PHONES in kinds:
            text = _PHONE.sub(self._phone, text)
        for pattern, pseudonym, key in self._names:
            text = pattern.sub(self._name(pseudonym, key), text)
        return text

    # --- single finds ---------------------------------------------------------------------------------------------

    def _card(self, found: re.Match[str]) -> str:
        digits = _NOT_DIGIT.sub("", found[0])
        return self._put(Kind.CARDS, digits, found[0]) if _is_card(digits) else found[0]

    def _phone(self, found: re.Match[str]) -> str:
        digits = _NOT_DIGIT.sub("", found[0])
        if len(digits) == 11 and digits[0] == "8":
            digits = "7" + digits[1:]
        elif len(digits) == 10:
            digits = "7" + digits
        return self._put(Kind.PHONES, digits, found[0])

    def _name(self, pseudonym: str, key: str) -> Callable[[re.Match[str]], str]:
        def put(found: re.Match[str]) -> str:
            self._note(Kind.NAMES, key, found[0], pseudonym)
            return pseudonym

        return put

    def _put(self, kind: Kind, key: str, value: str) -> str:
        known = self._pseudonyms.get((kind, key))
        if known is None:
            label = _LABELS[kind]()
            self._numbers[label] += 1
            known = f"[{label} {self._numbers[label]}]"
        self._note(kind, key, value, known)
        return known

    def _note(self, kind: Kind, key: str, value: str, pseudonym: str) -> None:
        self._pseudonyms[kind, key] = pseudonym
        self._seen.setdefault((kind, key), value)
        self._counts[kind, key] += 1

    # --- names ----------------------------------------------------------------------------------------------------

    def _called(self, person: Person) -> str:
        labels = {Side.CLIENT: _("Client"), Side.OPERATOR: _("Operator"), Side.BOT: _("Bot")}
        label = labels.get(person.side, "")
        if not label or not person.name:
            return person.name
        self._numbers[label] += 1
        return f"{label} {self._numbers[label]}"

    def _name_patterns(self, people: Iterable[Person]) -> list[tuple[re.Pattern[str], str, str]]:
        """Whole names first, then their parts; a part that several people share stands for the first of them."""
        whole: list[tuple[re.Pattern[str], str, str]] = []
        parts: dict[str, tuple[re.Pattern[str], str, str]] = {}
        for person in people:
            words = [word for word in re.split(r"[\s,]+", person.name) if _LETTER.match(word)]
            if person.side is Side.SYSTEM or not words:
                continue
            called, key = self._people[person.id], person.name
            gaps = r"\s+".join(map(_in_cases, words))
            whole.append((re.compile(rf"{_ALONE}{gaps}{_ENDED}", re.IGNORECASE), called, key))
            if len(words) > 1:
                turned = r"\s+".join(map(_in_cases, reversed(words)))
                whole.append((re.compile(rf"{_ALONE}{turned}{_ENDED}", re.IGNORECASE), called, key))
            for word in words:
                if len(word) > 2 and word[0].isupper():
                    any_case = re.IGNORECASE if _is_plainly_a_name(word) else re.NOFLAG
                    parts.setdefault(word, (re.compile(rf"{_ALONE}{_in_cases(word)}{_ENDED}", any_case), called, key))
        return [*whole, *parts.values()]


_LABELS = {
    Kind.PHONES: lambda: _("phone"),
    Kind.EMAILS: lambda: _("e-mail"),
    Kind.CARDS: lambda: _("bank card"),
    Kind.NAMES: lambda: _("name"),
    Kind.WORDS: lambda: _("hidden"),
}


def _in_cases(word: str) -> str:
    """A pattern for a word of a name, with the endings of Russian cases where it is Cyrillic."""
    if not re.fullmatch(r"[А-Яа-яЁё-]{3,}", word):
        return re.escape(word)
    stem = re.sub(r"[аяоеёйьиы]{1,2}$", "", word) if len(word) > 3 else word
    spelled = _FLEETING.sub("е?", re.escape(stem if len(stem) > 1 else word))
    return re.sub("[её]", "[её]", spelled) + _CASES


def _is_plainly_a_name(word: str) -> bool:
    """Whether a word in small letters is still a name: Cyrillic and no ordinary word; "green" and "mark" are not."""
    return bool(re.fullmatch(r"[А-Яа-яЁё-]{3,}", word)) and word.casefold() not in _ORDINARY


def _word_pattern(words: Iterable[str]) -> re.Pattern[str] | None:
    listed = sorted({word.strip() for word in words if word.strip()}, key=len, reverse=True)
    if not listed:
        return None
    return re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in listed), re.IGNORECASE)


def _is_card(digits: str) -> bool:
    """The check digit of a payment card (Luhn)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0 and len(set(digits)) > 1
