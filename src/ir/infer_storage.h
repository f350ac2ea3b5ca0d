#pragma once
#include <span>
#include <vector>

#include "base/param.h"
#include "base/storage_kind.h"

namespace mx {

class Op;

/// What storage inference of one operator sees. Outputs are dense unless the function says
/// otherwise. Results that are written over arrays of the user keep those arrays' kinds.
class StorageContext {
 public:
  StorageContext(const Params& params, std::span<const StorageKind> in, std::span<StorageKind> out)
      : params_(params), in_(in), out_(out) {}

  template <typename P>
  const P& params() const {
    return params_.as<P>();
  }
  const Params& raw_params() const { return params_; }
  size_t num_in() const { return in_.size(); }
  StorageKind in(size_t i) const { return in_[i]; }
  bool is_dense(size_t i) const { return in_[i] == StorageKind::kDefault; }
  void set_out(size_t i, StorageKind kind) { out_[i] = kind; }

 private:
  const Params& params_;
  std::span<const StorageKind> in_;
  std::span<StorageKind> out_;
};

/// Storage kinds of the outputs, from those of the inputs. Without a function of its own an
/// operator that keeps zeros gives the kind of its first input; all other results are dense.
std::vector<StorageKind> infer_storage(const Op& op, const Params& params,
                                       std::span<const StorageKind> in);

namespace infer {
/// Output 0 is sparse like all inputs when those are of one kind.
void equal_storage(StorageContext& context);
/// The same, and where one input is dense, like the other: a product is zero where one factor is.
void product_storage(StorageContext& context);
/// Output 0 has the kind of input 0.
void first_storage(StorageContext& context);
}  // namespace infer

}  // namespace mx
