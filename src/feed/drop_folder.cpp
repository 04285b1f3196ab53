#include <fmt/format.h>

#include <map>
#include <set>

#include "base/crash_point.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/text.h"
#include "feed/intake.h"

namespace mineward::feed {
namespace {

/// A file without terminator is given so long to grow (monitoring.md 1.13, 1).
constexpr Millis kPatience = std::chrono::minutes(10);
/// Files are never read beyond this; the intake refuses what is larger.
constexpr std::size_t kMostRead = (64u << 20) + 1;
constexpr int kDeepest = 8;  ///< folders below incoming/

/// How a file looked; equal looks in two scans = stable.
struct Look {
  std::uint64_t size = 0;
  std::int64_t modified_ms = 0;
  friend bool operator==(const Look&, const Look&) = default;
};

struct Seen {
  Look look;
  Millis first{};         ///< when this look was first seen
  bool finished = false;  ///< taken in, but could not be moved away: only the move is tried again
  std::string target;     ///< where it goes then
  std::string reason;     ///< text of the reason file; empty = none
};

bool is_upload(std::string_view name) {
  return name.size() > 4 && lower_ascii(name.substr(name.size() - 4)) == ".txt" && name[0] != '.';
}

class DropFolderImpl final : public DropFolder {
 public:
  DropFolderImpl(Files& files, Clock& clock, Intake& intake, std::string folder)
      : files_(files), clock_(clock), intake_(intake), folder_(std::move(folder)) {}

  Status make() {
    for (const char* name : {"/incoming", "/done", "/rejected"}) MW_TRY(files_.make_folders(folder_ + name));
    return {};
  }

  Result<int> scan() override {
    int taken = 0;
    std::set<std::string> present;
    waiting_mines_.clear();
    MW_TRY(walk(folder_ + "/incoming", 0, present, taken));
    std::erase_if(seen_, [&](const auto& entry) { return !present.contains(entry.first); });
    return taken;
  }

 private:
  Status walk(const std::string& folder, int depth, std::set<std::string>& present, int& taken) {
    MW_ASSIGN(const auto entries, files_.list(folder));
    for (const auto& entry : entries) {
      const std::string path = folder + "/" + entry.name;
      if (entry.is_special) continue;
      if (entry.is_folder) {
        if (depth < kDeepest) MW_TRY(walk(path, depth + 1, present, taken));
        continue;
      }
      if (!is_upload(entry.name)) continue;
      present.insert(path);
      taken += look_at(path, entry) ? 1 : 0;
    }
    return {};
  }

  /// True when the file was taken in now, for good or bad.
  bool look_at(const std::string& path, const FileStat& entry) {
    const Look look{entry.size, entry.modified_ms};
    const auto [place, is_new] = seen_.try_emplace(path, Seen{look, clock_.monotonic(), false, {}, {}});
    Seen& seen = place->second;
    if (is_new) return false;
    if (seen.look != look) {
      seen = Seen{look, clock_.monotonic(), false, {}, {}};
      return false;
    }
    if (seen.finished) {
      move_away(path, seen);
      return false;
    }
    return take(path, entry.name, seen);
  }

  bool take(const std::string& path, const std::string& name, Seen& seen) {
    const std::string mine = name.substr(0, name.find('_'));
    if (waiting_mines_.contains(mine)) return false;
    auto bytes =
        files_.read_at(path, 0, std::min<std::size_t>(kMostRead, static_cast<std::size_t>(seen.look.size)));
    if (!bytes) {
      log_warning("drop.unreadable", {{"file", name}, {"error", bytes.error().text()}});
      return false;
    }
    const auto now = files_.stat(path);
    if (!now || Look{now->size, now->modified_ms} != seen.look)
      return false;  // written to while we read: next time
    Upload upload;
    upload.name = name;
    upload.bytes = *std::move(bytes);
    upload.origin = "drop";
    upload.scope.everything = true;  // who may write into the folder is the operator's business
    upload.may_grow = clock_.monotonic() - seen.first < kPatience;
    const Receipt receipt = intake_.accept(upload);
    if (receipt.verdict == Verdict::waiting) {
      // Nothing is wrong with the file: the later ones of its mine must not overtake it, or it would be stale
      // and raise nothing. A file that is not finished yet holds up nobody.
      if (receipt.code != name_of(Code::e_term)) waiting_mines_.insert(mine);
      return false;
    }
    crash_point(CrashPoint::drop_taken_not_moved);
    const bool rejected = receipt.verdict == Verdict::rejected;
    seen.finished = true;
    seen.target = folder_ + (rejected ? "/rejected" : "/done");
    if (rejected) seen.reason = reason_text(receipt, name);
    move_away(path, seen);
    return true;
  }

  static std::string reason_text(const Receipt& receipt, const std::string& name) {
    std::string out = receipt.message + "\n";
    for (const auto& fault : receipt.faults) out += fault.text(name) + "\n";
    return out;
  }

  /// "a.txt", "a.2.txt", "a.3.txt": the first that is free.
  Result<std::string> free_name(const std::string& folder, const std::string& name) {
    const std::string stem = name.substr(0, name.size() - 4), end = name.substr(name.size() - 4);
    for (int i = 1; i < 10000; ++i) {
      const std::string candidate = i == 1 ? name : fmt::format("{}.{}{}", stem, i, end);
      if (!files_.exists(folder + "/" + candidate)) return candidate;
    }
    return conflict("no free name for " + name);
  }

  void move_away(const std::string& path, const Seen& seen) {
    const auto moved = try_move(path, seen);
    if (moved) {
      seen_.erase(path);
      return;
    }
    static Counter& stuck =
        counter("feed_drop_stuck_total", "Attempts to move a taken file out of incoming/ that failed");
    stuck.add();
    log_warning("drop.cannot_move", {{"file", path}, {"error", moved.error().text()}});
  }

  Status try_move(const std::string& path, const Seen& seen) {
    MW_TRY(files_.make_folders(seen.target));
    const std::string name = path.substr(path.find_last_of('/') + 1);
    MW_ASSIGN(const std::string free, free_name(seen.target, name));
    // The reason first: a rejected file never stands there without one.
    if (!seen.reason.empty())
      MW_TRY(write_atomically(files_, seen.target + "/" + free + ".reason.txt", seen.reason));
    MW_TRY(files_.rename(path, seen.target + "/" + free));
    crash_point(CrashPoint::drop_moved_not_synced);
    return files_.sync_folder(seen.target);
  }

  Files& files_;
  Clock& clock_;
  Intake& intake_;
  std::string folder_;
  std::map<std::string, Seen> seen_;     // one thread: the one that scans
  std::set<std::string> waiting_mines_;  // codes of mines of which one file was not taken in this scan
};

}  // namespace

Result<std::unique_ptr<DropFolder>> open_drop_folder(Files& files, Clock& clock, Intake& intake,
                                                     const std::string& folder) {
  auto made = std::make_unique<DropFolderImpl>(files, clock, intake, folder);
  MW_TRY(made->make());
  return std::unique_ptr<DropFolder>(std::move(made));
}

}  // namespace mineward::feed
