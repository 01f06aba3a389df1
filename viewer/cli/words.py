"""The words of the command line before they are parsed: which command they name, and which one they leave out."""

from collections.abc import Sequence

COMMANDS = ("open", "list", "export", "verify", "self-test")


def words_of(argv: Sequence[str]) -> list[str]:
    """The arguments, with `open` before a file, a link or a reference that stands where a command is expected.

    A desktop that drops files on the program's icon names them and nothing else.
    """
    words = list(argv)
    place = _first_word(words)
    if words[place:] and words[place] not in COMMANDS:
        from viewer.library.named import looks_named

        if looks_named(words[place]):
            words.insert(place, "open")
    return words


def opens_window(words: list[str]) -> bool:
    """Whether the arguments are about the window; the other commands run where nobody could close a box."""
    return words[_first_word(words) :][:1] not in ([command] for command in COMMANDS if command != "open")


def _first_word(words: list[str]) -> int:
    """Where the command stands, or what stands in its place; the number of words where there is none."""
    place = 0
    while place < len(words) and words[place].startswith("-"):
        place += 2 if words[place] == "--account" else 1
    return min(place, len(words))
