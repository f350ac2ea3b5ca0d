#include "ir/op.h"

namespace mx {
namespace {

const OpBuilder shuffle = OpBuilder("_shuffle")
                              .alias("shuffle")
                              .alias("_npi_shuffle")
                              .doc("data with its first axis in random order.")
                              .input("data", "Array of one axis or more.")
                              .random()
                              .not_differentiable("the order is random");

}  // namespace
}  // namespace mx
