#pragma once
#include <span>
#include <vector>

#include "ir/common_params.h"
#include "ndarray/ndarray.h"

namespace mx {

/// Queues `out` = the sum of the arrays with which copies of an operator meet: one copy on each of
/// `p.ndev` devices, all with `p.key`. Every copy gets the same sum, added up in the order of the
/// devices. Float64 arrays of one shape in host memory.
///
/// **Contract.** The sum is there when all copies have been pushed and their inputs are ready; no
/// thread is kept waiting for that, but whoever waits for a result before the last copy was pushed
/// waits for ever. So all copies of a step are called before a result of any of them is looked at,
/// as loops over devices do. A device that comes again while others are still missing has begun
/// another step: the sums of the step that was left fail with an error, and so do results that
/// follow from them.
/// Throws: ValueError where the device is a GPU, where copies disagree, or with
/// MXNET_ENGINE_TYPE=NaiveEngine, which runs one operation after the other.
/// Thread safety: any.
void meet(const MeetingParam& p, const NDArray& in, const NDArray& out);

}  // namespace mx
