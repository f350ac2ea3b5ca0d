"""Helpers for tests: comparing arrays, random inputs, checking gradients, small data sets.

A star import brings what test programs of MXNet take for granted, also modules such as `np`.
"""

import bz2
import errno
import gzip
import json
import logging
import numbers
import os
import platform
import struct
import sys
import time
import traceback
import zipfile
from collections import OrderedDict
from contextlib import contextmanager

import numpy as np
import numpy.random as rnd
import numpy.testing as npt

import mxnet as mx

from ..context import Context, current_context
from ..ndarray import array
from ..runtime import Features
from ..symbol import Symbol
from ..symbol.numpy import _Symbol as np_symbol
from ..util import getenv, setenv, use_np
from . import (
    arrays,
    checks,
    comparisons,
    consistency,
    data,
    elements,
    generators,
    sparse,
    surroundings,
    tolerances,
)
from .arrays import *
from .checks import *
from .comparisons import *
from .consistency import *
from .data import *
from .elements import *
from .generators import *
from .sparse import *
from .surroundings import *
from .tolerances import *

__all__ = """bz2 errno gzip json logging numbers os platform struct sys time traceback zipfile
    OrderedDict contextmanager np rnd npt mx Context current_context array Features Symbol getenv
    setenv use_np""".split()
for _part in (
    arrays,
    checks,
    comparisons,
    consistency,
    data,
    elements,
    generators,
    sparse,
    surroundings,
    tolerances,
):
    __all__ += _part.__all__
