import Delimited
import Foundation
import Statistics
import Testing

@testable import longwell

/// Small tables and formulas, damaged at random, through the code that `longwell fit` runs.
///
/// A round makes a CSV file of a few dozen rows, spoils some of its cells and bytes, writes a formula
/// over its columns and spoils that too, picks options, fits, and prints. Nothing may trap or hang;
/// what is fitted has finite estimates and can be printed. A failing round is named by its number,
/// which is its seed.
struct FitFuzz {
  var generator: SplitMix64

  init(seed: UInt64) { generator = SplitMix64(state: seed) }

  /// What a round came to.
  enum Outcome {
    case unreadable, refused, fitted
  }

  /// SplitMix64 (Steele, Lea & Flood 2014).
  struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  static let oddCells = [
    "", "NA", "NaN", "inf", "-inf", "0", "1", "-1", "1e308", "-1e308", "1e-308", "1e16", "5e-324",
    "2024.5", "0.1", "word", "a,b", "\"", "\u{1F600}", "  ", "1e6", "999999.5", "0x10", "1,5",
  ]
  static let terms = [
    "x", "t", "arm", "g", "day", "I(x^2)", "log(x)", "exp(x)", "sqrt(t)", "poly(t, 2)", "scale(x)",
    "x:arm", "x*arm", "t^2", "(x + t)^2", "factor(day)", "offset(t)", "0", "1", "abs(x)", "zz",
    "I(1/x)", "arm/x", "-1", "x - x", "poly(x, 3, raw = TRUE)",
  ]
  static let randomTerms = [
    "(1 | g)", "(t | g)", "(t || g)", "(1 | g) + (1 | day)", "(1 | g/day)", "(0 + x | g)",
    "(x + t | g)", "(1 | arm)", "(arm | g)", "(1 | g:day)", "(1 | x)", "(1 | zz)",
    "(poly(t, 2) | g)",
    "(1 | g) + (0 + x | g) + (0 + t | g)", "",
  ]
  static let responses = [
    "y", "y", "y", "log(y)", "count", "yes", "cbind(yes, count)", "arm", "zz",
  ]
  static let structures = [
    "ar1:t", "ar1", "car1:t", "ar1+noise:t", "arma11", "variance:arm", "power", "power:t",
    "cs,within:g", "un:day,within:g", "ar1:t,variance:arm,within:day", "car1:x",
  ]

  static let asked = [
    "arm", "g", "zz", "x", "t", "arm:g", "factor(day)", "day", "x:arm", "t:arm:g", ":", "",
    "arm:arm",
  ]
  static let combinations = [
    "x", "t - x", "0.5*armb + (Intercept)", "2*", "gp1 - gp2", "zz", "", "1e308*x - 1e308*x",
    "x - x", "(Intercept)", "- t", "factor(day)1", "x:armb",
  ]

  private mutating func pick<Element>(_ all: [Element]) -> Element {
    all[Int.random(in: 0..<all.count, using: &generator)]
  }

  private mutating func chance(_ one: Int) -> Bool {
    Int.random(in: 0..<one, using: &generator) == 0
  }

  /// A table of persons over occasions, then damage.
  mutating func table() -> [UInt8] {
    let persons = Int.random(in: 1...8, using: &generator)
    let occasions = Int.random(in: 1...6, using: &generator)
    var lines = ["y,x,t,g,arm,day,count,yes"]
    for person in 0..<persons {
      let level = Double.random(in: -2...2, using: &generator)
      for occasion in 0..<occasions {
        let x = Double.random(in: -1...3, using: &generator)
        let y = level + 0.3 * x + Double.random(in: -1...1, using: &generator)
        var cells = [
          "\(y)", "\(x)", "\(occasion)", "p\(person)", person % 2 == 0 ? "a" : "b",
          "\(occasion % 3)", "\(Int.random(in: 0...9, using: &generator))", chance(2) ? "1" : "0",
        ]
        if chance(6) {
          cells[Int.random(in: 0..<cells.count, using: &generator)] = pick(Self.oddCells)
        }
        lines.append(cells.joined(separator: ","))
      }
    }
    if chance(4) {
      // One column of one odd value: constant, infinite, missing everywhere.
      let column = Int.random(in: 0..<8, using: &generator)
      let value = pick(Self.oddCells)
      lines =
        [lines[0]]
        + lines.dropFirst().map { line in
          var cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
          if column < cells.count { cells[column] = value }
          return cells.joined(separator: ",")
        }
    }
    var bytes = Array((lines.joined(separator: "\n") + "\n").utf8)
    if chance(5) { damage(&bytes) }
    return bytes
  }

  /// A few bytes changed, dropped or doubled.
  private mutating func damage(_ bytes: inout [UInt8]) {
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      guard !bytes.isEmpty else { return }
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      switch Int.random(in: 0..<3, using: &generator) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
      case 1: bytes.remove(at: place)
      default: bytes.insert(pick(Array("()|+~:*^,\"\n0e-".utf8)), at: place)
      }
    }
  }

  mutating func formula() -> String {
    let terms = (0..<Int.random(in: 1...3, using: &generator)).map { _ in pick(Self.terms) }
    let random = pick(Self.randomTerms)
    let text =
      "\(pick(Self.responses)) ~ "
      + (terms + (random.isEmpty ? [] : [random])).joined(separator: " + ")
    guard chance(5) else { return text }
    var bytes = Array(text.utf8)
    damage(&bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What was asked for beside the formula, families and residuals of all kinds included.
  mutating func configure(_ request: inout FitRequest) {
    request.method = chance(3) ? .ml : .reml
    request.degreesOfFreedom = pick(DegreesOfFreedom.allCases)
    if chance(4) { request.weights = pick(["x", "count", "t"]) }
    if chance(6) { request.offset = pick(["x", "t"]) }
    if chance(3) {
      request.family = pick([.binomial, .poisson, .nbinom2, .ordinal])
      request.quadraturePoints = pick([1, 1, 3])
      if request.family == .binomial, chance(2) { request.link = pick(["logit", "probit"]) }
    } else if chance(3) {
      request.residuals = try? ResidualStructure(pick(Self.structures))
    }
    if chance(4) {
      request.codings = [pick(["arm", "g", "factor(day)", "x", "zz"]): pick(Coding.allCases)]
    }
    ask(&request)
    if chance(8) { request.intervals = .profile }
    guard request.residuals == nil else { return }
    if chance(16) { request.intervals = .bootstrap }
    request.replicates = 10
    request.seed = generator.next()
    if chance(4) {
      request.comparisons = (0..<Int.random(in: 1...2, using: &generator)).compactMap { _ in
        try? ModelFormula.parse(formula())
      }
    }
  }

  /// What is asked of the fit.
  private mutating func ask(_ request: inout FitRequest) {
    request.wantsTerms = chance(2)
    if chance(3) { request.means = [pick(Self.asked)] }
    if chance(4) { request.slopes = [pick(Self.asked)] }
    if chance(4) { request.contrasts = [pick(Self.combinations)] }
    request.adjustment = pick(Adjustment.allCases)
    if chance(3) { request.robust = pick(RobustCorrection.allCases) }
    if chance(3) { request.influence = chance(2) ? .exact : .oneStep }
    if request.influence == .exact, chance(2) {
      request.influenceGroup = pick(["g", "day", "g:day", "day:g", "zz", "", ":"])
    }
    request.wantsDiagnostics = chance(3)
  }

  /// Rows to predict: those of the data, or another table, of which columns may be missing.
  private mutating func newRows(like data: ModelData) throws -> ModelData {
    guard chance(2) else { return data }
    let bytes = table()
    guard
      let rows = try? FitFile(name: "new.csv").modelData(
        try DelimitedText.readColumns(bytes, options: FitFile(name: "new.csv").options))
    else { return data }
    return try ModelData(
      rows.names.compactMap { name in
        chance(8) ? nil : rows[name].map { (name, $0) }
      })
  }

  /// Reads, fits and prints as `longwell fit` does.
  mutating func round() throws -> (outcome: Outcome, shown: String) {
    let bytes = table()
    let text = formula()
    let shown = "\(text)\n\(String(decoding: bytes, as: UTF8.self))"
    let data: ModelData
    let parsed: ModelFormula
    do {
      data = try FitFile(name: "fuzz.csv").modelData(
        try DelimitedText.readColumns(bytes, options: FitFile(name: "fuzz.csv").options))
      parsed = try ModelFormula.parse(text)
    } catch { return (.unreadable, shown) }
    var request = FitRequest(formula: parsed)
    configure(&request)
    if chance(4) { request.newRows = ("new.csv", try newRows(like: data)) }
    let outcome: FitRequest.Outcome
    do { outcome = try request.carryOut(data) } catch let error as ModelError {
      #expect(!error.description.isEmpty, "\(shown)")
      return (.refused, shown)
    } catch let failure as CommandFailure {
      #expect(!failure.message.isEmpty, "\(shown)")
      return (.refused, shown)
    }
    _ = ModelText.lines(of: outcome.summary)
    _ = try JSONEncoder().encode(FitDocument(outcome.summary, seconds: FitSeconds()))
    _ = outcome.diagnostics?.bytes
    _ = ConditionalModesFile.bytes(outcome.modes)
    #expect(outcome.summary.fixed.allSatisfy { $0.estimate.isFinite }, "\(shown)")
    return (.fitted, shown)
  }
}

@Suite("Fits of damaged tables and formulas")
struct FitFuzzTests {
  @Test("no round traps, and each ends in a fit or in words", arguments: 0..<4)
  func short(part: UInt64) throws {
    var fitted = 0
    for seed in (100 * part)..<(100 * part + 100) {
      var fuzz = FitFuzz(seed: seed)
      if try fuzz.round().outcome == .fitted { fitted += 1 }
    }
    // Damage that leaves nothing to fit would test the reader only.
    #expect(fitted > 0)
  }
}

/// Long runs, by `make fuzz`; `LONGWELL_FUZZ_ROUNDS` says how many rounds.
@Suite("Fits of damaged tables and formulas, for hours")
struct FuzzTests {
  static let rounds = ProcessInfo.processInfo.environment["LONGWELL_FUZZ_ROUNDS"].flatMap {
    UInt64($0)
  }

  /// The process's resident memory in kilobytes, where the system tells.
  private static var residentKilobytes: Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    return line?.split(separator: " ").compactMap { Int($0) }.first ?? 0
  }

  @Test("nothing traps, hangs or grows", .enabled(if: rounds != nil))
  func fuzz() throws {
    let environment = ProcessInfo.processInfo.environment
    let first = environment["LONGWELL_FUZZ_SEED"].flatMap { UInt64($0) } ?? 0
    let clock = ContinuousClock()
    var early = 0
    for seed in first..<(first + (Self.rounds ?? 0)) {
      var fuzz = FitFuzz(seed: seed)
      let start = clock.now
      let shown = try fuzz.round().shown
      // Fifty rows take milliseconds with optimisation and up to a second without.
      #expect(start.duration(to: clock.now) <= .seconds(60), "seed \(seed): \(shown)")
      if seed == first + 1000 { early = Self.residentKilobytes }
    }
    if early > 0 { #expect(Self.residentKilobytes - early < 200_000) }
  }
}
