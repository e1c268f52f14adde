// Assay for C++17: handles that release themselves, and exceptions in place of error arguments. Header only, over assay.h.
//
// An Engine may be used from several threads at once. Memory that is passed in is borrowed for the call alone.
#ifndef ASSAY_HPP
#define ASSAY_HPP

#include <assay.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

/// Why a call failed. what() says it in words.
class Error : public std::runtime_error {
 public:
  Error(assay_status status, const std::string &message) : std::runtime_error(message), status_(status) {}
  assay_status status() const noexcept { return status_; }

 private:
  assay_status status_;
};

namespace detail {

/// Throws Error when `status` is a failure, and releases the C error.
/// The error is taken by reference, since it is written while the arguments are evaluated.
inline void check(int32_t status, assay_error *const &error) {
  if (status == ASSAY_OK) return;
  const std::string message = assay_error_message(error);
  assay_error_release(error);
  throw Error(static_cast<assay_status>(status), message);
}

template <typename T, void (*release)(T *)>
struct Release {
  void operator()(T *handle) const noexcept { release(handle); }
};

template <typename T, void (*release)(T *)>
using Handle = std::unique_ptr<T, Release<T, release>>;

}  // namespace detail

/// The outputs of one call.
class Results {
 public:
  explicit Results(assay_results *handle) : handle_(handle) {}

  int64_t rows() const noexcept { return assay_results_rows(handle_.get()); }
  int64_t accepted() const noexcept { return assay_results_accepted(handle_.get()); }

  /// The bytes of output `name`; empty when it was not asked for. They live as long as the results.
  std::string_view column(const char *name) const noexcept {
    size_t size = 0;
    const void *data = assay_results_column(handle_.get(), name, &size);
    return {static_cast<const char *>(data), data ? size : 0};
  }

 private:
  detail::Handle<assay_results, assay_results_release> handle_;
};

/// Every backend of this build behind one dispatcher.
class Engine {
 public:
  /// @throws Error of status ASSAY_ERROR_UNAVAILABLE when `backend` is not there.
  explicit Engine(const char *backend = nullptr, int32_t threads = 0) {
    assay_options options{};
    options.size = sizeof options;
    options.threads = threads;
    options.backend = backend;
    assay_engine *engine = nullptr;
    assay_error *error = nullptr;
    detail::check(assay_engine_create(&options, &engine, &error), error);
    handle_.reset(engine);
  }

  /// Computes every row of a batch; see assay_execute.
  Results execute(
    const char *operation, int64_t rows, const std::vector<assay_view> &inputs,
    const std::vector<const char *> &wanted = {}) const {
    assay_results *results = nullptr;
    assay_error *error = nullptr;
    detail::check(
      assay_execute(
        handle_.get(), nullptr, operation, rows, inputs.data(), inputs.size(), wanted.data(), wanted.size(), &results,
        &error),
      error);
    return Results(results);
  }

  /// Prices a book: an array of numbers per measure, in the order of `measures`; see assay_price.
  std::vector<std::vector<double>> price(
    const assay_book &book, const std::vector<const char *> &measures, std::vector<uint8_t> *verdicts = nullptr) const {
    const auto rows = static_cast<size_t>(book.rows < 0 ? 0 : book.rows);
    std::vector<std::vector<double>> columns(measures.size(), std::vector<double>(rows));
    std::vector<double *> targets;
    for (auto &column : columns) targets.push_back(column.data());
    if (verdicts) verdicts->resize(rows);
    assay_error *error = nullptr;
    detail::check(
      assay_price(
        handle_.get(), nullptr, &book, measures.data(), measures.size(), targets.data(),
        verdicts ? verdicts->data() : nullptr, &error),
      error);
    return columns;
  }

  /// Verifies JSON Lines rows: the lines that `assay verify` writes.
  std::string verify_rows(std::string_view rows) const {
    assay_text *text = nullptr;
    assay_error *error = nullptr;
    detail::check(assay_verify_rows(handle_.get(), nullptr, rows.data(), rows.size(), &text, &error), error);
    const detail::Handle<assay_text, assay_text_release> owned(text);
    return {assay_text_data(text), assay_text_size(text)};
  }

  assay_engine *get() const noexcept { return handle_.get(); }

 private:
  detail::Handle<assay_engine, assay_engine_release> handle_;
};

}  // namespace assay

#endif
