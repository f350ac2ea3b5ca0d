#pragma once
#include "backend/cpu/onednn/onednn.h"

namespace mx::onednn {

/// nullptr when oneDNN multiplies matrices of the query's dtype on this machine, else the reason
/// for refusing.
const char* refuse_matmul(const KernelQuery& query);

}  // namespace mx::onednn
