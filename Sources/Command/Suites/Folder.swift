import Assay
import AssayFormats
import Glibc

/// A folder whose files a command reads.
struct Folder {
  private let path: String

  /// The folder at `path`.
  init(_ path: String) { self.path = path }

  /// The names of the files that end in `suffix`, in the order of their bytes.
  ///
  /// - Throws: ``AssayError`` of kind `input` when the folder cannot be read.
  func files(endingIn suffix: String) throws(AssayError) -> [String] {
    guard let folder = opendir(path) else {
      throw AssayError(.input, "\(path): is not a folder that can be read.")
    }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasSuffix(suffix) { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
