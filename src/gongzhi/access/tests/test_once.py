"""Inside a scope a question is asked once; outside, and in the next scope, again."""

from threading import Thread

from gongzhi.access.once import asking_once, once


def test_a_scope_keeps_answers_and_its_end_forgets_them():
    asked = []

    def ask():
        asked.append(1)
        return len(asked)

    assert (once("a", ask), once("a", ask)) == (1, 2)
    with asking_once():
        assert (once("a", ask), once("a", ask), once("b", ask)) == (3, 3, 4)
        other = Thread(target=lambda: once("a", ask))
        other.start()
        other.join()
        assert len(asked) == 5, "another thread is another reader"
    assert once("a", ask) == 6
