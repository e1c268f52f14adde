import AssayCore
import BackendOpenCL
import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The text in the library is the text in `kernels/`, all of it.
@Suite struct KernelTextTests {
  private static let kernels = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/kernels"

  /// The file of a name that `#include` uses: lists are in kernels/operations.
  private static func path(_ name: String) -> String {
    name.hasSuffix(".def") ? "\(kernels)/operations/\(name)" : "\(kernels)/\(name)"
  }

  @Test(arguments: KernelText.all.map(\.name)) func isTheFile(_ name: String) throws {
    let text = try #require(KernelText.all.first { $0.name == name }?.text)
    #expect(try #require(Support.read(Self.path(name))) == Array(text.utf8))
  }

  /// A kernel file that knows OpenCL, and what it includes for OpenCL, must be in Sources/Backends/OpenCL/C/texts.c.
  @Test func nothingIsMissing() throws {
    let names = Set(KernelText.all.map(\.name))
    for name in try Self.includes(Self.text("operations.def")) where name.hasSuffix(".kernel.h") {
      let text = try Self.text(name)
      #expect(!text.contains("DIALECT_OPENCL") || names.contains(name), "add \(name) to texts.c")
    }
    for file in KernelText.all where !file.name.hasSuffix(".def") && file.name != "dialect/opencl.h" {
      for name in Self.includes(file.text) {
        #expect(names.contains(name), "\(file.name) includes \(name): add it to texts.c")
      }
    }
  }

  private static func text(_ name: String) throws -> String {
    String(decoding: try #require(Support.read(path(name)), "\(name)"), as: UTF8.self)
  }

  /// What a text includes for OpenCL: a condition on dialects counts where it names this one and does not exclude it.
  private static func includes(_ text: String) -> [String] {
    var conditions: [Bool] = []
    var names: [String] = []
    for line in text.split(separator: "\n") {
      if line.hasPrefix("#if") {
        conditions.append(
          !line.contains("DIALECT_") || line.contains("DIALECT_OPENCL") && !line.contains("!DIALECT_OPENCL"))
      } else if line.hasPrefix("#elif") {
        conditions[conditions.count - 1] = line.contains("DIALECT_OPENCL")
      } else if line.hasPrefix("#endif") {
        conditions.removeLast()
      } else if let name = KernelText.included(by: line), conditions.allSatisfy(\.self) {
        names.append(name)
      }
    }
    return names
  }

  @Test(arguments: Support.operations) func programsAreAssembled(_ operation: Operation) throws {
    let source = try #require(ProgramSource(operation))
    #expect(source.text.contains("ASSAY_KERNEL_NAME(\(operation.name))(columns, row, row + 1);"))
    #expect(source.text.hasPrefix("#define DIALECT_OPENCL 1\n"))
  }
}
