// _reorder: between any two layouts.
#include "backend/cpu/onednn/onednn.h"

namespace mx::onednn {
namespace {

/// A library layout may see the tensor with other axes (grouped weights): the plain side follows.
dnnl::memory::desc side(const TensorDesc& tensor, const TensorDesc& other) {
  if (tensor.layout != Layout::kPlain || other.layout < Layout::kFirstLibrary)
    return desc_of(tensor);
  const auto dims = desc_of(other).get_dims();
  return plain_desc(Shape(std::vector<int64_t>(dims.begin(), dims.end())), tensor.dtype);
}

class Prepared final : public PreparedKernel {
 public:
  explicit Prepared(const KernelQuery& query)
      : desc_(engine(), side(query.in[0], query.out[0]), engine(), side(query.out[0], query.in[0]),
              thread_safe_attr()),
        primitive_(desc_) {}

  void run(const Params&, KernelContext& context, Inputs in, Outputs out) override {
    execute(primitive_, desc_.scratchpad_desc(), context,
            {{DNNL_ARG_SRC, memory_of(desc_.src_desc(), in[0].data)},
             {DNNL_ARG_DST, memory_of(desc_.dst_desc(), out[0].data)}});
  }

 private:
  dnnl::reorder::primitive_desc desc_;
  dnnl::reorder primitive_;
};

PreparedPtr prepare(const KernelQuery& query) { return std::make_shared<Prepared>(query); }

/// The layout pass sets both sides; asked for a choice, it keeps what is there.
LayoutChoice keep(const KernelQuery& query) {
  return {{query.in[0].layout}, {query.out[0].layout}};
}

const KernelBuilder kernel = KernelBuilder("_reorder", "onednn")
                                 .prepare(prepare)
                                 .choose_layouts(keep)
                                 .priority(kLibraryPriority);

}  // namespace
}  // namespace mx::onednn
