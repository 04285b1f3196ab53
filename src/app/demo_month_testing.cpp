#include "app/demo_month_testing.h"

#include "app/demo_region.h"
#include "base/files.h"
#include "base/log.h"
#include "pack/load.h"

namespace mineward::app {

std::vector<record::Record> PlayedMonth::records(const std::string& type) const {
  std::vector<record::Record> out;
  record::ListQuery query;
  query.type = type;
  query.descending = false;
  query.limit = 500;
  do {
    auto page = node->store().list(record::Actor::system("test"), query);
    if (!page) {
      ADD_FAILURE() << page.error().text();
      return out;
    }
    std::move(page->records.begin(), page->records.end(), std::back_inserter(out));
    query.after = page->next;
  } while (!query.after.empty());
  return out;
}

record::Record PlayedMonth::one(const std::string& type, const std::string& field,
                                const std::string& text) const {
  std::vector<record::Record> found;
  for (auto& r : records(type)) {
    if (r.text(field) == text) found.push_back(std::move(r));
  }
  EXPECT_EQ(found.size(), 1u) << type << " with " << field << " = " << text;
  return found.empty() ? record::Record{} : found.front();
}

std::string example_file(const std::string& name) {
  auto text = system_files()->read(std::string(MW_SOURCE_DIR) + "/examples/" + name);
  if (!text) ADD_FAILURE() << text.error().text();
  return text ? *std::move(text) : std::string();
}

pack::CatalogPtr example_catalog() {
  static const pack::CatalogPtr loaded = [] {
    const std::vector<std::string> folders = {std::string(MW_SOURCE_DIR) + "/packs"};
    auto outcome = pack::load_catalog(folders);
    for (const auto& m : outcome.mistakes) ADD_FAILURE() << m.text();
    return outcome.catalog ? outcome.catalog : std::make_shared<const pack::Catalog>();
  }();
  return loaded;
}

Region example_region() {
  auto region = parse_region(example_file("region.yaml"));
  if (!region) ADD_FAILURE() << region.error().text();
  return region ? *std::move(region) : Region{};
}

MonthStory example_story(const Region& region, const pack::Catalog& catalog) {
  auto read = parse_month(example_file("month.yaml"), "month.yaml", region, catalog);
  for (const std::string& mistake : read.mistakes) ADD_FAILURE() << mistake;
  read.story.photo = example_file("month-photo.png");
  return std::move(read.story);
}

std::unique_ptr<PlayedMonth> play_example(const std::string& from, const std::string& to,
                                          std::uint64_t seed) {
  set_log_level(LogLevel::warning);
  auto out = std::make_unique<PlayedMonth>();
  out->from = ArrivalTime{parse_beijing_time(from)->utc_ms};
  out->to = ArrivalTime{parse_beijing_time(to)->utc_ms};
  out->catalog = example_catalog();
  out->region = example_region();
  out->story = example_story(out->region, *out->catalog);
  out->real = std::make_unique<ManualClock>(out->from);
  out->clock = std::make_unique<ReplayClock>(*out->real, out->from);
  auto node = open_node(DataFolder{out->folder.path() + "/data"}, Config{}, out->catalog, *out->clock);
  if (!node) {
    ADD_FAILURE() << node.error().text();
    return out;
  }
  out->node = *std::move(node);
  if (const auto made = make_region(*out->node, out->region); !made) ADD_FAILURE() << made.error().text();
  const Status played =
      play_month(*out->node, *out->clock, out->region, out->story, out->from, out->to, seed);
  if (!played) ADD_FAILURE() << played.error().text();
  out->clock->set(out->to);
  return out;
}

}  // namespace mineward::app
