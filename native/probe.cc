#include "probe.h"

#include <string>
#include <utility>

#include "formats.h"
#include "image/image.h"
#include "metadata/metadata.h"
#include "video/video.h"

namespace imgpeek {
namespace {

// EXIF 2.32, 4.6.5.1: orientations 5 to 8 show the stored rows as columns.
constexpr int kFirstTransposedOrientation = 5;

Info answer_image(const Format& format, Image image, const Wanted& wanted, Effort effort) {
  Info info;
  info.format = image.format.empty() ? format.name : image.format;
  info.mime_type = image.mime_type.empty() ? format.mime_type : image.mime_type;
  info.raw = image.raw;
  info.width = image.width;
  info.height = image.height;
  info.colorspace = image.colorspace;
  info.bands = image.bands;
  info.sample_format = image.sample_format;
  info.pages_number = image.pages;
  if (wanted.dimensions) {
    info.orientation =
        image.orientation ? *image.orientation : exif_orientation(image.metadata.exif);
    if (info.orientation < 1 || info.orientation > 8) info.orientation = 1;
    if (image.turned_by_exif && info.orientation >= kFirstTransposedOrientation) {
      std::swap(info.width, info.height);
    }
  }
  read_metadata(image.metadata, wanted, info, effort);
  return info;
}

Info answer_video(Bytes& bytes, const Wanted& wanted) {
  Info info;
  MetadataBlocks blocks;
  read_video(bytes, wanted, info, blocks);
  read_metadata(blocks, wanted, info, Effort::kFull);
  return info;
}

ProbeResult read_image(const Format& format, Bytes& bytes, const Wanted& wanted) {
  Image image;
  format.read(bytes, wanted, image);
  if (image.width == 0 || image.height == 0) {
    return Failure{std::string(format.name) + ": no dimensions"};
  }
  return answer_image(format, std::move(image), wanted, bytes.effort());
}

// What `read` gives, or the need or the failure that it ends with.
template <typename Result, typename Read>
Result settle(const Read& read) {
  try {
    return read();
  } catch (Missing& missing) {
    return std::move(missing.need);
  } catch (const Malformed& malformed) {
    return Failure{malformed.what()};
  }
}

}  // namespace

ProbeResult probe(Bytes& bytes, const Wanted& wanted) {
  return settle<ProbeResult>([&]() -> ProbeResult {
    if (const Format* format = sniff_image(bytes)) return read_image(*format, bytes, wanted);
    return answer_video(bytes, wanted);
  });
}

std::optional<ProbeResult> probe_briefly(Bytes& bytes, const Wanted& wanted) {
  try {
    return settle<std::optional<ProbeResult>>([&]() -> std::optional<ProbeResult> {
      if (const Format* format = sniff_image(bytes)) return read_image(*format, bytes, wanted);
      return std::nullopt;
    });
  } catch (const TooLong&) {
    return std::nullopt;
  }
}

}  // namespace imgpeek
