#include "backend/cpu/onednn/matmul.h"

namespace mx::onednn {
namespace {

bool can_multiply(dnnl::memory::data_type type) {
  const dnnl::memory::desc matrix({16, 16}, type, dnnl::memory::format_tag::ab);
  try {
    const dnnl::matmul::primitive_desc desc(engine(), matrix, matrix, matrix);
    return !std::string_view(desc.impl_info_str()).starts_with("ref");
  } catch (const dnnl::error&) {
    return false;
  }
}

}  // namespace

const char* refuse_matmul(const KernelQuery& query) {
  using Type = dnnl::memory::data_type;
  static const bool bf16 = can_multiply(Type::bf16), f16 = can_multiply(Type::f16);
  const DType dtype = query.in[0].dtype;
  const bool known = dtype == DType::kFloat32 || (dtype == DType::kBfloat16 && bf16) ||
                     (dtype == DType::kFloat16 && f16);
  if (!known) return "has no matrix product of that dtype";
  for (const TensorDesc& tensor : query.in)
    for (int64_t dim : tensor.shape)
      if (dim == 0) return "works on tensors with elements only";
  return nullptr;
}

}  // namespace mx::onednn
