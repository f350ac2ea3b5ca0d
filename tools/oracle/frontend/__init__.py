"""Uses of the Python modules whose results are stored from MXNet 1.9.1 and compared in tests.

Every case is a function of the package (``mxnet``) that returns numbers, strings and lists of
them. `write_frontend_results.py` stores what MXNet 1.9.1 returns.
"""

from . import initializers, inputs, metrics, modules, optimizers, rnn, schedules, summaries

CASES = {
    f"{group.__name__.rpartition('.')[2]}/{name}": case
    for group in (inputs, initializers, metrics, modules, optimizers, rnn, schedules, summaries)
    for name, case in group.CASES.items()
}
