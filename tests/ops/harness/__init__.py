"""Derives the tests of an operator from one table of cases.

A table is a module ``tests/ops/<family>/test_<stem>.py`` beside ``src/ops/<family>/<stem>.cc``::

    import numpy as np
    from harness import Case, Fault, operator_tests

    X = np.random.default_rng(1).normal(size=(3, 4))

    CASES = [
        Case("exp", [X], np.exp, second=True),
        Case("clip", [X], lambda x, a_min, a_max: np.clip(x, a_min, a_max),
             attrs=dict(a_min=-1, a_max=1)),
        Case("argmax", [X], lambda x, axis: x.argmax(axis), attrs=dict(axis=1), grad=False),
    ]
    FAULTS = [
        Fault("clip", [X], attrs=dict(a_min=0), match="clip: a_max is missing"),
    ]
    TestClip = operator_tests(CASES, FAULTS)

From each case come, for every dtype of the case:

* the imperative result against the reference, value by value, with shape and dtype;
* what the inputs hold afterwards: states that the operator updates what the reference says, all
  others what they held;
* the same from every registered kernel that accepts the case, each forced in turn, with inputs and
  outputs at odd addresses between guards: NaN (or a mark), which spread where they are read and
  must be there afterwards;
* from every kernel, the result added to what the outputs hold, and each output wanted alone;
* from every kernel, each result written over each input that has its shape and dtype;
* the same from a bound symbol;
* the same on a GPU where there is one;
* with ``grad``, gradients in the narrow floating dtypes against those in float64;

once for each operator, from a case made larger than 65,536 elements (`large.py`): kernels, write
modes, places and slopes of gradients, in as many threads as the tests have
(``tests/python/harness`` runs them in one thread and in two);

and once for each case with ``grad``:

* the gradient against differences of the operator's own results in float64, for each of the
  requests write, add and null, imperatively and from a bound symbol, there also for each input
  alone;
* with ``second``, the gradient of the gradient in the same way.

Inputs: NumPy arrays. Floating ones are cast to the dtype under test, others stay what they are. An
array of size 0 is a case like any other (1.9.1 has no such arrays: the oracle check skips it).

References are functions of the inputs and the attributes that return one array or a list. They get
floating inputs in float64, after rounding to the dtype under test, and integer inputs as they are.
Where NumPy cannot say it, `Stored` names a result of MXNet 1.9.1 in ``tests/data/ops``.
``tools/oracle/check_op_tables.py`` runs all tables under MXNet 1.9.1, so that a reference says what
1.9.1 does; a case where we differ on purpose says why in ``oracle``.
"""

from .case import ALL, FLOATS, INTS, Case, Fault, Stored
from .suite import operator_tests

__all__ = ["ALL", "FLOATS", "INTS", "Case", "Fault", "Stored", "operator_tests"]
