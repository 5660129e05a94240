#include "image/svg/svg_size.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>

namespace imgpeek {
namespace {

// CSS Values 4, 6.1 and 6.2; the font is a browser's initial one of 16 pixels.
struct Unit {
  std::string_view name;
  double pixels;
};
constexpr double kPixelsPerInch = 96;
constexpr double kFontSize = 16;
constexpr std::array kUnits = {
    Unit{"", 1},
    Unit{"px", 1},
    Unit{"in", kPixelsPerInch},
    Unit{"cm", kPixelsPerInch / 2.54},
    Unit{"mm", kPixelsPerInch / 25.4},
    Unit{"q", kPixelsPerInch / 101.6},
    Unit{"pt", kPixelsPerInch / 72},
    Unit{"pc", kPixelsPerInch / 6},
    Unit{"em", kFontSize},
    Unit{"rem", kFontSize},
    Unit{"ex", kFontSize / 2},
    Unit{"ch", kFontSize / 2},
};

// CSS Images 3, 4.4: the default object size, for a side that nothing determines.
constexpr double kDefaultWidth = 300;
constexpr double kDefaultHeight = 150;

// Beyond this nothing can be drawn, and doubles of the user's no longer mean anything.
constexpr double kMaxSide = INT32_MAX;

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_xml_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_xml_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string to_lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lower;
}

// Takes a number off the front of `text`; empty where there is none.
std::optional<double> take_number(std::string_view& text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || !std::isfinite(value)) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

// Pixels. Empty where the length is relative to what is not known (a percentage), or is none.
std::optional<double> to_pixels(std::string_view text) {
  text = trim(text);
  const std::optional<double> value = take_number(text);
  if (!value || *value < 0) return std::nullopt;
  const std::string unit = to_lower(text);
  for (const Unit& row : kUnits) {
    if (row.name == unit) return *value * row.pixels;
  }
  return std::nullopt;
}

// The last declaration of `property` in a style attribute.
std::optional<std::string_view> find_declaration(std::string_view style,
                                                 std::string_view property) {
  std::optional<std::string_view> found;
  while (!style.empty()) {
    const std::size_t end = std::min(style.find(';'), style.size());
    const std::string_view declaration = style.substr(0, end);
    style.remove_prefix(std::min(end + 1, style.size()));
    const std::size_t colon = declaration.find(':');
    if (colon == std::string_view::npos) continue;
    if (to_lower(trim(declaration.substr(0, colon))) == property) {
      found = declaration.substr(colon + 1);
    }
  }
  return found;
}

// SVG 2, 7.2 and 8.3: a style declaration counts before the attribute.
std::optional<double> side_of(const SvgRoot& root, std::string_view name) {
  if (const auto style = root.find("style")) {
    if (const auto declaration = find_declaration(*style, name)) {
      if (const auto pixels = to_pixels(*declaration)) return pixels;
    }
  }
  const auto attribute = root.find(name);
  return attribute ? to_pixels(*attribute) : std::nullopt;
}

struct ViewBox {
  double width = 0;
  double height = 0;
};

// SVG 2, 8.6: four numbers, with white space, a comma or both between them.
std::optional<ViewBox> view_box_of(const SvgRoot& root) {
  const auto attribute = root.find("viewBox");
  if (!attribute) return std::nullopt;
  std::string_view text = trim(*attribute);
  std::array<double, 4> numbers{};
  for (double& number : numbers) {
    const auto value = take_number(text);
    if (!value) return std::nullopt;
    number = *value;
    text = trim(text);
    if (text.starts_with(',')) text = trim(text.substr(1));
  }
  if (!text.empty() || numbers[2] <= 0 || numbers[3] <= 0) return std::nullopt;
  return ViewBox{numbers[2], numbers[3]};
}

std::uint64_t round_side(double pixels) {
  if (!(pixels <= kMaxSide)) throw Malformed("svg: impossible size");
  return static_cast<std::uint64_t>(std::llround(pixels));
}

}  // namespace

SvgSize size_of(const SvgRoot& root) {
  std::optional<double> width = side_of(root, "width");
  std::optional<double> height = side_of(root, "height");
  if (const auto box = view_box_of(root)) {
    if (!width && !height) width = box->width;
    if (!width) width = *height * (box->width / box->height);
    if (!height) height = *width * (box->height / box->width);
  } else if ((!width || !height) && root.empty) {
    throw Malformed("svg: neither size nor content");
  }
  return {round_side(width.value_or(kDefaultWidth)), round_side(height.value_or(kDefaultHeight))};
}

}  // namespace imgpeek
