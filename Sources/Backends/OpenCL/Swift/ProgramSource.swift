import AssayCore
import CAssayOpenCL

/// The OpenCL C text of one operation: the dialect, the kernel text that the CPU compiles too, and an entry point made from the
/// operation's columns.
package struct ProgramSource {
  /// The entry point's name.
  static let entryPoint = "assay_rows"
  /// The only build option; anything that trades accuracy for speed would change bits.
  static let options = "-cl-std=CL1.2"

  /// The text.
  package let text: String

  /// The program of `operation`; nil when its kernel text has none for OpenCL.
  package init?(_ operation: Operation) {
    guard Self.provides(operation) else { return nil }
    guard let group = KernelText.group(defining: "ASSAY_PROVIDES_\(operation.name) ") else { return nil }
    text =
      "#define DIALECT_OPENCL 1\n" + KernelText.expanding("dialect/opencl.h")
      + group.map { KernelText.expanding($0) }.joined() + Self.entry(operation)
  }

  /// Whether the kernel text has a kernel of `operation` for OpenCL.
  package static func provides(_ operation: Operation) -> Bool {
    assay_opencl_provided()[operation.id] != 0
  }

  /// The entry point: one row a work item. Arguments are the number of rows and then the columns in the order of operations.def,
  /// a message followed by its offsets; see ``Launch``.
  private static func entry(_ operation: Operation) -> String {
    var arguments = ["const int64_t rows"]
    var members: [String] = []
    for column in operation.columns {
      let isRead = column.role == .input || column.role == .shared
      arguments.append("GLOBAL \(isRead ? "const " : "")uint8_t *\(column.name)_")
      var offsets = "0"
      if case .message = column.kind {
        offsets = "\(column.name)_offsets_"
        arguments.append("GLOBAL const int64_t *\(offsets)")
      }
      members.append("{(GLOBAL void *)\(column.name)_, \(offsets)}")
    }
    return """

      __kernel void \(entryPoint)(\(arguments.joined(separator: ", "))) {
        const int64_t row = (int64_t)get_global_id(0);
        if (row >= rows) return;
        const assay_column columns[] = {\(members.joined(separator: ", "))};
        ASSAY_KERNEL_NAME(\(operation.name))(columns, row, row + 1);
      }

      """
  }
}

/// The kernel text in this build.
package enum KernelText {
  /// One file, by the name that `#include` gives it.
  package struct File {
    package let name: String
    package let text: String
  }

  /// Every file.
  package static let all: [File] = {
    var count: Int32 = 0
    let texts = assay_opencl_texts(&count)
    return UnsafeBufferPointer(start: texts, count: Int(count)).map { file in
      File(name: String(cString: file.name), text: String(cString: file.text))
    }
  }()

  /// The files of the group of operations.def that has the one which defines `macro`, in order. A group's later files may use
  /// its earlier ones; files without OpenCL text are left out.
  static func group(defining macro: String) -> [String]? {
    guard let list = file("operations.def") else { return nil }
    var groups: [[String]] = [[]]
    for line in list.text.split(separator: "\n") {
      if line == "#ifdef ASSAY_KERNEL_TEXT" { groups.append([]) }
      if let name = included(by: line), file(name) != nil { groups[groups.count - 1].append(name) }
    }
    return groups.first { $0.contains { file($0)?.text.contains("#define \(macro)") ?? false } }
  }

  /// The text of `name` with `#include "..."` replaced by the file, since OpenCL compilers have no file system. A list (.def)
  /// keeps its own lines: what it includes is for the C tables, behind conditions that do not hold here. So does a file with a
  /// line that includes something outside the text, which only C compilers reach.
  static func expanding(_ name: String, depth: Int = 0) -> String {
    guard let file = file(name), depth < 16 else { return "#error no text of \(name)\n" }
    if name.hasSuffix(".def") { return file.text }
    return file.text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
      guard let inner = included(by: line), self.file(inner) != nil else { return String(line) }
      return expanding(inner, depth: depth + 1)
    }.joined(separator: "\n") + "\n"
  }

  private static func file(_ name: String) -> File? {
    all.first { $0.name == name }
  }

  /// The file that a line includes; nil for any other line.
  package static func included(by line: Substring) -> String? {
    guard line.hasPrefix("#include \"") else { return nil }
    return String(line.dropFirst(10).prefix { $0 != "\"" })
  }
}
