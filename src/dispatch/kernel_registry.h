#pragma once
#include <string>
#include <vector>

#include "dispatch/kernel.h"
#include "ir/op.h"

namespace mx {

/// Kernels of an operator on a kind of device, best first. They live to the end of the process.
/// Thread safety: any.
std::vector<const Kernel*> kernels_of(const Op& op, DeviceType device);

/// The best kernel that does not refuse, or nullptr. With `refusals`, reasons are appended as
/// "name: reason". Kernels without choose_layouts refuse tensors that are not plain.
const Kernel* choose_kernel(const KernelQuery& query, DeviceType device,
                            std::string* refusals = nullptr);

/// For tests: from now on this thread uses only the kernel of that name for the operator, which
/// runs or fails; "decomposition" uses none. An empty name ends it.
void force_kernel(const Op& op, std::string name);
/// A number of the kernels that this thread forces, so that kept choices know for which they were
/// made: 0 where it forces none, else that of its last force_kernel, which no other call has.
uint64_t forced_kernels_version();

/// All kernels, for tests and documents.
std::vector<const Kernel*> all_kernels();

/// Problems as text lines: kernels without operator, operators with neither a CPU kernel nor a
/// decomposition.
std::vector<std::string> check_kernel_registry();

}  // namespace mx
