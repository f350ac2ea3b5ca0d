#include "ops/optimizer/ftrl.h"

#include "backend/cpu/sparse/optimizer/lazy.h"

namespace mx {
namespace {

using namespace optimizer;

void ftrl(const Params& params, KernelContext&, std::span<SparseTensor> in,
          std::span<SparseTensor> out) {
  update_rows<FtrlRule>(params.as<FtrlParam>(), in, out[0], "ftrl_update",
                        std::index_sequence<0, 1>{});
}

/// With a dense weight every row follows z and n, as in 1.9.1.
const char* refuse(const KernelQuery& query) {
  return query.in[0].storage == StorageKind::kDefault ? "takes row_sparse weights"
                                                      : refuse_not_lazy(query);
}

const KernelBuilder k1 = KernelBuilder("ftrl_update", "lazy").refuse(refuse).run_sparse(ftrl);

}  // namespace
}  // namespace mx
