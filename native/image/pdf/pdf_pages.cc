#include "image/pdf/pdf_pages.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "image/pdf/pdf_syntax.h"

namespace imgpeek {
namespace {

constexpr int kMaxNodes = 256;  // visited on the way to the first page
constexpr std::size_t kMaxDepth = 64;
constexpr std::size_t kMaxKids =
    64;  // of a node that are looked at: the first page is in the first
constexpr double kMaxSide = INT32_MAX;

// Poppler's size of a page that has no box: US Letter.
constexpr double kDefaultWidth = 612;
constexpr double kDefaultHeight = 792;

struct Box {
  double left = 0;
  double bottom = 0;
  double right = 0;
  double top = 0;

  bool empty() const { return !(left < right && bottom < top); }
};

// What pages inherit from the nodes above them (7.7.3.4).
struct Attributes {
  std::optional<Box> media;
  std::optional<Box> crop;
  int rotation = 0;
};

// 7.9.5: any two corners that are diagonally opposite.
std::optional<Box> to_box(PdfObjects& objects, std::string_view array) {
  const std::vector<std::string_view> elements = pdf_elements(array, 4);
  if (elements.size() != 4) return std::nullopt;
  std::array<double, 4> numbers{};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto number = to_pdf_number(objects.resolve(elements[i]));
    if (!number) return std::nullopt;
    numbers[i] = *number;
  }
  return Box{std::min(numbers[0], numbers[2]), std::min(numbers[1], numbers[3]),
             std::max(numbers[0], numbers[2]), std::max(numbers[1], numbers[3])};
}

void inherit(PdfObjects& objects, std::string_view node, Attributes& attributes) {
  if (const auto box = to_box(objects, objects.entry(node, "MediaBox"))) attributes.media = box;
  if (const auto box = to_box(objects, objects.entry(node, "CropBox"))) attributes.crop = box;
  const auto rotation = to_pdf_number(objects.entry(node, "Rotate"));
  if (rotation && std::abs(*rotation) < kMaxSide) {
    attributes.rotation = static_cast<int>(*rotation) % 360;
  }
}

// As libvips does by way of Poppler: rounded half to even, and at least one.
std::uint64_t round_side(double points) {
  if (!(points <= kMaxSide)) throw Malformed("pdf: impossible page size");
  return static_cast<std::uint64_t>(std::max(1.0, std::nearbyint(points)));
}

// 14.11.2: the crop box, as far as it is within the media box. UserUnit (7.7.3.3) is left alone:
// the size is what libvips renders at 72 dpi, which does not scale by it.
PdfPageSize size_of(const Attributes& attributes) {
  Box box{0, 0, kDefaultWidth, kDefaultHeight};
  if (attributes.media && !attributes.media->empty()) {
    box = *attributes.media;
  } else if (attributes.crop && !attributes.crop->empty()) {
    box = *attributes.crop;
  }
  if (attributes.crop) {
    const Box crop{
        std::max(box.left, attributes.crop->left), std::max(box.bottom, attributes.crop->bottom),
        std::min(box.right, attributes.crop->right), std::min(box.top, attributes.crop->top)};
    if (!crop.empty()) box = crop;
  }
  PdfPageSize size{round_side(box.right - box.left), round_side(box.top - box.bottom)};
  if (std::abs(attributes.rotation) % 180 == 90) std::swap(size.width, size.height);
  return size;
}

// A node whose kids are still to be looked at, the next one last.
struct Level {
  Attributes attributes;
  std::vector<std::string_view> kids;
};

}  // namespace

PdfPageSize first_page_size(PdfObjects& objects, std::string_view pages) {
  std::vector<Level> levels;
  levels.push_back({{}, {pages}});
  for (int visited = 0; visited < kMaxNodes && !levels.empty();) {
    Level& level = levels.back();
    if (level.kids.empty()) {
      levels.pop_back();
      continue;
    }
    const std::string_view node = objects.resolve(level.kids.back());
    level.kids.pop_back();
    ++visited;
    if (!is_pdf_dictionary(node)) continue;
    Attributes attributes = level.attributes;
    inherit(objects, node, attributes);
    const auto kids = find_pdf_entry(node, "Kids");
    if (!kids) return size_of(attributes);
    if (levels.size() >= kMaxDepth) throw Malformed("pdf: the page tree is too deep");
    std::vector<std::string_view> elements = pdf_elements(objects.resolve(*kids), kMaxKids);
    std::reverse(elements.begin(), elements.end());
    levels.push_back({attributes, std::move(elements)});
  }
  throw Malformed("pdf: no page");
}

std::optional<PdfPageSize> own_page_size(PdfObjects& objects, std::string_view page) {
  Attributes attributes;
  inherit(objects, page, attributes);
  if (!attributes.media) return std::nullopt;
  return size_of(attributes);
}

}  // namespace imgpeek
