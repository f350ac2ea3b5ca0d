"""What networks need beyond NumPy: operators of neural networks for arrays of `mx.np`, switches."""

from . import random
from ..util import is_np_array, is_np_shape, reset_np, set_np
