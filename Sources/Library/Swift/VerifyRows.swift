// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation
// The functions are those of assay.h, which names and documents them.

import Assay
import AssayFormats
public import CAssayLibrary

@c @implementation public func assay_verify_rows(
  _ engine: OpaquePointer?, _ call: UnsafePointer<assay_call>?, _ rows: UnsafePointer<CChar>?, _ size: Int,
  _ verdicts: UnsafeMutablePointer<OpaquePointer?>?, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  status(error) {
    guard let verdicts else { throw Failure.null("verdicts") }
    let engine = try EngineBox.engine(engine)
    guard rows != nil || size == 0 else { throw Failure.null("rows") }
    guard size >= 0 else { throw Failure(ASSAY_ERROR_USAGE, "size is too large for this machine.") }
    let limits = try Limits(call)
    let lines = try engine.verdictLines(
      for: UnsafeRawBufferPointer(start: rows, count: size), check: limits.check)
    verdicts.pointee = Handle.make(CText(lines))
  }
}
