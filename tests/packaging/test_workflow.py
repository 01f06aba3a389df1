"""The workflow of the three systems keeps what its README promises."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / ".github" / "workflows" / "build.yml").read_text(encoding="utf-8")


def test_every_action_is_pinned_by_its_digest() -> None:
    used = re.findall(r"uses: (\S+)(.*)", TEXT)
    assert len(used) >= 6
    for action, told in used:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", action)
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", told), "the version that the digest stands for"


def test_it_may_do_nothing_but_what_a_job_asks_for() -> None:
    assert "\npermissions: {}\n" in TEXT
    assert TEXT.count("contents: read") == 2
    assert "contents: write" not in TEXT


def test_each_system_builds_tries_and_installs() -> None:
    for system in ("ubuntu-22.04", "windows-2025", "macos-15,", "macos-15-intel"):
        assert system.rstrip(",") in TEXT
    steps = re.findall(r"build\.py (\w+)", TEXT)
    assert steps == ["libraries", "bundle", "trial", "package", "installed", "sums"]


def test_secrets_reach_only_the_steps_that_sign() -> None:
    for line in TEXT.splitlines():
        if "secrets." in line:
            assert re.match(r" {10}[A-Z_]+: \$\{\{ secrets\.[A-Z_]+ \}\}", line), line
    assert not re.search(r"run: .*secrets\.", TEXT)
