#include "api/static_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace mineward::api {

namespace {

constexpr std::size_t kLargestFolder = 128u << 20;
constexpr int kBestPacking = 9;

constexpr std::array<std::pair<std::string_view, std::string_view>, 17> kMediaTypes = {{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json; charset=utf-8"},
    {".map", "application/json; charset=utf-8"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".webp", "image/webp"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".woff", "font/woff"},
    {".ttf", "font/ttf"},
    {".txt", "text/plain; charset=utf-8"},
    {".wasm", "application/wasm"},
}};

/// "index-DiwrgTda.js": a dash and at least eight letters and digits before the extension, under assets/.
bool has_hashed_name(std::string_view path) {
  if (!path.starts_with("assets/")) return false;
  const std::string_view name = path.substr(0, path.rfind('.'));
  const auto dash = name.rfind('-', name.size() - std::min<std::size_t>(name.size(), 8));
  return dash != std::string_view::npos && name.size() - dash > 8;
}

struct Found {
  std::string path;
  std::string content;
};

Status collect(Files& files, const std::string& folder, const std::string& prefix, std::size_t& total,
               std::vector<Found>& out) {
  MW_ASSIGN(const auto entries, files.list(folder));
  for (const auto& entry : entries) {
    if (entry.name.starts_with('.')) continue;
    const std::string path = prefix + entry.name;
    if (entry.is_folder) {
      MW_TRY(collect(files, folder + "/" + entry.name, path + "/", total, out));
      continue;
    }
    total += entry.size;
    if (total > kLargestFolder) return bad_input("the web folder holds more than 128 MiB", folder);
    MW_ASSIGN(auto content, files.read(folder + "/" + entry.name));
    out.push_back({path, std::move(content)});
  }
  return {};
}

/// A path of the application rather than of a file: its last part has no ending. An ending begins with a
/// letter, so that the clause "YC2024-3.2.3-02" has none.
bool is_page(std::string_view path) {
  const std::string_view last = path.substr(path.rfind('/') + 1);
  const auto dot = last.rfind('.');
  if (dot == std::string_view::npos) return true;
  return dot + 1 < last.size() && last[dot + 1] >= '0' && last[dot + 1] <= '9';
}

}  // namespace

std::string_view media_type_of(std::string_view file_name) {
  const auto dot = file_name.rfind('.');
  if (dot != std::string_view::npos) {
    const std::string ending = lower_ascii(file_name.substr(dot));
    for (const auto& [e, type] : kMediaTypes) {
      if (e == ending) return type;
    }
  }
  return "application/octet-stream";
}

Result<StaticFiles> StaticFiles::load(Files& files, const std::string& folder) {
  StaticFiles made;
  if (folder.empty() || !files.exists(folder)) return made;
  std::vector<Found> found;
  std::size_t total = 0;
  MW_TRY(collect(files, folder, "", total, found));
  for (auto& file : found) {
    const bool hashed_name = has_hashed_name(file.path);
    std::string media_type(media_type_of(file.path));
    made.by_path_.try_emplace(std::move(file.path), std::move(file.content), std::move(media_type),
                              kBestPacking, hashed_name);
  }
  return made;
}

Response StaticFiles::serve(const Request& request) const {
  // Only names that were found when the folder was read exist here, so "..", links and absolute paths lead
  // nowhere.
  std::string path;
  for (const auto& segment : request.segments) path += (path.empty() ? "" : "/") + segment;
  auto found = by_path_.find(path);
  if (found == by_path_.end() && is_page(path)) found = by_path_.find("index.html");
  Response response;
  if (found == by_path_.end()) {
    response.status = 404;
    response.content_type = "text/plain; charset=utf-8";
    response.headers.emplace_back("Cache-Control", "no-store");
    response.body = by_path_.empty() ? "This server was started without a web folder.\n" : "No such file.\n";
    return response;
  }
  const Entry& entry = found->second;
  return entry.document.serve(request,
                              entry.hashed_name ? "public, max-age=31536000, immutable" : "no-cache");
}

}  // namespace mineward::api
