"""Portals, proxies and strangers on real loopback sockets, with certificates made for the test."""

import ipaddress
import json
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.bitrix.scripted import Clock
from tests.wine import need_own_authority
from viewer.bitrix import Pace, Portal, Webhook

CODE = "demodemodemodemo"  # what the demo portal takes
NOW = datetime.now(UTC)
DAY = timedelta(days=1)


# --- certificates -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Issued:
    """A certificate and its key. `file` holds the certificate alone, `chain` both."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    file: Path
    chain: Path


def issue(
    folder: Path,
    name: str,
    *,
    by: Issued | None = None,
    host: str = "127.0.0.1",
    authority: bool = False,
    since: datetime = NOW - DAY,
    until: datetime = NOW + 90 * DAY,
) -> Issued:
    """A certificate for `host`, signed `by` an authority or by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, name)])
    try:
        place: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        place = x509.DNSName(host)
    issuer_key = (by.key if by else key).public_key()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([place]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)
        .sign(by.key if by else key, hashes.SHA256())
    )
    file, chain = folder / f"{name}.pem", folder / f"{name}-chain.pem"
    shown = certificate.public_bytes(serialization.Encoding.PEM)
    file.write_bytes(shown)
    hidden = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    chain.write_bytes(shown + hidden)
    return Issued(certificate, key, file, chain)


# --- a server that answers as a test says --------------------------------------------------------------------------


@dataclass(frozen=True)
class Request:
    """What came in."""

    line: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return self.line.split(" ")[1]

    @property
    def method(self) -> str:
        """The REST method."""
        return self.path.partition("?")[0].rsplit("/", 1)[-1]


@dataclass(frozen=True)
class Reply:
    """What goes out. `length` is the Content-Length that is told; less than the body, or more, is a lie."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    length: int | None = None

    @property
    def bytes(self) -> bytes:
        """As it goes over the wire; the connection closes after it."""
        told = {**self.headers, "Content-Length": str(len(self.body) if self.length is None else self.length)}
        head = "".join(f"{name}: {value}\r\n" for name, value in {**told, "Connection": "close"}.items())
        return f"HTTP/1.1 {self.status} Said\r\n{head}\r\n".encode() + self.body


Answering = Callable[[Request], Reply]


def good(result: object) -> Reply:
    """A success of the portal."""
    return Reply(json.dumps({"result": result}).encode())


class Loopback(socketserver.ThreadingTCPServer):
    """A server on a free port of this computer. What it was asked stands in `asked`, all bytes in `heard`."""

    daemon_threads = True
    block_on_close = True

    def __init__(self, answering: Answering, certificate: Issued | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.answering = answering
        self.asked: list[Request] = []
        self.heard = b""
        self.visits = 0
        self.context: ssl.SSLContext | None = None
        if certificate is not None:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate.chain)

    @property
    def place(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.server_address[1]}"

    @property
    def root(self) -> str:
        return f"{'https' if self.context else 'http'}://{self.place}"

    @property
    def webhook(self) -> Webhook:
        return Webhook.parse(f"{self.root}/rest/17/{CODE}/")

    def portal(self, authority: Path | None = None, **options: Any) -> Portal:
        """The real client before this server; its pauses take no time."""
        if authority is not None:
            need_own_authority()
        clock = Clock()
        return Portal(
            self.webhook, authority=authority, pace=Pace(clock=clock, wait=clock.wait), chance=lambda: 0.5, **options
        )

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up, as it should over a bad certificate, is no news."""


class _Talk(socketserver.StreamRequestHandler):
    server: Loopback
    timeout = 20

    def handle(self) -> None:
        self.server.visits += 1
        if self.server.context is None:
            self._talk(self.rfile, self.wfile)
            return
        with self.server.context.wrap_socket(self.request, server_side=True) as secured:
            with secured.makefile("rb") as stream, secured.makefile("wb") as talk:
                self._talk(stream, talk)
            with suppress(OSError):
                secured.unwrap()  # a proper end, so that a lack of bytes is the portal's doing and not the wire's

    def _talk(self, stream: Any, talk: Any) -> None:
        request = self._read(stream)
        if request is not None:
            self.server.asked.append(request)
            talk.write(self.server.answering(request).bytes)
            talk.flush()

    def _read(self, stream: Any) -> Request | None:
        line = stream.read(1)
        if line == b"\x16":  # TLS, where none is spoken
            return Request("GET / HTTP/1.1", {}, b"")
        line += stream.readline(65536) if line else b""
        self.server.heard += line
        if not line:
            return None
        headers = {}
        while (header := stream.readline(65536)).strip():
            self.server.heard += header
            name, _colon, value = header.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        body = stream.read(int(headers.get("content-length", "0")))
        self.server.heard += body
        return Request(line.decode("latin-1").strip(), headers, body)


@contextmanager
def tunnel() -> Iterator[tuple[str, list[bytes]]]:
    """An HTTP proxy that lets everything through: its place, and the first lines that it was asked with."""
    asked: list[bytes] = []

    class Through(socketserver.StreamRequestHandler):
        timeout = 20

        def handle(self) -> None:
            asked.append(self.rfile.readline().strip())
            while self.rfile.readline().strip():
                pass
            host, _colon, port = asked[-1].split()[1].decode().partition(":")
            with socket.create_connection((host, int(port)), 20) as there:
                self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
                back = threading.Thread(target=_pour, args=(there, self.request))
                back.start()
                _pour(self.request, there)
                back.join()

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Through) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_address[1]}", asked
        finally:
            server.shutdown()
            thread.join()


def _pour(source: socket.socket, goal: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            goal.sendall(data)
        goal.shutdown(socket.SHUT_WR)


@contextmanager
def listening(answering: Answering, certificate: Issued | None = None) -> Iterator[Loopback]:
    """A server for the length of a `with`."""
    with Loopback(answering, certificate) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
