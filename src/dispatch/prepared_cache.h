#pragma once
#include "dispatch/kernel_registry.h"

namespace mx {

/// The prepared form of `kernel` for the query's shapes, made or taken from a cache of bounded size
/// (least recently used leave first). Thread safety: any.
PreparedPtr prepared_for(const Kernel& kernel, const KernelQuery& query);

}  // namespace mx
