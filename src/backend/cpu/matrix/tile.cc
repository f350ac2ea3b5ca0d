#include "backend/common/matrix/tile.h"

#include "backend/cpu/matrix/mover.h"

namespace mx::cpu {
namespace {

const moves::TileKernels<Mover> kernels;

}  // namespace
}  // namespace mx::cpu
