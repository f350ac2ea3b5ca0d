"""Into which batches rows are put, by the times that batches took."""

import pytest

from mxnet.serve.core.batch_times import BatchTimes

SIZES = (1, 2, 4, 8, 16)


def times(seconds):
    result = BatchTimes()
    for size, value in seconds.items():
        result.add(size, value)
    return result


@pytest.mark.parametrize("rows", range(1, 40))
def test_all_rows_have_a_place(rows):
    for known in ({}, {1: 1.0}, {1: 1.0, 8: 9.0}, dict.fromkeys(SIZES, 1.0)):
        plan = times(known).plan(rows, SIZES)
        assert set(plan) <= set(SIZES) and sum(plan) >= rows > sum(plan[:-1])


def test_rows_are_filled_up_where_a_batch_takes_as_long_as_a_row():
    assert times(dict.fromkeys(SIZES, 1.0)).plan(5, SIZES) == [8]
    assert times({}).plan(5, SIZES) == [8]


def test_rows_are_cut_where_filling_up_takes_longer():
    slow = times({1: 31, 2: 60, 4: 110, 8: 223, 16: 443})
    assert [slow.plan(rows, SIZES) for rows in (3, 6, 8, 12)] == [[2, 1], [4, 2], [8], [8, 4]]
    assert slow.plan(37, SIZES) == [16, 16, 4, 1]
    # Of batches that were not computed yet the time of their rows one by one is known.
    assert times({1: 31, 8: 223}).plan(6, SIZES) == [4, 2]


def test_a_disturbed_batch_changes_little():
    slow = times({1: 31, 2: 60, 4: 110, 8: 223})
    slow.add(4, 300)
    assert slow.plan(6, SIZES) == [4, 2]
    for _ in range(40):
        slow.add(4, 300)
    assert slow.plan(6, SIZES) == [8]


def test_a_network_takes_any_number_of_rows():
    assert times({}).plan(5, (3,)) == [3, 3]
