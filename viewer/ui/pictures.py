"""Bytes to pictures, at the size they are shown; used on worker threads (`design.md` §5)."""

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageIOHandler, QImageReader

from viewer.errors import ViewerError
from viewer.i18n import _

LARGEST = 50_000_000  # pixels; a 60,000 x 60,000 JPEG passes Qt's own limit
_SMALLEST = 128  # pixels of the shorter side; what is smaller needs no level of its own


class PictureError(ViewerError):
    """Bytes that are no picture, or one that is too large to show."""


def decoded(data: bytes, size: QSize) -> QImage:
    """The picture, scaled to cover `size` device pixels and never enlarged.

    Raises PictureError when the bytes are no picture that can be shown.
    """
    reader, _buffer = _reader(data)
    own = reader.size()
    if own.isValid() and size.isValid() and not size.isEmpty():
        turned = reader.transformation().value & QImageIOHandler.Transformation.TransformationRotate90.value
        fitted = own.scaled(size.transposed() if turned else size, Qt.AspectRatioMode.KeepAspectRatioByExpanding)
        if fitted.width() < own.width():
            reader.setScaledSize(fitted)
    return _read(reader)


def levels(data: bytes) -> list[QImage]:
    """The whole picture, then the same at a half, a quarter … of its size: whatever the zoom, one of them is near.

    Raises PictureError when the bytes are no picture that can be shown.
    """
    reader, _buffer = _reader(data)
    whole = _read(reader)
    kind = QImage.Format.Format_ARGB32_Premultiplied if whole.hasAlphaChannel() else QImage.Format.Format_RGB32
    made = [whole.convertToFormat(kind)]
    while min(made[-1].width(), made[-1].height()) > 2 * _SMALLEST:
        half = made[-1].size() / 2
        made.append(
            made[-1].scaled(half, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
        )
    return made


def _reader(data: bytes) -> tuple[QImageReader, QBuffer]:
    """A reader of a picture of a bearable size, and what it reads from, which has to live as long."""
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    own = reader.size()
    if own.isValid() and own.width() * own.height() > LARGEST:
        raise PictureError(
            _("The picture is too large to show."),
            _("It measures {width} × {height} pixels.").format(width=own.width(), height=own.height()),
            _("Save it and open it in another program."),
        )
    return reader, buffer


def _read(reader: QImageReader) -> QImage:
    image = reader.read()
    if image.isNull():
        raise PictureError(
            _("The picture cannot be shown."),
            _("Its bytes are no picture of a kind this program reads."),
            _("Save the file and open it in another program."),
        )
    return image
