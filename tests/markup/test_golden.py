"""Every paragraph of every fixture reads as written down."""

import pytest

from tests.markup.golden import Golden, every


@pytest.mark.parametrize("golden", every(), ids=lambda golden: f"{golden.file}: {golden.title}")
def test_fixture(golden: Golden) -> None:
    actual = golden.actual()
    assert actual.tree == golden.tree
    assert actual.plain == golden.plain
    assert actual.rich == golden.rich


def test_titles_are_told_apart() -> None:
    titles = [(golden.file, golden.title) for golden in every()]
    assert len(titles) == len(set(titles)) > 100
