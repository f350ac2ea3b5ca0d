#pragma once
#include "ir/cast_policy.h"

namespace mx {
class Symbol;
}

namespace mx::python {

/// Puts casts before a node that was just made and that nobody else has yet.
void cast_inputs(const CastPolicy& policy, const Symbol& symbol);

}  // namespace mx::python
