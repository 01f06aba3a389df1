"""The bytes of the demo's files: drawn pictures, small but real documents, a sounding voice note."""

import io
import math
import struct
import wave
import zipfile
from functools import lru_cache

from viewer.demo.drawing import SCENES
from viewer.demo.world import FileRecord


@lru_cache(maxsize=64)
def content(file: FileRecord) -> bytes:
    """What a download of the file gives."""
    if file.type == "image":
        return SCENES.get(file.scene, SCENES["parcel"])(file.width or 640, file.height or 480).png()
    makers = {"wav": _sound, "pdf": _pdf, "docx": _docx, "xlsx": _xlsx, "csv": _csv, "mp4": _video}
    return makers.get(file.extension, _text)(file)


def _text(file: FileRecord) -> bytes:
    return f"{file.name}\nЗерно и Ко\n".encode()


def _csv(file: FileRecord) -> bytes:
    return f"\ufefftrack;state\nSTR-2026-{file.id:06};handed_over\n".encode()


def _sound(file: FileRecord) -> bytes:
    """Two seconds of a quiet melody."""
    rate, tones = 8000, (392.0, 440.0, 523.25, 440.0)
    samples = bytearray()
    for number in range(2 * rate):
        tone = tones[number * len(tones) // (2 * rate)] * (1 + file.id % 3 / 8)
        samples += struct.pack(
            "<h", round(9000 * math.sin(2 * math.pi * tone * number / rate) * (1 - number / (2 * rate)))
        )
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(bytes(samples))
    return out.getvalue()


def _video(_file: FileRecord) -> bytes:
    """The first box of an MP4: enough to be known by its first bytes."""
    return struct.pack(">I4s4sI4s4s", 24, b"ftyp", b"isom", 512, b"isom", b"mp42") + bytes(64)


def _pdf(file: FileRecord) -> bytes:
    """A page that says which file it is."""
    words = f"BT /F1 18 Tf 72 760 Td (Zerno i Ko, file {file.id}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(words), words),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]  # fmt: skip
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
_FORMAT = "application/vnd.openxmlformats-officedocument"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def _package(part: str, kind: str, body: str, more: dict[str, str] | None = None) -> bytes:
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    defaults = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    defaults += '<Default Extension="xml" ContentType="application/xml"/>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_TYPES}">{defaults}<Override PartName="/{part}" ContentType="{kind}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_LINKS}"><Relationship Id="r1" Type="{_OFFICE}" Target="{part}"/></Relationships>',
        part: body,
        **(more or {}),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 3, 14, 12, 0, 0)), head + text)
    return out.getvalue()


def _docx(file: FileRecord) -> bytes:
    text = f"<w:p><w:r><w:t>{file.name}</w:t></w:r></w:p>"
    body = f'<w:document xmlns:w="{_WORD}"><w:body>{text}</w:body></w:document>'
    return _package("word/document.xml", f"{_FORMAT}.wordprocessingml.document.main+xml", body)


def _xlsx(file: FileRecord) -> bytes:
    cells = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{file.name}</t></is></c></row>'
    sheet = f'<worksheet xmlns="{_SHEET}"><sheetData>{cells}</sheetData></worksheet>'
    linked = _OFFICE.replace("officeDocument", "worksheet", 2).replace("/worksheet/2006", "/officeDocument/2006")
    body = f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE.rpartition("/")[0]}"><sheets><sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>'
    links = f'<Relationships xmlns="{_LINKS}"><Relationship Id="r1" Type="{linked}" Target="worksheets/sheet1.xml"/></Relationships>'
    more = {"xl/worksheets/sheet1.xml": sheet, "xl/_rels/workbook.xml.rels": links}
    return _package("xl/workbook.xml", f"{_FORMAT}.spreadsheetml.sheet.main+xml", body, more)
