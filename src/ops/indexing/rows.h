#pragma once
// _take_rows and _add_rows, which operators that select rows (or, with as many indices as elements,
// elements) use as their gradients; a negative index selects nothing.
#include "ir/common_params.h"
