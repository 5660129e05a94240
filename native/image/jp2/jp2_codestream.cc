#include "image/jp2/jp2_codestream.h"

#include "image/field_reader.h"

namespace imgpeek {
namespace {

// SOC, the SIZ segment up to its component count, and the first component.
constexpr std::uint64_t kHeaderLength = 2 + 2 + 38 + 3;
// A.5.1, table A.11: Ssiz is the depth less one, with the sign in the highest bit.
constexpr unsigned kSigned = 0x80;

}  // namespace

Jp2Size read_jp2_codestream(Bytes& bytes, std::uint64_t offset) {
  FieldReader fields(bytes.read(offset, kHeaderLength));
  if (as_text(fields.bytes(kJp2CodestreamSignature.size())) != kJp2CodestreamSignature) {
    throw Malformed("jp2: no codestream");
  }
  fields.skip(2 + 2);  // Lsiz, Rsiz
  const std::uint64_t right = fields.u32();
  const std::uint64_t bottom = fields.u32();
  const std::uint64_t left = fields.u32();
  const std::uint64_t top = fields.u32();
  if (left >= right || top >= bottom) throw Malformed("jp2: an empty image area");
  fields.skip(4 * sizeof(std::uint32_t));  // tile size and offset
  Jp2Size size{.width = right - left, .height = bottom - top, .components = {}};
  size.components.count = fields.u16();
  const unsigned depth = fields.u8();
  size.components.bits = (depth & ~kSigned) + 1;
  size.components.is_signed = (depth & kSigned) != 0;
  return size;
}

}  // namespace imgpeek
