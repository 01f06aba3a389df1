"""What the list remembers: filters of the last run and those that have a name, by portal; the order and the look."""

from typing import TYPE_CHECKING

from viewer.chat import Filter
from viewer.library.sources import Source
from viewer.settings import KeptFilter, Store

if TYPE_CHECKING:
    from viewer.bitrix import SourceNote

LONGEST_NAME = 40


class FilterMemory:
    """The filters of one portal in the settings. Of the demo portal nothing is written: its key there is empty."""

    def __init__(self, store: Store, source: Source | None) -> None:
        self.store = store
        self._portal = source.key if source else ""
        self._account = "" if source is None or source.demo else source.key

    @property
    def last(self) -> Filter:
        """What was chosen last."""
        kept = self.store.value.filters_of(self._account).get("")
        return Filter.of_plain(kept.wanted) if kept else Filter()

    def keep_last(self, wanted: Filter) -> None:
        """Remember what is chosen. Typed text is left out: it is mostly a client's name, and soon out of date."""
        told = {name: value for name, value in wanted.plain().items() if name != "text"}
        if told:
            self.store.put(self.store.value.with_filter(KeptFilter(self._account, "", told)))
        else:
            self.store.put(self.store.value.without_filter(self._account, ""))

    @property
    def named(self) -> dict[str, Filter]:
        """The filters that have a name, in the order of the names."""
        kept = self.store.value.filters_of(self._account)
        return {name: Filter.of_plain(kept[name].wanted) for name in sorted(kept, key=str.casefold) if name}

    def save(self, name: str, wanted: Filter) -> None:
        """Keep a filter under a name; another one of that name gives way."""
        if name := " ".join(name.split())[:LONGEST_NAME]:
            self.store.put(self.store.value.with_filter(KeptFilter(self._account, name, wanted.plain())))

    def forget(self, name: str) -> None:
        """Forget the filter of this name."""
        self.store.put(self.store.value.without_filter(self._account, name))

    @property
    def order(self) -> str:
        """The order of the list."""
        return self.store.value.order

    def keep_order(self, order: str) -> None:
        """Remember the order."""
        self.store.change(order=order)

    @property
    def look(self) -> str:
        """How rows look."""
        return self.store.value.look

    def keep_look(self, look: str) -> None:
        """Remember how rows look."""
        self.store.change(look=look)

    def is_news(self, note: "SourceNote", about: str = "") -> bool:
        """Whether a note has not been shown in this run: once for each portal, source and (`about`) CRM record."""
        return self.store.first_time("note", self._portal, about, *(source.name for source in note.sources))
