#include "image/tiff/tiff_writer.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace imgpeek {
namespace {

// TIFF 6.0, section 2.
constexpr std::uint64_t kHeaderLength = 8;
constexpr std::uint64_t kCountLength = 2;
constexpr std::uint64_t kEntryLength = 12;
constexpr std::uint64_t kOffsetLength = 4;
constexpr std::uint64_t kMagic = 42;

// Values stand at even offsets.
std::uint64_t even(std::uint64_t offset) { return offset + offset % 2; }

// Drops pointers to empty directories, and puts the fields into their order.
void tidy(std::vector<NewTiffDirectory>& directories) {
  for (NewTiffDirectory& fields : directories) {
    std::erase_if(fields, [&](const NewTiffField& field) {
      return field.directory && directories.at(*field.directory).empty();
    });
    std::ranges::stable_sort(fields, {}, &NewTiffField::tag);
  }
}

}  // namespace

NewTiffField NewTiffField::pointer(std::uint16_t tag, std::size_t directory) {
  return {tag, kTiffLong, 1, {}, directory};
}

NewTiffField NewTiffField::long_value(std::uint16_t tag, std::uint32_t value, ByteOrder order) {
  NewTiffField field{tag, kTiffLong, 1, {}, std::nullopt};
  append_integer(field.value, value, sizeof value, order);
  return field;
}

NewTiffField NewTiffField::short_values(std::uint16_t tag, std::span<const std::uint16_t> values,
                                        ByteOrder order) {
  NewTiffField field{tag, kTiffShort, static_cast<std::uint32_t>(values.size()), {}, std::nullopt};
  for (const std::uint16_t value : values) append_integer(field.value, value, sizeof value, order);
  return field;
}

void append_integer(std::vector<std::uint8_t>& out, std::uint64_t value, unsigned length,
                    ByteOrder order) {
  for (unsigned i = 0; i < length; ++i) {
    const unsigned shift = 8 * (order == ByteOrder::kLittle ? i : length - 1 - i);
    out.push_back(static_cast<std::uint8_t>(value >> shift));
  }
}

std::vector<std::uint8_t> write_tiff(std::vector<NewTiffDirectory> directories, ByteOrder order) {
  tidy(directories);

  // The directories come first, one after the other, then the values.
  std::vector<std::uint64_t> offsets;
  std::uint64_t end = kHeaderLength;
  for (const NewTiffDirectory& fields : directories) {
    offsets.push_back(end);
    if (!fields.empty()) end += kCountLength + fields.size() * kEntryLength + kOffsetLength;
  }

  std::vector<std::uint8_t> out;
  const std::string_view mark = order == ByteOrder::kLittle ? "II" : "MM";
  out.assign(mark.begin(), mark.end());
  append_integer(out, kMagic, 2, order);
  append_integer(out, kHeaderLength, kOffsetLength, order);
  for (const NewTiffDirectory& fields : directories) {
    if (fields.empty()) continue;
    append_integer(out, fields.size(), kCountLength, order);
    for (const NewTiffField& field : fields) {
      append_integer(out, field.tag, 2, order);
      append_integer(out, field.type, 2, order);
      append_integer(out, field.count, 4, order);
      if (field.directory) {
        append_integer(out, offsets.at(*field.directory), kOffsetLength, order);
      } else if (field.value.size() <= kOffsetLength) {
        out.insert(out.end(), field.value.begin(), field.value.end());
        out.insert(out.end(), kOffsetLength - field.value.size(), 0);
      } else {
        append_integer(out, end, kOffsetLength, order);
        end += even(field.value.size());
      }
    }
    append_integer(out, 0, kOffsetLength, order);  // no next directory
  }
  for (const NewTiffDirectory& fields : directories) {
    for (const NewTiffField& field : fields) {
      if (field.value.size() <= kOffsetLength) continue;
      out.insert(out.end(), field.value.begin(), field.value.end());
      out.resize(even(out.size()));
    }
  }
  return out;
}

}  // namespace imgpeek
