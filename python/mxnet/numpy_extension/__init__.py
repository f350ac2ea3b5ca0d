"""What networks need beyond NumPy: operators of neural networks for arrays of `mx.np`, switches."""

from ..util import is_np_array, is_np_shape, reset_np, set_np
from . import random
