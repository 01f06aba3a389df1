"""What the program imports anywhere, told by its own compiled code.

A package of the program brings no source, but it has the same code: late imports stand in it too. So the check that
nothing is missing is the same from a checkout, while a bundle is built, and within the bundle.
"""

import dis
import pkgutil
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from types import CodeType
from typing import NamedTuple

# Modules of the standard library that one system has and another has not.
_OF_ONE_SYSTEM = frozenset({"_winapi", "fcntl", "grp", "msvcrt", "nt", "posix", "pwd", "resource", "termios", "winreg"})


class Import(NamedTuple):
    """One import statement: what it names, and the module in which it stands. `name` is "" for the module itself."""

    module: str
    name: str
    within: str

    def fails(self) -> str:
        """Why the statement would fail here; "" where it would not."""
        if self.module.partition(".")[0] in _OF_ONE_SYSTEM:
            return ""
        try:
            found = import_module(self.module)
            if self.name and self.name != "*" and not hasattr(found, self.name):
                import_module(f"{self.module}.{self.name}")
        except Exception as error:  # noqa: BLE001 (whatever a module does while it is imported, it cannot be used)
            return f"{type(error).__name__}: {error}"
        return ""


def own(folders: Iterable[str], prefix: str = "viewer.") -> Iterator[tuple[str, CodeType]]:
    """The modules in the folders of a package, those of its packages too, each with its code. None is imported."""
    for info in pkgutil.iter_modules(list(folders), prefix):
        spec = info.module_finder.find_spec(info.name, None)
        code = getattr(spec.loader, "get_code", lambda _name: None)(info.name) if spec is not None else None
        if spec is None or code is None:
            raise ImportError(f"{info.name} has no code", name=info.name)
        yield info.name, code
        yield from own(spec.submodule_search_locations or (), f"{info.name}.")


def imports(modules: Iterable[tuple[str, CodeType]]) -> set[Import]:
    """Every import statement of these modules, wherever in them it stands."""
    return {Import(module, name, within) for within, code in modules for module, name in _statements(code, within)}


def _statements(code: CodeType, within: str) -> Iterator[tuple[str, str]]:
    told: list[object] = []  # what was laid on the stack: last the level and the names of an import
    for step in dis.get_instructions(code):
        if step.opname == "IMPORT_NAME":
            level, names = told[-2:]
            if level:
                raise ImportError(f"{within} names {step.argval} by its place; this program names modules in full")
            yield from ((str(step.argval), name) for name in (names if isinstance(names, tuple) else ("",)))
        if step.opname != "EXTENDED_ARG":  # the first part of a large number that the step after it tells whole
            told.append(step.argval)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _statements(constant, within)


@cache
def everything() -> frozenset[Import]:
    """Every import statement of the whole program."""
    import viewer

    return frozenset(imports(own(viewer.__path__)))
