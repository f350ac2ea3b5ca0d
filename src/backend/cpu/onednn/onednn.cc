#include "backend/cpu/onednn/onednn.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <mutex>
#include <optional>

namespace mx::onednn {
namespace {

using Desc = dnnl::memory::desc;
using Tag = dnnl::memory::format_tag;

/// oneDNN's tag for one of our layouts of tensors with 3 to 5 axes.
std::optional<Tag> tag_of(Layout layout, int ndim) {
  if (ndim < 3 || ndim > 5) return std::nullopt;
  const auto i = static_cast<size_t>(ndim - 3);
  switch (layout) {
    case Layout::kBlock8:
      return std::array{Tag::nCw8c, Tag::nChw8c, Tag::nCdhw8c}[i];
    case Layout::kBlock16:
      return std::array{Tag::nCw16c, Tag::nChw16c, Tag::nCdhw16c}[i];
    case Layout::kChannelsLast:
      return std::array{Tag::nwc, Tag::nhwc, Tag::ndhwc}[i];
    default:
      return std::nullopt;
  }
}

/// Descriptions behind the library layouts.
struct Table {
  std::mutex mutex;
  std::vector<std::pair<Layout, Desc>> rows;
};

Table& table() {
  static auto* instance = new Table;
  return *instance;
}

}  // namespace

const dnnl::engine& engine() {
  static const auto* instance = new dnnl::engine(dnnl::engine::kind::cpu, 0);
  return *instance;
}

dnnl::stream& stream() {
  thread_local dnnl::stream instance(engine());
  return instance;
}

dnnl::memory::data_type data_type(DType dtype) {
  using Type = dnnl::memory::data_type;
  switch (dtype) {
    case DType::kFloat32:
      return Type::f32;
    case DType::kFloat16:
      return Type::f16;
    case DType::kBfloat16:
      return Type::bf16;
    case DType::kInt32:
      return Type::s32;
    case DType::kInt8:
      return Type::s8;
    case DType::kUint8:
      return Type::u8;
    default:
      return Type::undef;
  }
}

dnnl::memory::dims dims(const Shape& shape) { return {shape.begin(), shape.end()}; }

Desc plain_desc(const Shape& shape, DType dtype) {
  return Desc(dims(shape), data_type(dtype), contiguous_strides(shape));
}

Desc any_desc(const Shape& shape, DType dtype) {
  return Desc(dims(shape), data_type(dtype), Tag::any);
}

Desc desc_of(const TensorDesc& tensor) {
  if (tensor.layout == Layout::kPlain) return plain_desc(tensor.shape, tensor.dtype);
  if (const auto tag = tag_of(tensor.layout, tensor.shape.ndim()))
    return Desc(dims(tensor.shape), data_type(tensor.dtype), *tag);
  std::lock_guard lock(table().mutex);
  for (const auto& [layout, desc] : table().rows)
    if (layout == tensor.layout) return desc;
  fail(ErrorKind::kInternal, "oneDNN: layout ", static_cast<int>(tensor.layout), " is not known");
}

Layout layout_of(const Desc& desc, const Shape& shape, DType dtype) {
  const dnnl::memory::dims axes = desc.get_dims();
  const bool is_grouped = axes.size() != static_cast<size_t>(shape.ndim());
  if (desc == plain_desc(Shape(std::vector<int64_t>(axes.begin(), axes.end())), dtype))
    return Layout::kPlain;
  if (!is_grouped)  // our layouts mean the axes that the tensor has
    for (Layout layout : {Layout::kBlock16, Layout::kBlock8, Layout::kChannelsLast})
      if (const auto tag = tag_of(layout, shape.ndim());
          tag && desc == Desc(dims(shape), data_type(dtype), *tag))
        return layout;
  std::lock_guard lock(table().mutex);
  for (const auto& [layout, known] : table().rows)
    if (known == desc) return layout;
  table().rows.emplace_back(add_library_layout(desc.get_size()), desc);
  return table().rows.back().first;
}

namespace {

bool is_one_of(std::initializer_list<dnnl::cpu_isa> list) {
  static const dnnl::cpu_isa isa = dnnl::get_effective_cpu_isa();
  return std::find(list.begin(), list.end(), isa) != list.end();
}

}  // namespace

const char* refuse_8_bits() {
  using enum dnnl::cpu_isa;
  return is_one_of({isa_default, sse41, avx, avx2, avx512_core}) ? "sums of 8 bits need VNNI"
                                                                 : nullptr;
}

const char* refuse_narrow(DType dtype) {
  using enum dnnl::cpu_isa;
  if (dtype == DType::kFloat32) return nullptr;
  if (dtype != DType::kBfloat16) return "works on float32 and bfloat16";
  return is_one_of({isa_default, sse41, avx, avx2, avx2_vnni}) ? "works on bfloat16 with AVX-512"
                                                               : nullptr;
}

dnnl::primitive_attr thread_safe_attr() {
  dnnl::primitive_attr attr;
  attr.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attr;
}

void execute(const dnnl::primitive& primitive, const Desc& scratchpad, KernelContext& context,
             std::unordered_map<int, dnnl::memory> args) {
  if (const size_t bytes = scratchpad.get_size())
    args.insert_or_assign(DNNL_ARG_SCRATCHPAD, memory_of(scratchpad, context.scratch->get(bytes)));
  primitive.execute(stream(), args);
}

}  // namespace mx::onednn
