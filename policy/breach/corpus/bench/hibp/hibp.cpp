// Makes the files of oschonrock/hibp and looks up in them, for the benchmark
// beside it, which compiles this with the sources that it was given.
//
//	hibp convert TEXT RECORDS    records of 24 bytes
//	hibp filter RECORDS FILTER   binary fuse filters of 16 bits, 256 shards
//	hibp ask RECORDS FILTER QUERIES
//
// The last reads lines, each "NAME QUERIES", and answers each with one: the
// nanoseconds of a look-up in a loop, the ticks of the processor at the median
// and the 99th percentile of hits and of misses, the hits with another answer
// than their own count, and the misses that were found.
#include "flat_file.hpp"
#include "hibp.hpp"
#include "toc.hpp"
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <functional>
#include <iostream>
#include <string>
#include <vector>
#include <x86intrin.h>
#ifdef WITH_FILTER
#include "binfuse/sharded_filter.hpp"
#endif

using record = hibp::pawned_pw_sha1;

namespace {

struct query {
  record key; // with the count it shall have
  bool hit;
};

constexpr std::size_t query_size = 25;
constexpr unsigned toc_bits = 20;

// ticks waits for all that was begun, so that nothing of a look-up is left out.
std::uint64_t ticks() {
  _mm_lfence();
  const auto t = __rdtsc();
  _mm_lfence();
  return t;
}

std::uint64_t high(const record& r) {
  std::uint64_t x = 0;
  for (int i = 0; i < 8; i++) x = x << 8U | std::to_integer<std::uint64_t>(r.hash[i]);
  return x;
}

void convert(const char* text, const char* records) {
  std::ifstream in(text);
  std::ofstream out(records, std::ios::binary);
  if (!in || !out) throw std::runtime_error("cannot open the text or the records");
  flat_file::stream_writer<record> writer(out);
  for (std::string line; std::getline(in, line);) writer.write(record{line});
}

#ifdef WITH_FILTER
void make_filter(const char* records, const char* filter) {
  std::filesystem::remove(filter);
  flat_file::database<record> db(records, (1U << 16U) / sizeof(record));
  binfuse::sharded_filter16_sink sink(filter);
  sink.stream_prepare();
  for (const auto& r: db) sink.stream_add(high(r));
  sink.stream_finalize();
}
#endif

std::vector<query> load(const char* path) {
  std::ifstream in(path, std::ios::binary);
  std::vector<query> all;
  char b[query_size];
  while (in.read(b, sizeof b)) {
    query q{};
    std::memcpy(q.key.hash.data(), b, 20);
    std::memcpy(&q.key.count, b + 20, 4);
    q.hit = b[24] != 0;
    all.push_back(q);
  }
  return all;
}

void measure(const std::vector<query>& queries, const std::function<int(const query&)>& count, bool counts) {
  std::size_t other = 0;
  std::size_t chance = 0;
  for (const auto& q: queries) {
    const int n = count(q);
    other += q.hit && (n == 0 || (counts && n != q.key.count));
    chance += !q.hit && n > 0;
  }
  volatile int sum = 0;
  const auto begin = std::chrono::steady_clock::now();
  for (const auto& q: queries) sum = sum + count(q);
  const std::chrono::duration<double, std::nano> loop = std::chrono::steady_clock::now() - begin;
  std::vector<std::uint64_t> times[2];
  for (const auto& q: queries) {
    const auto t = ticks();
    sum = sum + count(q);
    times[q.hit ? 1 : 0].push_back(ticks() - t);
  }
  for (auto& t: times) std::sort(t.begin(), t.end());
  std::cout << loop.count() / static_cast<double>(queries.size());
  for (const int hit: {1, 0}) {
    const auto& t = times[hit];
    std::cout << ' ' << t[t.size() / 2] << ' ' << t[t.size() * 99 / 100];
  }
  std::cout << ' ' << other << ' ' << chance << std::endl;
}

void ask(const char* records, const char* filter, const char* path) {
  const auto all = load(path);
  flat_file::database<record> db(records, 4096 / sizeof(record));
  auto* const out = std::cout.rdbuf(nullptr); // where it tells of its work
  hibp::toc_build<record>(records, toc_bits);
  std::cout.rdbuf(out);
  std::cout.clear();
#ifdef WITH_FILTER
  const binfuse::sharded_filter16_source fuse(filter);
#else
  (void)filter;
#endif
  std::string name;
  std::size_t number = 0;
  while (std::cin >> name >> number) {
    const std::vector<query> queries(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(number, all.size())));
    if (name == "toc") {
      measure(queries, [&](const query& q) {
        const auto found = hibp::toc_search<record>(db, q.key, toc_bits);
        return found ? found->count : 0;
      }, true);
    } else if (name == "plain") {
      measure(queries, [&](const query& q) {
        const auto found = std::lower_bound(db.begin(), db.end(), q.key);
        return found != db.end() && *found == q.key ? (*found).count : 0;
      }, true);
#ifdef WITH_FILTER
    } else if (name == "fuse") {
      measure(queries, [&](const query& q) { return fuse.contains(high(q.key)) ? 1 : 0; }, false);
#endif
    } else {
      throw std::runtime_error("no contender " + name);
    }
  }
}

} // namespace

int main(int argc, char* argv[]) {
  const std::string verb = argc > 1 ? argv[1] : "";
  try {
    if (verb == "convert" && argc == 4) {
      convert(argv[2], argv[3]);
#ifdef WITH_FILTER
    } else if (verb == "filter" && argc == 4) {
      make_filter(argv[2], argv[3]);
#endif
    } else if (verb == "ask" && argc == 5) {
      ask(argv[2], argv[3], argv[4]);
    } else {
      std::cerr << "hibp convert|filter|ask\n";
      return 2;
    }
  } catch (const std::exception& e) {
    std::cerr << "hibp: " << e.what() << '\n';
    return 1;
  }
}
