// _fused_pointwise: the operators' own kernels, block by block.
#include "backend/cpu/pointwise_program.h"

namespace mx::cpu {
namespace {

/// All operands are dense and laid out alike, as the pass that makes the operator sees to.
LayoutChoice keep(const KernelQuery& query) {
  LayoutChoice choice;
  for (const TensorDesc& tensor : query.in) choice.in.push_back(tensor.layout);
  choice.out.assign(1, query.out[0].layout);
  return choice;
}

const KernelBuilder kernel =
    KernelBuilder("_fused_pointwise", "native").prepare(prepare_pointwise).choose_layouts(keep);

}  // namespace
}  // namespace mx::cpu
