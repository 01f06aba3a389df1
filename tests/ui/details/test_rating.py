"""The rating section by itself: stars under mouse and keys, the comment, the earlier rating, what can be saved."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from viewer import i18n
from viewer.chat import Rating, Session
from viewer.ui import theme as themes
from viewer.ui.details.rating import LONGEST, RatingSection
from viewer.ui.details.stars import CELL, EDGE, Stars

LEFT = Qt.MouseButton.LeftButton
FRESH, RATED = Session(321), Session(288, head_vote=4, head_comment="Хорошо")


@pytest.fixture
def section(qapp: QApplication, qtbot: QtBot) -> RatingSection:
    look = themes.theme("light")
    themes.apply(qapp, look)
    made = RatingSection(look)
    qtbot.addWidget(made)
    made.resize(308, 300)
    made.show_session(FRESH, Rating(), allowed=True)
    made.activateWindow()
    with qtbot.waitActive(made):
        pass
    return made


def star(number: int) -> QPoint:
    return QPoint(EDGE + (number - 1) * CELL + CELL // 2, EDGE + CELL // 2)


def fill(section: RatingSection, stars: int, comment: str) -> None:
    QTest.keyClick(section.stars, Qt.Key(Qt.Key.Key_0 + stars))
    section.comment.setFocus()
    QTest.keyClicks(section.comment, comment)


# --- stars ---


def test_a_click_chooses_a_star(section: RatingSection, qtbot: QtBot) -> None:
    for number in (1, 5, 3):
        with qtbot.waitSignal(section.edited):
            QTest.mouseClick(section.stars, LEFT, pos=star(number))
        assert section.rating.stars == number
        assert section.said.text() == f"{number} of 5"
    QTest.mouseClick(section.stars, LEFT, pos=QPoint(section.stars.width() - 1, 5))
    QTest.mouseClick(section.stars, Qt.MouseButton.RightButton, pos=star(5))
    assert section.rating.stars == 3
    QTest.mouseClick(section.stars, LEFT, pos=star(3))
    assert section.rating.stars == 3


def test_every_star_is_large_enough_to_hit(section: RatingSection) -> None:
    assert CELL >= 24
    assert section.stars.height() >= 24
    assert [section.stars.star_at(QPointF(star(number))) for number in range(7)] == [0, 1, 2, 3, 4, 5, 0]


def test_arrows_and_digits_choose_a_star(section: RatingSection) -> None:
    stars = section.stars
    stars.setFocus()
    seen = []
    for key in ("Key_Right", "Key_Up", "Key_Left", "Key_5", "Key_Right", "Key_2", "Key_End", "Key_Home", "Key_3",
                "Key_0", "Key_4", "Key_Backspace"):  # fmt: skip
        QTest.keyClick(stars, getattr(Qt.Key, key))
        seen.append(stars.value())
    assert seen == [1, 2, 1, 5, 5, 2, 5, 0, 3, 0, 4, 0]


def test_stars_once_given_cannot_be_taken_back(section: RatingSection) -> None:
    section.show_session(RATED, RATED.rating, allowed=True)
    QTest.keyClick(section.stars, Qt.Key.Key_Home)
    assert section.rating.stars == 1
    QTest.keyClick(section.stars, Qt.Key.Key_0)
    assert section.rating.stars == 4


def test_the_stars_say_what_they_show(section: RatingSection) -> None:
    spoken = QAccessible.queryAccessibleInterface(section.stars)
    assert spoken.role() is QAccessible.Role.Slider
    assert spoken.text(QAccessible.Text.Name) == "not rated"
    QTest.keyClick(section.stars, Qt.Key.Key_3)
    assert spoken.text(QAccessible.Text.Name) == "3 of 5"
    assert spoken.text(QAccessible.Text.Description) == "Supervisor's rating"


def test_the_focus_is_visible(section: RatingSection) -> None:
    section.comment.setFocus()
    without = section.stars.grab().toImage()
    section.stars.setFocus()
    accent = themes.theme("light").accent
    image = section.stars.grab().toImage()
    assert without.pixelColor(60, 1) != accent
    assert image.pixelColor(60, 1) == accent


def test_the_wheel_scrolls_and_does_not_rate(qtbot: QtBot) -> None:
    stars = Stars(themes.theme("light"))
    qtbot.addWidget(stars)
    event = QWheelEvent(
        QPointF(20, 10), QPointF(20, 10), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(stars, event)
    assert stars.value() == 0
    assert not event.isAccepted()


def test_the_star_under_the_mouse_is_shown_before_it_is_chosen(section: RatingSection) -> None:
    stars = section.stars
    QTest.keyClick(stars, Qt.Key.Key_2)
    before = stars.grab().toImage()
    here, none = QPointF(star(4)), Qt.MouseButton.NoButton
    move = QMouseEvent(QMouseEvent.Type.MouseMove, here, here, none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(stars, move)
    assert stars.grab().toImage() != before
    assert stars.value() == 2
    QTest.keyClick(stars, Qt.Key.Key_3)
    QTest.keyClick(stars, Qt.Key.Key_2)
    assert stars.grab().toImage() == before, "what was chosen by a key is shown, wherever the mouse rests"
    QApplication.sendEvent(stars, move)
    QApplication.sendEvent(stars, QEvent(QEvent.Type.Leave))
    assert stars.grab().toImage() == before


# --- what can be saved ---


def test_nothing_can_be_saved_before_something_is_written(section: RatingSection, qtbot: QtBot) -> None:
    assert not section.save_button.isEnabled()
    assert section.save_button.toolTip() == "Choose stars or write a comment."
    with qtbot.assertNotEmitted(section.save):
        section.ask_to_save(going_on=True)
    assert section.status.text() == "Choose stars or write a comment."
    QTest.keyClicks(section.comment, "   ")
    assert not section.save_button.isEnabled()
    QTest.keyClicks(section.comment, "ok")
    assert section.save_button.isEnabled()


def test_a_first_rating_is_saved_at_once(section: RatingSection, qtbot: QtBot) -> None:
    fill(section, 4, "Good")
    with qtbot.waitSignal(section.save, check_params_cb=lambda going_on: not going_on):
        QTest.mouseClick(section.save_button, LEFT)
    with qtbot.waitSignal(section.save, check_params_cb=lambda going_on: going_on):
        QTest.mouseClick(section.next_button, LEFT)
    assert section.rating == Rating(4, "Good")


def test_an_earlier_rating_is_shown_and_asked_about(section: RatingSection, qtbot: QtBot) -> None:
    section.show_session(RATED, RATED.rating, allowed=True)
    assert not section.earlier.isVisible()
    assert section.save_button.toolTip() == "Nothing has been changed."
    QTest.keyClick(section.stars, Qt.Key.Key_2)
    assert section.earlier.isVisible()
    assert section.earlier.words.text() == "Earlier rating on the portal: 4 of 5"
    assert not section.earlier.comment.isVisible(), "the comment is the same"
    section.comment.setPlainText("Bad")
    assert section.earlier.comment.text() == "Хорошо"
    assert section.earlier.comment.isVisible()
    with qtbot.assertNotEmitted(section.save):
        QTest.mouseClick(section.next_button, LEFT)
    assert section.earlier.replace.hasFocus()
    with qtbot.waitSignal(section.save, check_params_cb=lambda going_on: going_on):
        QTest.keyClick(section.earlier.replace, Qt.Key.Key_Space)
    assert not section.earlier.replace.isVisible()


def test_the_question_is_withdrawn(section: RatingSection, qtbot: QtBot) -> None:
    section.show_session(RATED, RATED.rating, allowed=True)
    QTest.keyClick(section.stars, Qt.Key.Key_2)
    with qtbot.assertNotEmitted(section.save):
        for withdraw in (
            lambda: QTest.keyClick(section.earlier.replace, Qt.Key.Key_Escape),
            lambda: QTest.mouseClick(section.earlier.keep, LEFT),
            lambda: QTest.keyClick(section.stars, Qt.Key.Key_3),
            lambda: section.show_session(FRESH, Rating(), allowed=True),
        ):
            QTest.mouseClick(section.save_button, LEFT)
            assert section.earlier.question.isVisible()
            withdraw()
            assert not section.earlier.question.isVisible()


def test_a_rating_that_is_unchanged_lets_one_go_on(section: RatingSection, qtbot: QtBot) -> None:
    section.show_session(RATED, RATED.rating, allowed=True)
    with qtbot.waitSignal(section.save, check_params_cb=lambda going_on: going_on):
        QTest.mouseClick(section.next_button, LEFT)


def test_a_comment_has_its_limit(section: RatingSection) -> None:
    section.comment.setPlainText("x" * LONGEST)
    assert section.save_button.isEnabled()
    QTest.keyClicks(section.comment, "x")
    assert section.count.text() == f"{LONGEST + 1} / {LONGEST}"
    assert not section.save_button.isEnabled()
    assert section.save_button.toolTip() == f"The comment is longer than {LONGEST} characters."


def test_a_long_earlier_comment_is_cut_with_the_rest_at_hand(section: RatingSection) -> None:
    session = replace(RATED, head_comment="слово " * 200)
    section.show_session(session, session.rating, allowed=True)
    section.comment.setPlainText("new")
    assert len(section.earlier.comment.text()) < 260
    assert section.earlier.comment.toolTip() == session.head_comment


# --- what cannot ---


def test_without_the_right_it_is_shown_and_cannot_be_changed(section: RatingSection, qtbot: QtBot) -> None:
    section.show_session(RATED, RATED.rating, allowed=False)
    assert section.title.text() == "Supervisor's rating"
    assert not section.stars.isEnabled()
    assert section.plain.text() == "Хорошо"
    assert not section.comment.isVisible()
    assert not section.save_button.isVisible()
    QTest.mouseClick(section.stars, LEFT, pos=star(1))
    with qtbot.assertNotEmitted(section.save):
        section.ask_to_save(going_on=False)
    assert section.rating.stars == 4


def test_a_draft_outlives_the_right_to_send_it(section: RatingSection) -> None:
    section.show_session(RATED, Rating(2, "written before"), allowed=False)
    assert section.comment.isVisible()
    assert section.comment.isReadOnly()
    assert section.comment.toPlainText() == "written before"


def test_while_saving_nothing_can_be_changed_and_the_focus_stays(section: RatingSection) -> None:
    fill(section, 4, "Good")
    section.save_button.setFocus()
    section.set_busy(True)
    assert not section.stars.isEnabled()
    assert section.comment.isReadOnly()
    assert not section.save_button.isEnabled()
    assert not section.next_button.isEnabled()
    assert section.comment.hasFocus()
    section.set_busy(False)
    assert section.stars.isEnabled()


def test_the_caret_stays_when_the_same_is_shown_again(section: RatingSection) -> None:
    fill(section, 4, "Good")
    QTest.keyClick(section.comment, Qt.Key.Key_Left)
    place = section.comment.textCursor().position()
    section.show_session(FRESH, section.rating, allowed=True)
    assert section.comment.textCursor().position() == place
    assert section.comment.hasFocus()


def test_tab_leaves_the_comment(section: RatingSection) -> None:
    fill(section, 4, "Good")
    QTest.keyClick(section.comment, Qt.Key.Key_Tab)
    assert section.save_button.hasFocus()
    assert section.rating.comment == "Good"


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("width", [400, 308, 268])
def test_the_buttons_fit_whatever_the_width(qapp: QApplication, qtbot: QtBot, language: str, width: int) -> None:
    i18n.use(language)
    themes.apply(qapp, themes.theme("light"))
    section = RatingSection(themes.theme("light"))
    qtbot.addWidget(section)
    section.show_session(FRESH, Rating(), allowed=True)
    section.resize(width, 400)
    qapp.processEvents()
    for button in (section.save_button, section.next_button):
        assert button.geometry().right() <= section.width() - 16
        assert button.width() >= button.fontMetrics().horizontalAdvance(button.text()) + 20
    assert not section.next_button.hint.isVisible() or section.next_button.width() >= section.next_button.room


def test_it_wears_both_themes(section: RatingSection) -> None:
    light = section.grab().toImage()
    section.set_theme(themes.theme("dark"))
    assert section.grab().toImage() != light
