"""Addresses: which may be opened, and where a plain text holds one (`bitrix24-api.md` §7.4, `design.md` §5).

The matcher reads a text once from left to right. Each pattern can only begin where its run of characters begins, so a
run that turns out to be nothing is not read again.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from viewer.chat import Reference, ReferenceKind, parse_reference
from viewer.markup.nodes import ChatLink, Link, Node, Nodes, Text

URL_LIMIT = 2048

_STOP = r"\s<>\"«»“”\x00-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffd"
# No possessive group holds an alternation that may fail half-way: CPython 3.11.2 (Debian 12) does not step back there.
_HOST = r"(?>(?:\w+(?:[.-]+\w+)*|\[[0-9a-fA-F:.]{2,45}\])(?::[0-9]{1,5}(?![0-9]))?)"
_LOGIN = r"(?::[^\s/?#@]{0,255})?@"  # https://bank.example@evil.example leads to the second: not linked
_PATH = rf"[/?#](?:[^{_STOP}\[\]]++|\[[^{_STOP}\[\]]*+\])*"  # brackets in pairs, or the address ends
_GAP = r"(?:[ \u00a0-]|(?=\()|(?<=\)))"
# What each pattern begins with is written so that a search skips to it; which of them a text can hold, its signs tell.
_PATTERNS = {
    "://": rf"(?P<url>[hH](?<!\w[hH])[tT][tT][pP][sS]?://{_HOST}(?!{_LOGIN})(?:{_PATH})?)",
    "www.": rf"(?P<www>(?<![\w@./-])www\.{_HOST}(?!{_LOGIN})(?:{_PATH})?)",
    "@": r"(?P<mail>(?<![\w.+/-])[\w.+-]++@\w[\w-]*+(?:\.[\w-]++)+)",
    "+": r"(?P<phone>\+(?<![\w+]\+)[0-9][0-9 ().\u00a0-]{8,24}+)",
    # A Russian number with its long-distance 8: in groups, or a mobile one in a single run.
    "8": (
        rf"(?P<local>(?<![\w.,/+-])(?<![0-9] )8"
        rf"(?:{_GAP}\(?[0-9]{{3}}\)?{_GAP}[0-9]{{3}}{_GAP}[0-9]{{2}}{_GAP}[0-9]{{2}}|9[0-9]{{9}})(?![\w-]|[ ][0-9]))"
    ),
}
_LOCAL = re.compile(r"8(?:[ (\u00a0-]|9[0-9]{9})")  # a look ahead, since an 8 stands in many a text
_OPENABLE = re.compile(r"https?://[^\s/?#]|mailto:[^\s@]+@|tel:[+0-9]", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x20\x7f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp)\Z", re.IGNORECASE)
_SAID = re.compile(
    r"(?P<scheme>https?://)?(?P<www>www\.)?(?P<host>[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,24})(?::[0-9]{1,5})?(?P<path>[/?#]\S*)?",
    re.IGNORECASE,
)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_FILE = re.compile(
    r"pdf|docx?|xlsx?|pptx?|od[tsp]|rtf|txt|csv|zip|rar|jpe?g|png|gif|webp|svg|mp[34]|ogg|wav|avi|mov|exe|msi|apk|dmg"
    r"|html?|xml|json|md|py|js|sh",
    re.IGNORECASE,
)
_TAIL = frozenset(".,;:!?'*…’")
_OPENERS = {")": "(", "}": "{"}
_NOT_DIALLED = re.compile(r"[^0-9+#*]")
_PHONE_DIGITS = range(10, 16)  # E.164 knows no longer number; a shorter one may be anything


@dataclass(frozen=True, slots=True)
class Links:
    """How addresses of one portal become links. `base` is the portal's root, or empty when it is not known."""

    base: str = ""

    def address(self, written: str) -> str:
        """The address to open, or "" when it must not be opened or leads nowhere."""
        if len(written) > URL_LIMIT or _CONTROLS.search(written):
            return ""
        if is_relative(written):
            return self.base + written if self.base else ""
        return written if _OPENABLE.match(written) else ""

    def known(self, written: str) -> bool:
        """Whether an URL tag with this address is understood; others stay as typed."""
        return bool(self.address(written)) or (is_relative(written) and len(written) <= URL_LIMIT)

    def link(self, written: str, children: Nodes) -> Nodes:
        """The nodes for a text that leads to a known address; of a path without a portal both are shown."""
        shown = children or (Text(written),)
        bare = shown == (Text(written),)
        if (chat := self._chat(written)) and not bare and all(isinstance(child, Text) for child in shown):
            text = "".join(child.text for child in shown if isinstance(child, Text))
            return (ChatLink(int(chat.value), chat.kind is ReferenceKind.SESSION, text),)
        if url := self.address(written):
            return (Link(url, shown, bare),)
        return shown if bare else (*shown, Text(f" ({written})"))

    def _chat(self, written: str) -> Reference | None:
        """The session or chat that a link into the portal's messenger names (§11.2)."""
        local = is_relative(written) or (self.base and written.startswith(self.base + "/"))
        found = parse_reference(written) if local and "IM_" in written else None
        return found if found and found.kind is not ReferenceKind.USER_CODE else None


def is_relative(written: str) -> bool:
    """Whether the address is a path from the portal's root; `//host` names another host and is not."""
    return written.startswith("/") and not written.startswith(("//", "/\\")) and not _CONTROLS.search(written)


def is_picture(written: str) -> bool:
    """Whether an address looks like a picture's (§7.4)."""
    try:
        return bool(_PICTURE.search(urlsplit(written).path))
    except ValueError:
        return False


def dialled(number: str) -> str:
    """The `tel:` address of a written phone number, or "" when it holds no digits to dial."""
    kept = _NOT_DIALLED.sub("", number).replace("#", "%23")
    return "tel:" + kept if any(char.isdigit() for char in kept) else ""


def linked(text: str) -> list[Node]:
    """A text as nodes, with what is plainly an address, an e-mail or a phone number linked."""
    if not ("8" in text or "://" in text or "@" in text or "+" in text or "www." in text):
        return [Text(text)]
    signs = tuple([sign for sign in _PATTERNS if sign in text and (sign != "8" or _LOCAL.search(text))])
    if not signs:
        return [Text(text)]
    out: list[Node] = []
    pos = 0
    for found in _matcher(signs).finditer(text):
        shown, url = _READERS[str(found.lastgroup)](found[0])
        if not url or len(url) > URL_LIMIT:
            continue
        if found.start() > pos:
            out.append(Text(text[pos : found.start()]))
        out.append(Link(url, (Text(shown),), bare=True))
        pos = found.start() + len(shown)
    if pos < len(text):
        out.append(Text(text[pos:]))
    return out


def disguise(url: str, shown: str) -> str:
    """The host (or mailbox) that a link truly leads to, where its text names another; else "".

    A text names a host when it is an address or a bare host; `report.pdf` is a file's name and names none.
    """
    said, _, _rest = shown.strip().partition(" ")
    if url.lower().startswith("mailto:"):
        true = url[len("mailto:") :].partition("?")[0]
        return true if _MAIL.fullmatch(said) and said.casefold() != true.casefold() else ""
    found = _SAID.fullmatch(said.rstrip("".join(_TAIL)))
    if not found or not url.lower().startswith("http"):
        return ""
    explicit = found["scheme"] or found["www"] or found["path"]
    if not explicit and _FILE.fullmatch(found["host"].rpartition(".")[2]):
        return ""
    true = _host(url)
    return true if true and _plain_host(found["host"]) != _plain_host(true) else ""


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _plain_host(host: str) -> str:
    """A host to compare: the Cyrillic form and its `xn--` form are one."""
    with suppress(UnicodeError, ValueError):  # Cyrillic already, or no host at all: compared as it is
        host = host.encode("ascii").decode("idna")
    return host.casefold().removeprefix("www.").rstrip(".")


def _url(found: str) -> tuple[str, str]:
    """The address without the punctuation of the sentence around it."""
    surplus = {closer: found.count(closer) - found.count(opener) for closer, opener in _OPENERS.items()}
    end = len(found)
    while end:
        last = found[end - 1]
        if last in _OPENERS and surplus[last] > 0:
            surplus[last] -= 1
        elif last not in _TAIL:
            break
        end -= 1
    return found[:end], found[:end]


def _mail(found: str) -> tuple[str, str]:
    name, _, host = found.partition("@")
    top = host.rpartition(".")[2]
    fits = len(name) <= 64 and len(host) <= 255 and len(top) > 1 and not top.isdigit() and not name.startswith(".")
    return found, f"mailto:{found}" if fits else ""


def _phone(found: str) -> tuple[str, str]:
    found = found.rstrip(" ().-\u00a0")
    digits = sum(char.isdigit() for char in found)
    return found, dialled(found) if digits in _PHONE_DIGITS else ""


def _www(found: str) -> tuple[str, str]:
    shown, _address = _url(found)
    named = shown.count(".") > 1 and not shown.endswith(".")
    return shown, f"http://{shown}" if named else ""


def _local(found: str) -> tuple[str, str]:
    return found, "tel:+7" + dialled(found).removeprefix("tel:8")


_READERS: Mapping[str, Callable[[str], tuple[str, str]]] = {
    "url": _url,
    "www": _www,
    "mail": _mail,
    "phone": _phone,
    "local": _local,
}


@cache
def _matcher(signs: tuple[str, ...]) -> re.Pattern[str]:
    """One expression for the signs that a text holds; made when first needed, since each costs milliseconds."""
    return re.compile("|".join(pattern for sign, pattern in _PATTERNS.items() if sign in signs))
