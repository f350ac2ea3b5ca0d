"""Files of records, such as packed pictures with their labels."""

from .files import *
from .packing import *
from .packing import _IR_FORMAT, _IR_SIZE
