import AssayCore
import CAssayFPGA

/// How an operation's rows lie in a descriptor's buffers: columns in the order of operations.def, packed without padding.
struct RowLayout: Sendable {
  /// Bytes a row of each input column.
  let inputs: [Int]
  /// Bytes a row of each output column.
  let outputs: [Int]
  /// Which of the outputs are verdicts.
  let verdicts: [Bool]

  /// Nil when the interface cannot carry the operation: it has a message, shared or optional column.
  init?(_ operation: Operation) {
    guard operation.columns.allSatisfy({ $0.width > 0 && ($0.role == .input || $0.role == .output) }) else {
      return nil
    }
    self.init(
      inputs: operation.inputs.map(\.width), outputs: operation.outputs.map(\.width),
      verdicts: operation.outputs.map { $0.kind == .verdict })
  }

  init(inputs: [Int], outputs: [Int], verdicts: [Bool]) {
    self.inputs = inputs
    self.outputs = outputs
    self.verdicts = verdicts
  }

  /// Bytes of a row's input.
  var inputStride: Int { inputs.reduce(0, +) }
  /// Bytes of a row's output.
  var outputStride: Int { outputs.reduce(0, +) }

  /// Packs `rows` of the columns that start at `columns` into `staging`.
  func pack(_ columns: [UnsafeRawPointer], rows: Range<Int>, into staging: UnsafeMutableRawPointer) {
    var offset = 0
    for (column, width) in zip(columns, inputs) {
      if width == inputStride {
        staging.copyMemory(from: column + rows.lowerBound * width, byteCount: rows.count * width)
      } else {
        for (position, row) in rows.enumerated() {
          (staging + position * inputStride + offset).copyMemory(from: column + row * width, byteCount: width)
        }
      }
      offset += width
    }
  }

  /// Copies results out of `staging` to `rows` of `columns`: the one commit.
  func unpack(_ staging: UnsafeRawPointer, to columns: [UnsafeMutableRawPointer], rows: Range<Int>) {
    var offset = 0
    for (column, width) in zip(columns, outputs) {
      if width == outputStride {
        (column + rows.lowerBound * width).copyMemory(from: staging, byteCount: rows.count * width)
      } else {
        for (position, row) in rows.enumerated() {
          (column + row * width).copyMemory(from: staging + position * outputStride + offset, byteCount: width)
        }
      }
      offset += width
    }
  }

  /// What a look at the bytes of one descriptor's results finds.
  enum Finding: Equatable {
    /// Every row may be committed.
    case sound
    /// These rows, counted from the descriptor's first, are not accepted: the portable kernel is to say why.
    case rejected([Int])
    /// Row by row nothing can be trusted: memory that was not written, a dead link, or a byte that is not a verdict.
    case unwritten(row: Int)
  }

  /// Looks at `count` rows of results. Memory was filled with zeros before, and a dead link reads ones: sixteen or more equal
  /// bytes of either in a row's whole output are not a result (a digest is that by chance once in 2^256).
  func inspect(_ staging: UnsafeRawPointer, count: Int) -> Finding {
    var rejected: [Int] = []
    for row in 0..<count {
      let bytes = UnsafeRawBufferPointer(start: staging + row * outputStride, count: outputStride)
      if outputStride >= 16, let first = bytes.first, first == 0 || first == 0xFF, bytes.allSatisfy({ $0 == first }) {
        return .unwritten(row: row)
      }
      var offset = 0
      for (width, isVerdict) in zip(outputs, verdicts) {
        if isVerdict {
          switch UInt32(bytes[offset]) {
          case ASSAY_FPGA_VERDICT_ACCEPTED: break
          case ASSAY_FPGA_VERDICT_REJECTED, ASSAY_FPGA_VERDICT_MALFORMED: rejected.append(row)
          default: return .unwritten(row: row)
          }
        }
        offset += width
      }
    }
    return rejected.isEmpty ? .sound : .rejected(rejected)
  }
}
