#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "io/records/byte_source.h"
#include "io/records/detect_param.h"
#include "io/records/image_param.h"
#include "ndarray/ndarray.h"

namespace mx::records {

/// One batch; the arrays belong to whoever takes it, and the reader keeps nothing of them.
struct Batch {
  NDArray data;                ///< (batch_size, channels, height, width)
  NDArray label;               ///< float32, (batch_size,) or (batch_size, width)
  std::vector<uint64_t> keys;  ///< of the records
  int64_t pad = 0;
};

struct ReaderOptions {
  ReadParam read;
  AugmentParam augment;
  NormalizeParam normalize;
  std::optional<DetectParam> detect;  ///< pictures for detection, in place of `augment`
  RemoteFiles remote;                 ///< those that the paths of `read` name
  DType dtype = DType::kFloat32;      ///< float32, uint8 or int8
  NDArray mean;  ///< float32 of data_shape, subtracted in place of mean_*; or none
};

/// Makes batches of the pictures of record files with threads of its own, ahead of who takes them.
///
/// At most prefetch_buffer + 1 batches are ready or being made. What a batch holds depends on the
/// arguments alone, never on the number of threads. An error of a record is thrown for the batch
/// that it belongs to and ends the epoch; reset() goes on with the next one. The destructor waits
/// for the pictures that are being decoded. After a fork the child starts threads of its own at the
/// first batch of an epoch.
///
/// Thread safety: one thread at a time.
class BatchReader {
 public:
  /// Throws: ValueError for files that cannot be opened and arguments that do not fit.
  BatchReader(ReaderOptions options, std::string who);
  ~BatchReader();
  BatchReader(const BatchReader&) = delete;
  BatchReader& operator=(const BatchReader&) = delete;

  /// The next batch, or nothing at the end of the epoch. Throws: ValueError for a broken record.
  std::optional<Batch> next();
  /// Starts the next epoch.
  void reset();
  /// Numbers of a label in a batch.
  int64_t label_width() const;

 private:
  class Impl;
  void own_process();
  ReaderOptions options_;
  std::string who_;
  int process_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mx::records
