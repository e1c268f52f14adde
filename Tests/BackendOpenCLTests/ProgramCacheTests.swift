import AssayCore
import BackendOpenCL
import CAssayOpenCL
import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The cache saves time and nothing else: whatever happens to its files, programs are right.
@Suite struct ProgramCacheTests {
  private let key = ProgramCache.key(["options", "text", "device"])
  private let binary = (0..<5_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }

  @Test func keysKeepPartsApart() {
    #expect(ProgramCache.key(["ab", "c"]) != ProgramCache.key(["a", "bc"]))
    #expect(ProgramCache.key(["a"]) != ProgramCache.key(["a", ""]))
  }

  @Test func givesBackWhatWasStored() throws {
    try Support.withDirectory { directory in
      let cache = ProgramCache(directory: directory)
      #expect(cache.load(key) == nil)
      #expect(cache.store(binary, key))
      #expect(cache.load(key) == binary)
      #expect(cache.load(ProgramCache.key(["another"])) == nil)
      #expect(Support.files(in: directory).count == 1, "a temporary file was left")
    }
  }

  @Test func makesItsDirectory() throws {
    try Support.withDirectory { directory in
      let deep = directory + "/a"
      #expect(ProgramCache(directory: deep + "/b").store(binary, key))
      Support.files(in: deep + "/b").forEach { unlink($0) }
      rmdir(deep + "/b")
      rmdir(deep)
    }
  }

  /// One bit anywhere, or a missing end: the file is forgotten.
  @Test(arguments: [0, 7, 8, 39, 40, 71, 72, 2_500, 5_071, -1, -5_000, -5_050]) func refusesDamage(_ place: Int) throws
  {
    try Support.withDirectory { directory in
      let cache = ProgramCache(directory: directory)
      #expect(cache.store(binary, key))
      let path = try #require(Support.files(in: directory).first)
      var bytes = try #require(Support.read(path))
      #expect(bytes.count == 5_072)
      if place < 0 { bytes.removeLast(-place) } else { bytes[place] ^= 0x10 }
      try Support.write(bytes, to: path)
      #expect(cache.load(key) == nil)
      #expect(Support.files(in: directory).isEmpty)
      #expect(cache.store(binary, key) && cache.load(key) == binary)
    }
  }

  /// A file that others can write could hold code that this user did not compile.
  @Test func refusesFilesThatOthersCanWrite() throws {
    try Support.withDirectory { directory in
      let cache = ProgramCache(directory: directory)
      #expect(cache.store(binary, key))
      chmod(try #require(Support.files(in: directory).first), 0o666)
      #expect(cache.load(key) == nil)
    }
  }

  /// A link or a pipe in a file's place is not opened: the first could lead anywhere, the second would be waited for.
  @Test(arguments: ["link", "pipe", "directory"]) func refusesWhatIsNoFile(_ kind: String) throws {
    try Support.withDirectory { directory in
      let cache = ProgramCache(directory: directory)
      #expect(cache.store(binary, key))
      let path = try #require(Support.files(in: directory).first)
      let elsewhere = directory + "/elsewhere"
      try #require(rename(path, elsewhere) == 0)
      defer { rmdir(path) }
      switch kind {
      case "link": try #require(symlink(elsewhere, path) == 0)
      case "pipe": try #require(mkfifo(path, 0o600) == 0)
      default: try #require(mkdir(path, 0o700) == 0)
      }
      #expect(cache.load(key) == nil)
    }
  }

  /// A directory that is a link, or that others can write to, holds no programs of ours.
  @Test func refusesDirectoriesOfOthers() throws {
    try Support.withDirectory { directory in
      #expect(ProgramCache(directory: directory).store(binary, key))
      let link = directory + ".link"
      try #require(symlink(directory, link) == 0)
      defer { unlink(link) }
      #expect(ProgramCache(directory: link).load(key) == nil && !ProgramCache(directory: link).store(binary, key))
      chmod(directory, 0o777)
      #expect(ProgramCache(directory: directory).load(key) == nil)
      chmod(directory, 0o700)
      #expect(ProgramCache(directory: directory).load(key) == binary)
    }
  }

  @Test(arguments: ["/dev/null/cache", "/proc/assay/cache"]) func doesWithoutADirectory(_ directory: String) {
    let cache = ProgramCache(directory: directory)
    #expect(!cache.store(binary, key))
    #expect(cache.load(key) == nil)
  }

  @Test func doesWithoutSpace() throws {
    try Support.withDirectory { directory in
      #if os(Linux)
        guard mount("tmpfs", directory, "tmpfs", 0, "size=4k") == 0 else {
          try Test.cancel("this process may not mount a small file system")
        }
        defer { umount(directory) }
        #expect(!ProgramCache(directory: directory).store(binary, key))
        #expect(Support.files(in: directory).isEmpty, "a part of a file was left")
      #endif
    }
  }
}

/// The cache in use. Serialised: the counter of source builds is shared.
extension FailureTests {
  @Test func secondStartTakesTheBinary() throws {
    try Support.withDirectory { directory in
      let cache = ProgramCache(directory: directory)
      let operation = try Support.operation("sha256_pair")
      func start(_ builds: Int, _ comment: Comment) throws {
        let library = try Faults.library()
        let batch = try Support.randomBytes(operation, rows: 500, seed: 1)
        let results = Results(operation, rows: 500)
        try Support.kernel(operation, library, cache: cache).run(batch, rows: 0..<500, into: results)
        #expect(results.agrees(with: try Support.expected(batch), in: 0..<500), comment)
        #expect(Faults.sourceBuilds.withLock(\.self) == builds, comment)
      }
      try start(1, "the cache is empty")
      try start(0, "the binary is there")
      let path = try #require(Support.files(in: directory).first)
      var bytes = try #require(Support.read(path))
      bytes[bytes.count / 2] ^= 1
      try Support.write(bytes, to: path)
      try start(1, "the binary is damaged")
      try start(0, "the binary was stored again")
    }
  }

  @Test func aBinaryThatTheDriverRefusesIsBuiltAgain() throws {
    try Support.withDirectory { directory in
      let cache = ProgramCache(directory: directory)
      let operation = try Support.operation("sha256_pair")
      for _ in 0..<2 {
        var library = try Faults.library()
        library.functions.clCreateProgramWithBinary = { _, _, _, _, _, _, status in
          status.pointee = -42
          return nil
        }
        let batch = try Support.randomBytes(operation, rows: 100, seed: 1)
        let results = Results(operation, rows: 100)
        try Support.kernel(operation, library, cache: cache).run(batch, rows: 0..<100, into: results)
        #expect(results.agrees(with: try Support.expected(batch), in: 0..<100))
        #expect(Faults.sourceBuilds.withLock(\.self) == 1)
      }
    }
  }
}
