"""The window as a screen reader meets it: started on a bus of its own, and its tree told as JSON.

    dbus-run-session -- python tests/at_spi.py REFERENCE

A program and not a fixture, since the window must be another process than who asks.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

ROOT = "/org/a11y/atspi/accessible/root"
ACCESSIBLE, ACTION = "org.a11y.atspi.Accessible", "org.a11y.atspi.Action"
PATIENCE = 60.0  # seconds for the window to show its dialogue
Place = tuple[str, str]  # on the bus, and within it


class Tree:
    """The accessibility bus."""

    def __init__(self) -> None:
        from jeepney import DBusAddress, new_method_call
        from jeepney.io.blocking import open_dbus_connection

        session = open_dbus_connection("SESSION")
        asked = new_method_call(DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus"), "GetAddress")
        self._bus = open_dbus_connection(session.send_and_get_reply(asked, timeout=20).body[0])

    def ask(self, place: Place, interface: str, method: str, form: str = "", *values: Any) -> Any:
        """The answer of one object."""
        from jeepney import DBusAddress, MessageType, new_method_call

        call = new_method_call(DBusAddress(place[1], place[0], interface), method, form or None, values)
        answer = self._bus.send_and_get_reply(call, timeout=20)
        if answer.header.message_type is MessageType.error:
            raise LookupError(str(answer.body))
        return answer.body[0]

    def name(self, place: Place) -> str:
        """What an object is called."""
        told = self.ask(place, "org.freedesktop.DBus.Properties", "Get", "ss", ACCESSIBLE, "Name")
        return str(told[1])

    def role(self, place: Place) -> str:
        """What an object is."""
        return str(self.ask(place, ACCESSIBLE, "GetRoleName"))

    def children(self, place: Place) -> list[Place]:
        """What stands in an object."""
        return [(bus, path) for bus, path in self.ask(place, ACCESSIBLE, "GetChildren")]

    def below(self, place: Place) -> Iterator[Place]:
        """An object and all below it, but not the rows of a list."""
        yield place
        if self.role(place) != "list":
            for child in self.children(place):
                yield from self.below(child)


def told(tree: Tree, place: Place) -> dict[str, Any]:
    """An object and its children, with what can be done with them."""
    found: dict[str, Any] = {"role": tree.role(place), "name": tree.name(place)}
    if found["role"] in ("link", "push button", "button"):
        found["actions"] = [action[0] for action in tree.ask(place, ACTION, "GetActions")]
    return {**found, "children": [told(tree, child) for child in tree.children(place)]}


def read(tree: Tree) -> dict[str, Any] | None:
    """The rows of the transcript, and whether the first button of its lines could be pressed; None before it is there.

    The tree may change while it is walked.
    """
    try:
        for place in tree.below(("org.a11y.atspi.Registry", ROOT)):
            if tree.role(place) == "list" and tree.name(place) == "Conversation" and len(tree.children(place)) > 1:
                rows = told(tree, place)["children"]
                links = [link for row in tree.children(place) for link in tree.children(row)]
                fold = next(link for link in links if tree.name(link) == "Show or hide these lines")
                return {"rows": rows, "pressed": tree.ask(fold, ACTION, "DoAction", "i", 0)}
    except (LookupError, StopIteration):
        pass
    return None


def main(reference: str) -> None:
    """Print what a screen reader meets."""
    variables = {**os.environ, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1", "LC_ALL": "C.UTF-8", "TZ": "Etc/GMT-3"}
    command = [sys.executable, "-m", "viewer", "--demo", "open", reference]
    deadline = time.monotonic() + PATIENCE
    with subprocess.Popen(command, env=variables) as window:
        try:
            tree = Tree()
            while (found := read(tree)) is None:
                if time.monotonic() > deadline or window.poll() is not None:
                    raise SystemExit("the transcript did not come")
                time.sleep(0.2)
            print(json.dumps(found))
        finally:
            window.terminate()


if __name__ == "__main__":
    main(sys.argv[1])
