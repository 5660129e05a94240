// DICOM (PS3.10 files, PS3.5 data elements): the image's description is group 0028, in ascending
// order of tags, far before the pixels.
#include <algorithm>
#include <array>
#include <string>

#include "image/inflate.h"
#include "image/pixel_format.h"
#include "image/readers.h"

namespace imgpeek {
namespace {

// PS3.10, 7.1: a preamble, the prefix, and group 0002 in explicit little endian.
constexpr std::uint64_t kPreamble = 128;
constexpr std::string_view kPrefix = "DICM";
constexpr std::uint64_t kMeta = kPreamble + kPrefix.size();

constexpr std::string_view kImplicitLittle = "1.2.840.10008.1.2";
constexpr std::string_view kExplicitBig = "1.2.840.10008.1.2.2";
constexpr std::string_view kDeflated = "1.2.840.10008.1.2.1.99";

// Tags, group and element.
constexpr std::uint32_t kTransferSyntax = 0x00020010;
constexpr std::uint32_t kLastMeta = 0x0002FFFF;
constexpr std::uint32_t kSamplesPerPixel = 0x00280002;
constexpr std::uint32_t kPhotometric = 0x00280004;
constexpr std::uint32_t kRows = 0x00280010;
constexpr std::uint32_t kColumns = 0x00280011;
constexpr std::uint32_t kBitsAllocated = 0x00280100;
constexpr std::uint32_t kPixelRepresentation = 0x00280103;
constexpr std::uint32_t kItem = 0xFFFEE000;
constexpr std::uint32_t kItemEnd = 0xFFFEE00D;
constexpr std::uint32_t kSequenceEnd = 0xFFFEE0DD;

constexpr std::uint32_t kUndefinedLength = UINT32_MAX;
constexpr std::size_t kMaxElementHeader = 12;
constexpr std::uint64_t kAsked = 4096;  // where an element is not held
constexpr int kMaxElements = 20000;
constexpr int kMaxDepth = 16;
constexpr std::uint32_t kMaxText = 256;
constexpr std::uint64_t kMaxDeflated = 1U << 20U;
constexpr std::size_t kMaxInflated = 4U << 20U;

// PS3.5, 7.1.2: value representations whose length has four bytes.
constexpr std::array<std::string_view, 13> kLongForms = {"OB", "OD", "OF", "OL", "OV", "OW", "SQ",
                                                         "SV", "UC", "UN", "UR", "UT", "UV"};

struct Syntax {
  bool explicit_vr = true;
  bool big_endian = false;
};

struct Element {
  std::uint32_t tag = 0;
  std::uint64_t value = 0;  // offset
  std::uint32_t length = 0;
  bool unknown_vr = false;
};

// Steps over data elements by their headers.
class Elements {
 public:
  Elements(Bytes& bytes, std::uint64_t offset, Syntax syntax)
      : bytes_(bytes), offset_(offset), syntax_(syntax) {}

  std::uint64_t offset() const { return offset_; }

  Element next() {
    const Element element = read_header(syntax_);
    skip_value(element, syntax_, 0);
    return element;
  }

  std::string_view text(const Element& element) {
    std::string_view text = as_text(bytes_.read(element.value, std::min(element.length, kMaxText)));
    while (!text.empty() && (text.back() == ' ' || text.back() == '\0')) text.remove_suffix(1);
    return text;
  }

  unsigned u16(const Element& element) {
    return syntax_.big_endian ? bytes_.be16(element.value) : bytes_.le16(element.value);
  }

 private:
  std::uint32_t u32_at(ByteSpan data, std::size_t at) const {
    return syntax_.big_endian ? be32(data, at) : le32(data, at);
  }

  Element read_header(Syntax syntax) {
    if (++count_ > kMaxElements) throw Malformed("dicom: too many elements");
    if (bytes_.held(offset_, kMaxElementHeader).size() < kMaxElementHeader) {
      bytes_.require({{offset_, kAsked}});
    }
    const ByteSpan header = bytes_.read_up_to(offset_, kMaxElementHeader);
    Element element;
    const std::uint32_t group = syntax.big_endian ? be16(header, 0) : le16(header, 0);
    element.tag = (group << 16U) | (syntax.big_endian ? be16(header, 2) : le16(header, 2));
    std::size_t length = 8;
    const bool delimiter = group == kItem >> 16U;
    if (!syntax.explicit_vr || delimiter) {
      element.length = u32_at(header, 4);
    } else {
      const std::string_view vr = as_text(slice(header, 4, 2));
      element.unknown_vr = vr == "UN";
      if (std::find(kLongForms.begin(), kLongForms.end(), vr) != kLongForms.end()) {
        element.length = u32_at(header, 8);
        length = kMaxElementHeader;
      } else {
        element.length = syntax.big_endian ? be16(header, 6) : le16(header, 6);
      }
    }
    offset_ += length;
    element.value = offset_;
    return element;
  }

  // PS3.5, 7.5: a value of undefined length is a sequence of items, up to its delimiter.
  void skip_value(const Element& element, Syntax syntax, int depth) {
    if (element.length != kUndefinedLength) {
      offset_ += element.length;
      return;
    }
    if (depth >= kMaxDepth) throw Malformed("dicom: sequences too deep");
    // PS3.5, 6.2.2: the items of an unknown value are implicit.
    if (element.unknown_vr) syntax.explicit_vr = false;
    for (;;) {
      const Element item = read_header(syntax);
      if (item.tag == kSequenceEnd) return;
      if (item.tag != kItem) throw Malformed("dicom: no item in a sequence");
      if (item.length != kUndefinedLength) {
        offset_ += item.length;
        continue;
      }
      for (;;) {
        const Element inner = read_header(syntax);
        if (inner.tag == kItemEnd) break;
        skip_value(inner, syntax, depth + 1);
      }
    }
  }

  Bytes& bytes_;
  std::uint64_t offset_;
  Syntax syntax_;
  int count_ = 0;
};

struct Description {
  unsigned rows = 0;
  unsigned columns = 0;
  unsigned samples = 1;
  unsigned bits = 8;
  bool is_signed = false;
  bool palette = false;
};

Description describe(Elements elements, const Wanted& wanted) {
  Description image;
  const std::uint32_t last = wanted.pixel_format() ? kPixelRepresentation : kColumns;
  for (;;) {
    const Element element = elements.next();
    if (element.tag > last) break;
    if (element.tag == kRows) image.rows = elements.u16(element);
    if (element.tag == kColumns) image.columns = elements.u16(element);
    if (element.tag == kSamplesPerPixel) image.samples = elements.u16(element);
    if (element.tag == kPhotometric) image.palette = elements.text(element) == "PALETTE COLOR";
    if (element.tag == kBitsAllocated) image.bits = elements.u16(element);
    if (element.tag == kPixelRepresentation) image.is_signed = elements.u16(element) == 1;
    if (element.tag == last) break;
  }
  return image;
}

std::string_view sample_format(const Description& image) {
  if (image.bits <= 8) return image.is_signed ? "char" : "uchar";
  if (image.bits <= 16) return image.is_signed ? "short" : "ushort";
  return image.is_signed ? "int" : "uint";
}

// The description in a dataset that is deflated as a whole (PS3.5, A.5).
Description describe_deflated(Bytes& bytes, std::uint64_t offset, const Wanted& wanted) {
  ByteSpan deflated = bytes.held(offset, kMaxDeflated);
  Inflated inflated = inflate_prefix(deflated, DeflateWrapper::kNone, kMaxInflated);
  if (inflated.starved) {
    deflated = bytes.read_up_to(offset, kMaxDeflated);
    inflated = inflate_prefix(deflated, DeflateWrapper::kNone, kMaxInflated);
  }
  Bytes dataset({{0, inflated.data}}, inflated.data.size(), true);
  return describe(Elements(dataset, 0, Syntax{}), wanted);
}

}  // namespace

bool is_dicom(Bytes& bytes) { return bytes.matches(kPreamble, kPrefix); }

void read_dicom(Bytes& bytes, const Wanted& wanted, Image& image) {
  Elements meta(bytes, kMeta, Syntax{});
  std::uint64_t offset = kMeta;
  std::string syntax;
  for (;;) {
    const Element element = meta.next();
    if (element.tag > kLastMeta) break;
    if (element.tag == kTransferSyntax) syntax = meta.text(element);
    offset = meta.offset();
  }
  const Description found =
      syntax == kDeflated
          ? describe_deflated(bytes, offset, wanted)
          : describe(Elements(bytes, offset, {syntax != kImplicitLittle, syntax == kExplicitBig}),
                     wanted);
  image.width = found.columns;
  image.height = found.rows;
  if (wanted.pixel_format()) {
    set_pixel_format(image, found.palette ? 3 : found.samples, sample_format(found));
  }
}

}  // namespace imgpeek
