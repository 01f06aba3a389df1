"""The house keeps its own rules: layers, sizes, annotations, pins, and nothing that names a registry."""

import ast
import os
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import dev
import linux
import pytest
import screens
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from PySide6.QtCore import QObject

from tests.wine import is_wine

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SOURCES = sorted((ROOT / "viewer").rglob("*.py"))
LONGEST_FILE = 400
LONGEST_FUNCTION = 60

Function = ast.FunctionDef | ast.AsyncFunctionDef


def pins() -> dict[str, str]:
    lines = (ROOT / "packaging" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines if line and not line.startswith("#"))


def requirements() -> list[Requirement]:
    """What the project and its tests ask for, without the packages that only the bundles are built with."""
    return [Requirement(line) for line in [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]]


def functions(file: Path) -> Iterator[Function]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, Function):
            yield node


def project_files() -> Iterator[Path]:
    """The files of the checkout that are text, without what git leaves out."""
    folders = [ROOT / name for name in (".ci", ".github", "packaging", "resources", "tests", "viewer")]
    for file in [*ROOT.iterdir(), *(file for folder in folders for file in folder.rglob("*"))]:
        if file.is_file() and "__pycache__" not in file.parts and file.name != "uv.lock":
            yield file


@pytest.mark.skipif(is_wine(), reason="import-linter is not put under Wine")
def test_imports_go_one_way() -> None:
    program = Path(sys.executable).with_name("lint-imports.exe" if sys.platform == "win32" else "lint-imports")
    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_a_file_can_be_read_in_one_sitting(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").count("\n")
    assert lines <= LONGEST_FILE
    long = [f"{each.name}: {length(each)} lines" for each in functions(file) if length(each) > LONGEST_FUNCTION]
    assert long == []


def length(function: Function) -> int:
    return (function.end_lineno or 0) - function.lineno + 1


def test_everything_is_annotated() -> None:
    bare = [
        f"{file.relative_to(ROOT)}:{function.lineno} {function.name}"
        for file in SOURCES
        for function in functions(file)
        if not is_annotated(function)
    ]
    assert bare == []


def is_annotated(function: Function) -> bool:
    arguments = function.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    rest = [each for each in (arguments.vararg, arguments.kwarg) if each]
    told = all(each.annotation or each.arg in ("self", "cls") for each in [*named, *rest])
    return told and function.returns is not None


def test_the_pins_are_exact_and_name_no_address() -> None:
    assert len(pins()) > 40
    assert all(version.replace(".", "").isalnum() for version in pins().values()), "a version and nothing more"


@pytest.mark.parametrize("requirement", requirements(), ids=lambda each: each.name)
def test_the_pins_satisfy_the_ranges(requirement: Requirement) -> None:
    pinned = {canonicalize_name(name): version for name, version in pins().items()}
    assert requirement.specifier.contains(pinned[canonicalize_name(requirement.name)])


@pytest.mark.skipif(is_wine(), reason="the tools of the checks are not put under Wine")
def test_everything_that_gets_installed_is_pinned() -> None:
    waiting = [*filter(is_for_here, requirements()), Requirement("hatchling"), Requirement("editables")]
    seen: set[str] = set()
    while waiting:
        name = canonicalize_name(waiting.pop().name)
        if name not in seen:
            seen.add(name)
            waiting += filter(is_for_here, map(Requirement, metadata.requires(name) or []))
    assert seen - {canonicalize_name(name) for name in pins()} == set()
    assert "shiboken6" in seen


def is_for_here(requirement: Requirement) -> bool:
    """Whether it is installed on this system."""
    return not requirement.marker or requirement.marker.evaluate({"extra": ""})


def test_no_file_names_a_registry() -> None:
    hosts = [".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"),
                                           ("deb", "debian", "org"), ("archive", "ubuntu", "com"))]  # fmt: skip
    files = list(project_files())
    assert ROOT / ".ci" / "run" in files
    contents = {file: file.read_bytes().lower() for file in files}
    assert [f"{file}: {host}" for file, text in contents.items() for host in hosts if host.encode() in text] == []


def test_qt_calls_cost_no_reference_to_none() -> None:
    """PySide6 6.12.0 loses one on every void call, and Python 3.11 aborts when the last is gone."""
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(500):
        thing.setObjectName("thing")
    assert before - sys.getrefcount(None) < 100
    assert thing.objectName() == "thing"


def test_missing_libraries_become_packages() -> None:
    there = {"libEGL.so.1", "libGL.so.1"}
    lacking = linux.missing_libraries(["libEGL.so.1", "libxcb-xkb.so.1", "libX11-xcb.so.1"], there.__contains__)
    assert lacking == ["libxcb-xkb.so.1", "libX11-xcb.so.1"]
    assert linux.debian_packages(lacking) == ["libxcb-xkb1", "libx11-xcb1"]
    tools = ["xvfb", "poppler-utils", "dbus", "gnome-keyring", "at-spi2-core", "default-jdk-headless", "libjaxb-java"]
    assert linux.missing_tools(found=lambda file: "fonts" in file) == tools


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('NAME="Debian GNU/Linux"\nID=debian\n', "debian"),
        ("ID=linuxmint\nID_LIKE='ubuntu debian'\n", "debian"),
        ('ID="rocky"\nID_LIKE="rhel centos fedora"', "fedora"),
        ('ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"', "suse"),
        ("# ID=debian\nID=manjaro\nID_LIKE=arch\n", "arch"),
        ("ID=nixos\n", ""),
        ("", ""),
    ],
)
def test_a_distribution_is_known_by_its_file(text: str, kind: str) -> None:
    assert linux.family(text) == kind


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("debian", "sudo apt-get install -y libegl1 libgl1 xvfb"),
        ("fedora", "sudo dnf install 'libEGL.so.1()(64bit)' 'libGL.so.1()(64bit)'"),
        ("suse", "sudo zypper install 'libEGL.so.1()(64bit)' 'libGL.so.1()(64bit)'"),
        ("arch", "sudo pacman -S --needed libglvnd"),
        ("", "the packages of your distribution that hold libEGL.so.1 libGL.so.1"),
    ],
)
def test_what_to_install_is_said_in_one_line(kind: str, line: str) -> None:
    assert linux.install_line(kind, ["libEGL.so.1", "libGL.so.1"], ["xvfb"]) == line


def test_a_stamp_changes_with_all_that_an_environment_depends_on(tmp_path: Path) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_bytes(b"a\nb\n")
    first = dev.stamp(file, version="3.11.7", pins={})
    file.write_bytes(b"a\r\nb\r\n")
    assert dev.stamp(file, version="3.11.7", pins={}) == first, "line ends are no change"
    assert dev.stamp(file, version="3.12.1", pins={}) != first
    assert dev.stamp(file, version="3.11.7", pins={"shiboken6": "6.9.3"}) != first
    file.write_bytes(b"c\n")
    assert dev.stamp(file, version="3.11.7", pins={}) != first


def test_the_floor_replaces_two_pins() -> None:
    text = "# pins\nhttpx==0.28.1\nPySide6-Essentials==6.11.3\n"
    assert (
        dev.constraints(text, {"pyside6-essentials": "6.9.3"}) == "# pins\nhttpx==0.28.1\npyside6-essentials==6.9.3\n"
    )


def test_tests_see_nothing_of_the_users_session() -> None:
    user = {"OPENLINES_WEBHOOK": "secret", "QT_SCALE_FACTOR": "2", "WAYLAND_DISPLAY": "wayland-0", "PATH": "/bin",
            "LANG": "ru_RU.UTF-8"}  # fmt: skip
    seen = dev.test_variables(user)
    assert (seen["PATH"], seen["LANG"]) == ("/bin", "ru_RU.UTF-8")
    assert not {"OPENLINES_WEBHOOK", "QT_SCALE_FACTOR", "WAYLAND_DISPLAY", "LC_ALL"} & set(seen)


@pytest.mark.parametrize(("worker", "screen"), [("gw0", ":5"), ("gw1", ":7"), ("gw2", ":5"), ("", ":5")])
def test_each_worker_has_a_screen(worker: str, screen: str) -> None:
    assert screens.screen_of(worker, [":5", ":7"]) == screen


def test_help_names_every_command() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "packaging" / "dev.py", "--help"], capture_output=True, encoding="utf-8", check=True
    )
    assert all(f"dev.py {command}" in done.stdout for command in dev.COMMANDS)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has no screen at times")
def test_without_a_screen_the_demo_says_so() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "packaging" / "dev.py", "demo"],
        env={},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "no screen" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_command_is_refused_in_one_sentence() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "packaging" / "dev.py", "dmeo"], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 2
    assert "demo, test, catalogues, bench" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_what_stands_still_is_ended_with_all_that_it_started(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    started = tmp_path / "started"
    script = (
        "import signal, subprocess, sys, pathlib\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "pathlib.Path(sys.argv[1]).write_text(str(child.pid))\n"
        "child.wait()\n"
    )
    assert dev.ended([sys.executable, "-c", "pass"], os.environ, 60)
    assert not dev.ended([sys.executable, "-c", "raise SystemExit(3)"], os.environ, 60)
    assert not dev.ended([sys.executable, "-c", script, str(started)], os.environ, 2)
    assert "did not end within 2 s" in capsys.readouterr().out
    child = Path("/proc", started.read_text(encoding="utf-8"), "stat")
    for _try in range(300):
        if not child.exists() or ") Z " in child.read_text(encoding="utf-8"):  # gone, or only its name is left
            break
        time.sleep(0.01)
    else:
        pytest.fail("the child lives on")
