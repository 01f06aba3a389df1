"""Who wrote to the shop: about forty ordinary chats from scripts, and a few special ones."""

import random
from datetime import date, datetime, time, timedelta
from pathlib import Path

from viewer.demo import anna, corners, kinds, regular
from viewer.demo.world import LINES, ZONE, Chat, World

_RU = (
    "Тимур Гайсин", "Рустам Мирзоев", "Семён Лаптев", "Елена Огнева", "Дарья Фомичёва", "Клиент #8841", "Артём Вольский",
    "Наталья Ким", "Гульнара Хасанова", "Игорь Панфилов", "Ксения Лунёва", "Борис Рощин", "Валентина Сергеевна",
    "Максим Дёмин", "Алина Щукина", "Фёдор Емельянов-Заречный", "Юлия Берг", "Олег Тихий", "Светлана Ракитина",
    "Константин Жуков", "Мадина Алиева", "Пётр Сафонов", "Кафе «Две чашки»", "Лидия Орехова", "Егор Ним",
    "Виктория Шум", "Захар Мельник", "Инна Право", "Роман Лис", "ООО «Тёплый угол»", "Тамара Вяз", "Глеб Снегов", "Зоя Ильм",
)  # fmt: skip
_EN = (
    "James Whitlock", "Priya Nandakumar", "Owen Marsh", "Chloé Marchetti", "Tomasz Wilk", "Aisha Rahman", "Lars Holm",
    "Emma O'Neill", "Diego Fuentes", "Nora Lindqvist", "Ben Achterberg", "Grace Okafor", "Yuki Tanabe",
    "Oscar Bell", "Hanne Vik", "Raj Pillai", "Clara Stein",
)  # fmt: skip
_FOREIGN = ("سامي العلي", "דנה לוי", "李明")


def world(today: date, big: int) -> World:
    """The whole portal; `big` messages stand in the longest chat."""
    made = World(today)
    anna.add(made)
    kinds.add(made)
    corners.add_long(made, big)
    corners.add_denied(made)
    corners.add_lost(made)
    corners.add_open(made)
    number = 0
    for language, names in (("ru", _RU), ("en", _EN)):
        lines = [line for line in LINES if line.language == language]
        scripts = _scripts(language)
        for index, name in enumerate(names):
            line = lines[index % len(lines)]
            chat = made.chat(1800 + 2 * number, line, line.connectors[index % len(line.connectors)], name)
            chat.member = index % 9 == 4
            chat.deal = 2300 + number if index % 3 == 0 else 0
            _fill(made, chat, number, scripts)
            number += 1
    for index, name in enumerate(_FOREIGN):
        corners.foreign(made, made.chat(1950 + 2 * index, LINES[1], "livechat", name), index)
    regular.add(made)
    return made


def _scripts(language: str) -> list[list[str]]:
    folder = Path(__file__).with_name("conversations")
    return [path.read_text(encoding="utf-8").splitlines() for path in sorted(folder.glob(f"{language}_*.txt"))]


def _fill(made: World, chat: Chat, number: int, scripts: list[list[str]]) -> None:
    rng = random.Random(number)
    count = 1 + (number * 7) % 4
    evening = datetime.combine(made.today - timedelta(days=1), time(9), ZONE)
    ago = sorted(
        ((number * 3 + 13 * turn) % 55 for turn in range(count)), reverse=True
    )  # later sessions, higher numbers
    for turn, days in enumerate(ago):
        back = timedelta(days=days, minutes=rng.randint(0, 400))
        operator = _operators(chat)[(number + turn) % len(_operators(chat))]
        session = made.session(chat, 500 + number * 6 + turn, evening - back + timedelta(hours=6), operator)
        made.play(chat, session, scripts[(number * 5 + turn * 11) % len(scripts)])


def _operators(chat: Chat) -> tuple[int, ...]:
    return (27, 28, 34) if chat.line.language == "ru" else (29, 35)
