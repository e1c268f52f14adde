public import AssayCore

/// The RFC 6962 root of a stream of rows, such as the canonical result rows of a price run, in memory that grows with the logarithm of
/// their number.
///
/// Rows are hashed in the batches in which they come; the root does not depend on where batches are cut.
public struct RFC6962RootBuilder: Sendable {
  /// How many rows were appended.
  public private(set) var count = 0
  /// By height, at most one node whose sibling has not come yet.
  private var waiting: [[UInt8]] = []
  private let executor: any Executor

  /// A builder without rows.
  public init(on executor: any Executor) {
    self.executor = executor
  }

  /// Appends rows, each one leaf.
  public mutating func append(_ rows: some Collection<[UInt8]>) throws(AssayError) {
    guard !rows.isEmpty else { return }
    count += rows.count
    var nodes = try Operation.sha256Message.digests(prefix: [0x00], of: rows, on: executor)
    var height = 0
    while !nodes.isEmpty {
      if height == waiting.count { waiting.append([]) }
      nodes = waiting[height] + nodes
      waiting[height] = Array(nodes.suffix(nodes.count % 64))
      nodes = try PairRule.rfc6962.parents(of: nodes, on: executor)
      height += 1
    }
  }

  /// The root of the rows so far, 32 bytes; SHA-256 of nothing when there are none.
  public func root() throws(AssayError) -> [UInt8] {
    var top: [UInt8] = []
    for node in waiting where !node.isEmpty {
      top = top.isEmpty ? node : try PairRule.rfc6962.parent(of: node + top, on: executor)
    }
    return top.isEmpty ? RFC6962SubtreeConsistency.emptyRoot : top
  }
}
