// What is asked of a probe, and what it answers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "bytes.h"
#include "value.h"

namespace imgpeek {

// Which parts of the answer are wanted. What is not wanted must not be read, let alone fetched.
struct Wanted {
  bool dimensions = true;
  bool exif = true;
  bool exif_canonical = false;  // tag names in place of titles
  bool iptc = true;             // IPTC and the Photoshop resolution
  bool xmp = true;
  bool video_meta = true;
  bool colorspace = false;
  bool bands = false;
  bool sample_format = false;
  bool pages_number = false;

  bool pixel_format() const { return colorspace || bands || sample_format; }
  bool metadata() const { return exif || iptc || xmp; }
};

// The answer. Objects are absent where they are not wanted or, but for exif, empty.
struct Info {
  std::string format;     // "jpeg", or libavformat's comma-divided list for video
  std::string mime_type;  // by content
  bool video = false;
  bool raw = false;         // samples of a camera's sensor, to be developed
  std::uint64_t width = 0;  // pixels as shown
  std::uint64_t height = 0;
  int orientation = 1;              // EXIF's 1–8
  std::optional<std::string> exif;  // JSON text
  std::optional<Object> iptc;
  std::optional<Object> photoshop;
  std::optional<Object> xmp;
  std::optional<Object> video_meta;
  std::optional<Array> video_streams;
  std::string colorspace;  // libvips' nick of the interpretation; empty if unknown
  unsigned bands = 0;
  std::string sample_format;  // libvips' nick of the band format; empty if unknown
  std::uint64_t pages_number = 1;
};

// The file cannot be answered: not a format that we know, or broken beyond reading.
struct Failure {
  std::string reason;  // for the log
};

using ProbeResult = std::variant<Info, Need, Failure>;

}  // namespace imgpeek
