"""Settings: one table, a plain file, and no harm from a damaged one."""

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from viewer.settings import Account, KeptFilter, Place, Settings, Store, _read

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


def test_an_account_of_an_application_is_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    account = Account("a.example#1-oauth", "a.example", kind="oauth", auth_host="oauth.a.example", authority="/ca.pem")
    store = Store(path)
    store.put(store.value.with_account(account))
    assert Store(path).value.accounts == (account,)


def test_accounts_of_the_first_version_and_damaged_ones_are_webhooks(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    old = {"key": "a.example/1", "host": "a.example", "name": "A", "user_name": "Ann"}
    odd = {"key": "b", "host": "b.example", "name": None, "kind": "future", "authority": 5, "unknown": 1}
    path.write_text(json.dumps({"accounts": [old, odd, {"key": 1, "host": "c"}, None]}), encoding="utf-8")
    assert Store(path).value.accounts == (ANN, Account("b", "b.example"))
    assert ANN.kind == "webhook"


def test_an_unusable_value_is_the_default_and_the_rest_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    wrong = {
        "zoom": 5000,
        "days": "many",
        "zone": ["utc"],
        "norm": 0,
        "motion": "fast",
        "reopen": 1,
        "places": {"account": "a"},
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
            st.lists(deeper)
            | st.dictionaries(
                st.sampled_from([*Settings.__slots__, *KeptFilter.__slots__, *Place.__slots__, "key", "host"]), deeper
            )
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
    blocker.write_text("", encoding="utf-8")
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


def test_filters_are_kept_by_portal_and_name_and_go_with_their_portal(tmp_path: Path) -> None:
    store = Store(tmp_path / "settings.json")
    mine, last, demo = (
        KeptFilter(ANN.key, "mine", {"line": ["22"]}), KeptFilter(ANN.key, "", {"rated": True}),
        KeptFilter("", "demo's", {"rated": True}),
    )  # fmt: skip
    for kept in (KeptFilter(ANN.key, "mine", {}), mine, last, demo, KeptFilter("b.example/1", "mine", {})):
        store.put(store.value.with_filter(kept))
    store.change(order="client")
    again = Store(store.path).value
    assert again.filters_of(ANN.key) == {"mine": mine, "": last}
    assert again.order == "client"
    assert (store.value.filters_of(""), again.filters_of("")) == ({"demo's": demo}, {})
    assert again.without_filter(ANN.key, "mine").filters_of(ANN.key) == {"": last}
    assert list(again.without_account(ANN.key).filters_of("b.example/1")) == ["mine"]
    assert again.without_account(ANN.key).filters_of(ANN.key) == {}


def test_filters_that_are_damaged_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    good = {"account": "a", "name": "n", "wanted": {"x": 1}}
    wrong = [3, {}, good | {"account": ""}, good | {"name": 5}, good | {"wanted": []}]
    path.write_text(json.dumps({"filters": [*wrong, good], "order": ["newest"]}), encoding="utf-8")
    assert Store(path).value == Settings(filters=(KeptFilter("a", "n", {"x": 1}),))


def test_some_things_are_said_once_in_a_run() -> None:
    store = Store(None)
    said = [store.first_time(*what) for what in (("a",), ("a",), ("a", "b"))]
    assert said == [True, False, True]


def test_a_place_is_kept_for_each_portal_and_goes_with_it(tmp_path: Path) -> None:
    store = Store(tmp_path / "settings.json")
    for place in (Place(ANN.key, "321", 5), Place("b.example/1", "chat7"), Place(ANN.key, "343", 9)):
        store.put(store.value.with_place(place))
    again = Store(store.path).value
    assert again.place_of(ANN.key) == Place(ANN.key, "343", 9)
    assert again.place_of("b.example/1") == Place("b.example/1", "chat7", 0)
    assert again.place_of("c.example") is None
    assert again.without_account(ANN.key).places == again.without_place(ANN.key).places == (again.places[0],)


def test_places_that_are_damaged_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    good = {"account": "a", "reference": "321", "message": "many"}
    wrong = [3, {}, good | {"account": ""}, good | {"reference": 321}, good | {"reference": "9" * 1000}]
    path.write_text(json.dumps({"places": [*wrong, good]}), encoding="utf-8")
    assert Store(path).value == Settings(places=(Place("a", "321", 0),))
