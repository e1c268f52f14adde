public import AssayCore

/// Which device is to compute which rows, decided before anything runs.
///
/// A plan is deterministic for given devices, policy and hardware profile, and results never depend on it.
public struct Plan: Sendable, CustomStringConvertible {
  /// A kernel that may compute some rows.
  public struct Candidate: Sendable {
    /// Its device.
    public let device: Device
    /// The kernel.
    public let kernel: any Kernel
  }

  /// A row range and who is asked for it, in turn.
  public struct Assignment: Sendable {
    /// The rows.
    public let rows: Range<Int>
    /// The kernels in the order they are tried; the last is portable.
    public let candidates: [Candidate]
  }

  /// What is computed.
  public let operation: Operation
  /// The row ranges, in order, without gaps.
  public let assignments: [Assignment]
  /// Named devices that do not take part, with the reason.
  public let refusals: [RowsReceipt.Fallback]

  /// One line per row range: `black_scholes/1 rows 0..<1000: cpu:simd avx2, then cpu:portable portable`.
  public var description: String {
    var lines = assignments.map { assignment in
      let chain = assignment.candidates.map { "\($0.device.id) \($0.kernel.id)" }.joined(separator: ", then ")
      return "\(operation) rows \(assignment.rows): \(chain)"
    }
    lines += refusals.map { "\(operation): not on \($0.device): \($0.reason)" }
    return lines.joined(separator: "\n")
  }
}
