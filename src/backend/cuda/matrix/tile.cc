#include "backend/common/matrix/tile.h"

#include "backend/cuda/matrix/mover.h"

namespace mx::cuda {
namespace {

const moves::TileKernels<Mover> kernels;

}  // namespace
}  // namespace mx::cuda
