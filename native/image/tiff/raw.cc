#include "image/tiff/raw.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "image/tiff/tiff_tags.h"

namespace imgpeek {
namespace {

// What a camera calls its files.
struct RawType {
  std::string_view format;
  std::string_view mime_type;
};

constexpr RawType kDng{"dng", "image/x-adobe-dng"};
constexpr RawType kCr2{"cr2", "image/x-canon-cr2"};
constexpr RawType kNef{"nef", "image/x-nikon-nef"};
constexpr RawType kNrw{"nrw", "image/x-nikon-nrw"};
constexpr RawType kArw{"arw", "image/x-sony-arw"};
constexpr RawType kSr2{"sr2", "image/x-sony-sr2"};
constexpr RawType kOrf{"orf", "image/x-olympus-orf"};
constexpr RawType kRw2{"rw2", "image/x-panasonic-rw2"};
constexpr RawType kRwl{"rwl", "image/x-leica-rwl"};
constexpr RawType kPef{"pef", "image/x-pentax-pef"};
constexpr RawType kSrw{"srw", "image/x-samsung-srw"};
constexpr RawType k3fr{"3fr", "image/x-hasselblad-3fr"};
constexpr RawType kFff{"fff", "image/x-hasselblad-fff"};
constexpr RawType kIiq{"iiq", "image/x-raw"};
constexpr RawType kMos{"mos", "image/x-raw"};
constexpr RawType kMef{"mef", "image/x-mamiya-mef"};
constexpr RawType kErf{"erf", "image/x-epson-erf"};
constexpr RawType kDcr{"dcr", "image/x-kodak-dcr"};
constexpr RawType kKdc{"kdc", "image/x-kodak-kdc"};

// The first bytes of the formats that have a magic number of their own in TIFF's place.
struct Magic {
  std::size_t offset;
  std::string_view bytes;
  RawType type;
};
constexpr std::array kMagics = {
    Magic{0, "IIRO", kOrf},   Magic{0, "IIRS", kOrf},
    Magic{0, "MMOR", kOrf},   Magic{0, std::string_view("IIU\0", 4), kRw2},
    Magic{8, "CR\x02", kCr2},
};

// Compression schemes of one maker each.
struct Scheme {
  std::uint64_t compression;
  RawType type;
};
constexpr std::array kSchemes = {
    Scheme{32767, kArw}, Scheme{32770, kSrw}, Scheme{32772, kSrw}, Scheme{32867, kKdc},
    Scheme{34713, kNef}, Scheme{65000, kDcr}, Scheme{65535, kPef},
};

// The makers of cameras whose RAW is a TIFF with a picture of raw samples in it, by the beginning
// of their name in capitals.
struct Maker {
  std::string_view make;
  RawType type;
};
constexpr std::array kMakers = {
    Maker{"NIKON", kNef},      Maker{"SONY", kArw},       Maker{"PENTAX", kPef},
    Maker{"ASAHI", kPef},      Maker{"RICOH", kPef},      Maker{"SAMSUNG", kSrw},
    Maker{"HASSELBLAD", k3fr}, Maker{"IMACON", kFff},     Maker{"PHASE ONE", kIiq},
    Maker{"LEAF", kMos},       Maker{"MAMIYA", kMef},     Maker{"SEIKO EPSON", kErf},
    Maker{"EPSON", kErf},      Maker{"KODAK", kDcr},      Maker{"EASTMAN KODAK", kDcr},
    Maker{"OLYMPUS", kOrf},    Maker{"OM DIGITAL", kOrf},
};

// Sony's only camera of that type; all later ones write ARW.
constexpr std::string_view kSr2Model = "DSC-R1";

constexpr std::uint64_t kMaxSubIfds = 16;
constexpr std::uint64_t kMaxName = 64;

// Phase One's maker note stands right after the TIFF header: "IIII" or "MMMM", then a word whose
// upper three bytes are "Raw".
constexpr std::uint64_t kIiqHead = 40;

bool is_iiq(Bytes& bytes) {
  const ByteSpan head = bytes.read_up_to(0, kIiqHead);
  const std::string_view text = as_text(head);
  for (const std::string_view order : {"IIII", "MMMM"}) {
    const std::size_t at = text.find(order);
    if (at == std::string_view::npos) continue;
    const std::string_view word = text.substr(at + order.size(), 4);
    if (word.ends_with("waR") || word.starts_with("Raw")) return true;
  }
  return false;
}

bool is_in(RawType type, std::initializer_list<RawType> types) {
  return std::any_of(types.begin(), types.end(),
                     [&](const RawType& other) { return other.format == type.format; });
}

// The text of a field, in capitals, without blanks at its end.
std::string read_name(Tiff& tiff, const TiffDirectory& directory, std::uint16_t tag) {
  const TiffEntry* entry = directory.find(tag);
  if (entry == nullptr || entry->length > kMaxName) return {};
  std::string name(as_text(tiff.value(*entry)));
  name.erase(std::min(name.find('\0'), name.size()));
  for (char& letter : name) {
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
  }
  return name;
}

const Scheme* find_scheme(Tiff& tiff, const TiffDirectory& directory) {
  const std::optional<std::uint64_t> compression = tiff.number(directory, kCompression);
  const auto scheme = std::find_if(kSchemes.begin(), kSchemes.end(), [&](const Scheme& candidate) {
    return candidate.compression == compression;
  });
  return scheme == kSchemes.end() ? nullptr : &*scheme;
}

// True where the directory holds samples as they came from the sensor.
bool is_raw(Tiff& tiff, const TiffDirectory& directory) {
  const std::optional<std::uint64_t> photometric =
      tiff.number(directory, kPhotometricInterpretation);
  return photometric == kColorFilterArray || photometric == kLinearRaw ||
         find_scheme(tiff, directory) != nullptr;
}

// A preview in IFD 0, as JPEG: so do Sony's RAWs begin.
bool is_jpeg_preview(Tiff& tiff, const TiffDirectory& ifd0) {
  return tiff.number(ifd0, kNewSubfileType) == kReducedImage &&
         tiff.number(ifd0, kCompression) == kOldJpeg;
}

std::optional<RawType> find_magic(Tiff& tiff) {
  for (const Magic& magic : kMagics) {
    if (tiff.bytes().matches(magic.offset, magic.bytes)) return magic.type;
  }
  if (is_iiq(tiff.bytes())) return kIiq;
  return std::nullopt;
}

// True where the type hangs on what cameras say of themselves.
bool may_be_raw(Tiff& tiff, const TiffDirectory& ifd0) {
  return ifd0.find(kMake) != nullptr &&
         (ifd0.find(kSubIfds) != nullptr || is_raw(tiff, ifd0) || is_jpeg_preview(tiff, ifd0));
}

// IFD 0 and the directories that its SubIFDs point to, as far as they can be read.
std::vector<TiffDirectory> read_pictures(Tiff& tiff, const TiffDirectory& ifd0) {
  std::vector<TiffDirectory> pictures = {ifd0};
  const TiffEntry* entry = ifd0.find(kSubIfds);
  if (entry == nullptr) return pictures;
  for (std::uint64_t i = 0; i < std::min(entry->count, kMaxSubIfds); ++i) {
    try {
      pictures.push_back(tiff.read_directory(tiff.number(*entry, i).value_or(0)));
    } catch (const Malformed&) {
      // The others may hold the full picture.
    }
  }
  return pictures;
}

std::optional<RawType> find_type(Tiff& tiff, const std::vector<TiffDirectory>& pictures) {
  const TiffDirectory& ifd0 = pictures.front();
  const std::string make = read_name(tiff, ifd0, kMake);
  const auto picture = std::find_if(pictures.begin(), pictures.end(),
                                    [&](const TiffDirectory& some) { return is_raw(tiff, some); });
  const bool is_sony_preview = make.starts_with("SONY") && is_jpeg_preview(tiff, ifd0);
  if (picture == pictures.end() && !is_sony_preview) return std::nullopt;
  if (picture != pictures.end()) {
    if (const Scheme* scheme = find_scheme(tiff, *picture)) {
      // ExifTool's mark of the Coolpix variety: its thumbnail in IFD 0 is a JPEG.
      const bool is_nrw = is_in(scheme->type, {kNef}) &&
                          tiff.number(ifd0, kCompression) == kOldJpeg &&
                          ifd0.find(kJpegInterchangeFormat) != nullptr;
      return is_nrw ? kNrw : scheme->type;
    }
  }
  const auto maker = std::find_if(kMakers.begin(), kMakers.end(), [&](const Maker& candidate) {
    return make.starts_with(candidate.make);
  });
  if (maker == kMakers.end()) return std::nullopt;
  if (read_name(tiff, ifd0, kModel).starts_with(kSr2Model)) return kSr2;
  return maker->type;
}

// The largest of the pictures that are full ones by their own word, or raw where they are silent.
Raw measure(Tiff& tiff, RawType type, const std::vector<TiffDirectory>& pictures) {
  Raw raw{type.format, type.mime_type};
  for (const bool must_be_full : {true, false}) {
    for (const TiffDirectory& picture : pictures) {
      const std::optional<std::uint64_t> subfile = tiff.number(picture, kNewSubfileType);
      const bool is_raw_picture = is_raw(tiff, picture);
      const bool counts = must_be_full && subfile ? *subfile == 0 : is_raw_picture;
      if (!counts) continue;
      const std::uint64_t width = tiff.number(picture, kImageWidth).value_or(0);
      const std::uint64_t height = tiff.number(picture, kImageLength).value_or(0);
      if (width > UINT32_MAX || height > UINT32_MAX) continue;
      if (width * height > raw.width * raw.height) {
        raw.width = width;
        raw.height = height;
      }
    }
    if (raw.width != 0) break;
  }
  return raw;
}

// The size of the JPEG that the camera would have written: where the raw picture has no directory
// of its own, or one with borders that its maker never shows.
void measure_by_exif(Tiff& tiff, const TiffDirectory& ifd0, Raw& raw) {
  const std::optional<std::uint64_t> offset = tiff.number(ifd0, kExifIfd);
  if (!offset) return;
  try {
    const TiffDirectory exif = tiff.read_directory(*offset);
    const std::uint64_t width = tiff.number(exif, kPixelXDimension).value_or(0);
    const std::uint64_t height = tiff.number(exif, kPixelYDimension).value_or(0);
    if (width == 0 || height == 0) return;
    raw.width = width;
    raw.height = height;
  } catch (const Malformed&) {
    // IFD 0 tells something at least.
  }
}

// RW2 tells the sensor's size, and the part of it that is the picture.
void measure_sensor(Tiff& tiff, const TiffDirectory& ifd0, Raw& raw) {
  const auto number = [&](std::uint16_t tag) { return tiff.number(ifd0, tag).value_or(0); };
  const std::uint64_t left = number(kSensorLeftBorder);
  const std::uint64_t top = number(kSensorTopBorder);
  const std::uint64_t right = number(kSensorRightBorder);
  const std::uint64_t bottom = number(kSensorBottomBorder);
  const bool has_borders = right > left && bottom > top;
  raw.width = has_borders ? right - left : number(kSensorWidth);
  raw.height = has_borders ? bottom - top : number(kSensorHeight);
}

bool is_measured_by_exif(RawType type) { return is_in(type, {kCr2, kIiq}); }

}  // namespace

void want_raw(Tiff& tiff, const TiffDirectory& ifd0) {
  const std::optional<RawType> magic = find_magic(tiff);
  const bool is_candidate = ifd0.find(kDngVersion) != nullptr || may_be_raw(tiff, ifd0);
  if (!magic && !is_candidate) return;
  if (!magic || is_in(*magic, {kRw2})) {
    for (const std::uint16_t tag : {kMake, kModel}) {
      const TiffEntry* entry = ifd0.find(tag);
      if (entry != nullptr && entry->length <= kMaxName) tiff.want_value(*entry);
    }
  }
  if ((magic && is_measured_by_exif(*magic)) || is_jpeg_preview(tiff, ifd0)) {
    if (const auto offset = tiff.number(ifd0, kExifIfd)) tiff.want_directory(*offset);
  }
  const TiffEntry* entry = ifd0.find(kSubIfds);
  if (magic || entry == nullptr) return;
  const std::uint64_t count = std::min(entry->count, kMaxSubIfds);
  const TiffEntry offsets{entry->tag, entry->type, count, count * tiff_type_size(entry->type),
                          entry->position};
  tiff.want_value(offsets);
  if (tiff.bytes().held(offsets.position, offsets.length).size() < offsets.length) return;
  for (std::uint64_t i = 0; i < count; ++i) {
    if (const auto offset = tiff.number(offsets, i)) tiff.want_directory(*offset);
  }
}

std::optional<Raw> read_raw(Tiff& tiff, const TiffDirectory& ifd0) {
  if (const std::optional<RawType> magic = find_magic(tiff)) {
    Raw raw{magic->format, magic->mime_type};
    if (is_in(*magic, {kRw2})) {
      measure_sensor(tiff, ifd0, raw);
      if (read_name(tiff, ifd0, kMake).starts_with("LEICA")) {
        raw.format = kRwl.format;
        raw.mime_type = kRwl.mime_type;
      }
    } else if (is_measured_by_exif(*magic)) {
      measure_by_exif(tiff, ifd0, raw);
    }
    return raw;
  }
  if (ifd0.find(kDngVersion) != nullptr) return measure(tiff, kDng, read_pictures(tiff, ifd0));
  if (!may_be_raw(tiff, ifd0)) return std::nullopt;
  const std::vector<TiffDirectory> pictures = read_pictures(tiff, ifd0);
  const std::optional<RawType> type = find_type(tiff, pictures);
  if (!type) return std::nullopt;
  Raw raw = measure(tiff, *type, pictures);
  if (raw.width == 0) measure_by_exif(tiff, ifd0, raw);
  return raw;
}

}  // namespace imgpeek
