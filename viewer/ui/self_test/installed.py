"""What an installation finds: its own files, every module, pictures, zones, and what the system offers.

Each check returns in a few words what it found, or raises.
"""

import base64
import ssl
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QLibraryInfo, QTranslator
from PySide6.QtGui import QColor, QIcon, QImage, QImageReader, QImageWriter

from viewer import i18n, modules, resources
from viewer.ui.application import application
from viewer.ui.self_test.blank import is_blank
from viewer.vault import best_vault

PICTURES = ("gif", "ico", "jpeg", "png", "svg", "webp")  # that Qt must be able to draw
_BUNDLES = (  # where the certificates of a Linux system may stand, as truststore looks for them
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/ssl/cert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/cert.pem",
    "/etc/ssl/ca-bundle.pem",
)
_GIF = base64.b64decode("R0lGODlhAQABAIAAAAUEBAAAACwAAAAAAQABAAACAkQBADs=")  # one pixel: Qt writes none


def files() -> str:
    """Every part of the resources is there."""
    counts = {
        part: sum(1 for _file in resources.path(part).iterdir()) for part in ("icons", "themes", "templates", "fonts")
    }
    empty = [part for part, count in counts.items() if not count]
    if empty:
        raise LookupError(f"nothing in {', '.join(empty)}")
    return f"{sum(counts.values())} files"


def languages() -> str:
    """The catalogues are there, and Qt's own words."""
    before = i18n.language()
    try:
        i18n.use("ru")
        if i18n._("Participants") == "Participants":
            raise LookupError("the Russian catalogue is empty")
    finally:
        i18n.use(before)
    words = QTranslator()
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if not words.load("qtbase_ru", folder):
        raise LookupError("Qt's own Russian words are missing")
    return f"{', '.join(i18n.LANGUAGES)}, and Qt's own words in Russian"


def imports() -> str:
    """Every module that the program imports anywhere is there, those of late imports too."""
    asked = modules.everything()
    failing = sorted({f"{each.module} ({why})" for each in asked if (why := each.fails())})
    if failing:
        raise LookupError(f"missing: {', '.join(failing)}")
    return f"{len({each.module for each in asked})} modules"


def printed_pictures() -> str:
    """Pictures of every kind are made smaller for paper."""
    from viewer.export.pictures import for_print

    drawn = QImage(60, 40, QImage.Format.Format_RGB32)
    drawn.fill(QColor("teal"))
    given = {"gif": _GIF, **{kind: _encoded(drawn, kind) for kind in ("jpeg", "png", "webp")}}
    failing = [kind for kind, content in given.items() if for_print(content, 12, 8) is None]
    if failing:
        raise LookupError(f"no {', '.join(failing)} can be printed")
    return ", ".join(given)


def _encoded(picture: QImage, kind: str) -> bytes:
    into = QBuffer()
    into.open(QIODevice.OpenModeFlag.WriteOnly)
    if not QImageWriter(into, QByteArray(kind.encode())).write(picture):
        raise LookupError(f"Qt writes no {kind}")
    return bytes(into.data().data())


def zones() -> str:
    """The table of time zones is there."""
    before = i18n.zone()
    try:
        i18n.use_zone("Europe/Moscow")
        told = i18n.here(datetime(2026, 7, 1, 12, tzinfo=UTC))
    finally:
        i18n.use_zone(before)
    if told.hour != 15:
        raise LookupError(f"Moscow is not three hours before Greenwich, but {told.utcoffset()}")
    return "Europe/Moscow"


def pictures() -> str:
    """Qt draws every kind of picture."""
    application()
    known = {bytes(each.data()).decode() for each in QImageReader.supportedImageFormats()}
    missing = [kind for kind in PICTURES if kind not in known]
    if missing:
        raise LookupError(f"Qt cannot draw {', '.join(missing)}")
    if is_blank(QIcon(str(resources.path("icons", "app.svg"))).pixmap(64, 64).toImage()):
        raise LookupError("the icon is empty")
    return ", ".join(PICTURES)


def licences() -> str:
    """A packaged program carries the licences of its parts; from Python each part has its own."""
    if not getattr(sys, "frozen", False):
        return "from Python, each part brings its own"
    folder = Path(getattr(sys, "_MEIPASS", "")) / "licences"
    parts = [each for each in folder.iterdir() if each.is_dir()]
    if not (folder / "NOTICES.txt").is_file() or not any(folder.glob("pyside6*/LGPL-3.0.txt")):
        raise LookupError("the licence of Qt is missing")
    return f"{len(parts)} parts"


# --- what the system offers --------------------------------------------------------------------------------------


def trust() -> str:
    """The context that every connection is made with, and how many authorities the system trusts."""
    from viewer.bitrix.transport import trust

    context = trust()
    if context.verify_mode is not ssl.CERT_REQUIRED or not context.check_hostname:
        raise RuntimeError("certificates would not be checked")
    if sys.platform in ("win32", "darwin"):
        return "the system itself judges certificates"
    count = _authorities()
    if not count:
        raise LookupError("the system trusts nobody: its certificates (package ca-certificates) are missing")
    return f"{count} authorities of the system"


def _authorities() -> int:
    """How many authorities a Linux system trusts: in the file or folder that OpenSSL names, else where others look."""
    paths = ssl.get_default_verify_paths()
    for file in filter(None, (paths.cafile, *_BUNDLES)):
        if Path(file).is_file():
            return Path(file).read_bytes().count(b"-----BEGIN CERTIFICATE-----")
    return sum(1 for _file in Path(paths.capath).iterdir()) if paths.capath else 0


def keyring() -> str:
    """Whether secrets are kept between starts: one is written, read and deleted where there is a keyring."""
    vault = best_vault()
    if vault.status != "system":
        return f"session, secrets are kept until the program ends: {vault.problem or 'no keyring'}"
    account, secret = "self-test", uuid.uuid4().hex
    try:
        vault.save(account, secret)
        if vault.status != "system":
            return f"session, secrets are kept until the program ends: {vault.problem}"
        if vault.load(account) != secret:
            raise LookupError("the keyring gave back something else")
    finally:
        vault.delete(account)
    return f"system, {vault!r}"
