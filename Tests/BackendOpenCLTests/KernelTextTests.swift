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

  /// A kernel file that knows OpenCL must be in Sources/CAssayOpenCL/texts.c.
  @Test func nothingIsMissing() throws {
    let list = String(decoding: try #require(Support.read(Self.path("operations.def"))), as: UTF8.self)
    let names = Set(KernelText.all.map(\.name))
    for name in list.split(separator: "\n").compactMap({ KernelText.included(by: $0) })
    where name.hasSuffix(".kernel.h") {
      let text = String(decoding: try #require(Support.read(Self.path(name)), "\(name)"), as: UTF8.self)
      #expect(!text.contains("DIALECT_OPENCL") || names.contains(name), "add \(name) to texts.c")
    }
  }

  @Test(arguments: Support.operations) func programsAreAssembled(_ operation: Operation) throws {
    let source = try #require(ProgramSource(operation))
    #expect(source.text.contains("ASSAY_KERNEL_NAME(\(operation.name))(columns, row, row + 1);"))
    #expect(source.text.hasPrefix("#define DIALECT_OPENCL 1\n"))
  }
}
