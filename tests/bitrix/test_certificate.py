"""What is read of a certificate, and what is none."""

import ssl
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.loopback import DAY, NOW, issue
from viewer.bitrix.certificate import read_certificate


def test_issuer_and_days(tmp_path: Path) -> None:
    authority = issue(tmp_path, "Зерно и Ко", authority=True)
    made = issue(tmp_path, "portal", by=authority, since=NOW - 3 * DAY, until=NOW + 3 * DAY)
    found = read_certificate(ssl.PEM_cert_to_DER_cert(made.file.read_text(encoding="utf-8")))
    assert (found.issuer, found.self_signed) == ("Зерно и Ко", False)
    assert abs(found.since - (NOW - 3 * DAY)) <= timedelta(seconds=1)
    assert abs(found.until - (NOW + 3 * DAY)) <= timedelta(seconds=1)
    assert read_certificate(ssl.PEM_cert_to_DER_cert(authority.file.read_text(encoding="utf-8"))).self_signed


@given(st.binary(max_size=200))
def test_what_is_no_certificate(data: bytes) -> None:
    with pytest.raises(ValueError, match="not a certificate"):
        read_certificate(data)


def test_a_certificate_cut_short_or_spoilt(tmp_path: Path) -> None:
    whole = ssl.PEM_cert_to_DER_cert(issue(tmp_path, "portal").file.read_text(encoding="utf-8"))
    for end in range(len(whole)):
        with pytest.raises(ValueError, match="not a certificate"):
            read_certificate(whole[:end])
    for at in range(0, len(whole), 3):
        spoilt = whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]
        try:
            assert isinstance(read_certificate(spoilt).issuer, str)
        except ValueError:
            continue
