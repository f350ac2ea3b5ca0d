#pragma once
#include <memory>

#include "dispatch/eager_plan.h"
#include "dispatch/invoke.h"

namespace mx {

/// The part of invoke() for operators of which an input or output is sparse: runs the plan's sparse
/// kernel; or, where the operator keeps zeros, its dense kernel on the stored values; or else the
/// dense kernel on dense copies (the storage fallback), whose results are converted back.
/// Arguments and errors as invoke's; `out` has as many entries as the operator has outputs.
void invoke_sparse(const Op& op, const Params& params, std::span<const NDArray> in,
                   std::vector<NDArray>& out, const InvokeOptions& options,
                   const std::shared_ptr<const EagerPlan>& plan);

/// How many operators of this process worked on dense copies (the storage fallback).
int64_t num_storage_fallbacks();

/// Queues `to[:] = from` for arrays of one shape that may differ in dtype and storage kind. They
/// are on one device, or of equal dtype and kind. Throws: ValueError where the shapes differ.
void convert_array(const NDArray& from, const NDArray& to);

}  // namespace mx
