// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation
// The functions are those of assay.h, which names and documents them.

import Assay
import AssayFormats
import CAssayLibrary

@c @implementation public func assay_results_rows(_ results: OpaquePointer?) -> Int64 {
  Int64(Handle.read(results, as: Results.self)?.rows ?? 0)
}

@c @implementation public func assay_results_accepted(_ results: OpaquePointer?) -> Int64 {
  guard let results = Handle.read(results, as: Results.self) else { return 0 }
  return Int64((0..<results.rows).count { results.verdict($0).isAccepted })
}

@c @implementation public func assay_results_column(
  _ results: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ bytes: UnsafeMutablePointer<Int>?
) -> UnsafeRawPointer? {
  guard let results = Handle.read(results, as: Results.self), let name,
    let column = results.bytes(String(cString: name))
  else {
    bytes?.pointee = 0
    return nil
  }
  bytes?.pointee = column.count
  return UnsafeRawPointer(column.baseAddress)
}

@c @implementation public func assay_results_receipt(
  _ results: OpaquePointer?, _ json: UnsafeMutablePointer<OpaquePointer?>?,
  _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  status(error) {
    guard let json else { throw Failure.null("json") }
    guard let results = Handle.read(results, as: Results.self) else { throw Failure.null("results") }
    json.pointee = Handle.make(CText(Array(try results.receipts.jsonText().utf8)))
  }
}

@c @implementation public func assay_results_release(_ results: OpaquePointer?) {
  Handle.release(results, as: Results.self)
}

extension Results {
  /// Copies output `name`, which was asked for, to memory of the same size.
  func copy(_ name: String, to target: UnsafeMutableRawPointer) {
    guard let column = bytes(name), let source = column.baseAddress else { return }
    target.copyMemory(from: source, byteCount: column.count)
  }
}
