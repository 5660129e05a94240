// Sigma X3F: a header, sections, and at the end a directory of them. All is little-endian. The
// layout is known from what ExifTool documents.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "image/embedded_jpeg.h"
#include "image/readers.h"
#include "turn.h"

namespace imgpeek {
namespace {

constexpr std::string_view kMagic = "FOVb";

// The header's version, its upper half the major one, and three numbers: columns, rows and the
// degrees to turn by. From version 4 on they stand further behind.
constexpr std::size_t kVersion = 4;
constexpr unsigned kMajorShift = 16;
constexpr std::uint32_t kNewMajor = 4;
constexpr std::size_t kSizes = 28;
constexpr std::size_t kNewSizes = 40;
constexpr std::size_t kHeaderLength = kNewSizes + 12;

// The directory's place is the file's last word. It has a header with a number of entries, each an
// offset, a length and the kind of a section.
constexpr std::uint64_t kPointerLength = 4;
constexpr std::string_view kDirectory = "SECd";
constexpr std::uint64_t kDirectoryHeader = 12;
constexpr std::uint64_t kEntryLength = 12;
constexpr std::uint32_t kMaxEntries = 64;
constexpr std::uint64_t kTail = 512;  // holds the directories that cameras write

// A section of a picture ("IMAG", "IMA2"): after 28 bytes of header, which tell its format, the
// picture.
constexpr std::string_view kPicture = "IMA";
constexpr std::string_view kImageSection = "SECi";
constexpr std::uint64_t kImageHeader = 28;
constexpr std::size_t kImageFormat = 12;
constexpr std::uint32_t kJpeg = 18;

// The sections of pictures that the directory tells.
std::vector<Range> read_directory(Bytes& bytes) {
  const std::uint64_t size = bytes.require_size();
  if (size < kPointerLength) return {};
  const std::uint64_t tail = std::min(size, kTail);
  bytes.require({Range{size - tail, tail}});
  const std::uint64_t directory = bytes.le32(size - kPointerLength);
  const ByteSpan header = bytes.read_up_to(directory, kDirectoryHeader);
  if (header.size() < kDirectoryHeader || !as_text(header).starts_with(kDirectory)) return {};
  const std::uint64_t count = std::min(le32(header, 8), kMaxEntries);
  const ByteSpan entries = bytes.read_up_to(directory + kDirectoryHeader, count * kEntryLength);
  std::vector<Range> pictures;
  for (std::size_t at = 0; at + kEntryLength <= entries.size(); at += kEntryLength) {
    const Range section{le32(entries, at), le32(entries, at + 4)};
    const bool is_picture = as_text(entries.subspan(at + 8)).starts_with(kPicture);
    if (is_picture && section.length > kImageHeader) pictures.push_back(section);
  }
  return pictures;
}

// Where the preview is that the camera made, as JPEG with EXIF; of no length where there is none.
Range find_preview(Bytes& bytes) {
  const std::vector<Range> pictures = read_directory(bytes);
  std::vector<Range> headers;
  headers.reserve(pictures.size());
  for (const Range& section : pictures) headers.push_back({section.offset, kImageHeader});
  bytes.require(headers);
  for (const Range& section : pictures) {
    const ByteSpan header = bytes.read_up_to(section.offset, kImageHeader);
    if (header.size() == kImageHeader && as_text(header).starts_with(kImageSection) &&
        le32(header, kImageFormat) == kJpeg) {
      return {section.offset + kImageHeader, section.length - kImageHeader};
    }
  }
  return {};
}

}  // namespace

bool is_x3f(Bytes& bytes) { return bytes.matches(0, kMagic); }

void read_x3f(Bytes& bytes, const Wanted& wanted, Image& image) {
  const ByteSpan header = bytes.read(0, kHeaderLength);
  const bool is_new = le32(header, kVersion) >> kMajorShift >= kNewMajor;
  const std::size_t sizes = is_new ? kNewSizes : kSizes;
  image.width = le32(header, sizes);
  image.height = le32(header, sizes + 4);
  image.orientation = orientation_of_turn(static_cast<std::int32_t>(le32(header, sizes + 8)));
  if (!wanted.metadata()) return;
  const Range preview = find_preview(bytes);
  if (preview.length == 0) return;
  bytes.require({embedded_jpeg_head(preview)});
  image.metadata = read_embedded_jpeg(bytes, preview, wanted).metadata;
}

}  // namespace imgpeek
