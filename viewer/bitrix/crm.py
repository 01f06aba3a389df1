"""The sessions and chats of a CRM record (`bitrix24-api.md` §3.2, §3.4)."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace

from viewer.bitrix import activities, dialogs, errors, sessions
from viewer.bitrix.answers import Answer
from viewer.bitrix.client import BATCH_LIMIT, Portal
from viewer.bitrix.dialogs import client_of, crm_link, parse_dialog
from viewer.bitrix.listing import Pages, Sieve
from viewer.bitrix.names import Names
from viewer.bitrix.pace import Cancel
from viewer.bitrix.reading import items, record, whole
from viewer.bitrix.sources import UNAVAILABLE, OnNote, Source, SourceNote, blind_words, clearest, offer
from viewer.chat import CrmLink, Dialog, Filter, Session
from viewer.i18n import _, ngettext

log = logging.getLogger(__name__)

METHOD = "imopenlines.crm.chat.get"


def by_crm(
    portal: Portal,
    entity_type: str,
    entity_id: int,
    *,
    wanted: Filter | None = None,
    told: OnNote | None = None,
    cancel: Cancel | None = None,
) -> Pages:
    """The sessions of a lead, deal, contact or company in batches, each once: closed ones and open ones.

    Those that its activities name, and the newest session of each chat that is bound to it; where the portal can list
    all sessions, with votes and counts. `told` hears what could not be had. Raises BadRequest for another type, and
    the clearest refusal when neither way is open.
    """
    link = crm_link(entity_type, entity_id)
    if link is None:
        raise errors.BadRequest("ERROR_ARGUMENT", method=METHOD, subject=f"{entity_type} {entity_id}")
    wanted = wanted or Filter()
    names = Names(portal, cancel)
    exact, lenient = Sieve(wanted, names), Sieve(wanted.without_votes(), names)
    found = _Found(portal, link, cancel)
    blind = False
    for page in found.pages():
        full = found.in_full(page)
        known = tuple(each.with_news(full[each.id]) for each in page if each.id in full)
        yield from exact.passed(iter([known]))
        rest = tuple(each for each in page if each.id not in full)
        blind = blind or bool(rest and wanted.asks_votes)
        yield from lenient.passed(iter([rest]))
    if len(found.refusals) == 2:
        raise clearest(found.refusals.values())
    found.say(told, blind=blind)


class _Found:
    """What each way to the sessions of one record brought."""

    def __init__(self, portal: Portal, link: CrmLink, cancel: Cancel | None) -> None:
        self._portal = portal
        self._link = link
        self._cancel = cancel
        self.refusals: dict[Source, errors.PortalError] = {}
        self.hidden = 0

    def pages(self) -> Iterator[tuple[Session, ...]]:
        """The sessions, without names: activities know the time of each, chats the current one."""
        chats = self._dialogs()
        by_code = {dialog.user_code: dialog.chat_id for dialog in chats if dialog.user_code}
        seen: set[int] = set()
        begun = False
        try:
            for page in activities.of_record(self._portal, self._link, cancel=self._cancel):
                begun = True
                seen.update(session.id for session in page)
                yield tuple(replace(each, chat_id=by_code.get(each.user_code, 0)) for each in page)
        except UNAVAILABLE as error:
            if begun:
                raise
            self.refusals[Source.CRM] = error
        rest = tuple(_newest(each, self._link) for each in chats if each.session_id and each.session_id not in seen)
        self.hidden += sum(not each.session_id for each in chats)
        if rest:
            yield rest

    def _dialogs(self) -> list[Dialog]:
        """The bound chats, open or not."""
        try:
            numbers = _chats(self._portal, self._link, self._cancel)
        except UNAVAILABLE as error:
            self.refusals[Source.RECORD] = error
            return []
        found = []
        for at in range(0, len(numbers), BATCH_LIMIT):
            commands = {f"c{each}": (dialogs.METHOD, {"CHAT_ID": each}) for each in numbers[at : at + BATCH_LIMIT]}
            answers = self._portal.batch(commands, cancel=self._cancel)
            found += [parse_dialog(answer.result) for answer in answers.values() if isinstance(answer, Answer)]
            self.hidden += sum(not isinstance(answer, Answer) for answer in answers.values())
        return found

    def in_full(self, page: Sequence[Session]) -> dict[int, Session]:
        """What the list of all sessions tells of these, nothing where the portal has none."""
        known = offer(self._portal)
        if Source.ALL in known.shut:
            return {}
        try:
            return sessions.in_full(self._portal, page, cancel=self._cancel)
        except UNAVAILABLE as error:
            known.close(Source.ALL, error)
            return {}

    def say(self, told: OnNote | None, *, blind: bool) -> None:
        """Tell what is missing, once a record."""
        advice = ""
        parts = []
        if refusal := self.refusals.get(Source.CRM):
            parts.append(_("Of each chat only the newest session is shown: CRM activities are not open to you."))
            if isinstance(refusal, errors.MissingScope):
                advice = _("Tick “{scope}” in the webhook to see more.").format(scope=refusal.scope)
        if Source.RECORD in self.refusals:
            parts.append(_("Shown are the sessions that CRM activities name."))
        if self.hidden:
            count = self.hidden
            parts.append(ngettext("{n} more chat is not open to you.", "{n} more chats are not open to you.", count))
            parts[-1] = parts[-1].format(n=count)
        if blind:
            parts.append(blind_words())
        if parts and told is not None:
            sources = tuple(each for each in (Source.CRM, Source.RECORD) if each not in self.refusals)
            told(SourceNote(sources, _("Not all of this CRM record could be read."), " ".join(parts), advice))


def _chats(portal: Portal, link: CrmLink, cancel: Cancel | None) -> list[int]:
    """The chats bound to a record. The portal leaves closed ones out unless it is told not to (§3.4)."""
    params = {"CRM_ENTITY_TYPE": link.type, "CRM_ENTITY": link.id, "ACTIVE_ONLY": "N"}
    try:
        answer = portal.call(METHOD, params, subject=f"{link.type} {link.id}", cancel=cancel)
    except errors.Refused as error:
        if error.code == "CRM_CHAT_EMPTY_CRM_DATA":
            return []
        raise
    numbers = (whole(record(item).get("chatid")) for item in items(answer.result))
    return list(dict.fromkeys(number for number in numbers if number > 0))


def _newest(dialog: Dialog, link: CrmLink) -> Session:
    """The current or last session of a chat, of which the chat tells no more than this."""
    client, _separator, line = dialog.name.rpartition(" - ")
    return Session(
        dialog.session_id,
        dialog.chat_id,
        dialog.line_id,
        line.strip() if client else "",
        dialog.connector,
        operator_id=dialog.owner_id,
        client_id=client_of(dialog.user_code),
        client_name=client.strip() or line.strip(),
        user_code=dialog.user_code,
        crm=link,
    )
