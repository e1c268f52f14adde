public import CAssayOperations

/// A batch operation: one row of `kernels/operations/operations.def`.
///
/// Operations are values made from that list and nowhere else. The semantics of a rule (`low_s`, `rfc8032`, ...) are part of
/// the name; `version` counts changes of an operation's results.
public struct Operation: Sendable, Hashable {
  /// The position in operations.def; the index of every kernel table.
  public let id: Int

  /// The operation with a C identifier, `ASSAY_OPERATION_<name>`.
  public init(_ id: assay_operation_id) {
    self.id = Int(id.rawValue)
  }

  private init(id: Int) {
    self.id = id
  }

  /// Every operation, in the order of operations.def.
  public static let all: [Operation] = (0..<Int(ASSAY_OPERATION_COUNT.rawValue)).map(Operation.init(id:))

  /// The operation called `name`, or nil.
  public static func named(_ name: String) -> Operation? {
    all.first { $0.name == name }
  }

  /// The name in operations.def, such as `black_scholes`.
  public var name: String { facts.name }

  /// The semantics version: raised whenever the results of any row change.
  public var version: Int { facts.version }

  /// How many rows one CPU thread takes at a time.
  public var chunk: Int { facts.chunk }

  /// SHA-256, in lower-case hexadecimal, of the portable kernel's output over the self-test corpus.
  public var digest: String { facts.digest }

  /// The columns, inputs before outputs, in the order that kernels receive them.
  public var columns: [ColumnDescription] { facts.columns }

  /// The columns that a batch brings.
  public var inputs: [ColumnDescription] { facts.inputs }

  /// The columns that results hold.
  public var outputs: [ColumnDescription] { facts.outputs }

  /// Valid rows that the self-test corpus starts from, in the layout of `assay_operation_description`; empty when random rows
  /// exercise the operation well.
  public var seeds: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: assay_operations()[id].seeds, count: Int(assay_operations()[id].seed_bytes))
  }

  private var facts: OperationFacts { Self.table[id] }
  private static let table = all.map { OperationFacts(assay_operations()[$0.id]) }
}

/// The C description, converted once.
private struct OperationFacts: Sendable {
  let name: String
  let version: Int
  let chunk: Int
  let digest: String
  let columns: [ColumnDescription]
  let inputs: [ColumnDescription]
  let outputs: [ColumnDescription]

  init(_ row: assay_operation_description) {
    name = String(cString: row.name)
    version = Int(row.version)
    chunk = Int(row.chunk)
    digest = String(cString: row.digest)
    columns = (0..<Int(row.column_count)).map { ColumnDescription(row.columns[$0]) }
    inputs = columns.filter { $0.role == .input || $0.role == .shared }
    outputs = columns.filter { $0.role == .output || $0.role == .optional }
  }
}

extension Operation: CustomStringConvertible {
  /// The name and version, `black_scholes/1`.
  public var description: String { "\(name)/\(version)" }
}

/// One column of an operation.
public struct ColumnDescription: Sendable, Hashable {
  /// What a column's values are.
  public enum Kind: Sendable, Hashable {
    /// IEEE 754 binary64, native byte order.
    case f64
    /// Unsigned integers, native byte order.
    case u64, u32, u8
    /// One byte: ``Verdict``.
    case verdict
    /// A fixed number of bytes per row.
    case bytes(Int)
    /// Any number of bytes per row, with an offsets column (Arrow's large binary).
    case message
  }

  /// How an operation uses a column.
  public enum Role: Sendable, Hashable {
    /// One value per row, read.
    case input
    /// One value for the whole batch, read.
    case shared
    /// One value per row, always written.
    case output
    /// One value per row, written when asked for.
    case optional
  }

  /// The name in operations.def.
  public let name: String
  /// What the values are.
  public let kind: Kind
  /// How the operation uses it.
  public let role: Role
  /// The number that stands for the column where a book leaves it out; nil where nothing can.
  public let fallback: Double?

  init(_ description: assay_column_description) {
    name = String(cString: description.name)
    fallback = description.fallback.isNaN ? nil : description.fallback
    kind =
      switch description.kind {
      case ASSAY_KIND_F64: .f64
      case ASSAY_KIND_U64: .u64
      case ASSAY_KIND_U32: .u32
      case ASSAY_KIND_U8: .u8
      case ASSAY_KIND_VERDICT: .verdict
      case ASSAY_KIND_BYTES: .bytes(Int(description.width))
      default: .message
      }
    role =
      switch description.role {
      case ASSAY_ROLE_IN: .input
      case ASSAY_ROLE_SHARED: .shared
      case ASSAY_ROLE_OUT: .output
      default: .optional
      }
  }

  /// Bytes a row; 0 for a message.
  public var width: Int { kind.width }
}

extension ColumnDescription.Kind {
  /// Bytes a row; 0 for a message.
  public var width: Int {
    switch self {
    case .f64, .u64: 8
    case .u32: 4
    case .u8, .verdict: 1
    case .bytes(let count): count
    case .message: 0
    }
  }
}
