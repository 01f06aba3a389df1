"""Bytes to pictures, at the size they are shown; used on worker threads (`design.md` §5)."""

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from viewer.errors import ViewerError
from viewer.i18n import _

LARGEST = 50_000_000  # pixels; a 60,000 x 60,000 JPEG passes Qt's own limit


def decoded(data: bytes, size: QSize) -> QImage:
    """The picture, scaled to cover `size` device pixels and never enlarged.

    Raises ViewerError when the bytes are no picture that can be shown.
    """
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    own = reader.size()
    if own.isValid() and own.width() * own.height() > LARGEST:
        raise ViewerError(
            _("The picture is too large to show."),
            _("It measures {width} × {height} pixels.").format(width=own.width(), height=own.height()),
            _("Save it and open it in another program."),
        )
    if own.isValid() and size.isValid() and not size.isEmpty():
        fitted = own.scaled(size, Qt.AspectRatioMode.KeepAspectRatioByExpanding)
        if fitted.width() < own.width():
            reader.setScaledSize(fitted)
    image = reader.read()
    if image.isNull():
        raise ViewerError(
            _("The picture cannot be shown."),
            _("Its bytes are no picture of a kind this program reads."),
            _("Save the file and open it in another program."),
        )
    return image
