#include "ir/infer_storage.h"

#include "ir/op.h"

namespace mx {

std::vector<StorageKind> infer_storage(const Op& op, const Params& params,
                                       std::span<const StorageKind> in) {
  std::vector<StorageKind> out(op.num_outputs(params), StorageKind::kDefault);
  if (op.infer_storage) {
    StorageContext context(params, in, out);
    op.infer_storage(context);
  } else if (op.keeps_zeros && !in.empty() && op.keeps_zeros(params)) {
    out[0] = in[0];
  }
  return out;
}

namespace infer {

void equal_storage(StorageContext& context) {
  for (size_t i = 1; i < context.num_in(); ++i)
    if (context.in(i) != context.in(0)) return;
  context.set_out(0, context.in(0));
}

void product_storage(StorageContext& context) {
  equal_storage(context);
  for (size_t i = 0; i < 2; ++i)
    if (context.is_dense(1 - i)) context.set_out(0, context.in(i));
}

void first_storage(StorageContext& context) { context.set_out(0, context.in(0)); }

}  // namespace infer
}  // namespace mx
