// FLAC (RFC 9639), and MPEG audio behind an ID3v2 tag: sound, looked at for its picture.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "video/container.h"

namespace imgpeek {
namespace {

// RFC 9639, 8.1: metadata blocks.
constexpr std::uint64_t kBlockHeader = 4;
constexpr std::uint8_t kLastBlock = 0x80;
constexpr std::uint8_t kStreamInfo = 0;
constexpr std::uint8_t kPicture = 6;
constexpr unsigned kMaxBlocks = 128;
constexpr std::uint64_t kMaxPictures = 16U << 20U;
constexpr std::uint64_t kHop = 4096;

// ID3v2.4, 3.1: the tag's header, and a flag for a footer of the same length.
constexpr std::uint64_t kTagHeader = 10;
constexpr std::uint8_t kHasFooter = 0x10;
constexpr unsigned kMaxTags = 4;
constexpr std::uint64_t kMaxTag = 16U << 20U;
// Frames behind the tag, from which rate, layout and bit rate are known.
constexpr std::uint64_t kFrames = 16384;

// Where the ID3v2 tags at the file's start end; 0 where there are none.
std::uint64_t end_of_tags(Bytes& bytes) {
  std::uint64_t end = 0;
  for (unsigned i = 0; i < kMaxTags; ++i) {
    const ByteSpan header = bytes.read_up_to(end, kTagHeader);
    if (header.size() < kTagHeader || as_text(header.first(3)) != "ID3") break;
    std::uint64_t length = kTagHeader;
    std::uint64_t size = 0;
    // 6.2: four bytes of seven bits.
    for (const std::uint8_t byte : header.subspan(6, 4)) size = size << 7U | (byte & 0x7FU);
    length += size + ((header[5] & kHasFooter) != 0 ? kTagHeader : 0);
    if (length > kMaxTag) throw Malformed("the ID3 tag is too long");
    end += length;
    // The picture is in the tag: fetch it whole, with what tells the kind of sound behind it.
    if (bytes.held(end, kTagHeader).size() < kTagHeader) bytes.require({{0, end + kFrames}});
  }
  return end;
}

// The first two bytes that look like a frame of MPEG audio, behind padding.
std::optional<std::uint8_t> frame_byte(Bytes& bytes) {
  const std::uint64_t end = end_of_tags(bytes);
  if (end == 0) return std::nullopt;
  const ByteSpan sound = bytes.read_up_to(end, kHop);
  for (std::size_t i = 0; i + 1 < sound.size(); ++i) {
    // ISO/IEC 11172-3, 2.4.1.3: eleven bits of synchronisation.
    if (sound[i] == 0xFF && (sound[i + 1] & 0xE0U) == 0xE0) return sound[i + 1];
  }
  return std::nullopt;
}

// ISO/IEC 13818-7, 6.2: ADTS has "layer" 0.
bool is_adts(std::uint8_t byte) { return (byte & 0x06U) == 0; }

}  // namespace

bool is_flac(Bytes& bytes) { return bytes.matches(0, "fLaC"); }

bool is_mp3(Bytes& bytes) {
  const std::optional<std::uint8_t> byte = frame_byte(bytes);
  return byte && !is_adts(*byte);
}

bool is_aac(Bytes& bytes) {
  const std::optional<std::uint8_t> byte = frame_byte(bytes);
  return byte && is_adts(*byte);
}

Plan plan_flac(Bytes& bytes, const Wanted& /*wanted*/, unsigned /*attempt*/,
               MetadataBlocks& /*blocks*/) {
  Plan plan;
  StreamFacts facts;
  bool picture = false;
  std::uint64_t at = 4;
  for (unsigned i = 0; i < kMaxBlocks && at < kMaxPictures; ++i) {
    const ByteSpan header = bytes.read(at, kBlockHeader);
    const std::uint64_t length = be32(header, 0) & 0xFFFFFFU;
    const std::uint8_t type = header[0] & 0x7FU;
    const std::uint64_t body = at + kBlockHeader;
    at = body + length;
    if (type == kPicture) {
      picture = true;
      bytes.require({{body, length + kHop}});
    } else if (type == kStreamInfo) {
      // 8.2: 20 bits of sample rate, 3 of channels less one.
      const std::uint32_t bits = bytes.be32(body + 10);
      facts.sample_rate = static_cast<int>(bits >> 12U);
      facts.channels = static_cast<int>(bits >> 9U & 7U) + 1;
      // 36 bits of samples a channel, 0 where the writer did not know; the cover lasts as long.
      const std::uint64_t samples = bytes.be64(body + 10) & 0xFFFFFFFFFU;
      if (samples != 0 && *facts.sample_rate != 0) {
        plan.duration = static_cast<double>(samples) / *facts.sample_rate;
      }
    }
    if ((header[0] & kLastBlock) != 0) break;
    if (bytes.held(at, kBlockHeader).size() < kBlockHeader) bytes.require({{at, kHop}});
  }
  if (!picture) throw Malformed("sound without a picture");
  plan.streams.push_back(facts);
  plan.view.place({0, at});
  if (bytes.size()) plan.view.set_size(*bytes.size());
  return plan;
}

Plan plan_id3(Bytes& bytes, const Wanted& wanted, unsigned /*attempt*/,
              MetadataBlocks& /*blocks*/) {
  Plan plan;
  if (wanted.video_meta) plan.packets = Packets::kAnalyze;
  plan.view.place({0, end_of_tags(bytes) + kFrames});
  if (bytes.size()) plan.view.set_size(*bytes.size());
  return plan;
}

}  // namespace imgpeek
