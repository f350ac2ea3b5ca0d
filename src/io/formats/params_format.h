#pragma once
#include <cstdint>

/// Numbers of the .params format; see docs/formats/params.md.
namespace mx::params_format {

inline constexpr uint64_t kListMagic = 0x112;
/// What an array of each version begins with. Before V1 it was the rank itself.
inline constexpr uint32_t kMagicV1 = 0xF993FAC8, kMagicV2 = 0xF993FAC9, kMagicV3 = 0xF993FACA;
inline constexpr uint32_t kMostDimensions = 64;

}  // namespace mx::params_format
