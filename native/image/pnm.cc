// The Netpbm formats: PBM, PGM and PPM (plain and raw), PAM, and PFM. Headers are text with
// comments, of any length.
#include <charconv>
#include <optional>

#include "image/pixel_format.h"
#include "image/readers.h"

namespace imgpeek {
namespace {

constexpr std::size_t kMagicLength = 3;
// A header is read in one piece of this length; one that is longer is read again up to the limit.
constexpr std::size_t kUsualHeader = 1024;
constexpr std::size_t kMaxHeader = 65536;

// Netpbm's own limit is 65535; libvips reads larger ones as unsigned ints.
constexpr std::uint32_t kMaxUchar = 255;
constexpr std::uint32_t kMaxUshort = 65535;

struct Header {
  std::uint64_t width = 0;
  std::uint64_t height = 0;
  unsigned bands = 1;
  std::uint32_t max_value = 1;
};

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

// Reads words and lines of a header. Where its text ends, so that more must be read, `ended` is
// set.
class HeaderText {
 public:
  explicit HeaderText(std::string_view text) : text_(text) {}

  bool ended() const { return ended_; }

  // The next word, after white space and comments.
  std::string_view word() {
    skip_space_and_comments();
    std::size_t length = 0;
    while (length < text_.size() && !is_space(text_[length])) ++length;
    if (length == text_.size()) ended_ = true;
    return take(length);
  }

  // Digits, which need not be followed by white space.
  std::uint32_t number() {
    const std::string_view digits = word();
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (!ended_ && error != std::errc()) throw Malformed("pnm: bad number");
    return value;
  }

  std::string_view line() {
    const std::size_t end = text_.find('\n');
    if (end == std::string_view::npos) {
      ended_ = true;
      return take(text_.size());
    }
    const std::string_view line = take(end);
    take(1);
    return line;
  }

 private:
  std::string_view take(std::size_t length) {
    const std::string_view taken = text_.substr(0, length);
    text_.remove_prefix(length);
    return taken;
  }

  void skip_space_and_comments() {
    while (!text_.empty()) {
      if (is_space(text_[0])) {
        take(1);
      } else if (text_[0] == '#') {
        line();
      } else {
        return;
      }
    }
    ended_ = true;
  }

  std::string_view text_;
  bool ended_ = false;
};

// PAM: a line a field, up to ENDHDR.
void parse_pam(HeaderText& text, Header& header) {
  while (!text.ended()) {
    HeaderText line(text.line());
    const std::string_view name = line.word();
    if (name == "ENDHDR") return;
    if (name.empty() || name[0] == '#' || name == "TUPLTYPE") continue;
    const std::uint32_t value = line.number();
    if (name == "WIDTH") header.width = value;
    if (name == "HEIGHT") header.height = value;
    if (name == "DEPTH") header.bands = value;
    if (name == "MAXVAL") header.max_value = value;
  }
}

// Empty where `all` ends before the header does.
std::optional<Header> parse(std::string_view all, char kind) {
  HeaderText text(all.substr(2));
  Header header;
  if (kind == '7') {
    parse_pam(text, header);
  } else {
    header.bands = kind == '3' || kind == '6' || kind == 'F' ? 3 : 1;
    header.width = text.number();
    header.height = text.number();
    if (kind == '2' || kind == '3' || kind == '5' || kind == '6') header.max_value = text.number();
  }
  if (text.ended()) return std::nullopt;
  return header;
}

void name_format(char kind, Image& image) {
  switch (kind) {
    case '1':
    case '4':
      image.format = "pbm";
      image.mime_type = "image/x-portable-bitmap";
      return;
    case '2':
    case '5':
      image.format = "pgm";
      image.mime_type = "image/x-portable-graymap";
      return;
    case '3':
    case '6':
      image.format = "ppm";
      image.mime_type = "image/x-portable-pixmap";
      return;
    case '7':
      image.format = "pam";
      image.mime_type = "image/x-portable-arbitrarymap";
      return;
    default:
      image.format = "pfm";
      image.mime_type = "image/x-portable-floatmap";
  }
}

std::string_view sample_format(char kind, std::uint32_t max_value) {
  if (kind == 'F' || kind == 'f') return "float";
  if (max_value <= kMaxUchar) return "uchar";
  return max_value <= kMaxUshort ? "ushort" : "uint";
}

}  // namespace

// A letter and a digit are little to go by: white space or a comment must follow.
bool is_pnm(Bytes& bytes) {
  if (!bytes.matches(0, "P")) return false;
  const std::string_view magic = as_text(bytes.read_up_to(0, kMagicLength));
  if (magic.size() < kMagicLength) return false;
  if (magic[1] == '7') return magic[2] == '\n';
  const bool known = (magic[1] >= '1' && magic[1] <= '6') || magic[1] == 'F' || magic[1] == 'f';
  return known && (is_space(magic[2]) || magic[2] == '#');
}

void read_pnm(Bytes& bytes, const Wanted& wanted, Image& image) {
  const char kind = as_text(bytes.read(0, kMagicLength))[1];
  std::optional<Header> header = parse(as_text(bytes.read_up_to(0, kUsualHeader)), kind);
  if (!header) header = parse(as_text(bytes.read_up_to(0, kMaxHeader)), kind);
  if (!header) throw Malformed("pnm: the header does not end");
  name_format(kind, image);
  image.width = header->width;
  image.height = header->height;
  if (!wanted.pixel_format()) return;
  set_pixel_format(image, header->bands, sample_format(kind, header->max_value));
}

}  // namespace imgpeek
