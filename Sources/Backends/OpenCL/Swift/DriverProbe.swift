import BackendOutside
import CAssayOpenCL

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

extension OpenCLLibrary {
  /// Why the system's library must not be opened here: a child process that opened it, and asked its drivers everything that
  /// discovery asks, did not survive. Nil when it did.
  package static func trouble() -> String? {
    guard let trouble = Outside.trouble(assay_opencl_probe()) else { return nil }
    let broken = drivers().compactMap { driver in
      Outside.trouble(assay_opencl_probe(), driver).map { "\(driver): \($0)" }
    }
    return
      "OpenCL is not opened, because a driver is broken: \(broken.isEmpty ? trouble : broken.joined(separator: "; "))"
  }

  /// The files that register drivers, as the loader finds them, at most eight; none when there is nothing to choose between.
  private static func drivers() -> [String] {
    let named = getenv("OCL_ICD_VENDORS").map { String(cString: $0) } ?? ""
    let folder = named.isEmpty ? "/etc/OpenCL/vendors" : named
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var files: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(".icd") { files.append("\(folder)/\(name)") }
    }
    return Array(files.sorted().prefix(8))
  }
}
