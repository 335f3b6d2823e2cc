import Foundation
import Testing

@testable import Interchange

/// Damaged files of every format over every importer, by `make fuzz`; a short run is part of the tests.
///
/// Nothing may trap; in the long run, which grows some of the files to hundreds of kilobytes, none may take
/// more than a second of computing per 100 KB begun, nor more memory than a file of its size has use for. A
/// failing round is named by its number, which is its seed.
@Suite("Damaged foreign files")
struct FuzzTests {
  static let environment = ProcessInfo.processInfo.environment

  /// How much longer a build without optimisation may take: a reading of hostile files took 4.3 times as long.
  #if DEBUG
    static let slowdown = 5.0
  #else
    static let slowdown = 1.0
  #endif

  static func setting(_ name: String) -> UInt64? {
    environment["LONGWELL_FUZZ_\(name)"].flatMap { UInt64($0) }
  }

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

  /// What the long run has seen.
  struct Record {
    var readings = 0
    var slowest = (secondsPer100KB: 0.0, seed: UInt64(0))
    var largest = (kilobytes: 0, seed: UInt64(0))
  }

  /// A file in which one piece stands so often that it is large.
  private static func grown(_ bytes: [UInt8], _ generator: inout Generator) -> [UInt8] {
    guard bytes.count > 40 else { return bytes }
    let start = Int.random(in: 0..<bytes.count - 20, using: &generator)
    let end = min(bytes.count, start + Int.random(in: 20...2000, using: &generator))
    let times = Int.random(in: 1...300_000, using: &generator) / (end - start)
    return bytes[..<end] + (0..<times).flatMap { _ in bytes[start..<end] } + bytes[end...]
  }

  /// Reads one damaged file as each format, and as the one that it is recognised as.
  static func round(
    _ seed: UInt64, corpus: [ForeignFile], growing: Bool = false,
    measure: (Int, () -> Void) -> Void = { $1() }
  ) {
    var generator = Generator(state: seed)
    guard let file = corpus.randomElement(using: &generator) else { return }
    // Every second time it is a neighbour that is damaged, where there are any.
    let damagesNeighbours = Bool.random(using: &generator)
    let seedOfNeighbours = generator.next()
    let grows = growing && Int.random(in: 0..<8, using: &generator) == 0
    let whole = grows ? grown(file.bytes, &generator) : file.bytes
    let bytes =
      damagesNeighbours && file.name == "calm_schema" ? whole : damaged(whole, &generator)
    let neighbour = file.neighbour
    let broken = ForeignFile(name: file.name, bytes: bytes) { path in
      guard let bytes = neighbour(path), damagesNeighbours else { return neighbour(path) }
      var generator = Generator(state: seedOfNeighbours)
      return damaged(bytes, &generator)
    }
    for format in [nil] + ForeignFormat.allCases {
      measure(bytes.count) {
        _ = try? ForeignImport.read(broken, as: format, options: Fixture.options)
      }
    }
    damageParts(of: file, grows: grows, &generator, measure: measure)
  }

  /// The parts of a workbook are packed: damage to the file is mostly found by their checksums.
  private static func damageParts(
    of file: ForeignFile, grows: Bool, _ generator: inout Generator,
    measure: (Int, () -> Void) -> Void
  ) {
    guard let parts = try? Workbook.parts(of: file.bytes, name: file.name) else { return }
    var broken: [String: [UInt8]] = [:]
    // In the order of their names, so that a seed is one workbook.
    for (name, bytes) in parts.sorted(by: { $0.key < $1.key }) {
      let whole = grows ? grown(bytes, &generator) : bytes
      broken[name] = Bool.random(using: &generator) ? damaged(whole, &generator) : whole
    }
    let workbook = broken
    measure(workbook.values.reduce(0) { $0 + $1.count }) { read(workbook, name: file.name) }
  }

  private static func read(_ parts: [String: [UInt8]], name: String) {
    guard let workbook = try? Workbook(parts: parts, name: name) else { return }
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

  @Test(
    "nothing traps, hangs or grows",
    .enabled(if: setting("ROUNDS") != nil || setting("MINUTES") != nil))
  func long() throws {
    let corpus = try Self.corpus()
    let first = Self.setting("SEED") ?? 0
    let rounds = Self.setting("ROUNDS") ?? .max / 2
    let end = Self.setting("MINUTES").map { ContinuousClock.now + .seconds(60 * $0) }
    var record = Record()
    var early = 0
    var count: UInt64 = 0
    while count < rounds, end.map({ ContinuousClock.now < $0 }) ?? true {
      let seed = first + count
      Self.round(seed, corpus: corpus, growing: true) { size, read in
        let usage = Usage.of(read)
        let allowed = Double(1 + size / 100_000) * Self.slowdown
        #expect(usage.seconds <= allowed, "seed \(seed), \(size) bytes")
        // A cell or an element takes some hundred bytes, and is there as text, draft and file.
        #expect(usage.kilobytes <= 64_000 + size, "seed \(seed), \(size) bytes")
        record.readings += 1
        if usage.seconds / allowed > record.slowest.secondsPer100KB {
          record.slowest = (usage.seconds / allowed, seed)
        }
        if usage.kilobytes > record.largest.kilobytes {
          record.largest = (usage.kilobytes, seed)
        }
      }
      count += 1
      if count == 1000 { early = Usage.kilobytes("VmRSS") }
    }
    if early > 0 { #expect(Usage.kilobytes("VmRSS") - early < 200_000) }
    print(
      "read \(count) files in \(record.readings) ways from seed \(first): slowest",
      "\(record.slowest.secondsPer100KB) s per 100 KB (round \(record.slowest.seed)), most memory",
      "\(record.largest.kilobytes) kB (round \(record.largest.seed))")
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
