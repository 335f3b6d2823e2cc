import Definitions
import Expressions
import Foundation
import Instruments
import Testing

/// Long runs over damaged files, by `make fuzz`; `LONGWELL_FUZZ_ROUNDS` says how many files, or
/// `LONGWELL_FUZZ_MINUTES` for how long.
///
/// Each round damages a shipped file (or doubles it, to reach larger ones), loads it, prints and reads again
/// what still loads, and takes some of its bytes as an expression. Nothing may trap; none may take more than
/// a second of computing per 100 KB begun, nor more memory than a file of its size has use for. A failing
/// round is named by its number, which is its seed; one that traps or hangs leaves it in `roundFile`.
@Suite("Damaged definitions, for hours")
struct FuzzTests {
  static func setting(_ name: String) -> UInt64? {
    ProcessInfo.processInfo.environment["LONGWELL_FUZZ_\(name)"].flatMap { UInt64($0) }
  }

  /// Where the round that runs is noted.
  static let roundFile = FileManager.default.temporaryDirectory.appending(
    path: "longwell-fuzz-round")

  @Test(
    "Nothing traps, hangs or grows",
    .enabled(if: setting("ROUNDS") != nil || setting("MINUTES") != nil))
  func fuzz() throws {
    let files = EmbeddedFile.all().filter { $0.path.hasSuffix(".yaml") }
    let first = Self.setting("SEED") ?? 0
    let rounds = Self.setting("ROUNDS") ?? .max / 2
    let end = Self.setting("MINUTES").map { ContinuousClock.now + .seconds(60 * $0) }
    #expect(FileManager.default.createFile(atPath: Self.roundFile.path, contents: nil))
    let note = try FileHandle(forWritingTo: Self.roundFile)
    var early = 0
    var slowest = (seconds: 0.0, round: first)
    var largest = (kilobytes: 0, round: first)
    var count: UInt64 = 0
    while count < rounds, end.map({ ContinuousClock.now < $0 }) ?? true {
      let seed = first + count
      try note.seek(toOffset: 0)
      try note.write(contentsOf: Data("\(seed)\n".utf8))
      var generator = DamagedFileTests.Generator(state: seed)
      let file = try #require(files.randomElement(using: &generator))
      var bytes = file.bytes
      while bytes.count < 400_000, Int.random(in: 0..<6, using: &generator) == 0 { bytes += bytes }
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes = DamagedFileTests.damaged(bytes, with: &generator)
      }
      let usage = try Usage.of { try load(bytes, like: file, seed: seed, using: &generator) }
      #expect(
        usage.seconds <= Double(1 + bytes.count / 100_000), "seed \(seed), \(bytes.count) bytes")
      // A node of a file of one-letter entries takes some 500 bytes; what the allocator keeps besides
      // is no file's fault.
      #expect(
        usage.kilobytes <= 64_000 + 2 * bytes.count, "seed \(seed), \(bytes.count) bytes")
      if usage.seconds > slowest.seconds { slowest = (usage.seconds, seed) }
      if usage.kilobytes > largest.kilobytes { largest = (usage.kilobytes, seed) }
      count += 1
      if count == 1000 { early = Usage.kilobytes("VmRSS") }
    }
    // A leak of a hundred bytes a round would show; what the allocator keeps does not.
    if early > 0 { #expect(Usage.kilobytes("VmRSS") - early < 200_000) }
    print(
      "fuzzed \(count) files from seed \(first): slowest \(slowest.seconds) s (round \(slowest.round)),",
      "most memory \(largest.kilobytes) kB (round \(largest.round))")
  }

  private func load(
    _ bytes: [UInt8], like file: EmbeddedFile, seed: UInt64,
    using generator: inout DamagedFileTests.Generator
  ) throws {
    var problems = Problems()
    if file.path.contains("/overlays/") {
      _ = Overlay.load(
        bytes, file: "a.yaml", instrument: { ShippedInstruments.instrument(id: $0) },
        problems: &problems)
    } else if let instrument = Instrument.load(bytes, file: "a", problems: &problems) {
      var again = Problems()
      let printed = Instrument.load(Array(instrument.printed.utf8), file: "a", problems: &again)
      #expect(printed?.contentHash == instrument.contentHash, "seed \(seed): \(again.list)")
    }
    let from = bytes.isEmpty ? 0 : Int.random(in: 0..<bytes.count, using: &generator)
    let source = String(decoding: bytes[from...].prefix(2000), as: UTF8.self)
    if let expression = try? Expression.parse(source) {
      #expect(try Expression.parse(expression.description) == expression, "seed \(seed)")
      _ = expression.evaluate { _ in .missing }
    }
  }
}
