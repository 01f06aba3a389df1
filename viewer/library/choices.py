"""What the user chose for an export, kept as a preset, for "as last time", and in the journal of a run."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from enum import Enum
from typing import Any

from viewer.export import FORMATS
from viewer.export.options import MARGINS, PAPERS, PLACES, SIZES, Options
from viewer.export.personal import Kind, Redaction
from viewer.i18n import N_
from viewer.library.naming import DEFAULT, TemplateError, check_template

LARGEST = 2000  # megabytes that one file may have at most
_MOST_WORDS, _LONGEST = 1000, 200


class Clash(Enum):
    """What to do where a file stands already."""

    ASK = "ask"
    BOTH = "both"
    REPLACE = "replace"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Choices:
    """How dialogues are exported. `kinds` and `words` are replaced where any are named."""

    formats: tuple[str, ...] = ("pdf",)
    options: Options = field(default_factory=Options)
    internal: bool = True
    pictures: bool = True
    kinds: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    redacted: bool = False
    evidence: bool = False
    template: str = DEFAULT
    clash: Clash = Clash.ASK

    @property
    def redaction(self) -> Redaction | None:
        """What is to be replaced, None when nothing is."""
        if not self.redacted or not (self.kinds or self.words):
            return None
        return Redaction(frozenset(Kind(name) for name in self.kinds), self.words)

    def plain(self) -> dict[str, Any]:
        """The choices as JSON can hold them."""
        told = {each.name: getattr(self, each.name) for each in fields(self)}
        lists = {name: list(told[name]) for name in ("formats", "kinds", "words")}
        return {**told, **lists, "options": asdict(self.options), "clash": self.clash.value}

    @classmethod
    def of_plain(cls, told: Mapping[str, Any]) -> "Choices":
        """The choices that `plain` told; what is damaged is as it comes at first."""
        formats = tuple(name for name in _strings(told.get("formats")) if name in FORMATS)
        kinds = tuple(kind.value for kind in Kind if kind.value in _strings(told.get("kinds")))
        flags = {
            name: told[name]
            for name in ("internal", "pictures", "redacted", "evidence")
            if isinstance(told.get(name), bool)
        }
        made = cls(
            formats=formats or cls().formats,
            options=_options(told.get("options")),
            kinds=kinds,
            words=_strings(told.get("words")),
            template=_template(told.get("template")),
            clash=next((each for each in Clash if each.value == told.get("clash")), Clash.ASK),
        )
        return replace(made, **flags)


ALL_KINDS = tuple(kind.value for kind in Kind if kind is not Kind.WORDS)

PRESETS: dict[str, Choices] = {
    N_("For the client"): Choices(
        internal=False,
        options=Options(files="beside", ruler=False, system=False, numbered=False),
    ),
    N_("Archive with evidence"): Choices(formats=("pdf", "json"), options=Options(files="embedded"), evidence=True),
    N_("Everything"): Choices(formats=tuple(FORMATS), options=Options(files="beside")),
}


def _strings(value: object) -> tuple[str, ...]:
    listed = value if isinstance(value, list | tuple) else []
    return tuple(each for each in listed if isinstance(each, str) and 0 < len(each) <= _LONGEST)[:_MOST_WORDS]


def _template(value: object) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST:
        return DEFAULT
    try:
        check_template(value)
    except TemplateError:
        return DEFAULT
    return value


def _options(value: object) -> Options:
    told = value if isinstance(value, dict) else {}
    allowed = {"paper": PAPERS, "margins": MARGINS, "size": SIZES, "files": PLACES}
    found: dict[str, Any] = {name: told[name] for name, known in allowed.items() if told.get(name) in known}
    flags = ("archival", "numbered", "ruler", "system", "votes")
    found |= {name: told[name] for name in flags if isinstance(told.get(name), bool)}
    largest = told.get("largest")
    if isinstance(largest, int) and not isinstance(largest, bool) and 1 <= largest <= LARGEST:
        found["largest"] = largest
    return Options(**found)
