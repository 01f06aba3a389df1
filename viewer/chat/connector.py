"""Names of the channels that Open Lines connects to. `imconnector.list` needs an application, so they stand here."""

_NAMES = {
    "livechat": "Web chat", "telegrambot": "Telegram", "telegram": "Telegram", "whatsappbytwilio": "WhatsApp",
    "whatsappbyedna": "WhatsApp", "whatsapp": "WhatsApp", "wazzup": "WhatsApp", "vkgroup": "VK", "vkgrouporder": "VK",
    "vk": "VK", "avito": "Avito", "ok": "OK", "viber": "Viber", "facebook": "Facebook", "facebookcomments": "Facebook",
    "fbinstagram": "Instagram", "fbinstagramdirect": "Instagram", "notifications": "Bitrix24 SMS",
    "network": "Bitrix24.Network", "imessage": "Apple Messages", "max": "MAX",
}  # fmt: skip


def connector_name(code: str) -> str:
    """The channel's name for people; an unknown code is shown as it is."""
    plain = code.lower().removeprefix("imessageservice_")
    if plain in _NAMES:
        return _NAMES[plain]
    return next((name for key, name in _NAMES.items() if len(key) > 3 and plain.startswith(key)), code)


def is_connector_name(text: str) -> bool:
    """Whether this is a channel's name for people, which may stand for several codes."""
    return text.casefold() in {name.casefold() for name in _NAMES.values()}
