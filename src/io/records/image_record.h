#pragma once
#include <cstdint>
#include <span>

#include "io/records/record_source.h"

namespace mx::records {

/// What a record of a picture holds: the header of mx.recordio.pack and the file of the picture.
struct ImageRecord {
  uint64_t key = 0;
  float label = 0;
  uint32_t num_labels = 0;          ///< of `labels`; 0 when `label` is the only one
  std::span<const uint8_t> labels;  ///< float32, unaligned
  std::span<const uint8_t> picture;
};

/// Takes a record apart; the result points into it.
/// Throws: ValueError that names the record's place when it is too short.
ImageRecord parse_image_record(const Record& record, const RecordFiles& files);

}  // namespace mx::records
