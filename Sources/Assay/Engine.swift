/// Assay's front door: every backend of this build behind one dispatcher.
///
/// ```swift
/// let engine = try Engine()
/// let pairs = try Column(packed: bytes, width: 64)
/// let results = try engine.execute(Batch(.sha256Pair, [pairs]))
/// print(results.digests[0].hexadecimal)
/// ```
/// An engine may be used from several threads at once.
public struct Engine: Executor {
  /// Plans, runs and checks batches.
  public let dispatcher: Dispatcher

  /// An engine over every backend of this build. `threads` are those of the host's kernels, nil for one per processor.
  ///
  /// - Throws: ``AssayError`` of kind `unavailable` when the policy requires a backend or device that is not there.
  public init(
    _ configuration: Dispatcher.Configuration = Dispatcher.Configuration(), threads: Int? = nil
  ) throws(AssayError) {
    dispatcher = try Dispatcher(backends: Backends.all(threads: threads), configuration)
  }

  /// An engine over `backends`: those of this build and others, or fewer.
  ///
  /// ```swift
  /// let engine = try Engine(backends: Backends.all() + [Abacus()])
  /// ```
  /// - Throws: ``AssayError`` of kind `usage` when the portable backend is not among them or two devices have one id, and of kind
  ///   `unavailable` when the policy requires a backend or device that is not there.
  public init(
    backends: [any Backend], _ configuration: Dispatcher.Configuration = Dispatcher.Configuration()
  ) throws(AssayError) {
    dispatcher = try Dispatcher(backends: backends, configuration)
  }

  /// Tells every backend of public keys that will come often, each as rows hold it: 32, 33 or 65 bytes. Their tables are then made at
  /// their first use, not when they have come eight times. No verdict depends on it.
  public func prepare(keys: [[UInt8]]) {
    for case let backend as any KeyPreparing in dispatcher.backends { backend.prepare(keys: keys) }
  }

  /// Gives back what devices hold, for programs that are done with them and go on: contexts, queues, buffers, boards. Every engine of the
  /// process loses those devices. Rows given to this engine afterwards are computed by the host, and receipts say why.
  public func shutDown() {
    for backend in dispatcher.backends { backend.shutDown() }
  }

  /// Computes every row of `batch`; see ``Executor``.
  public func execute(_ batch: Batch, wanted: Set<String>?) throws(AssayError) -> Results {
    try dispatcher.execute(batch, wanted: wanted)
  }

  /// The engine's kernels of the host alone; see ``Executor``.
  public var host: (any Executor)? { dispatcher.host }

  /// Self-tests, now, the kernels that `operations` are computed with, lest the first call waits for it.
  ///
  /// ```swift
  /// try engine.prepare([.sha256Pair, .ed25519ZIP215])
  /// ```
  /// - Throws: ``AssayError`` of kind `unavailable` when an operation cannot be computed as the policy says.
  public func prepare(_ operations: some Sequence<Operation>) throws(AssayError) {
    for operation in operations { _ = try dispatcher.plan(operation, rows: 1) }
  }
}
