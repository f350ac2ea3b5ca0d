#pragma once
#include "ir/infer_context.h"

/// What the operators of mx.nd.image share: pictures (height, width, channels) and batches of them.
namespace mx::picture {

/// Refuses what is no picture or batch of pictures.
/// Throws: ValueError.
inline void check_rank(const ShapeContext& c, const char* expected = "(height, width, channels)") {
  const int ndim = c.in(0).ndim();
  if (ndim != 3 && ndim != 4)
    c.fail_in(0, "has ", ndim, " axes; expected ", expected, ", or a batch of such");
}

/// Refuses channels that are neither gray nor red, green and blue; `axis` counts from the end.
/// Throws: ValueError.
inline void check_channels(const ShapeContext& c, int axis = 1) {
  const int64_t channels = c.in(0)[c.in(0).ndim() - axis];
  if (channels >= 0 && channels != 1 && channels != 3)
    c.fail_in(0, "has ", channels, " channels; expected 1 or 3");
}

/// Inference of operators that change neither size nor channels.
inline void infer_same(ShapeContext& c) {
  c.unify_all();
  if (!c.in(0).has_rank()) return;
  check_rank(c);
  check_channels(c);
}

}  // namespace mx::picture
