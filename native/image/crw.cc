// Canon CRW: Canon's CIFF, heaps of records, each heap with its directory at its end. The layout is
// Canon's CIFF specification 1.0, as ExifTool documents it.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "image/readers.h"
#include "image/tiff/tiff_directory.h"
#include "image/tiff/tiff_tags.h"
#include "image/tiff/tiff_writer.h"
#include "turn.h"

namespace imgpeek {
namespace {

// The header: the byte order, its length, the kind of file.
constexpr std::string_view kMagic = "HEAPCCDR";
constexpr std::uint64_t kMagicAt = 6;
constexpr std::uint64_t kHeaderLength = 14;
constexpr std::size_t kHeapAt = 2;

// A heap ends with the offset of its directory: a number of records, then a tag, a length and an
// offset each, or in their place eight bytes of value.
constexpr std::uint64_t kPointerLength = 4;
constexpr std::uint64_t kCountLength = 2;
constexpr std::uint64_t kRecordLength = 10;
constexpr std::uint16_t kStorage = 0xC000;
constexpr std::uint16_t kInRecord = 0x4000;
constexpr std::uint64_t kInRecordLength = 8;
constexpr std::uint16_t kMaxRecords = 512;

// The directories stand at the end, after the samples and the previews.
constexpr std::uint64_t kTail = 32768;

// A heap within the first, one within that, and records in them.
constexpr std::uint16_t kImageProperties = 0x300A;
constexpr std::uint16_t kCameraObject = 0x2807;
constexpr std::uint16_t kImageInfo = 0x1810;
constexpr std::uint16_t kTimeStamp = 0x180E;
constexpr std::uint16_t kMakeModel = 0x080A;
constexpr std::uint64_t kMaxMakeModel = 256;

// Of kImageInfo: width, height, the aspect of a pixel, and the degrees to turn by, with a sign.
constexpr std::uint64_t kImageInfoLength = 16;

// Of EXIF 2.32, 4.6.5.
constexpr std::uint16_t kDateTimeOriginal = 0x9003;
constexpr std::uint16_t kAscii = 2;

struct Record {
  std::uint16_t tag = 0;
  Range value;
};

class CrwReader {
 public:
  CrwReader(Bytes& bytes, Image& image)
      : bytes_(bytes),
        image_(image),
        order_(bytes.matches(0, "II") ? ByteOrder::kLittle : ByteOrder::kBig) {}

  void read(const Wanted& wanted) {
    const std::uint64_t size = bytes_.require_size();
    const std::uint64_t begin = u32(bytes_.read(0, kHeaderLength), kHeapAt);
    if (begin >= size) throw Malformed("crw: no heap");
    const std::uint64_t tail = std::min(size, kTail);
    bytes_.require({Range{size - tail, tail}});
    const auto properties = find(read_heap({begin, size - begin}), kImageProperties);
    if (!properties) throw Malformed("crw: no properties");
    const std::vector<Record> records = read_heap(*properties);
    if (const auto info = find(records, kImageInfo)) set_size(*info);
    if (!wanted.exif) return;
    set_time(records);
    if (const auto camera = find(records, kCameraObject)) set_camera(read_heap(*camera));
    set_exif();
  }

 private:
  std::uint32_t u32(ByteSpan data, std::size_t at) const { return ordered32(data, at, order_); }
  std::uint16_t u16(ByteSpan data, std::size_t at) const { return ordered16(data, at, order_); }

  // The records of a heap, as far as they lie within it.
  std::vector<Record> read_heap(Range heap) {
    if (heap.length < kPointerLength + kCountLength) return {};
    const std::uint64_t end = heap.length - kPointerLength;
    const std::uint64_t directory = u32(bytes_.read(heap.offset + end, kPointerLength), 0);
    if (directory > end - kCountLength) return {};
    const std::uint64_t at = heap.offset + directory;
    const std::uint64_t count = std::min(u16(bytes_.read(at, kCountLength), 0), kMaxRecords);
    const ByteSpan table = bytes_.read_up_to(
        at + kCountLength, std::min(count * kRecordLength, end - directory - kCountLength));
    std::vector<Record> records;
    for (std::size_t from = 0; from + kRecordLength <= table.size(); from += kRecordLength) {
      Record record;
      const std::uint16_t tag = u16(table, from);
      record.tag = tag & static_cast<std::uint16_t>(~kStorage);
      if ((tag & kStorage) == kInRecord) {
        record.value = {at + kCountLength + from + 2, kInRecordLength};
      } else {
        const std::uint64_t length = u32(table, from + 2);
        const std::uint64_t offset = u32(table, from + 6);
        if (offset > heap.length || length > heap.length - offset) continue;
        record.value = {heap.offset + offset, length};
      }
      records.push_back(record);
    }
    return records;
  }

  static std::optional<Range> find(const std::vector<Record>& records, std::uint16_t tag) {
    const auto found = std::ranges::find(records, tag, &Record::tag);
    return found == records.end() ? std::nullopt : std::optional(found->value);
  }

  void set_size(Range info) {
    if (info.length < kImageInfoLength) return;
    const ByteSpan value = bytes_.read(info.offset, kImageInfoLength);
    image_.width = u32(value, 0);
    image_.height = u32(value, 4);
    image_.orientation = orientation_of_turn(static_cast<std::int32_t>(u32(value, 12)));
  }

  // Seconds since 1970 by the camera's clock, which knows no zone.
  void set_time(const std::vector<Record>& properties) {
    const auto stamp = find(properties, kTimeStamp);
    if (!stamp || stamp->length < 4) return;
    const std::uint32_t seconds = u32(bytes_.read(stamp->offset, 4), 0);
    if (seconds == 0) return;
    const std::chrono::sys_seconds time{std::chrono::seconds{seconds}};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{time - day};
    const auto two = [](auto value) {
      const std::string digits = std::to_string(value);
      return digits.size() < 2 ? "0" + digits : digits;
    };
    exif_.push_back(text(kDateTimeOriginal, std::to_string(static_cast<int>(date.year())) + ":" +
                                                two(static_cast<unsigned>(date.month())) + ":" +
                                                two(static_cast<unsigned>(date.day())) + " " +
                                                two(clock.hours().count()) + ":" +
                                                two(clock.minutes().count()) + ":" +
                                                two(clock.seconds().count())));
  }

  // One text after the other.
  void set_camera(const std::vector<Record>& camera) {
    const auto names = find(camera, kMakeModel);
    if (!names) return;
    const std::string_view value =
        as_text(bytes_.read_up_to(names->offset, std::min(names->length, kMaxMakeModel)));
    const std::string_view make = value.substr(0, value.find('\0'));
    std::string_view model = value.substr(std::min(value.size(), make.size() + 1));
    model = model.substr(0, model.find('\0'));
    if (!make.empty()) ifd0_.push_back(text(kMake, make));
    if (!model.empty()) ifd0_.push_back(text(kModel, model));
  }

  // What EXIF has the same of, beside what the answer tells in any case.
  void set_exif() {
    if (ifd0_.empty() && exif_.empty()) return;
    ifd0_.push_back(NewTiffField::pointer(kExifIfd, 1));
    image_.metadata.exif = bytes_.keep(write_tiff({std::move(ifd0_), std::move(exif_)}, order_));
  }

  static NewTiffField text(std::uint16_t tag, std::string_view value) {
    NewTiffField field{tag, kAscii, static_cast<std::uint32_t>(value.size() + 1), {}, {}};
    field.value.assign(value.begin(), value.end());
    field.value.push_back(0);
    return field;
  }

  Bytes& bytes_;
  Image& image_;
  ByteOrder order_;
  NewTiffDirectory ifd0_;
  NewTiffDirectory exif_;
};

}  // namespace

bool is_crw(Bytes& bytes) {
  return (bytes.matches(0, "II") || bytes.matches(0, "MM")) && bytes.matches(kMagicAt, kMagic);
}

void read_crw(Bytes& bytes, const Wanted& wanted, Image& image) {
  image.raw = true;
  CrwReader(bytes, image).read(wanted);
}

}  // namespace imgpeek
