// Products of interleaved projections by oneDNN's matmul, which reads and writes with strides.
#include "ops/nn/attention/interleaved_matmul.h"

#include <algorithm>

#include "backend/cpu/nn/attention/parts.h"
#include "backend/cpu/onednn/matmul.h"

namespace mx::onednn {
namespace {

using Desc = dnnl::memory::desc;

Desc desc_of_heads(const HeadMatrices& m, int64_t batch, int64_t rows, int64_t columns) {
  const int64_t row = m.transposed ? 1 : m.row_step, column = m.transposed ? m.row_step : 1;
  return Desc({batch, rows, columns}, data_type(DType::kFloat32), {m.batch_step, row, column});
}

dnnl::primitive_attr scaled(double scale) {
  dnnl::primitive_attr attr = thread_safe_attr();
  if (scale == 1) return attr;
  dnnl::post_ops post;
  post.append_eltwise(dnnl::algorithm::eltwise_linear, static_cast<float>(scale), 0.0f);
  attr.set_post_ops(post);
  return attr;
}

class Products final : public PreparedKernel {
 public:
  explicit Products(AttentionWork work) : work_(std::move(work)) {
    for (const HeadProduct& p : work_.products)
      steps_.emplace_back(desc_of_heads(p.a, p.batch, p.m, p.k),
                          desc_of_heads(p.b, p.batch, p.k, p.n),
                          desc_of_heads(p.c, p.batch, p.m, p.n), scaled(p.scale));
  }

  void run(const Params&, KernelContext& context, Inputs in, Outputs out) override {
    for (size_t i = 0; i < steps_.size(); ++i) {
      const HeadProduct& p = work_.products[i];
      const Step& step = steps_[i];
      const auto memory = [&](const Desc& desc, const HeadMatrices& m) {
        return memory_of(desc, (m.is_output ? out : in)[m.tensor].as<float>() + m.offset);
      };
      execute(step.primitive, step.desc.scratchpad_desc(), context,
              {{DNNL_ARG_SRC, memory(step.a, p.a)},
               {DNNL_ARG_WEIGHTS, memory(step.b, p.b)},
               {DNNL_ARG_DST, memory(step.c, p.c)}});
    }
    cpu::zero_parts(work_, out);
  }

 private:
  struct Step {
    Desc a, b, c;
    dnnl::matmul::primitive_desc desc;
    dnnl::matmul primitive;
    Step(const Desc& a, const Desc& b, const Desc& c, const dnnl::primitive_attr& attr)
        : a(a), b(b), c(c), desc(engine(), a, b, c, attr), primitive(desc) {}
  };
  AttentionWork work_;
  std::vector<Step> steps_;
};

template <AttentionWorkFn work_of>
PreparedPtr prepare(const KernelQuery& query) {
  std::vector<Shape> shapes;
  for (const TensorDesc& tensor : query.in) shapes.push_back(tensor.shape);
  return std::make_shared<Products>(work_of(query.params.as<InterleavedParam>().heads, shapes));
}

const char* refuse(const KernelQuery& query) {
  // Of half types oneDNN multiplies matrices with such strides by its reference alone.
  if (query.in[0].dtype != DType::kFloat32) return "multiplies float32";
  return refuse_matmul(query);
}

struct Kernels {
  Kernels() {
    for_each_interleaved([]<AttentionWorkFn work>(const char* op) {
      KernelBuilder(op, "onednn").refuse(refuse).prepare(prepare<work>).priority(kLibraryPriority);
    });
  }
};
const Kernels kernels;

}  // namespace
}  // namespace mx::onednn
