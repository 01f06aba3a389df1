"""The hosts in pasted addresses, and where a secret may travel (`design.md` §4)."""

import ipaddress
import re

_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*\.?")
_USUAL = {"https": "443", "http": "80"}


def host_of(scheme: str, place: str) -> str:
    """The host in lower case, with its port if that is an unusual one; "" for what cannot be a host."""
    name, port = place, ""
    if found := re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[^:]*)(?::(\d{1,5}))?", place):
        name, port = found[1].lower().rstrip("."), found[2] or ""
    if scheme not in _USUAL or not (name.startswith("[") or _HOST.fullmatch(name)):
        return ""
    return f"{name}:{int(port)}" if port and port != _USUAL[scheme] else name


def secure(scheme: str, host: str) -> bool:
    """Whether secrets may travel there: by https anywhere, by http only within this computer."""
    return scheme == "https" or _loopback(host)


def same_host(one: str, other: str) -> bool:
    """Whether two hosts are one, also when only one of them is written in the letters of its country."""
    return _plain(one) == _plain(other)


def _plain(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return host


def _loopback(host: str) -> bool:
    name = re.sub(r":\d+$", "", host) if not host.endswith("]") else host
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False
