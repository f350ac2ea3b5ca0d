#pragma once
#include "dispatch/finite_kernel.h"
#include "dispatch/kernel_registry.h"

namespace mx {

/// A kernel that was chosen, with its prepared form if it has one.
struct ChosenKernel {
  const Kernel* kernel = nullptr;
  PreparedPtr prepared;
  FiniteKernel* finite = nullptr;  ///< the prepared form, where a graph may use its finite way
  explicit operator bool() const { return kernel != nullptr; }
};

/// Chooses and prepares. With the environment variable REMX_VERBOSE the choice is printed.
/// Returns an empty one when every kernel refuses; the reasons are appended to `refusals`.
ChosenKernel choose_and_prepare(const KernelQuery& query, DeviceType device, bool use_cache,
                                std::string* refusals = nullptr);

/// Runs it. Outputs with WriteMode::kAdd are computed beside and added when the kernel cannot add.
void run_kernel(const ChosenKernel& chosen, const Params& params, KernelContext& context, Inputs in,
                Outputs out);

/// The same for a kernel that is a part of another one, which writes all of its outputs: neither
/// the profiler nor the search for NaN sees it.
void run_part(const ChosenKernel& chosen, const Params& params, KernelContext& context, Inputs in,
              Outputs out);

/// target += addend, for kernels that cannot add themselves. Same shape, dtype, layout.
void add_into(const Tensor& target, const Tensor& addend, KernelContext& context);

}  // namespace mx
