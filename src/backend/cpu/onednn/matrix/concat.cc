// Concat of blocked or channels-last tensors along their channels.
#include "ops/matrix/concat.h"

#include "backend/cpu/onednn/onednn.h"

namespace mx::onednn {
namespace {

int64_t block_of(Layout layout) {
  return layout == Layout::kBlock16 ? 16 : layout == Layout::kBlock8 ? 8 : 1;
}

/// Whether whole blocks of channels can be copied.
bool fits(const KernelQuery& query, Layout layout) {
  if (layout == Layout::kPlain || layout >= Layout::kFirstLibrary) return false;
  for (const TensorDesc& in : query.in)
    if (in.shape[1] % block_of(layout) != 0 || in.shape.size() == 0) return false;
  return true;
}

const char* refuse(const KernelQuery& query) {
  const TensorDesc& out = query.out[0];
  if (data_type(out.dtype) == dnnl::memory::data_type::undef) return "has no such dtype";
  if (query.params.as<ConcatParam>().dim != 1 || out.shape.ndim() < 3 || out.shape.ndim() > 5)
    return "joins channels of 3 to 5 axes";
  for (const TensorDesc& in : query.in)
    if (in.layout != out.layout) return "works on tensors of one layout";
  return fits(query, out.layout) ? nullptr : "joins whole blocks of channels";
}

/// The layout of the first input that has one, if it fits all.
LayoutChoice choose_layouts(const KernelQuery& query) {
  Layout layout = Layout::kPlain;
  for (const TensorDesc& in : query.in)
    if (layout == Layout::kPlain) layout = in.layout;
  if (!fits(query, layout)) layout = Layout::kPlain;
  return {std::vector(query.in.size(), layout), {layout}};
}

class Join final : public PreparedKernel {
 public:
  explicit Join(const KernelQuery& query)
      : desc_(engine(), desc_of(query.out[0]), 1, sources(query), thread_safe_attr()),
        primitive_(desc_) {}

  void run(const Params&, KernelContext& context, Inputs in, Outputs out) override {
    std::unordered_map<int, dnnl::memory> args{
        {DNNL_ARG_DST, memory_of(desc_.dst_desc(), out[0].data)}};
    for (size_t i = 0; i < in.size(); ++i) {
      const int number = static_cast<int>(i);
      args.emplace(DNNL_ARG_MULTIPLE_SRC + number, memory_of(desc_.src_desc(number), in[i].data));
    }
    execute(primitive_, desc_.scratchpad_desc(), context, args);
  }

 private:
  static std::vector<dnnl::memory::desc> sources(const KernelQuery& query) {
    std::vector<dnnl::memory::desc> descs;
    for (const TensorDesc& in : query.in) descs.push_back(desc_of(in));
    return descs;
  }
  dnnl::concat::primitive_desc desc_;
  dnnl::concat primitive_;
};

PreparedPtr prepare(const KernelQuery& query) { return std::make_shared<Join>(query); }

const KernelBuilder k1 = KernelBuilder("Concat", "onednn")
                             .refuse(refuse)
                             .prepare(prepare)
                             .choose_layouts(choose_layouts)
                             .priority(kLibraryPriority);

}  // namespace
}  // namespace mx::onednn
