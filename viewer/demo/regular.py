"""A regular customer: one chat of eight sessions over most of a year, of which one history is refused."""

from viewer.demo.world import LINES, World

REGULAR = 1971
_OLGA, _PAVEL, _TIMOFEY = 28, 27, 34
REFUSED = 203  # its history; the chat's members, the supervisor among them, read its messages

_VISITS = (
    (41, 290, _OLGA, ("c: Здравствуйте! Какой помол взять для гейзерной кофеварки?",
                      "+4 o: Здравствуйте! Средний, номер 5 на нашей шкале.", "c: Спасибо, заказываю")),
    (77, 251, _PAVEL, ("c: Заказ {order} пришёл, всё отлично 👍", "+3 o: Рады слышать! Приятного кофе.")),
    (102, 214, _OLGA, ("c: Можно добавить к заказу фильтры?", "+7 o: Да, добавил. Сумма теперь {sum}.",
                       "c: Хорошо", "c: И ещё вопрос: зёрна свежие?", "+5 o: Обжарка вчерашняя.")),
    (149, 170, _TIMOFEY, ("c: Курьер звонил не туда, перезвоните", "+12 o: Перезвонили, извините за путаницу.")),
    (REFUSED, 133, _TIMOFEY, ("c: Верните деньги за пачку, она вздулась", "+2 o: Вернём сегодня, {sum}.",
                              "+90 c: Пришло, спасибо")),
    (266, 96, _PAVEL, ("c: Снова я) Есть что-нибудь с нотами вишни?", "+6 o: Есть Кения Ндуми: вишня и смородина.",
                       "c: Беру две пачки", "+1 o: Оформил, заказ {order}.")),
    (311, 40, _OLGA, ("c: Когда привезут {order}?", "+3 o: Завтра с 10 до 14, {city}.", "c: Отлично")),
    (433, 2, _PAVEL, ("c: Добрый день! Повторите, пожалуйста, прошлый заказ.",
                      "+5 o: Здравствуйте, Вера! Повторил: {order}, {sum}.", "c: А доставка как обычно?",
                      "+2 o: Да, завтра с 10 до 14.", "c: Спасибо, до связи!")),
)  # fmt: skip


def add(world: World) -> None:
    """Add the chat; the supervisor is a member of it."""
    chat = world.chat(REGULAR, LINES[0], "vkgroup", "Вера Погодина")
    chat.member = True
    for number, days, operator, script in _VISITS:
        session = world.session(chat, number, world.at(days, 12, 10), operator)
        session.denied = number == REFUSED
        world.play(chat, session, list(script))
