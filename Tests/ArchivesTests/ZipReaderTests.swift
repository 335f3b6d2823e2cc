import Archives
import Foundation
import Testing

@Suite("Zips")
struct ZipReaderTests {
  /// The files of an archive that was made here.
  static func read(
    _ entries: [ZipWriter.Entry], limits: ArchiveLimits = ArchiveLimits()
  ) throws -> [String: [UInt8]] {
    try ZipReader.files(of: ZipWriter.zip(entries), limits: limits) { _ in true }
  }

  @Test("the files that are wanted come out as they went in")
  func wanted() throws {
    let bytes = ZipWriter.zip([
      .init("folder/", []), .init("folder/a.txt", Array("one".utf8)), .init("b.txt", [0, 255]),
    ])
    #expect(try ZipReader.files(of: bytes) { _ in true }.count == 2)
    #expect(try ZipReader.files(of: bytes) { $0 == "b.txt" } == ["b.txt": [0, 255]])
  }

  @Test(
    "paths that lead out of the archive are refused",
    arguments: [
      "../a", "a/../../b", "/etc/passwd", "..", "a/..", "C:/a", "..\\a", "a\u{1}b",
    ])
  func traversal(path: String) {
    #expect(throws: ArchiveProblem(.unsafePath)) { try Self.read([.init(path, [1])]) }
  }

  @Test("links, passwords and second files of one path are refused")
  func refused() {
    #expect(throws: ArchiveProblem(.notAFile)) {
      try Self.read([.init("link", Array("/etc/passwd".utf8), mode: 0o120777)])
    }
    #expect(throws: ArchiveProblem(.encrypted)) { try Self.read([.init("a", [1], flags: 1)]) }
    #expect(throws: ArchiveProblem(.duplicatePath)) {
      try Self.read([.init("a", [1]), .init("a", [2])])
    }
  }

  @Test("an archive stops at its limits: entries, bytes of one, bytes of all")
  func limits() throws {
    let small = ArchiveLimits(entries: 3, entryBytes: 100, totalBytes: 150, ratio: 1000)
    let ten = [UInt8](repeating: 7, count: 10)
    #expect(throws: ArchiveProblem(.tooManyEntries(3))) {
      try Self.read((1...4).map { .init("\($0)", ten) }, limits: small)
    }
    #expect(throws: ArchiveProblem(.tooLarge(100))) {
      try Self.read([.init("a", [UInt8](repeating: 7, count: 101))], limits: small)
    }
    #expect(throws: ArchiveProblem(.tooLarge(150))) {
      let ninety = [UInt8](repeating: 7, count: 90)
      return try Self.read([.init("a", ninety), .init("b", ninety)], limits: small)
    }
  }

  /// `bomb.zip` is three million zeros, packed to three kilobytes.
  @Test("a bomb is left as soon as it unpacks to more than 200 times its size")
  func bomb() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/bomb.zip")
    let bomb = Array(try Data(contentsOf: file))
    #expect(bomb.count < 4000)
    #expect(throws: ArchiveProblem(.tooLarge((1 << 20) + 200 * bomb.count))) {
      try ZipReader.files(of: bomb) { _ in true }
    }
    let patient = ArchiveLimits(ratio: 100_000)
    #expect(
      try ZipReader.files(of: bomb, limits: patient) { _ in true }["zeros"]?.count == 3_000_000)
  }

  @Test("what is no zip, or a damaged one, is refused and traps nothing")
  func damaged() {
    #expect(throws: ArchiveProblem(.unreadable)) { try ZipReader([]) }
    #expect(throws: ArchiveProblem(.unreadable)) { try ZipReader(Array("hello".utf8)) }
    let whole = ZipWriter.zip((1...5).map { .init("file \($0)", Array("text \($0)".utf8)) })
    var state: UInt64 = 1
    for _ in 0..<2000 {
      var bytes = whole
      for _ in 0..<4 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes[Int(state >> 33) % bytes.count] = UInt8(truncatingIfNeeded: state >> 20)
      }
      if state % 3 == 0 { bytes.removeLast(Int(state >> 40) % bytes.count) }
      _ = try? ZipReader.files(of: bytes) { _ in true }
    }
  }
}
