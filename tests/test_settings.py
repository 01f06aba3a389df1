"""Settings: one table, a plain file, and no harm from a damaged one."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.disk import locked
from viewer.settings import MOST_FILTERS, Account, KeptExport, KeptFilter, Place, Settings, Store

ANN = Account("a.example/1", "a.example", "A", "Ann")


def test_what_was_changed_is_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "settings.json"
    store = Store(path)
    store.change(language="ru", zoom=120, panes=(300, 800, 320), cache_mb=0)
    store.put(store.value.with_account(ANN))
    assert Store(path).value == Settings(
        language="ru", zoom=120, panes=(300, 800, 320), cache_mb=0, accounts=(ANN,), account=ANN.key
    )
    left = sorted(each.name for each in path.parent.iterdir())
    assert left == ["settings.json", "settings.json.last", "settings.json.lock"]


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
    assert isinstance(Store(path).value, Settings)


def test_a_damaged_file_without_a_copy_means_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(b'{"zoom": 12\xff')
    assert Store(path).value == Settings()


def test_a_disk_that_refuses_is_no_failure(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("", encoding="utf-8")
    store = Store(blocker / "settings.json")
    assert store.change(zoom=150).zoom == 150
    assert store.trouble is not None


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
    assert again.without_account(ANN.key).places == again.without_place(ANN.key).places == (again.places[1],)


def test_places_that_are_damaged_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    good = {"account": "a", "reference": "321", "message": "many"}
    wrong = [3, {}, good | {"account": ""}, good | {"reference": 321}, good | {"reference": "9" * 1000}]
    path.write_text(json.dumps({"places": [*wrong, good]}), encoding="utf-8")
    assert Store(path).value == Settings(places=(Place("a", "321", 0),))


# --- nothing is lost ---

BOB = Account("b.example/1", "b.example", "B", "Bob")


class Holder:
    """Another program that holds files now and then, as Windows lets it: nobody else can read or replace them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.held: set[Path] = set()
        for name in ("read_bytes", "replace"):
            monkeypatch.setattr(Path, name, self._guarded(getattr(Path, name)))

    def _guarded(self, act: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(path: Path, *given: Path) -> Any:
            if self.held & {path, *given}:
                raise PermissionError(13, "held by another program")
            return act(path, *given)

        return guarded


@pytest.fixture
def holder(monkeypatch: pytest.MonkeyPatch) -> Holder:
    return Holder(monkeypatch)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with a portal in it."""
    path = tmp_path / "settings.json"
    store = Store(path)
    store.put(store.value.with_account(ANN))
    return path


def test_what_cannot_be_read_is_not_written_over(path: Path, holder: Holder) -> None:
    path.with_name("settings.json.last").unlink()
    before = path.read_bytes()
    holder.held.add(path)
    store = Store(path, patience=0)
    store.change(theme="dark")
    holder.held.clear()
    assert path.read_bytes() == before
    assert store.change(zoom=150).accounts == (ANN,)
    assert Store(path).value == Settings(theme="dark", zoom=150, accounts=(ANN,), account=ANN.key)


def test_while_the_file_is_held_its_copy_is_used(path: Path, holder: Holder) -> None:
    holder.held.add(path)
    assert Store(path, patience=0).value.accounts == (ANN,)


def test_what_could_not_be_kept_is_told_and_tried_again(path: Path, holder: Holder) -> None:
    store = Store(path, patience=0)
    told: list[bool] = []
    store.on_trouble = lambda trouble: told.append(trouble is not None)
    holder.held.add(path)
    store.put(store.change(theme="dark").with_account(BOB))
    assert store.value.accounts == (ANN, BOB)
    assert (isinstance(store.trouble, PermissionError), told) == (True, [True])
    holder.held.clear()
    store.put(store.value)
    assert (store.trouble, told) == (None, [True, False])
    assert Store(path).value == Settings(theme="dark", accounts=(ANN, BOB), account=BOB.key)


def test_a_file_that_is_held_for_a_moment_is_waited_for(path: Path, holder: Holder) -> None:
    store = Store(path, patience=60)
    holder.held.add(path)
    with patched(time, "sleep", lambda _seconds: holder.held.clear()):
        store.change(theme="dark")
    assert store.trouble is None
    assert Store(path).value.theme == "dark"


def test_while_another_changes_it_a_change_waits_in_memory(path: Path) -> None:
    store = Store(path, patience=0)
    with locked(path.with_name("settings.json.lock"), 0) as held:
        assert held
        store.change(theme="dark")
        assert isinstance(store.trouble, TimeoutError)
        assert json.loads(path.read_bytes()).get("theme") != "dark"
    store.change(zoom=150)
    assert Store(path).value == Settings(theme="dark", zoom=150, accounts=(ANN,), account=ANN.key)


def test_two_programs_keep_what_both_add(path: Path) -> None:
    one, other = Store(path), Store(path)
    other.put(other.value.with_account(BOB).with_export(KeptExport("office", {"a": 1})))
    one.put(replace(one.value, theme="dark").with_filter(KeptFilter(ANN.key, "mine", {"x": [1]})))
    after = Store(path).value
    assert (after.accounts, after.account, after.theme) == ((ANN, BOB), BOB.key, "dark")
    assert (len(after.exports), list(after.filters_of(ANN.key))) == (1, ["mine"])
    assert one.value == other.value == after


def test_what_one_program_removes_the_other_does_not_bring_back(path: Path) -> None:
    one, other = Store(path), Store(path)
    other.put(other.value.with_account(BOB).with_place(Place(BOB.key, "321")))
    one.put(one.value.with_filter(KeptFilter(BOB.key, "", {})))
    other.put(other.value.without_account(BOB.key))
    one.change(zoom=150)
    assert Store(path).value == Settings(zoom=150, accounts=(ANN,), account=ANN.key)


def test_a_portal_that_another_program_removed_can_be_connected_again(path: Path) -> None:
    one, other = Store(path), Store(path)
    other.put(other.value.without_account(ANN.key))
    one.put(one.value.with_account(ANN))
    assert Store(path).value.accounts == (ANN,)


def test_what_two_programs_change_of_one_entry_is_merged_by_field(path: Path) -> None:
    one, other = Store(path, patience=0), Store(path)
    with locked(path.with_name("settings.json.lock"), 0):
        one.change(accounts=(replace(ANN, user_name="Anna"),))
    other.change(accounts=(replace(ANN, authority="/ca.pem"),))
    one.change(zoom=150)
    assert Store(path).value.accounts == (replace(ANN, user_name="Anna", authority="/ca.pem"),)


def test_what_a_newer_version_wrote_stays(path: Path) -> None:
    held = json.loads(path.read_bytes())
    newer = {**asdict(ANN), "colour": "red", "kind": "sso"}
    held |= {"voice": "loud", "look": "tiles", "accounts": [newer, {"odd": 1}]}
    path.write_text(json.dumps(held), encoding="utf-8")
    store = Store(path)
    store.put(replace(store.value, accounts=(replace(ANN, user_name="Anna"),)).with_account(BOB))
    after = json.loads(path.read_bytes())
    assert (after["voice"], after["look"]) == ("loud", "tiles")
    assert after["accounts"][:2] == [newer | {"user_name": "Anna"}, {"odd": 1}]


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe", b"[1, 2]", b'{"zoom": 1', b"[" * 100_000, None])
def test_the_last_good_copy_is_used_and_what_is_damaged_is_set_aside(path: Path, damage: bytes | None) -> None:
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(damage)
    store = Store(path)
    assert store.value.accounts == (ANN,)
    store.change(theme="dark")
    assert Store(path).value == Settings(theme="dark", accounts=(ANN,), account=ANN.key)
    aside = path.with_name("settings.json.damaged")
    assert (aside.read_bytes() if aside.exists() else None) == damage


def test_what_was_set_aside_before_stays(path: Path) -> None:
    for damage in (b"one", b"two"):
        path.write_bytes(damage)
        Store(path).change(zoom=100 + len(damage) + damage[0])
    kept = [path.with_name(f"settings.json.{tail}").read_bytes() for tail in ("damaged", "damaged-2")]
    assert kept == [b"one", b"two"]


def test_a_removed_portal_stands_in_no_copy(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])
    store = Store(path)
    store.put(store.value.with_account(BOB))
    assert ANN.host in path.with_name("settings.json.damaged").read_text(encoding="utf-8")
    store.forget_account(ANN.key)
    assert store.value.accounts == (BOB,)
    kept = {each.name: each.read_text(encoding="utf-8") for each in path.parent.glob("settings.json*")}
    assert set(kept) == {"settings.json", "settings.json.last", "settings.json.lock"}
    assert not [name for name, told in kept.items() if ANN.host in told]


def test_a_portal_beyond_the_most_that_are_read_is_there(path: Path) -> None:
    store = Store(path)
    store.change(filters=tuple(KeptFilter(ANN.key, str(number), {}) for number in range(MOST_FILTERS)))
    store.put(store.value.with_filter(KeptFilter(ANN.key, "newest", {})))
    assert "newest" in store.value.filters_of(ANN.key)
    assert len(json.loads(path.read_bytes())["filters"]) == MOST_FILTERS + 1


@pytest.mark.skipif(sys.platform == "win32", reason="names are text there")
def test_a_folder_whose_name_is_no_text_is_kept(tmp_path: Path) -> None:
    Store(tmp_path / "settings.json").change(export_folder="/x/\udcff")
    assert Store(tmp_path / "settings.json").value.export_folder == "/x/\udcff"


WRITES = 5_000

# One of two programs: changes the settings WRITES times, and looks each time whether the file itself has it. Its own
# number goes into a value, an entry of each collection, and an entry that comes and goes.
WRITER = """
import json, os, sys
from dataclasses import replace
from pathlib import Path
from viewer.settings import Account, KeptFilter, Place, Store

path, mine, writes = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
held = path.with_name("held")
os.fsync = lambda _file: None  # no power is cut here
read, moved = Path.read_bytes, Path.replace

if sys.platform != "win32":  # where no program can shut out the others
    def guarded(act):
        def guard(place, *given):
            if path in (place, *given) and held.exists():
                raise PermissionError(13, "held by another program")
            return act(place, *given)
        return guard

    Path.read_bytes, Path.replace = guarded(read), guarded(moved)

def look():
    while True:
        try:
            return json.loads(read(path))
        except PermissionError:
            pass

store, lost, waited = Store(path, patience=0.02), 0, 0
field = {"one": "days", "two": "norm"}[mine]
for number in range(1, writes + 1):
    value = replace(store.value, **{field: 1 + number % 1000})
    account = Account(f"{mine}/{number % 3}", "a.example", name=str(number))
    value = value.with_account(account).with_place(Place(mine, str(number), number))
    value = value.without_filter(mine, str(number - 1)).with_filter(KeptFilter(mine, str(number), {}))
    store.put(value)
    if store.trouble is not None:
        waited += 1
        continue
    told = look()
    names = [each["name"] for each in told["accounts"] if each["key"].startswith(mine)]
    filters = [each["name"] for each in told["filters"] if each["account"] == mine]
    places = [each["message"] for each in told["places"] if each["account"] == mine]
    wanted = [str(each) for each in range(max(1, number - 2), number + 1)]
    good = told[field] == 1 + number % 1000 and sorted(names, key=int) == wanted
    lost += not (good and filters == [str(number)] and places == [number])
while store.trouble is not None:
    store.put(store.value)
print(lost, waited)
"""


@pytest.mark.timeout(900)  # half a minute; Wine takes a quarter of an hour
def test_ten_thousand_writes_by_two_programs_with_the_file_held_in_between_lose_nothing(tmp_path: Path) -> None:
    """A third program holds the file again and again, longer than the two are patient."""
    path = tmp_path / "settings.json"
    first = Store(path)
    first.put(first.value.with_account(ANN))
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), mine, str(WRITES)],
            stdout=subprocess.PIPE, encoding="utf-8", cwd=Path(__file__).parents[1],
        )
        for mine in ("one", "two")
    ]  # fmt: skip
    holds = 0
    with exclusive(path) as (hold, let_go):
        while any(program.poll() is None for program in programs):
            hold()
            wait_for_one(programs, 0.05)
            let_go()
            wait_for_one(programs, 0.2)
            holds += 1
    told = [program.communicate()[0].split() for program in programs]
    assert [program.returncode for program in programs] == [0, 0]
    assert [lost for lost, _waited in told] == ["0", "0"]
    assert holds > 1
    assert sum(int(waited) for _lost, waited in told) > 0, "the file was never held for longer than they are patient"
    after = Store(path).value
    assert (after.days, after.norm) == (1 + WRITES % 1000, 1 + WRITES % 1000)
    assert {each.key: each.name for each in after.accounts} == {
        ANN.key: ANN.name,
        **{f"{mine}/{n % 3}": str(n) for mine in ("one", "two") for n in range(WRITES - 2, WRITES + 1)},
    }
    assert {(each.account, each.name) for each in after.filters} == {("one", str(WRITES)), ("two", str(WRITES))}
    assert {(each.account, each.message) for each in after.places} == {("one", WRITES), ("two", WRITES)}


@contextmanager
def exclusive(path: Path) -> Iterator[tuple[Callable[[], object], Callable[[], object]]]:
    """How to hold a file so that nobody else can open it, and how to let go."""
    if sys.platform != "win32":
        held = path.with_name("held")
        yield held.touch, lambda: held.unlink(missing_ok=True)
        held.unlink(missing_ok=True)
        return
    import ctypes
    from ctypes import wintypes

    kernel, none = ctypes.windll.kernel32, wintypes.HANDLE(-1).value
    kernel.CreateFileW.restype = wintypes.HANDLE
    kernel.CreateFileW.argtypes = [
        wintypes.LPCWSTR, wintypes.DWORD, wintypes.DWORD, ctypes.c_void_p, wintypes.DWORD, wintypes.DWORD,
        wintypes.HANDLE,
    ]  # fmt: skip
    kernel.CloseHandle.argtypes = [wintypes.HANDLE]
    handles: list[int] = []

    def hold() -> None:
        while (handle := kernel.CreateFileW(str(path), 0x80000000, 0, None, 3, 0x80, None)) == none:
            pass  # one of the two is at it
        handles.append(handle)

    def let_go() -> None:
        while handles:
            kernel.CloseHandle(handles.pop())

    yield hold, let_go
    let_go()


def wait_for_one(programs: list["subprocess.Popen[str]"], seconds: float) -> None:
    with suppress(subprocess.TimeoutExpired):
        next((each for each in programs if each.poll() is None), programs[0]).wait(seconds)


@contextmanager
def patched(owner: object, name: str, value: object) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, name, value)
        yield
