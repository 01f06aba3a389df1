"""Who issued a certificate, and until when it is good: for the diagnostics.

Python tells this only of certificates that OpenSSL itself has checked, so neither of one that is not trusted nor, on
Windows and macOS, of any. The few fields needed stand at fixed places (RFC 5280 §4.1), so they are read here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

_SEQUENCE, _SET, _VERSION, _UTC_TIME, _OID = 0x30, 0x31, 0xA0, 0x17, 0x06
_NAMES = (b"\x55\x04\x0a", b"\x55\x04\x03", b"\x55\x04\x0b")  # organisation, common name, unit: the first that is there
_BMP = 0x1E  # text in UTF-16


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate. `issuer` is empty when nobody is named; `self_signed` when it vouches for itself."""

    issuer: str
    since: datetime
    until: datetime
    self_signed: bool


def read_certificate(data: bytes) -> Certificate:
    """The certificate in DER. Raises ValueError for anything else."""
    try:
        fields = [part for part in _parts(_inside(_inside(data))) if part[0] != _VERSION]
        issuer, validity, subject = (fields[number][1] for number in (2, 3, 4))
        since, until = (_moment(*part) for part in _parts(validity))
    except (IndexError, ValueError) as error:
        raise ValueError("not a certificate") from error
    return Certificate(_name(issuer), since, until, issuer == subject)


def _inside(data: bytes) -> bytes:
    """What stands in the first element."""
    return next(_parts(data), (0, b""))[1]


def _parts(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Tag and content of each element, one after the other (X.690 §8.1)."""
    at = 0
    while at < len(data):
        tag, length = data[at], data[at + 1]
        at += 2
        if length & 0x80:
            count = length & 0x7F
            length = int.from_bytes(data[at : at + count], "big")
            at += count
        if at + length > len(data):
            raise ValueError("cut short")
        yield tag, data[at : at + length]
        at += length


def _moment(tag: int, text: bytes) -> datetime:
    shape = "%y%m%d%H%M%SZ" if tag == _UTC_TIME else "%Y%m%d%H%M%SZ"
    return datetime.strptime(text.decode("ascii"), shape).replace(tzinfo=UTC)


def _name(content: bytes) -> str:
    found: dict[bytes, str] = {}
    for tag, group in _parts(content):
        for _tag, pair in _parts(group) if tag == _SET else ():
            (kind, oid), (form, text) = list(_parts(pair))[:2]
            if kind == _OID:
                found[oid] = text.decode("utf-16-be" if form == _BMP else "utf-8", "replace")
    return next((found[oid] for oid in _NAMES if found.get(oid)), "")
