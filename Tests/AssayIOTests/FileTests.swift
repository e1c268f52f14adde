import AssayCore
import AssayIO
import Foundation
import Testing

/// Outputs: what lies there before, while and after they are written.
@Suite struct FileTests {
  /// A folder that lives as long as the value.
  private final class Folder {
    let path = FileManager.default.temporaryDirectory.appending(path: "assay-files-\(UUID().uuidString)").path

    init() throws {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      try write("old", to: "old")
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    subscript(name: String) -> String { "\(path)/\(name)" }

    func write(_ text: String, to name: String) throws {
      try Data(text.utf8).write(to: URL(fileURLWithPath: self[name]))
    }

    func text(_ name: String) throws -> String { try String(contentsOfFile: self[name], encoding: .utf8) }

    func link(_ name: String, to target: String) throws {
      try FileManager.default.createSymbolicLink(atPath: self[name], withDestinationPath: target)
    }

    var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() } }
  }

  private func write(_ text: String, to file: OutputFile) throws {
    try Array(text.utf8).withUnsafeBytes { try file.write($0) }
  }

  @Test(arguments: ["old", "new"])
  func aFileChangesOnlyWhenItIsComplete(name: String) throws {
    let folder = try Folder()
    do {
      let file = try OutputFile(folder[name])
      try write("half of it", to: file)
      #expect(try folder.text("old") == "old")
    }
    #expect(try folder.names == ["old"] && folder.text("old") == "old")
    let file = try OutputFile(folder[name])
    try write("all of it", to: file)
    try file.commit()
    #expect(try folder.names == Array(Set(["old", name])).sorted() && folder.text(name) == "all of it")
  }

  /// Relative or absolute, to a file or to none yet: the link stays, and what it leads to is written.
  @Test(arguments: [("old", "old"), ("../NAME/old", "old"), ("new", "new"), ("chain", "new"), ("ABSOLUTE", "new")])
  func linksStayLinks(target: String, written: String) throws {
    let folder = try Folder()
    try folder.link("chain", to: "new")
    let target = target.replacing("NAME", with: URL(fileURLWithPath: folder.path).lastPathComponent)
      .replacing("ABSOLUTE", with: folder["new"])
    try folder.link("link", to: target)
    let file = try OutputFile(folder["link"])
    try write("it", to: file)
    try file.commit()
    #expect(try folder.text(written) == "it")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder["link"]) == target)
  }

  @Test(arguments: [("a", "b"), ("link", "link")])
  func linksInACircleAreRefused(first: String, second: String) throws {
    let folder = try Folder()
    try folder.link(first, to: second)
    if first != second { try folder.link(second, to: first) }
    #expect(throws: AssayError.self) { try OutputFile(folder[first]) }
  }

  @Test func oneFileUnderTwoNamesIsOneFile() throws {
    let folder = try Folder()
    try folder.link("link", to: "old")
    try FileManager.default.linkItem(atPath: folder["old"], toPath: folder["hard"])
    try folder.write("other", to: "other")
    let old = FileIdentity(path: folder["old"])
    for name in ["link", "hard", "../\(URL(fileURLWithPath: folder.path).lastPathComponent)/old"] {
      #expect(FileIdentity(path: folder[name]) == old, "\(name)")
    }
    #expect(FileIdentity(path: folder["other"]) != old && FileIdentity(path: folder["new"]) != old)
    #expect(FileIdentity(path: folder["new"]) == FileIdentity(path: folder["./new"]))
    #expect(FileIdentity(path: folder["new"]) != FileIdentity(path: folder["newer"]))
    #expect(FileIdentity(path: "/dev/null") == nil && FileIdentity(existing: folder["new"]) == nil)
  }

  @Test func outputsThatCollideAreRefused() throws {
    let folder = try Folder()
    let results = try OutputFile(folder["results"]), receipt = try OutputFile(folder["./results"])
    #expect(throws: AssayError.self) { try receipt.check(against: [], and: results) }
    let other = try OutputFile(folder["old"])
    // Results may replace what they were made of, which is read to its end all the same; a receipt may not.
    try other.check(against: [folder["old"], folder["missing"]], and: results)
    #expect(throws: AssayError.self) { try other.check(against: [folder["old"]], toReplaceInputs: false) }
    // Whatever is thrown away cannot collide.
    let null = try OutputFile("/dev/null")
    try null.check(against: ["/dev/null"], and: OutputFile("/dev/null"), toReplaceInputs: false)
  }

  /// A file that nobody else may take the name of is written at the end, through its own name.
  @Test func openFilesAreWrittenWhereTheyAre() throws {
    let folder = try Folder()
    let handle = try #require(FileHandle(forUpdatingAtPath: folder["old"]))
    handle.seekToEndOfFile()
    let file = try OutputFile("/dev/fd/\(handle.fileDescriptor)")
    try write(" and new", to: file)
    try file.commit()
    #expect(try folder.text("old") == "old and new" && folder.names == ["old"])
  }

  @Test(arguments: ["", "/", "/nonexistent/file"])
  func whatCannotBeWrittenIsWrongUsage(path: String) {
    #expect { try OutputFile(path) } throws: { ($0 as? AssayError)?.kind == .usage }
  }

  @Test func anEmptyNameIsNoInput() {
    #expect { try InputFile("") } throws: { ($0 as? AssayError)?.kind == .usage }
  }

  @Test func aDiskThatIsFullIsTold() throws {
    let file = try OutputFile("/dev/full")
    #expect { try write("it", to: file) } throws: { "\($0)".hasPrefix("/dev/full: cannot be written: No space left") }
  }

  @Test func aReaderThatWentAwayIsTold() throws {
    signal(SIGPIPE, SIG_IGN)
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    let file = try OutputFile("/dev/fd/\(ends[1])")
    close(ends[0])
    #expect { try write("it", to: file) } throws: { "\($0)".contains("went away") }
    close(ends[1])
  }
}
