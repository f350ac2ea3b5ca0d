#pragma once
// mx.np's rules of dtypes: operators of ours that take arrays of several dtypes, or tell the truth.
#include <string>
#include <vector>

#include "ops/elemwise/common.h"

namespace mx::elemwise {

/// The wider floating one of two dtypes if there is any, else the wider integer one.
DType common_dtype_of(DType a, DType b);
/// The dtype of mx.np's results: the wider floating one if there is any, else the wider integer one
/// (int32 of int8 and uint8); bool only of bools.
void common_dtype(DTypeContext& c);
/// The same, but float32 instead of integers and bool.
void quotient_dtype(DTypeContext& c);
/// Inputs of one dtype, and truth values.
void truth_dtype(DTypeContext& c);

/// mx.np's binary operators bring both arrays to one dtype first, and then are `op`, whose kernels
/// convert as they read. `dtype` tells the result's; the gradient is that of casts and `op`.
OpBuilder promoted(const char* name, const char* op, const char* doc,
                   Op::InferDType dtype = common_dtype);
/// The same with a number: only `dtype` differs from `op`.
OpBuilder promoted_scalar(const char* name, const char* op, const char* doc, Op::InferDType dtype);

/// `op` under the name and with the input names that it has in mx.np.
OpBuilder numpy(const char* name, const char* op, std::vector<std::string> inputs = {"x"});

/// mx.np's comparisons and logic: `op` with results of dtype bool, by the kernels of `kernels`.
OpBuilder truth(OpBuilder op, const char* kernels);

}  // namespace mx::elemwise
