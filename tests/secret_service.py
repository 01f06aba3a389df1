"""A real Secret Service for a test: GNOME Keyring on a bus of its own, with an empty home; nothing of the user's."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

PROGRAMS = ("dbus-daemon", "gnome-keyring-daemon")
NAME = "org.freedesktop.secrets"
_PATIENCE = 30.0  # seconds for a program to start
_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type><listen>unix:path={folder}/bus</listen><auth>EXTERNAL</auth>
  <policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
</busconfig>
"""


@dataclass(frozen=True)
class SecretService:
    """A running Secret Service; `backend` is the keyring over it."""

    backend: Any

    def lock(self) -> None:
        """Lock its collection; nobody is there who could be asked for the password."""
        import secretstorage

        connection = secretstorage.dbus_init()
        try:
            secretstorage.get_default_collection(connection).lock()
        finally:
            connection.close()


@contextmanager
def secret_service() -> Iterator[SecretService]:
    """Start one, or skip the test where its programs are missing."""
    if sys.platform != "linux":
        pytest.skip("the Secret Service is Linux's")
    missing = [program for program in PROGRAMS if not shutil.which(program)]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="secrets-"))  # short: it holds sockets
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "LC_ALL")}
        homes = ("HOME", "XDG_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")
        address = f"unix:path={folder}/bus"
        variables = {**kept, **dict.fromkeys(homes, folder), "DBUS_SESSION_BUS_ADDRESS": address}
        config = Path(folder, "bus.conf")
        config.write_text(_BUS.format(folder=folder), encoding="utf-8")
        bus = _started(stack, ["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address=1"], variables)
        assert bus.stdout is not None
        assert bus.stdout.readline(), "the bus did not start"
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        with _owner_expected():
            daemon = ["gnome-keyring-daemon", "--unlock", "--components=secrets", "--foreground"]
            service = _started(stack, [*daemon, f"--control-directory={folder}/control"], variables)
            assert service.stdin is not None
            service.stdin.write(b"the password of the test")
            service.stdin.close()
        from keyring.backends.SecretService import Keyring

        yield SecretService(Keyring())  # type: ignore[no-untyped-call]


def _started(stack: ExitStack, command: list[str], variables: dict[str, str]) -> subprocess.Popen[bytes]:
    program = subprocess.Popen(
        command, env=variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    stack.enter_context(program)  # closes its pipes and waits for its end
    stack.callback(program.terminate)
    return program


@contextmanager
def _owner_expected() -> Iterator[None]:
    """Wait at the end until somebody on the bus calls himself the Secret Service."""
    from jeepney import MatchRule, message_bus  # type: ignore[import-untyped]
    from jeepney.io.blocking import Proxy, open_dbus_connection  # type: ignore[import-untyped]

    changed = MatchRule(type="signal", sender="org.freedesktop.DBus", interface="org.freedesktop.DBus",
                        member="NameOwnerChanged", path="/org/freedesktop/DBus")  # fmt: skip
    changed.add_arg_condition(0, NAME)
    with open_dbus_connection() as connection:
        Proxy(message_bus, connection).AddMatch(changed)
        with connection.filter(changed) as came:
            yield
            connection.recv_until_filtered(came, timeout=_PATIENCE)
