import Foundation
import Testing

@testable import Interchange

/// Damaged files of every format over every importer, by `make fuzz`; a short run is part of the tests.
///
/// Nothing may trap; none may take more than a second per 100 KB begun (measured in the long run only);
/// memory stays bounded. A failing round is named by its number, which is its seed.
@Suite("Damaged foreign files")
struct FuzzTests {
  static let environment = ProcessInfo.processInfo.environment
  static let rounds = environment["LONGWELL_FUZZ_ROUNDS"].flatMap { UInt64($0) }

  /// The fixtures that are damaged: whole files, and the unpacked parts of workbooks.
  static func corpus() throws -> [ForeignFile] {
    let names = [
      "dictionary.csv", "metadata.csv", "evenings.xlsx", "evenings-inline.xlsx", "evenings.csv",
      "diary.xlsx", "tagebuch.xlsx", "sleep.json", "entities.xlsx", "calm",
    ]
    return try names.map { try ForeignFile.open(Fixture.folder.appending(path: $0)) }
  }

  /// A generator that gives the same numbers for the same seed (SplitMix64, Steele et al. 2014).
  struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  private static let scraps = [
    "\"", ",", "|", "{", "}", "[", "]", "\0", "\n", "<", ">", "&amp;", "<!DOCTYPE a>", "((((((((",
    "[a(1)]", "${", "null", "-1e308", "99999999999999999999", "\u{FEFF}", "{{x}}", "if(",
    "select_one ",
    "begin group", "\"item\":[", "select_multiple x", "../../../../etc/passwd", "é", "𐍈", " or ",
    " and ",
  ].map { Array($0.utf8) }

  static func damaged(_ bytes: [UInt8], _ generator: inout Generator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...6, using: &generator) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      switch Int.random(in: 0..<6, using: &generator) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
      case 1: bytes.insert(contentsOf: scraps.randomElement(using: &generator) ?? [], at: place)
      case 2:
        bytes.removeSubrange(
          place..<min(bytes.count, place + Int.random(in: 1...40, using: &generator)))
      case 3: bytes.removeSubrange(place...)
      case 4:
        let end = min(bytes.count, place + Int.random(in: 1...200, using: &generator))
        bytes.insert(contentsOf: bytes[place..<end], at: place)
      default:
        let other = Int.random(in: 0..<bytes.count, using: &generator)
        bytes.swapAt(place, other)
      }
    }
    return bytes
  }

  /// Reads one damaged file as each format, and as the one that it is recognised as.
  static func round(_ seed: UInt64, corpus: [ForeignFile]) {
    var generator = Generator(state: seed)
    guard let file = corpus.randomElement(using: &generator) else { return }
    // Every second time it is a neighbour that is damaged, where there are any.
    let damagesNeighbours = Bool.random(using: &generator)
    let seedOfNeighbours = generator.next()
    let bytes =
      damagesNeighbours && file.name == "calm_schema"
      ? file.bytes : damaged(file.bytes, &generator)
    let neighbour = file.neighbour
    let broken = ForeignFile(name: file.name, bytes: bytes) { path in
      guard let bytes = neighbour(path), damagesNeighbours else { return neighbour(path) }
      var generator = Generator(state: seedOfNeighbours)
      return damaged(bytes, &generator)
    }
    for format in [nil] + ForeignFormat.allCases {
      _ = try? ForeignImport.read(broken, as: format, options: Fixture.options)
    }
    damageParts(of: file, &generator)
  }

  /// The parts of a workbook are packed: damage to the file is mostly found by their checksums.
  private static func damageParts(of file: ForeignFile, _ generator: inout Generator) {
    guard let parts = try? Workbook.parts(of: file.bytes, name: file.name) else { return }
    let broken = parts.mapValues { bytes in
      Bool.random(using: &generator) ? damaged(bytes, &generator) : bytes
    }
    guard let workbook = try? Workbook(parts: broken, name: file.name) else { return }
    let tables = workbook.sheets.map { SurveyTables.Table(name: $0.name, rows: $0.rows) }
    guard let survey = SurveyTables(tables) else { return }
    for draft in [
      XLSFormImporter.form(of: survey, fallback: "a", language: "en"),
      FormrImporter.form(of: survey, fallback: "a", language: "en"),
    ] {
      var outcome = ImportOutcome(format: .xlsform)
      _ = try? outcome.add(draft, id: "a", origin: "a file", date: "2026-11-22")
    }
  }

  @Test("a few hundred traps nothing")
  func short() throws {
    let corpus = try Self.corpus()
    for seed in 0..<UInt64(300) { Self.round(seed, corpus: corpus) }
  }

  @Test("nothing traps, hangs or grows", .enabled(if: rounds != nil))
  func long() throws {
    let corpus = try Self.corpus()
    let first = Self.environment["LONGWELL_FUZZ_SEED"].flatMap { UInt64($0) } ?? 0
    let clock = ContinuousClock()
    var early = 0
    for seed in first..<(first + (Self.rounds ?? 0)) {
      let start = clock.now
      Self.round(seed, corpus: corpus)
      // Six readings of files of some kilobytes, each of which may take a second.
      #expect(start.duration(to: clock.now) <= .seconds(6), "seed \(seed)")
      if seed == first + 1000 { early = Self.residentKilobytes }
    }
    if early > 0 { #expect(Self.residentKilobytes - early < 200_000) }
  }

  /// The process's resident memory, where the system tells.
  static var residentKilobytes: Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    return line?.split(separator: " ").compactMap { Int($0) }.first ?? 0
  }

  @Test("large hostile files end in a moment")
  func hostile() throws {
    let header = "field_name,form_name,field_type,field_label,select_choices_or_calculations\n"
    let calculations = (0..<2000).map {
      "c\($0),f,calc,C,\"[c\(($0 + 1) % 2000)] + [c\(($0 + 7) % 2000)]\""
    }
    let options = "a,f,radio,A," + (0..<20_000).map { "\($0)" }.joined(separator: "|")
    let names = (0..<1500).map { _ in "same,f,text,S," }.joined(separator: "\n")
    let deep = String(repeating: "{\"resourceType\":\"Questionnaire\",\"item\":[", count: 300)
    let groups = String(repeating: "begin group,g,G\n", count: 5000)
    let files: [(String, String)] = [
      ("cycle.csv", header + calculations.joined(separator: "\n")),
      ("options.csv", header + options),
      ("names.csv", header + names), ("deep.json", deep),
      ("groups.csv", "type,name,label\n" + groups + "text,t,T\n"),
      ("tags.csv", header + "a,f,text," + String(repeating: "<b>&", count: 20_000) + ","),
    ]
    for (name, text) in files {
      let file = ForeignFile(name: name, bytes: Array(text.utf8))
      _ = try? ForeignImport.read(file, options: Fixture.options)
    }
  }
}
