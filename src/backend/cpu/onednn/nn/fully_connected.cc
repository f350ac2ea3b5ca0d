// FullyConnected by oneDNN's matmul, which reads the weight as it lies.
#include "ops/nn/fully_connected.h"

#include "backend/cpu/onednn/matmul.h"
#include "backend/cpu/onednn/primitive_kernel.h"

namespace mx::onednn {
namespace {

using Desc = dnnl::memory::desc;

const char* refuse(const KernelQuery& query) { return refuse_matmul(query); }

PreparedPtr prepare(const KernelQuery& query) {
  const auto& p = query.params.as<FullyConnectedParam>();
  const DType dtype = query.in[0].dtype;
  const int64_t features = query.in[1].shape[1], rows = query.out[0].shape.size() / p.num_hidden;
  const Desc data = plain_desc(Shape{rows, features}, dtype);
  const Desc weight({features, p.num_hidden}, data_type(dtype), {1, features});
  const Desc out = plain_desc(Shape{rows, p.num_hidden}, dtype);
  const Desc bias = p.no_bias ? Desc() : plain_desc(Shape{1, p.num_hidden}, dtype);
  const dnnl::matmul::primitive_desc desc(engine(), data, weight, bias, out, thread_safe_attr());
  auto kernel = PrimitiveKernel::of(dnnl::matmul(desc), desc);
  kernel->input(DNNL_ARG_SRC, 0, data, data);
  kernel->input(DNNL_ARG_WEIGHTS, 1, weight, weight);
  if (!p.no_bias) kernel->input(DNNL_ARG_BIAS, 2, bias, bias);
  kernel->output(DNNL_ARG_DST, 0, out, out);
  return kernel;
}

const KernelBuilder k1 = KernelBuilder("FullyConnected", "onednn")
                             .refuse(refuse)
                             .prepare(prepare)
                             .priority(kLibraryPriority);

}  // namespace
}  // namespace mx::onednn
