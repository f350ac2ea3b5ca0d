"""Ctrl-C while ImageRecordIter waits for a store that does not answer for ten minutes."""

import os
import signal
import sys

import pytest

pytest.importorskip("fsspec")
sys.path.insert(0, os.path.dirname(__file__))
from huge_store import finished, run  # noqa: E402

WAITS = {
    "the first batch": """
        batches = source()
        WAIT = 600
        interrupt_soon()
        batches.next()
    """,
    "a later batch": """
        batches = source()
        batches.next()
        WAIT = 600
        interrupt_soon()
        while True:
            batches.next()
    """,
    "reset": """
        CLOSED = range(8 * RECORD, COUNT * RECORD)
        batches = source()
        batches.next()
        time.sleep(0.5)  # until a thread waits for the ninth record
        interrupt_soon()
        batches.reset()
    """,
    "making": """
        WAIT = 600
        interrupt_soon()
        source(num_parts=4, part_index=1, part_handle="keep")
    """,
    "counting records": """
        COUNT, CLOSED = 200, range(8 * RECORD, 90 * RECORD)
        warnings.simplefilter("ignore")
        interrupt_soon()
        source(num_parts=2)
    """,
    "looking for the longest label": """
        CLOSED = range(8 * RECORD, COUNT * RECORD)
        interrupt_soon()
        source(mx.io.ImageDetRecordIter)
    """,
}


@pytest.mark.parametrize("program", WAITS.values(), ids=list(WAITS))
def test_ctrl_c_ends_the_program(program):
    done = finished(program)
    assert done.returncode == -signal.SIGINT
    assert done.stderr.startswith("Traceback")
    assert done.stderr.endswith("\nKeyboardInterrupt\n")


def test_the_iterator_goes_on_where_it_was_interrupted():
    printed = run("""
        CLOSED = range(8 * RECORD, COUNT * RECORD)
        batches = source()
        batches.next()
        batches.next()
        interrupt_soon()
        try:
            batches.next()
        except KeyboardInterrupt:
            print("interrupted")
        OPENED.set()
        batches.next()
        print(len(asked) == len(set(asked)))
    """)
    assert printed == "interrupted\nTrue\n"


def test_an_interrupted_reset_leaves_an_epoch_that_is_over():
    printed = run("""
        CLOSED = range(8 * RECORD, COUNT * RECORD)
        batches = source()
        batches.next()
        time.sleep(0.5)  # until a thread waits for the ninth record
        interrupt_soon()
        try:
            batches.reset()
        except KeyboardInterrupt:
            print("interrupted")
        try:
            batches.next()
        except StopIteration:
            print("over")
        OPENED.set()
        asked.clear()
        batches.reset()
        batches.next()
        print(min(asked)[0])
    """)
    assert printed == "interrupted\nover\n0\n"


def test_a_batch_that_is_ready_is_given_while_later_bytes_are_waited_for():
    printed = run("""
        CLOSED = range(8 * RECORD, COUNT * RECORD)
        batches = source()
        batches.next()
        time.sleep(0.5)  # until a thread waits for the ninth record
        print(batches.next().pad)
    """)
    assert printed == "0\n"
