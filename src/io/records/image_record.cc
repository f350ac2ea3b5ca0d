#include "io/records/image_record.h"

#include <cstring>

#include "base/error.h"

namespace mx::records {
namespace {

// Number of labels, label, key and a second key.
constexpr size_t kHeaderBytes = 24;

template <typename T>
T value_at(const uint8_t* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

}  // namespace

ImageRecord parse_image_record(const Record& record, const RecordFiles& files) {
  const std::span<const uint8_t> bytes = record.bytes;
  require(bytes.size() >= kHeaderBytes, files.who(), ": ", files.place(record.offset),
          " has a record of ", bytes.size(), " bytes; a header of ", kHeaderBytes,
          " bytes and a picture are expected");
  ImageRecord parsed;
  parsed.num_labels = value_at<uint32_t>(&bytes[0]);
  parsed.label = value_at<float>(&bytes[4]);
  parsed.key = value_at<uint64_t>(&bytes[8]);
  const size_t label_bytes = size_t{4} * parsed.num_labels;
  require(bytes.size() - kHeaderBytes >= label_bytes, files.who(), ": ", files.place(record.offset),
          " has a record of ", bytes.size(), " bytes; ", parsed.num_labels,
          " labels of 4 bytes and a picture are expected behind its header");
  parsed.labels = bytes.subspan(kHeaderBytes, label_bytes);
  parsed.picture = bytes.subspan(kHeaderBytes + label_bytes);
  return parsed;
}

}  // namespace mx::records
