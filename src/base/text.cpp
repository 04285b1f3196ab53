#include "base/text.h"

#include <iconv.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>

#include <fmt/format.h>
#include <simdjson.h>

namespace mineward {
namespace {

/// Length of the valid sequence at `p`, or 0.
std::size_t utf8_length(const unsigned char* p, std::size_t left) {
  const unsigned char c = p[0];
  if (c < 0x80) return 1;
  const auto tail = [&](std::size_t i) { return i < left && (p[i] & 0xC0) == 0x80; };
  if (c >= 0xC2 && c <= 0xDF) return tail(1) ? 2 : 0;
  if (c >= 0xE0 && c <= 0xEF) {
    if (!tail(1) || !tail(2)) return 0;
    if (c == 0xE0 && p[1] < 0xA0) return 0;
    if (c == 0xED && p[1] > 0x9F) return 0;
    return 3;
  }
  if (c >= 0xF0 && c <= 0xF4) {
    if (!tail(1) || !tail(2) || !tail(3)) return 0;
    if (c == 0xF0 && p[1] < 0x90) return 0;
    if (c == 0xF4 && p[1] > 0x8F) return 0;
    return 4;
  }
  return 0;
}

/// One converter a thread: iconv_t must not be shared.
class Converter {
 public:
  Converter(const char* to, const char* from) : handle_(iconv_open(to, from)) {}
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  ~Converter() {
    if (usable()) iconv_close(handle_);
  }
  Result<std::string> run(std::string_view bytes, std::string_view encoding) {
    if (!usable()) return unavailable("the C library has no converter for GB18030");
    iconv(handle_, nullptr, nullptr, nullptr, nullptr);
    std::string out(bytes.size() * 2 + 16, '\0');
    char* in = const_cast<char*>(bytes.data());  // NOLINT: iconv's signature; it does not write there
    std::size_t in_left = bytes.size();
    std::size_t done = 0;
    while (true) {
      char* to = out.data() + done;
      std::size_t to_left = out.size() - done;
      const std::size_t r = iconv(handle_, &in, &in_left, &to, &to_left);
      done = out.size() - to_left;
      if (r != static_cast<std::size_t>(-1)) break;
      if (errno == E2BIG) {
        out.resize(out.size() * 2);
        continue;
      }
      return bad_input(fmt::format("byte {} cannot be read as {}", bytes.size() - in_left, encoding));
    }
    out.resize(done);
    return out;
  }

 private:
  bool usable() const { return handle_ != reinterpret_cast<iconv_t>(-1); }  // NOLINT: iconv's error value
  iconv_t handle_;
};

bool is_han(char32_t c) {
  return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF) ||
         c == 0x3007;
}
bool is_word(char32_t c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= 0xC0 && c < 0x2000 && c != 0xD7 && c != 0xF7);
}
/// Full-width Latin letters and digits become plain ones; ASCII letters lower case.
char32_t fold(char32_t c) {
  if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFEE0;
  if (c >= 'A' && c <= 'Z') c += 32;
  return c;
}

/// Calls `word(text)` for runs of letters and `han(text)` for runs of Han characters.
template <class Word, class Han>
void for_each_run(std::string_view utf8, Word word, Han han) {
  const std::u32string points = to_code_points(utf8);
  std::size_t i = 0;
  while (i < points.size()) {
    std::u32string run;
    while (i < points.size() && is_word(fold(points[i]))) run += fold(points[i++]);
    if (!run.empty()) {
      word(run);
      continue;
    }
    while (i < points.size() && is_han(points[i])) run += points[i++];
    if (!run.empty()) {
      han(run);
    } else {
      ++i;
    }
  }
}

}  // namespace

std::optional<std::size_t> first_invalid_utf8(std::string_view text) {
  if (simdjson::validate_utf8(text.data(), text.size())) return std::nullopt;
  const auto* p = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t i = 0;
  while (i < text.size()) {
    while (i + 8 <= text.size()) {  // whole ASCII words at once
      std::uint64_t word = 0;
      std::memcpy(&word, p + i, 8);
      if (word & 0x8080808080808080ULL) break;
      i += 8;
    }
    if (i >= text.size()) break;
    const std::size_t n = utf8_length(p + i, text.size() - i);
    if (n == 0) return i;
    i += n;
  }
  return std::nullopt;
}

Result<std::string> gb18030_to_utf8(std::string_view bytes) {
  thread_local Converter converter("UTF-8", "GB18030");
  return converter.run(bytes, "GB18030");
}

Result<std::string> utf8_to_gb18030(std::string_view text) {
  thread_local Converter converter("GB18030", "UTF-8");
  return converter.run(text, "UTF-8");
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
  std::string out;
  for (const auto& part : parts) {
    if (&part != parts.data()) out += separator;
    out += part;
  }
  return out;
}

std::string lower_ascii(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return out;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<double> parse_number(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789+-.eE") != std::string_view::npos)
    return std::nullopt;
  if (text[0] == '+') {
    text.remove_prefix(1);
    if (text.empty() || text[0] == '-') return std::nullopt;
  }
  double value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::string nearest(std::string_view text, std::span<const std::string> candidates) {
  std::string best;
  std::size_t best_distance = SIZE_MAX;
  for (const auto& candidate : candidates) {
    std::vector<std::size_t> row(candidate.size() + 1);
    for (std::size_t j = 0; j <= candidate.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= text.size(); ++i) {
      std::size_t diagonal = std::exchange(row[0], i);
      for (std::size_t j = 1; j <= candidate.size(); ++j) {
        const std::size_t change = diagonal + (text[i - 1] == candidate[j - 1] ? 0 : 1);
        diagonal = row[j];
        row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
      }
    }
    if (row.back() < best_distance && row.back() * 3 <= std::max(text.size(), candidate.size()) + 2) {
      best_distance = row.back();
      best = candidate;
    }
  }
  return best;
}

std::u32string to_code_points(std::string_view utf8) {
  std::u32string out;
  out.reserve(utf8.size());
  const auto* p = reinterpret_cast<const unsigned char*>(utf8.data());
  for (std::size_t i = 0; i < utf8.size();) {
    const std::size_t n = utf8_length(p + i, utf8.size() - i);
    if (n <= 1) {
      out += n == 1 ? static_cast<char32_t>(p[i]) : U'\uFFFD';
      ++i;
      continue;
    }
    char32_t c = p[i] & (0xFFu >> (n + 1));
    for (std::size_t k = 1; k < n; ++k) c = c << 6 | (p[i + k] & 0x3Fu);
    out += c;
    i += n;
  }
  return out;
}

std::string to_utf8(std::u32string_view code_points) {
  std::string out;
  for (const char32_t c : code_points) {
    if (c < 0x80) {
      out += static_cast<char>(c);
    } else if (c < 0x800) {
      out += static_cast<char>(0xC0 | c >> 6);
      out += static_cast<char>(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
      out += static_cast<char>(0xE0 | c >> 12);
      out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
      out += static_cast<char>(0x80 | (c & 0x3F));
    } else {
      out += static_cast<char>(0xF0 | c >> 18);
      out += static_cast<char>(0x80 | (c >> 12 & 0x3F));
      out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
      out += static_cast<char>(0x80 | (c & 0x3F));
    }
  }
  return out;
}

std::string as_utf8(std::string_view bytes) { return to_utf8(to_code_points(bytes)); }

std::vector<std::string> search_words(std::string_view utf8) {
  std::vector<std::string> words;
  for_each_run(
      utf8, [&](const std::u32string& run) { words.push_back(to_utf8(run)); },
      [&](const std::u32string& run) {
        for (std::size_t i = 0; i < run.size(); ++i) {
          words.push_back(to_utf8(std::u32string_view(run).substr(i, 1)));
          if (i + 1 < run.size()) words.push_back(to_utf8(std::u32string_view(run).substr(i, 2)));
        }
      });
  return words;
}

std::vector<std::string> query_words(std::string_view utf8) {
  std::vector<std::string> words;
  for_each_run(
      utf8, [&](const std::u32string& run) { words.push_back(to_utf8(run)); },
      [&](const std::u32string& run) {
        if (run.size() == 1) words.push_back(to_utf8(run));
        for (std::size_t i = 0; i + 1 < run.size(); ++i) {
          words.push_back(to_utf8(std::u32string_view(run).substr(i, 2)));
        }
      });
  return words;
}

bool is_han_word(std::string_view word) {
  const std::u32string points = to_code_points(word);
  return !points.empty() && is_han(points[0]);
}

}  // namespace mineward
