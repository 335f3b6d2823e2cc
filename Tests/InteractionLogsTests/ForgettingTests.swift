import Foundation
import Glibc
import LocalTime
import Testing

@testable import InteractionLogs

/// What is in the process's memory after a reading. The words looked for are nowhere in it but in one
/// place that the search knows: the export is written through memory that is overwritten at once.
@Suite("Forgetting", .serialized, .enabled(if: access("/proc/self/mem", R_OK) == 0))
struct ForgettingTests {
  /// Forty random lower-case letters at a place of their own.
  final class Secret {
    static let count = 40
    let letters = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 64)

    init() {
      for index in letters.indices { letters[index] = UInt8.random(in: 97...122) }
    }

    deinit {
      overwrite(letters)
      letters.deallocate()
    }

    var range: Range<UInt> {
      let start = UInt(bitPattern: letters.baseAddress)
      return start..<start + UInt(Self.count)
    }
  }

  /// Writes an export of conversations in whose every text and name the secret is.
  private func write(_ secret: Secret, conversations: Int, to path: String) throws {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    try #require(file >= 0)
    defer { close(file) }
    func put(_ text: String) {
      var text = text
      text.withUTF8 { _ = Glibc.write(file, $0.baseAddress, $0.count) }
    }
    /// Straight from its place, so that no copy is made.
    func putSecret() { _ = Glibc.write(file, secret.letters.baseAddress, Secret.count) }
    put("[")
    for number in 0..<conversations {
      put(number > 0 ? ",{\"id\":\"\(number)\",\"title\":\"" : "{\"id\":\"0\",\"title\":\"")
      putSecret()
      put("\",\"create_time\":1772352000,\"current_node\":\"m7\",\"mapping\":{")
      for place in 0..<8 {
        let role = place % 2 == 0 ? "user" : "assistant"
        put(
          place > 0 ? ",\"m\(place)\":{\"parent\":\"m\(place - 1)\"," : "\"m0\":{\"parent\":null,")
        put("\"message\":{\"author\":{\"role\":\"\(role)\",\"name\":\"")
        putSecret()
        put("\"},\"create_time\":\(1_772_352_000 + place * 60),\"metadata\":{\"model_slug\":\"")
        putSecret()
        put("\"},\"content\":{\"content_type\":\"text\",\"parts\":[\"I always feel that ")
        putSecret()
        put(" is \\u00e9 good. Should I? `")
        putSecret()
        put("`\"]}}}")
      }
      put("}}")
    }
    put("]")
  }

  private func offsets(of secret: Secret, in bytes: UnsafeRawBufferPointer) -> [Int] {
    guard let start = bytes.baseAddress, let letters = secret.letters.baseAddress else { return [] }
    var offsets: [Int] = []
    var offset = 0
    while bytes.count - offset >= Secret.count,
      let hit = memchr(start + offset, Int32(secret.letters[0]), bytes.count - offset)
    {
      offset = UnsafeRawPointer(hit) - start
      if bytes.count - offset >= Secret.count, memcmp(start + offset, letters, Secret.count) == 0 {
        offsets.append(offset)
      }
      offset += 1
    }
    return offsets
  }

  /// The process's regions of memory, a line each. Foundation reads no more than 4,096 bytes of such a file.
  private func regions() throws -> String {
    let maps = open("/proc/self/maps", O_RDONLY)
    try #require(maps >= 0)
    defer { close(maps) }
    var text: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(maps, &piece, piece.count)
      try #require(count >= 0)
      guard count > 0 else { return String(decoding: text, as: UTF8.self) }
      text += piece[..<count]
    }
  }

  /// How often the secret is in memory that can be written to, besides where it is kept.
  private func copies(of secret: Secret) throws -> Int {
    let memory = open("/proc/self/mem", O_RDONLY)
    try #require(memory >= 0)
    defer { close(memory) }
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer {
      overwrite(piece)
      piece.deallocate()
    }
    let page = UInt(sysconf(Int32(_SC_PAGESIZE)))
    let own =
      UInt(bitPattern: piece.baseAddress)..<UInt(bitPattern: piece.baseAddress) + UInt(piece.count)
    var found: Set<UInt> = []
    for line in try regions().split(separator: "\n") {
      let words = line.split(separator: " ", omittingEmptySubsequences: true)
      let ends = words[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
      guard ends.count == 2, words[1].hasPrefix("rw"), !line.hasSuffix("[vvar]") else { continue }
      var place = ends[0]
      while place < ends[1] {
        let count = min(piece.count, Int(ends[1] - place))
        let read = pread(memory, piece.baseAddress, count, off_t(place))
        guard read > 0, let start = piece.baseAddress else {
          // Other tests give memory back meanwhile: what lies beyond the hole is still to be searched.
          place = (place / page + 1) * page
          continue
        }
        for offset in offsets(of: secret, in: UnsafeRawBufferPointer(start: start, count: read)) {
          let address = place + UInt(offset)
          if !own.contains(address), !secret.range.contains(address) { found.insert(address) }
        }
        place += read > 2 * Secret.count ? UInt(read - Secret.count) : UInt(read)
        if count == read, place + UInt(Secret.count) >= ends[1] { break }
      }
    }
    return found.count
  }

  @Test("the search finds what is there")
  func control() throws {
    let secret = Secret()
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: 100, alignment: 1)
    defer { copy.deallocate() }
    copy[7...].copyBytes(from: secret.letters)
    let before = try copies(of: secret)
    #expect(before == 1)
    let stack = withUnsafeTemporaryAllocation(byteCount: 100, alignment: 1) { place in
      place[7...].copyBytes(from: secret.letters)
      defer { overwrite(place) }
      return Result { try copies(of: secret) }
    }
    #expect(try stack.get() == 2, "also on the stack of a thread")
    overwrite(copy)
    let after = try copies(of: secret)
    #expect(after == 0)
  }

  @Test(
    "nothing that was said, and no name, is in memory after a reading", arguments: [false, true])
  func reading(isZipped: Bool) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "forgetting-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let secret = Secret()
    var path = folder.appending(path: "conversations.json").path
    try write(secret, conversations: 30, to: path)
    #expect(try copies(of: secret) == 0, "the test leaves nothing itself")
    if isZipped {
      // gzip packs elsewhere; its stream is what a zip holds.
      let gzip = Process()
      gzip.executableURL = URL(filePath: "/usr/bin/env")
      gzip.arguments = ["gzip", "-nk", path]
      try gzip.run()
      gzip.waitUntilExit()
      let packed = Array(try Data(contentsOf: URL(filePath: path + ".gz")))
      path = folder.appending(path: "export.zip").path
      try Data(ZipWriter.zip(ofGzip: packed, path: "conversations.json"))
        .write(to: URL(filePath: path))
    }
    let options = LogOptions(
      zone: try timeZone(named: "UTC"), text: TextReader(lists: .shipped))
    let log = try InteractionLog.read(path: path, options: options)
    #expect(log.conversations?.count == 30 && log.totals?.userMessages == 120)
    #expect(try copies(of: secret) == 0)
  }
}

extension ZipWriter {
  /// A zip of the one file in a gzip stream without a name (RFC 1952).
  fileprivate static func zip(ofGzip stream: [UInt8], path: String) -> [UInt8] {
    let packed = Array(stream.dropFirst(10).dropLast(8))
    // The checksum stands before the size.
    let ends = Array(stream.suffix(8))
    return zip(packed: packed, checksum: Array(ends.prefix(4)), size: Array(ends.suffix(4)), path)
  }
}
