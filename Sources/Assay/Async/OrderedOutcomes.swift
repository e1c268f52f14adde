import AssayCore

/// The elements of a sequence with what became of each, in the sequence's order.
///
/// The sequence is read by a task of its own, which stops when the iterator is released or cancelled. An outcome waits for no element
/// after its own.
public struct OrderedOutcomes<Source: AsyncSequence & Sendable, Outcome: Sendable>: AsyncSequence, Sendable
where Source.Element: Sendable {
  /// An element of the source and its outcome.
  public typealias Element = (Source.Element, Outcome)

  private let source: Source
  private let ahead: Int
  private let outcome: @Sendable (Source.Element) async throws -> Outcome

  init(_ source: Source, ahead: Int, _ outcome: @escaping @Sendable (Source.Element) async throws -> Outcome) {
    self.source = source
    self.ahead = Swift.max(ahead, 1)
    self.outcome = outcome
  }

  /// Starts to read the source.
  public func makeAsyncIterator() -> Iterator { Iterator(source, ahead: ahead, outcome) }

  /// Takes outcomes one after the other.
  public struct Iterator: AsyncIteratorProtocol {
    private let reader: Reader

    fileprivate init(
      _ source: Source, ahead: Int, _ outcome: @escaping @Sendable (Source.Element) async throws -> Outcome
    ) {
      let window = Window<(Source.Element, Task<Outcome, any Error>)>(size: ahead)
      let task = Task {
        do {
          for try await element in source {
            let task = Task { try await outcome(element) }
            guard await window.put((element, task)) else { return task.cancel() }
          }
          await window.end(nil)
        } catch {
          await window.end(error)
        }
      }
      reader = Reader(window: window, task: task)
    }

    /// The next element with its outcome; nil at the end.
    ///
    /// - Throws: what the source or the outcome throws.
    public mutating func next() async throws -> Element? {
      let reader = reader
      return try await withTaskCancellationHandler {
        guard let (element, task) = try await reader.window.take() else { return nil }
        return (
          element,
          try await withTaskCancellationHandler {
            try await task.value
          } onCancel: {
            task.cancel()
          }
        )
      } onCancel: {
        reader.stop()
      }
    }
  }

  /// Stops the reading task when the iterator is gone.
  private final class Reader: Sendable {
    let window: Window<(Source.Element, Task<Outcome, any Error>)>
    private let task: Task<Void, Never>

    init(window: Window<(Source.Element, Task<Outcome, any Error>)>, task: Task<Void, Never>) {
      self.window = window
      self.task = task
    }

    deinit { stop() }

    func stop() {
      task.cancel()
      let window = window
      Task { for (_, task) in await window.close() { task.cancel() } }
    }
  }
}

/// A queue of bounded length between one task that puts and one that takes.
private actor Window<Value: Sendable> {
  private let size: Int
  private var values: [Value] = []
  private var isEnded = false
  private var failure: (any Error)?
  private var putter: CheckedContinuation<Void, Never>?
  private var taker: CheckedContinuation<Void, Never>?

  init(size: Int) { self.size = size }

  /// Appends a value when there is room; false when nobody takes any more.
  func put(_ value: Value) async -> Bool {
    while values.count >= size, !isEnded { await withCheckedContinuation { putter = $0 } }
    guard !isEnded else { return false }
    values.append(value)
    wake(&taker)
    return true
  }

  /// Says that no value comes any more, and why.
  func end(_ error: (any Error)?) {
    isEnded = true
    failure = error
    wake(&taker)
  }

  /// The first value, when there is one; nil at the end.
  func take() async throws -> Value? {
    while values.isEmpty, !isEnded { await withCheckedContinuation { taker = $0 } }
    try Task.checkCancellation()
    guard !values.isEmpty else {
      if let failure { throw failure }
      return nil
    }
    wake(&putter)
    return values.removeFirst()
  }

  /// Gives back what nobody will take.
  func close() -> [Value] {
    isEnded = true
    defer { values = [] }
    wake(&putter)
    wake(&taker)
    return values
  }

  private func wake(_ continuation: inout CheckedContinuation<Void, Never>?) {
    continuation?.resume()
    continuation = nil
  }
}
