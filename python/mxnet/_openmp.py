"""Loads the library with threads that wait for a short time only.

OpenMP's threads spin between two parallel loops, by GNU's default for several milliseconds. Where
other programs keep the cores busy that time is taken from the very threads that are waited for:
SqueezeNet on two cores beside two busy processes takes 290 ms so and 30 ms with a spin of about
0.2 ms; on an idle machine both take 2.9 ms. GNU's OpenMP reads its settings when it is loaded, so
they are made here; what the user set in OMP_WAIT_POLICY or GOMP_SPINCOUNT stays.
"""

import os

_is_set = "OMP_WAIT_POLICY" in os.environ or "GOMP_SPINCOUNT" in os.environ
if not _is_set:
    os.environ["GOMP_SPINCOUNT"] = "5000"
from . import _core  # noqa: E402, F401

if not _is_set:
    del os.environ["GOMP_SPINCOUNT"]
