import Definitions
import Expressions
import Testing

@testable import Studies

@Suite("Allocation")
struct AllocationSequenceTests {
  static let arms = [Arm(id: "usual"), Arm(id: "supportive", weight: 2)]

  func sequence(
    _ method: Allocation.Method, _ arms: [Arm] = arms, strata: [Allocation.Factor] = [],
    seed: UInt64 = 42
  ) -> AllocationSequence {
    AllocationSequence(
      arms: arms, allocation: Allocation(method: method, strata: strata, after: "x"), seed: seed)
  }

  /// The arms of people who come one after the other.
  func draws(_ sequence: AllocationSequence, of strata: [String]) -> [String] {
    var tally = AllocationTally()
    return strata.compactMap { stratum in
      let arm = sequence.next(stratum: stratum, after: tally)
      if let arm { tally.add(arm.id, in: stratum) }
      return arm?.id
    }
  }

  // The vectors of this suite come from a second implementation, in Python, of the generator, its
  // streams and the three methods, written from their description.

  @Test("simple draws are the documented ones")
  func simpleVector() {
    let (u, s) = ("usual", "supportive")
    #expect(
      draws(sequence(.simple), of: Array(repeating: "", count: 12))
        == [s, s, u, s, s, s, s, s, s, u, s, s])
  }

  @Test("blocks are the documented ones")
  func blockVector() {
    let (u, s) = ("usual", "supportive")
    let sequence = sequence(.permutedBlocks(sizes: [3, 6]), strata: [.site])
    #expect(
      draws(sequence, of: Array(repeating: "site=accra", count: 21))
        == [s, s, u, u, s, s] + [s, s, s, u, s, u] + [u, s, s] + [s, u, s, s, u, s])
    #expect(
      draws(sequence, of: Array(repeating: "site=leiden", count: 9))
        == [u, s, s] + [s, u, s] + [u, s, s])
  }

  @Test("minimisation gives the documented arms")
  func minimisationVector() {
    let people = ["site=accra;language=en", "site=leiden;language=nl", "site=leiden;language=en"]
    let arms = ["a", "b", "c"].map { Arm(id: $0) }
    #expect(
      draws(
        sequence(.minimisation, arms, strata: [.site, .language]),
        of: (0..<12).map { people[$0 * 7 % 3] })
        == ["b", "a", "c", "a", "b", "b", "c", "c", "a", "a", "b", "a"])
  }

  @Test("every block of every stratum is balanced by weight", arguments: 0..<30 as Range<UInt64>)
  func blocksBalance(seed: UInt64) {
    let arms = [Arm(id: "a", weight: 2), Arm(id: "b"), Arm(id: "c")]
    let sizes = [4, 8, 12]
    let sequence = sequence(.permutedBlocks(sizes: sizes), arms, strata: [.site], seed: seed)
    var random = SeededGenerator(seed: seed)
    let strata = (0..<300).map { _ in "site=\(random.below(3))" }
    let given = draws(sequence, of: strata)
    for stratum in Set(strata) {
      let own = zip(strata, given).filter { $0.0 == stratum }.map(\.1)
      var (start, number) = (0, 0)
      while start < own.count {
        let block = sequence.block(number, of: stratum, sizes: sizes).map(\.id)
        #expect(sizes.contains(block.count))
        #expect(block.count { $0 == "a" } == block.count / 2)
        #expect(block.count { $0 == "b" } == block.count / 4)
        #expect(
          Array(own[start..<min(start + block.count, own.count)])
            == Array(block.prefix(own.count - start)))
        (start, number) = (start + block.count, number + 1)
      }
      // Never further from balance than half of the largest block.
      let difference = own.count { $0 == "a" } * 2 - own.count
      #expect(abs(difference) <= 12)
    }
  }

  @Test("all block sizes and all orders occur")
  func blocksVary() {
    let arms = [Arm(id: "a"), Arm(id: "b")]
    let sequence = sequence(.permutedBlocks(sizes: [2, 4]), arms)
    let blocks = (0..<2000).map {
      sequence.block($0, of: "", sizes: [2, 4]).map(\.id).joined()
    }
    let counts = Dictionary(grouping: blocks, by: { $0 }).mapValues(\.count)
    // Two orders of two, six of four; each size half of the time.
    #expect(counts.count == 8)
    #expect(
      counts.allSatisfy {
        $0.key.count == 2 ? (420...580).contains($0.value) : (120...215).contains($0.value)
      })
  }

  @Test("minimisation keeps every factor balanced", arguments: 0..<20 as Range<UInt64>)
  func minimisationBalances(seed: UInt64) {
    let arms = [Arm(id: "a"), Arm(id: "b")]
    let sequence = sequence(.minimisation, arms, strata: [.site, .language], seed: seed)
    var random = SeededGenerator(seed: seed)
    let strata = (0..<200).map { _ in
      "site=\(random.below(5));language=\(["en", "nl"][Int(random.below(2))])"
    }
    let given = draws(sequence, of: strata)
    #expect(given.count == 200)
    for level in ["site=0", "site=1", "site=2", "site=3", "site=4", "language=en", "language=nl"] {
      let own = zip(strata, given).filter { $0.0.split(separator: ";").contains(Substring(level)) }
      let difference = own.count { $0.1 == "a" } * 2 - own.count
      // Simple allocation of the hundred of a language would differ by more in every third study.
      #expect(abs(difference) <= 14, "\(level)")
    }
  }

  @Test("minimisation takes the arm that balances four times out of five")
  func minimisationIsNotCertain() {
    let arms = [Arm(id: "a"), Arm(id: "b")]
    let behind = AllocationTally(["site=main": ["a": 10, "b": 5]])
    let taken = (0..<2000).count { seed in
      sequence(.minimisation, arms, strata: [.site], seed: UInt64(seed))
        .next(stratum: "site=main", after: behind)?.id == "b"
    }
    // 1600 expected, standard deviation 18.
    #expect((1530...1670).contains(taken))
  }

  @Test("minimisation respects weights")
  func minimisationWeights() {
    let given = draws(
      sequence(.minimisation, strata: [.site]), of: Array(repeating: "site=main", count: 600))
    #expect((380...420).contains(given.count { $0 == "supportive" }))
  }

  @Test("test participants have strata of their own")
  func tests() {
    let sequence = sequence(.permutedBlocks(sizes: [3]), strata: [.site, .language])
    #expect(
      sequence.stratum(site: "main", language: "en", isTest: false) == "site=main;language=en")
    #expect(
      sequence.stratum(site: "main", language: "en", isTest: true) == "test;site=main;language=en")
    var tally = AllocationTally()
    for _ in 0..<7 { tally.add("usual", in: "test;site=main;language=en") }
    let minimising = self.sequence(.minimisation, strata: [.site])
    #expect(
      minimising.next(stratum: "site=main", after: tally)
        == minimising.next(
          stratum: "site=main", after: AllocationTally(["test": ["supportive": 7]])))
  }

  @Test(
    "a number is cut into levels, each with its lower end",
    arguments: [
      (nil, "unknown"), (2.9, "below 3"), (3, "3 to below 4.5"), (4.49, "3 to below 4.5"),
      (4.5, "4.5 or more"), (100, "4.5 or more"), (.infinity, "unknown"),
    ] as [(Double?, String)])
  func levels(number: Double?, level: String) throws {
    let measure = Allocation.Measure(
      id: "severity", value: try Expression.parse("needs-6.satisfaction"), cuts: [3, 4.5])
    #expect(measure.levels == ["below 3", "3 to below 4.5", "4.5 or more", "unknown"])
    let sequence = sequence(.minimisation, strata: [.site, .measure(measure)])
    let facts = { (name: String) -> Value in
      name == "needs-6.satisfaction" ? number.map(Value.number) ?? .missing : .missing
    }
    let stratum = sequence.stratum(site: "main", language: "en", isTest: false, facts: facts)
    #expect(stratum == "site=main;severity=\(level)")
    func admits(_ stratum: String, _ facts: (String) -> Value) -> Bool {
      sequence.admits(stratum, site: "main", languages: ["en"], isTest: false, facts: facts)
    }
    #expect(admits(stratum, facts))
    #expect(admits(stratum) { _ in .missing }, "the answers were erased")
    #expect(!admits("site=main;severity=below 4", facts))
    #expect(!admits("site=other;severity=\(level)", facts))
    #expect(!admits("severity=\(level)", facts))
    #expect(level == "unknown" || !admits("site=main;severity=unknown", facts))
  }

  @Test("labels hide which arm is which")
  func blinded() throws {
    let study = try StudySamples.study(StudySamples.complete)
    let labels = (0..<40 as Range<UInt64>).map { study.blindedLabels(seed: $0) }
    #expect(labels.allSatisfy { Set($0.values) == ["A", "B"] })
    #expect(Set(labels.compactMap { $0["usual"] }) == ["A", "B"])
    #expect(study.blindedLabels(seed: 1) == study.blindedLabels(seed: 1))
  }

  @Test("a file's allocation is read whole")
  func reading() throws {
    let study = try StudySamples.study(
      StudySamples.complete.replacing(
        "method: simple,", with: "method: permuted-blocks, block_sizes: [3, 6], strata: [site],"))
    #expect(
      study.allocation
        == Allocation(method: .permutedBlocks(sizes: [3, 6]), strata: [.site], after: "baseline"))
  }

  @Test(
    "what is no allocation is refused",
    arguments: [
      ("method: permuted-blocks", "without 'block_sizes'"),
      ("method: permuted-blocks, block_sizes: [4, 6]", "a block of 4 for arms"),
      ("method: permuted-blocks, block_sizes: [3, 3]", "the size 3 a second time"),
      ("method: permuted-blocks, block_sizes: []", "no size"),
      ("method: simple, block_sizes: [3]", "'block_sizes' beside"),
      ("method: simple, strata: [site]", "'strata' beside"),
      ("method: minimisation", "without 'strata'"),
      ("method: minimisation, strata: [sit]", "the factor 'sit'"),
      (
        "method: minimisation, strata: [{ id: site, of: needs-24.autonomy, cut: [3] }]",
        "the name 'site'"
      ),
      (
        "method: minimisation, strata: [{ id: s, of: needs-24.autonomy, cut: [5, 3] }]",
        "cuts that are not in order"
      ),
      ("method: minimisation, strata: [{ id: s, of: needs-24.autonomy, cut: [] }]", "no cut"),
      ("method: minimisation, strata: [{ id: s, of: needs-24.autonomy }]", "cut"),
      (
        "method: minimisation, strata: [site, { id: s, of: a.b, cut: [1] }, { id: s, of: a.b, cut: [1] }]",
        "factor 's' a second time"
      ),
      ("method: minimisation, strata: [site, site]", "a second time"),
      ("method: blocks", "'blocks'"),
    ])
  func refused(allocation: String, found: String) {
    let text = StudySamples.complete.replacing("method: simple", with: allocation)
    var problems = Problems()
    #expect(Study.load(Array(text.utf8), file: "study.yaml", problems: &problems) == nil)
    #expect(problems.list.contains { $0.description.contains(found) }, "\(problems.list)")
  }
}
