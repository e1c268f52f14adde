import AssayCore
import CAssayKernels

/// One width's table of lane kernels: signatures, one row in each lane of a vector.
struct LaneTable: @unchecked Sendable {
  private let table: UnsafePointer<assay_lane_table>

  /// Every width of this build, the slowest first.
  static let all: [LaneTable] = {
    guard let list = assay_lane_tables() else { return [] }
    var tables: [LaneTable] = []
    while let table = list[tables.count] { tables.append(LaneTable(table: table)) }
    return tables
  }()

  var name: String { String(cString: table.pointee.name) }
  var requirement: String { String(cString: table.pointee.requires) }
  var family: CPUBackend.Family { table.pointee.family == ASSAY_FAMILY_PORTABLE ? .portable : .simd }
  var isAvailable: Bool { table.pointee.available() != 0 }
  /// Rows that share a vector: fewer cost the same.
  var lanes: Int { Int(table.pointee.lanes) }

  /// An operation's kernel, the scheme of its curve, and what makes combs of its public keys, if it has any.
  typealias Entry = (
    kernel: assay_lane_kernel, scheme: UnsafePointer<assay_lane_scheme>, makeCombs: assay_lane_make_combs?
  )

  /// The entry of `operation`; nil when the table has none.
  func entry(_ operation: Operation) -> Entry? {
    let entry = assay_lane_entry_of(table, Int32(operation.id))
    guard let kernel = entry.kernel, let scheme = entry.scheme else { return nil }
    return (kernel, scheme, entry.make_combs)
  }
}

/// The memory of one curve's kernels of one width: constants, made when they are first needed, and a workspace for each call that is
/// under way.
final class LaneMemory: @unchecked Sendable {
  private let scheme: UnsafePointer<assay_lane_scheme>
  private let state = Guarded<(constants: Memory?, idle: [Memory])>((nil, []))

  init(_ scheme: UnsafePointer<assay_lane_scheme>) { self.scheme = scheme }

  /// Calls `body` with memory that nobody else works in.
  func withMemory(_ body: (assay_lane_memory) -> Void) {
    let (constants, workspace) = state.withLock { state in
      let workspace = state.idle.popLast() ?? Memory(byteCount: Int(scheme.pointee.workspace_bytes))
      let constants = state.constants ?? prepared(in: workspace)
      state.constants = constants
      return (constants, workspace)
    }
    body(assay_lane_memory(constants: constants.start, workspace: workspace.start, combs: nil))
    state.withLock { $0.idle.append(workspace) }
    withExtendedLifetime(constants) {}
  }

  private func prepared(in workspace: Memory) -> Memory {
    let constants = Memory(byteCount: Int(scheme.pointee.constant_bytes))
    scheme.pointee.prepare(constants.start, workspace.start)
    return constants
  }
}
