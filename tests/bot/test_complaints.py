"""Trouble is said once, and its end with its length."""

from __future__ import annotations

from bot.gateway.complaints import Complaints
from bot.gateway.opening import OpeningError, Trouble

WRONG = OpeningError("钉钉不接受这个应用（invalidParameter）", Trouble.REFUSED)
UNPUBLISHED = OpeningError("钉钉不接受这个应用（notPublished）", Trouble.REFUSED)
NO_NAME = OpeningError("连不上钉钉（ClientConnectorDNSError）", Trouble.UNREACHED)
NO_ANSWER = OpeningError("连不上钉钉（ConnectionTimeoutError）", Trouble.UNREACHED)
SHORT = OpeningError("连接一建好就断", Trouble.SHORT_LIVED)


def test_a_wrong_secret_is_said_once_for_days() -> None:
    complaints = Complaints(900.0)
    said = [complaints.is_news(WRONG, now) for now in range(0, 3 * 86_400, 60)]
    assert said[0]
    assert not any(said[1:])


def test_a_refusal_is_said_again_when_it_changes_and_after_it_was_over() -> None:
    complaints = Complaints(900.0)
    assert complaints.is_news(WRONG, 0.0)
    assert complaints.is_news(UNPUBLISHED, 60.0)
    assert not complaints.is_news(WRONG, 120.0)
    assert complaints.over(180.0) == 180.0
    assert complaints.is_news(WRONG, 240.0)


def test_a_network_that_is_down_is_said_every_quarter_of_an_hour_however_its_errors_vary() -> None:
    complaints = Complaints(900.0)
    times = range(0, 3600, 30)
    said = [now for now in times if complaints.is_news(NO_NAME if now % 60 else NO_ANSWER, now)]
    assert said == [0, 900, 1800, 2700]
    assert complaints.over(3600.0) == 3600.0
    assert complaints.over(3700.0) is None


def test_one_more_connection_does_not_end_the_complaint_that_they_do_not_live() -> None:
    complaints = Complaints(900.0)
    assert complaints.is_news(SHORT, 0.0)
    assert complaints.over(1.0) is None
    assert not complaints.is_news(SHORT, 2.0)
    complaints.lived()
    assert complaints.is_news(SHORT, 20.0)


def test_refusals_whose_words_never_repeat_are_no_flood() -> None:
    complaints = Complaints(900.0)
    refused = [OpeningError(f"钉钉不接受这个应用（{number}）", Trouble.REFUSED) for number in range(1000)]
    assert sum(complaints.is_news(error, float(at)) for at, error in enumerate(refused)) == 20
