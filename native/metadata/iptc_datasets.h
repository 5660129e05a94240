// The datasets of the IPTC-NAA Information Interchange Model, version 4.2.
#pragma once

#include <cstdint>
#include <string_view>

namespace imgpeek {

enum class IptcKind : std::uint8_t {
  kText,    // also dates, times and what is written in digits
  kNumber,  // a big-endian integer
  kBinary,
};

struct IptcDataset {
  std::uint8_t record;
  std::uint8_t number;
  std::string_view title;
  IptcKind kind = IptcKind::kText;
  bool repeatable = false;
};

// The dataset `record`:`number`, or nullptr where the model has none. It lives for ever.
const IptcDataset* iptc_dataset(std::uint8_t record, std::uint8_t number);

}  // namespace imgpeek
