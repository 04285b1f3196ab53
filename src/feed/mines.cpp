#include "feed/mines.h"

#include "base/text.h"

namespace mineward::feed {

Status MineDirectory::refresh() {
  std::map<std::string, Mine, std::less<>> by_code;
  std::map<std::string, std::optional<Mine>, std::less<>> by_alias;
  record::ListQuery query;
  query.type = "mine";
  query.limit = 500;
  do {
    MW_ASSIGN(const auto page, store_.list(record::Actor::system("system:intake"), query));
    for (const auto& record : page.records) {
      const Mine mine{record.id, record.reference("organisation"), record.text("code"), record.text("kind")};
      by_code.emplace(mine.code, mine);
      const std::string aliases = record.text("aliases");
      for (const auto part : split(aliases, ',')) {
        const std::string alias(trim(part));
        if (alias.empty() || alias == mine.code) continue;
        const auto [place, is_new] = by_alias.try_emplace(alias, mine);
        if (!is_new && place->second && place->second->id != mine.id) place->second.reset();
      }
    }
    query.after = page.next;
  } while (!query.after.empty());
  const std::lock_guard lock(mines_mutex_);
  by_code_ = std::move(by_code);
  by_alias_ = std::move(by_alias);
  return {};
}

std::optional<Mine> MineDirectory::look_up(const std::string& code) {
  const std::lock_guard lock(mines_mutex_);
  if (const auto mine = by_code_.find(code); mine != by_code_.end()) return mine->second;
  const auto alias = by_alias_.find(code);
  return alias == by_alias_.end() ? std::nullopt : alias->second;
}

Result<std::optional<Mine>> MineDirectory::find(const std::string& code) {
  if (auto mine = look_up(code)) return mine;
  MW_TRY(refresh());
  return look_up(code);
}

}  // namespace mineward::feed
