"""The two downloads of Linux, a Debian package and an archive, made of the bundle's folder without asking anyone."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import textwrap
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import linux
import product

HOME = f"/usr/lib/{product.COMMAND}"
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
RECOMMENDED = ("gnome-keyring | kwalletmanager", "fonts-noto-color-emoji", "hicolor-icon-theme", "shared-mime-info",
               "desktop-file-utils")  # fmt: skip
PICTURES = (16, 24, 32, 48, 64, 128, 256, 512)
# Of the C library and its like: on every system that a Debian package can be installed on.
_ALWAYS = re.compile(r"(ld-linux.*|libc|libm|libdl|libpthread|librt|libutil|libresolv|libnsl|libanl)\.so\..*")
_BASICS = {
    "libstdc++.so.6": "libstdc++6",
    "libgcc_s.so.1": "libgcc-s1",
    "libbrotlicommon.so.1": "libbrotli1",
    "libxcb.so.1": "libxcb1",
    "libxcb-render.so.0": "libxcb-render0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libpng16.so.16": "libpng16-16",
    "libexpat.so.1": "libexpat1",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}


def is_program(file: Path) -> bool:
    """Whether a file is a program or a library."""
    with file.open("rb") as stream:
        return stream.read(4) == b"\x7fELF"


def programs(folder: Path) -> list[Path]:
    """The programs and libraries of a bundle, each once."""
    files = (file for file in folder.rglob("*") if file.is_file() and not file.is_symlink())
    return sorted(file for file in files if is_program(file))


def asked(file: Path) -> set[str]:
    """The libraries that a program names."""
    told = subprocess.run(["objdump", "-p", file], capture_output=True, encoding="utf-8", check=True).stdout
    return set(re.findall(r"^\s*NEEDED\s+(\S+)$", told, re.MULTILINE))


def needed(folder: Path) -> set[str]:
    """The libraries that a bundle expects of the system."""
    carried = {file.name for file in folder.rglob("*")}
    wanted = {name for file in programs(folder) for name in asked(file)} - carried
    return {name for name in wanted if not _ALWAYS.fullmatch(name)}


def packages(sonames: set[str]) -> list[str]:
    """Debian's packages of these libraries. Raises KeyError for one that nobody has thought of."""
    known = {soname: names[0] for soname, names in linux.PACKAGES.items()} | _BASICS
    return sorted({known[soname] for soname in sonames})


def oldest_libc(folder: Path) -> str:
    """The oldest C library that a bundle runs with: the highest of the versions that its files name."""
    found: set[tuple[int, ...]] = set()
    for file in programs(folder):
        told = subprocess.run(["objdump", "-T", file], capture_output=True, encoding="utf-8", check=False).stdout
        found |= {tuple(map(int, number.split("."))) for number in re.findall(r"GLIBC_(\d+\.\d+)", told)}
    return ".".join(map(str, max(found)))


def gather_system_licences(folder: Path) -> list[str]:
    """Put the licence of every library that came from the build machine's own packages beside the others."""
    target = folder / "_internal" / "licences" / "system"
    taken = []
    for file in sorted((folder / "_internal").glob("lib*.so*")):
        owner = "" if file.is_symlink() or "libpython" in file.name else _owner(file.name)
        text = Path("/usr/share/doc", owner, "copyright") if owner else None
        if text is not None and text.is_file():
            target.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(text, target / f"{owner}.txt")
            taken.append(owner)
    return taken


def _owner(soname: str) -> str:
    """The package that a library of the build machine belongs to, or ""."""
    if not shutil.which("dpkg-query"):
        return ""
    told = subprocess.run(
        ["dpkg-query", "-S", f"*/{soname}"], capture_output=True, encoding="utf-8", check=False
    ).stdout
    return told.partition(":")[0].partition(",")[0].strip()


def share(target: Path, made: Path, command: str = product.COMMAND) -> None:
    """The menu entry, the icons and the kind of file, as a desktop looks for them below `share/`."""
    icons = target / "icons" / "hicolor"
    for size in PICTURES:
        _copy(made / f"{size}.png", icons / f"{size}x{size}" / "apps" / f"{product.IDENTIFIER}.png")
    _copy(made / "app.svg", icons / "scalable" / "apps" / f"{product.IDENTIFIER}.svg")
    _write(target / "applications" / f"{product.IDENTIFIER}.desktop", product.desktop_entry(command))
    _write(target / "mime" / "packages" / f"{product.IDENTIFIER}.xml", product.mime_types())


def describe(target: Path, epoch: str) -> None:
    """What the software centres show, below `share/` too; `epoch` is the build's time in seconds since 1970."""
    day = datetime.fromtimestamp(int(epoch), UTC).date()
    text = product.metainfo(day, os.environ.get("OPENLINES_PICTURES", ""))
    _write(target / "metainfo" / f"{product.IDENTIFIER}.metainfo.xml", text)


def _copy(source: Path, goal: Path) -> None:
    goal.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, goal)


def _write(goal: Path, text: str) -> None:
    goal.parent.mkdir(parents=True, exist_ok=True)
    goal.write_text(text, encoding="utf-8")


def control(depends: list[str], kilobytes: int, libc: str, architecture: str) -> str:
    """The head of the Debian package."""
    return "\n".join(
        (
            f"Package: {product.COMMAND}",
            f"Version: {product.version()}",
            f"Architecture: {architecture}",
            "Section: utils",
            "Priority: optional",
            f"Maintainer: {product.PUBLISHER} <noreply@localhost>",
            f"Installed-Size: {kilobytes}",
            f"Depends: {', '.join([f'libc6 (>= {libc})', 'ca-certificates', *depends])}",
            f"Recommends: {', '.join(RECOMMENDED)}",
            f"Description: {product.SUMMARY['en']}",
            *_folded(product.DESCRIPTION["en"]),
            "",
        )
    )


def _folded(paragraphs: Iterable[str]) -> Iterator[str]:
    """The lines of a long description, as Debian wants them."""
    for number, paragraph in enumerate(paragraphs):
        if number:
            yield " ."
        yield from textwrap.wrap(paragraph, 79, initial_indent=" ", subsequent_indent=" ")


def package(bundle: Path, made: Path, out: Path, epoch: str) -> Path:
    """Build the .deb; its path."""
    architecture = ARCHITECTURES.get(os.uname().machine, os.uname().machine)
    root = made.parent / "deb"
    shutil.rmtree(root, ignore_errors=True)
    home = root / HOME.lstrip("/")
    home.parent.mkdir(parents=True)
    shutil.copytree(bundle, home, symlinks=True)
    (root / "usr/bin").mkdir()
    (root / "usr/bin" / product.COMMAND).symlink_to(f"../lib/{product.COMMAND}/{product.COMMAND}")
    share(root / "usr/share", made)
    describe(root / "usr/share", epoch)
    _copy(bundle / "_internal/licences/NOTICES.txt", root / "usr/share/doc" / product.COMMAND / "copyright")
    weight = sum(file.lstat().st_size for file in root.rglob("*") if file.is_file())
    head = control(packages(needed(bundle)), weight // 1024, oldest_libc(bundle), architecture)
    _write(root / "DEBIAN/control", head)
    _settle(root, epoch)
    file = out / f"{product.COMMAND}_{product.version()}_{architecture}.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Zxz", "--build", root, file], check=True,
                   stdout=subprocess.DEVNULL, env={**os.environ, "SOURCE_DATE_EPOCH": epoch})  # fmt: skip
    return file


def _settle(root: Path, epoch: str) -> None:
    """Plain modes and one time, whatever the build machine's; only programs and libraries can be run."""
    for file in [*root.rglob("*"), root]:
        if not file.is_symlink():
            file.chmod(0o755 if file.is_dir() or is_program(file) else 0o644)
        os.utime(file, (int(epoch), int(epoch)), follow_symlinks=False)


def tarball(bundle: Path, made: Path, out: Path, epoch: str) -> Path:
    """Pack the folder, with what a desktop needs in `share/`, into an archive; its path."""
    name = f"{product.COMMAND}-{product.version()}-linux-{os.uname().machine}"
    root = made.parent / name
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(bundle, root, symlinks=True)
    share(root / "share", made)
    describe(root / "share", epoch)
    _settle(root, epoch)
    file = out / f"{name}.tar.xz"
    order = ["--sort=name", f"--mtime=@{epoch}", "--owner=0", "--group=0", "--numeric-owner"]
    packing = subprocess.Popen(["tar", *order, "-C", root.parent, "-c", name], stdout=subprocess.PIPE)
    with file.open("wb") as stream, packing:
        subprocess.run(["xz", "-T2", "-6"], stdin=packing.stdout, stdout=stream, check=True)
    if packing.returncode:
        raise OSError("tar failed")
    shutil.rmtree(root)
    return file
