#pragma once
// What the oneDNN kernels share.
#include <oneapi/dnnl/dnnl.hpp>
#include <unordered_map>

#include "dispatch/kernel.h"

namespace mx::onednn {

/// The CPU engine and the calling thread's stream.
const dnnl::engine& engine();
dnnl::stream& stream();

/// oneDNN's element type; undef for types that it does not compute with.
dnnl::memory::data_type data_type(DType dtype);
dnnl::memory::dims dims(const Shape& shape);

/// Description of a tensor in its layout.
dnnl::memory::desc desc_of(const TensorDesc& tensor);
dnnl::memory::desc plain_desc(const Shape& shape, DType dtype);
/// The same with the format left to oneDNN.
dnnl::memory::desc any_desc(const Shape& shape, DType dtype);
/// The layout that a description means for a tensor of that shape; a library layout where none of
/// ours fits, as for a description with an axis of groups that the tensor has not. Equal
/// descriptions give equal layouts.
Layout layout_of(const dnnl::memory::desc& desc, const Shape& shape, DType dtype);

/// Memory objects over data that a tensor points to.
inline dnnl::memory memory_of(const dnnl::memory::desc& desc, void* data) {
  return {desc, engine(), data};
}

/// Attributes that let many threads run one primitive: scratch memory comes from the caller.
dnnl::primitive_attr thread_safe_attr();

/// nullptr where oneDNN sums products of 8 bits in 32 bits: with VNNI. Older instructions cut the
/// sum of two products to 16 bits. Else the reason for refusing.
const char* refuse_8_bits();

/// nullptr where oneDNN pools and normalizes numbers of that dtype: in float32, and in bfloat16 on
/// processors with AVX-512. Else the reason for refusing.
const char* refuse_narrow(DType dtype);

/// Runs a primitive made with thread_safe_attr(); `scratchpad` is its scratchpad_desc().
void execute(const dnnl::primitive& primitive, const dnnl::memory::desc& scratchpad,
             KernelContext& context, std::unordered_map<int, dnnl::memory> args);

}  // namespace mx::onednn
