// libFuzzer target: any bytes are a file of records or give an mx::Error. The last byte picks order
// and parts; each pass over a part gives as many records. tests/fuzz/run.sh builds and runs it.
#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "base/error.h"
#include "io/records/image_record.h"
#include "io/records/record_source.h"

namespace {

using namespace mx::records;

int64_t count_records(RecordSource& source, const RecordFiles& files) {
  int64_t count = 0;
  for (Record record; source.next(record); ++count) {
    try {
      parse_image_record(record, files);
    } catch (const mx::Error&) {
    }
  }
  return count;
}

void read_parts(const RecordFiles& files, uint8_t choice) {
  SourceOptions options;
  options.shuffle = choice & 1;
  options.shuffle_chunk_megabytes = choice >> 1 & 1;
  options.num_parts = 1 + (choice >> 2);
  for (options.part = 0; options.part < options.num_parts; ++options.part) {
    const auto source = make_record_source(files, options);
    const int64_t first = count_records(*source, files);
    source->rewind();
    if (count_records(*source, files) != first) __builtin_trap();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const int file = memfd_create("records", MFD_CLOEXEC);
  if (file < 0 || write(file, data, size - 1) != static_cast<ssize_t>(size - 1)) return 0;
  try {
    const RecordFiles files("/proc/self/fd/" + std::to_string(file), "fuzz");
    read_parts(files, data[size - 1]);
  } catch (const mx::Error&) {
  }
  close(file);
  return 0;
}
