import Definitions
import Expressions
import Foundation
import Instruments
import Testing

/// Long runs over damaged files, by `make fuzz`; `LONGWELL_FUZZ_ROUNDS` says how many files.
///
/// Each round damages a shipped file (or doubles it, to reach larger ones), loads it, and takes some of its
/// bytes as an expression. Nothing may trap; none may take more than a second per 100 KB begun; memory
/// stays bounded. A failing round is named by its number, which is its seed.
@Suite("Damaged definitions, for hours")
struct FuzzTests {
  static let rounds = ProcessInfo.processInfo.environment["LONGWELL_FUZZ_ROUNDS"].flatMap {
    UInt64($0)
  }

  /// The process's resident memory in kilobytes, where the system tells.
  static var residentKilobytes: Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    return line?.split(separator: " ").compactMap { Int($0) }.first ?? 0
  }

  @Test("Nothing traps, hangs or grows", .enabled(if: rounds != nil))
  func fuzz() throws {
    let files = EmbeddedFile.all().filter { $0.path.hasSuffix(".yaml") }
    let first =
      ProcessInfo.processInfo.environment["LONGWELL_FUZZ_SEED"].flatMap { UInt64($0) } ?? 0
    let clock = ContinuousClock()
    var early = 0
    for seed in first..<(first + (Self.rounds ?? 0)) {
      var generator = DamagedFileTests.Generator(state: seed)
      let file = try #require(files.randomElement(using: &generator))
      var bytes = file.bytes
      while bytes.count < 400_000, Int.random(in: 0..<6, using: &generator) == 0 { bytes += bytes }
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes = DamagedFileTests.damaged(bytes, with: &generator)
      }
      let start = clock.now
      var problems = Problems()
      if file.path.contains("/overlays/") {
        _ = Overlay.load(
          bytes, file: "a.yaml", instrument: { ShippedInstruments.instrument(id: $0) },
          problems: &problems)
      } else {
        _ = Instrument.load(bytes, file: "a.yaml", problems: &problems)
      }
      let from = bytes.isEmpty ? 0 : Int.random(in: 0..<bytes.count, using: &generator)
      let source = String(decoding: bytes[from...].prefix(2000), as: UTF8.self)
      if let expression = try? Expression.parse(source) {
        #expect(try Expression.parse(expression.description) == expression, "seed \(seed)")
        _ = expression.evaluate { _ in .missing }
      }
      let allowed = Duration.seconds(1 + bytes.count / 100_000)
      #expect(start.duration(to: clock.now) <= allowed, "seed \(seed), \(bytes.count) bytes")
      if seed == first + 1000 { early = Self.residentKilobytes }
    }
    // A leak of a hundred bytes a round would show; what the allocator keeps does not.
    if early > 0 { #expect(Self.residentKilobytes - early < 200_000) }
  }
}
