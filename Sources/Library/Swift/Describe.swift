// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation
// The functions are those of assay.h, which names and documents them.

import Assay
public import CAssayLibrary

/// Texts that live as long as the library: operations, their columns, reasons.
private enum Texts {
  static let version = CText(Array(AssayVersion.current.utf8))
  static let names = Operation.all.map { CText(Array($0.name.utf8)) }
  static let digests = Operation.all.map { CText(Array($0.digest.utf8)) }
  static let columns = Operation.all.map { operation in
    (operation.inputs + operation.outputs).map { CText(Array($0.name.utf8)) }
  }
  static let reasons = table { $0.name }
  static let sentences = table { $0.sentence }

  private static func table(
    _ text: ((verdict: Verdict, name: String, sentence: String)) -> String
  ) -> [CText?] {
    var table = [CText?](repeating: nil, count: 256)
    for reason in Verdict.reasons { table[Int(reason.verdict.rawValue)] = CText(Array(text(reason).utf8)) }
    return table
  }
}

@c @implementation public func assay_abi_version() -> UInt32 {
  UInt32(ASSAY_ABI_MAJOR) << 16 | UInt32(ASSAY_ABI_MINOR)
}

@c @implementation public func assay_version() -> UnsafePointer<CChar>? { Texts.version.start }

@c @implementation public func assay_reason_name(_ verdict: UInt8) -> UnsafePointer<CChar>? {
  Texts.reasons[Int(verdict)]?.start
}

@c @implementation public func assay_reason_sentence(_ verdict: UInt8) -> UnsafePointer<CChar>? {
  Texts.sentences[Int(verdict)]?.start
}

@c @implementation public func assay_operation_count() -> Int { Operation.all.count }

@c @implementation public func assay_operation_describe(
  _ index: Int, _ info: UnsafeMutablePointer<assay_operation_info>?, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  status(error) {
    guard let info else { throw Failure.null("info") }
    let operation = try operation(at: index)
    let size = try assay_operation_info.read(info, named: "info").size
    var full = assay_operation_info()
    full.size = size
    full.name = Texts.names[index].start
    full.version = UInt32(operation.version)
    full.input_count = operation.inputs.count
    full.output_count = operation.outputs.count
    full.digest = Texts.digests[index].start
    // A caller compiled against an older header has fewer fields.
    withUnsafeBytes(of: full) {
      UnsafeMutableRawPointer(info).copyMemory(from: $0.baseAddress.unsafelyUnwrapped, byteCount: size)
    }
  }
}

@c @implementation public func assay_operation_column(
  _ index: Int, _ column: Int, _ info: UnsafeMutablePointer<assay_column_info>?,
  _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  status(error) {
    guard let info else { throw Failure.null("info") }
    let operation = try operation(at: index)
    let columns = operation.inputs + operation.outputs
    guard columns.indices.contains(column) else {
      throw Failure(ASSAY_ERROR_USAGE, "\(operation.name) does not have a column \(column); it has \(columns.count).")
    }
    let kind: assay_value_kind =
      switch columns[column].kind {
      case .f64: ASSAY_VALUE_F64
      case .u64: ASSAY_VALUE_U64
      case .u32: ASSAY_VALUE_U32
      case .u8: ASSAY_VALUE_U8
      case .verdict: ASSAY_VALUE_VERDICT
      case .bytes: ASSAY_VALUE_BYTES
      case .message: ASSAY_VALUE_MESSAGE
      }
    let use: assay_column_use =
      switch columns[column].role {
      case .input: ASSAY_USE_INPUT
      case .shared: ASSAY_USE_SHARED
      case .output: ASSAY_USE_OUTPUT
      case .optional: ASSAY_USE_OPTIONAL
      }
    info.pointee = assay_column_info(
      name: Texts.columns[index][column].start, kind: Int32(kind.rawValue), use: Int32(use.rawValue),
      width: Int64(columns[column].width))
  }
}

extension assay_operation_info: Sized {}

private func operation(at index: Int) throws -> Operation {
  guard Operation.all.indices.contains(index) else {
    throw Failure(ASSAY_ERROR_USAGE, "There is no operation \(index). assay_operation_count() says how many there are.")
  }
  return Operation.all[index]
}
