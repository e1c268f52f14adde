// A C++17 caller of libassay: see bindings/README.md for its arguments.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <thread>

#include "assay.hpp"

namespace {

std::string contents(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(path + " cannot be read");
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<double> numbers(const std::string &path) {
  const std::string bytes = contents(path);
  std::vector<double> values(bytes.size() / sizeof(double));
  std::memcpy(values.data(), bytes.data(), values.size() * sizeof(double));
  return values;
}

void store(const std::string &path, const void *bytes, size_t size) {
  std::ofstream file(path, std::ios::binary);
  file.write(static_cast<const char *>(bytes), static_cast<std::streamsize>(size));
  if (!file.flush()) throw std::runtime_error(path + " cannot be written");
}

int price(const std::string &folder) {
  const std::string type = contents(folder + "/type");
  std::vector<std::vector<double>> columns;
  for (const char *name : {"spot", "strike", "years", "rate", "dividendYield", "volatility"}) {
    columns.push_back(numbers(folder + "/" + name));
  }
  assay_book book{};
  book.size = sizeof book;
  book.rows = static_cast<int64_t>(type.size());
  book.type = reinterpret_cast<const uint8_t *>(type.data());
  book.underlying = columns[0].data();
  book.strike = columns[1].data();
  book.years = columns[2].data();
  book.rate = columns[3].data();
  book.dividend_yield = columns[4].data();
  book.volatility = columns[5].data();
  std::vector<uint8_t> verdicts;
  const auto out = assay::Engine().price(book, {"price", "delta"}, &verdicts);
  store(folder + "/out.price", out[0].data(), out[0].size() * sizeof(double));
  store(folder + "/out.delta", out[1].data(), out[1].size() * sizeof(double));
  store(folder + "/out.verdict", verdicts.data(), verdicts.size());
  return 0;
}

int failures = 0;

void expect(bool so, const char *what) {
  if (so) return;
  std::cerr << "not so: " << what << "\n";
  failures++;
}

template <typename Body>
void refused(assay_status status, const char *what, Body body) {
  try {
    body();
    expect(false, what);
  } catch (const assay::Error &error) {
    expect(error.status() == status && std::strlen(error.what()) > 10, what);
  }
}

int check() {
  const assay::Engine engine;
  const uint8_t pair[64] = {};
  const assay_view view{pair, 64, nullptr};
  refused(ASSAY_ERROR_USAGE, "unknown operation", [&] { engine.execute("no_such", 1, {view}); });
  refused(ASSAY_ERROR_SHAPE, "two rows in one", [&] { engine.execute("sha256_pair", 2, {view}); });
  refused(ASSAY_ERROR_SHAPE, "no columns", [&] { engine.execute("sha256_pair", 1, {}); });
  refused(ASSAY_ERROR_UNAVAILABLE, "unknown backend", [&] { assay::Engine("abacus"); });
  std::vector<std::thread> threads;
  std::vector<int> wrong(64, 0);
  for (size_t i = 0; i < 64; i++) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < 20; round++) {
        const auto results = engine.execute("sha256_pair", 1, {view});
        wrong[i] += results.column("digest").size() != 32 || results.accepted() != 1;
      }
    });
  }
  for (auto &thread : threads) thread.join();
  for (int count : wrong) expect(count == 0, "a digest from a thread");
  const pid_t child = fork();
  if (child == 0) {
    refused(ASSAY_ERROR_FORKED, "after fork", [&] { engine.execute("sha256_pair", 1, {view}); });
    _exit(failures);
  }
  int status = 0;
  waitpid(child, &status, 0);
  expect(WIFEXITED(status) && WEXITSTATUS(status) == 0, "the child of fork");
  return failures;
}

}  // namespace

int main(int count, char **arguments) {
  try {
    const std::string command = count > 1 ? arguments[1] : "";
    if (count == 3 && command == "price") return price(arguments[2]);
    if (count == 3 && command == "verify") {
      std::cout << assay::Engine().verify_rows(contents(arguments[2]));
      return 0;
    }
    if (count == 2 && command == "check") return check();
  } catch (const std::exception &error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
  std::cerr << "usage: caller price FOLDER | verify FILE | check\n";
  return 2;
}
