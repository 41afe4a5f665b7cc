"""Tables for the terminal: aligned as written out here, and wrapped where they are too wide."""

from harness.columns import aligned, printable


def test_cells_stand_under_their_heads():
    rows = [("cups", "7.5 %", "12"), ("bar race", "100.0 %", "3")]
    assert aligned(("task", "accuracy", "asked"), rows, right=(1, 2)) == [
        "task      accuracy  asked",
        "cups         7.5 %     12",
        "bar race   100.0 %      3",
    ]
    assert aligned(("task",), []) == ["task"]


def test_the_widest_column_is_wrapped_where_the_table_is_too_wide():
    rows = [("cups", "one too many 3, one too few 2, too high 1", "6")]
    assert aligned(("task", "wrong answers", "asked"), rows, right=(2,), width=36) == [
        "task  wrong answers            asked",
        "cups  one too many 3, one too      6",
        "      few 2, too high 1",
    ]
    narrow = aligned(("task", "wrong answers"), [("x" * 18, "y" * 200)], width=10)
    assert max(map(len, narrow)) == 18 + 2 + 20  # no column gets narrower than it can be read


def test_nothing_acts_on_the_terminal():
    assert printable("a\x1b[31m\tb\n\u202ec") == "a[31mbc"
