#pragma once
#include "ir/op.h"

/// What the registrations of update operators share: inference and groups of inputs.
namespace mx::optimizer {

inline constexpr const char* kUpdate = "it updates parameters and is no part of a network";

/// All of the first `count` inputs and the output have one shape.
void unify_first(ShapeContext& c, size_t count);

/// Weight, gradient and result have one dtype; the states after them are float32.
void infer_mixed_dtype(DTypeContext& c);

/// Each output has the shape of the weight of its group; so do the group's other inputs.
void infer_groups(ShapeContext& c, size_t group);
/// In each group weight, gradient and output have one dtype; with `mixed` the states are float32,
/// else of that dtype too.
void infer_group_dtypes(DTypeContext& c, size_t group, bool mixed);

}  // namespace mx::optimizer
