#pragma once
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "io/records/record_files.h"

namespace mx::records {

/// Places of the records of an .idx file (lines of key, tabulator, place), in ascending order.
///
/// Throws: ValueError when it cannot be read, has no line, or holds a place outside of `files`.
std::vector<int64_t> read_record_index(const std::string& path, const RecordFiles& files);

/// Labels of the records of a .lst file (lines of key, labels and path between tabulators), by key.
using LabelsByKey = std::unordered_map<uint64_t, std::vector<float>>;

/// Reads a .lst file, from `remote` if it is there. `label_width` is the number of labels in a
/// line; -1 for any.
///
/// Throws: ValueError that names the line which does not fit.
LabelsByKey read_label_list(const std::string& path, int64_t label_width, const RemoteFiles& remote,
                            const std::string& who);

}  // namespace mx::records
