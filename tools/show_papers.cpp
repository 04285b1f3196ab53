// build/show_papers FOLDER: writes the PDF of every paper of the packs into a folder, drawn from the records
// of examples/papers.yaml: <paper>.pdf as issued where it can be issued, else as a draft; ledgers too.
//
// Run by tools/show-papers, which also makes pictures of them. Exit 0 done, 1 could not, 2 wrong use.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iostream>

#include "paper/example_testing.h"
#include "paper/papers.h"

namespace {

using namespace mineward;  // NOLINT: a program, not a header

int fail(const std::string& message) {
  std::cerr << "show_papers: " << message << "\n";
  return 1;
}

void keep(const std::string& folder, const std::string& name, const std::string& pdf) {
  std::ofstream(folder + "/" + name + ".pdf", std::ios::binary) << pdf;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: show_papers FOLDER\n";
    return 2;
  }
  const std::string folder = argv[1], data = folder + "/.data";
  std::filesystem::remove_all(data);
  std::filesystem::create_directories(data);
  auto opened = paper::Examples::open(MW_SOURCE_DIR, data);
  if (!opened) return fail(opened.error().text());
  paper::Examples& examples = **opened;
  const auto random = seeded_random(1);
  paper::Papers papers(examples.store(), examples.clock(), *random, {{}, "https://mineward.example.gov.cn"});
  const record::Actor all = examples.all();
  int drawn = 0;
  for (const auto& one : examples.records()) {
    const auto record = examples.store().get(all, one.type, one.id);
    if (!record) return fail(record.error().text());
    const auto offers = papers.offers(all, *record);
    if (!offers) return fail(offers.error().text());
    for (const auto& offer : *offers) {
      if (one.shows.find(offer.paper->name) == one.shows.end()) continue;
      if (offer.bar == paper::Bar::none) {
        const auto issued = papers.issue(all, one.type, one.id, record->version, offer.paper->name);
        if (const auto* refusal = std::get_if<record::Refusal>(&issued)) return fail(refusal->error.text());
      }
      const auto now = examples.store().get(all, one.type, one.id);
      const auto printed = papers.pdf(all, *now, offer.paper->name);
      if (!printed) return fail(printed.error().text());
      keep(folder, offer.paper->name, printed->pdf);
      ++drawn;
    }
  }
  for (const auto& paper : examples.catalog().papers) {
    if (paper.style != pack::Paper::Style::ledger) continue;
    record::ListQuery query;
    query.type = paper.record;
    const auto printed = papers.ledger(all, query);
    if (!printed) return fail(printed.error().text());
    keep(folder, paper.name, printed->pdf);
    ++drawn;
  }
  std::filesystem::remove_all(data);
  std::cout << drawn << " papers in " << folder << "\n";
  return 0;
}
