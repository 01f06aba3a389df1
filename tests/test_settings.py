"""Settings: one table, a plain file, and no harm from a damaged one."""

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from viewer.settings import Account, Settings, Store, _read

ANN = Account("a.example/1", "a.example", "A", "Ann")


def test_what_was_changed_is_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "settings.json"
    store = Store(path)
    store.change(language="ru", zoom=120, panes=(300, 800, 320), cache_mb=0)
    store.put(store.value.with_account(ANN))
    assert Store(path).value == Settings(
        language="ru", zoom=120, panes=(300, 800, 320), cache_mb=0, accounts=(ANN,), account=ANN.key
    )
    assert [each.name for each in path.parent.iterdir()] == ["settings.json"]


def test_an_unusable_value_is_the_default_and_the_rest_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    wrong = {
        "zoom": 5000,
        "days": "many",
        "cache_mb": -1,
        "theme": "dark",
        "accounts": [{"key": "x"}, 3],
        "unknown": 1,
        "panes": [1, "a"],
    }
    path.write_text(json.dumps(wrong), encoding="utf-8")
    assert Store(path).value == Settings(theme="dark")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda deeper: (
            st.lists(deeper) | st.dictionaries(st.sampled_from([*Settings.__slots__, "key", "host"]), deeper)
        ),
    )
)
def test_any_json_is_read_without_a_fault(tmp_path_factory: object, value: object) -> None:
    path = tmp_path_factory.mktemp("any") / "settings.json"  # type: ignore[attr-defined]
    path.write_text(json.dumps(value), encoding="utf-8")
    assert isinstance(_read(path), Settings)


def test_a_damaged_file_means_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(b'{"zoom": 12\xff')
    assert Store(path).value == Settings()


def test_a_disk_that_refuses_is_no_failure(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("")
    store = Store(blocker / "settings.json")
    assert store.change(zoom=150).zoom == 150


def test_the_demo_portal_stores_nothing(home: Path) -> None:
    Store(None).change(zoom=150)
    assert list(home.iterdir()) == []


def test_accounts_come_and_go() -> None:
    other = Account("b.example/1", "b.example")
    two = Settings().with_account(ANN).with_account(other)
    assert (two.account, len(two.accounts)) == (other.key, 2)
    assert two.without_account(other.key).account == ANN.key
    assert Settings().with_account(ANN).without_account(ANN.key) == Settings()
