import Testing

@testable import Studies

@Suite("Chance")
struct SeededGeneratorTests {
  /// The first outputs of S. Vigna's splitmix64.c for the seed 1234567.
  @Test("SplitMix64 gives its published numbers")
  func splitMix() {
    var mixer = SplitMix64(state: 1_234_567)
    let numbers = (0..<5).map { _ in mixer.next() }
    #expect(
      numbers == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
      ])
  }

  /// The reference vector that Rust's rand_xoshiro takes from xoshiro256starstar.c, state 1, 2, 3, 4.
  @Test("xoshiro256** gives its published numbers")
  func xoshiro() {
    var generator = SeededGenerator(state: (1, 2, 3, 4))
    let numbers = (0..<10).map { _ in generator.next() }
    #expect(
      numbers == [
        11_520, 0, 1_509_978_240, 1_215_971_899_390_074_240, 1_216_172_134_540_287_360,
        607_988_272_756_665_600, 16_172_922_978_634_559_625, 8_476_171_486_693_032_832,
        10_595_114_339_597_558_777, 2_904_607_092_377_533_576,
      ])
  }

  @Test("bounded numbers stay below their bound and hit every value", arguments: [1, 2, 3, 7, 100])
  func bounded(bound: UInt64) {
    var generator = SeededGenerator(seed: 5)
    var seen: [UInt64: Int] = [:]
    for _ in 0..<Int(bound) * 1000 { seen[generator.below(bound), default: 0] += 1 }
    #expect(seen.count == Int(bound))
    // 1,000 expected in each; six standard deviations of a binomial are under 190.
    #expect(seen.values.allSatisfy { (810...1190).contains($0) })
    #expect(generator.below(0) == 0)
  }

  /// With 3 · 2⁶² the plain remainder would give the lower quarter half as often again.
  @Test("large bounds are unbiased, where a remainder would not be")
  func unbiased() {
    var generator = SeededGenerator(seed: 9)
    let bound: UInt64 = 3 << 62
    let low = (0..<10_000).count { _ in generator.below(bound) < bound / 3 }
    // A third of 10,000, within six standard deviations (47 each).
    #expect((3050...3620).contains(low))
  }

  @Test("uniform numbers fill the unit interval")
  func uniform() {
    var generator = SeededGenerator(seed: 1)
    let numbers = (0..<10_000).map { _ in generator.uniform() }
    #expect(numbers.allSatisfy { (0..<1).contains($0) })
    let mean = numbers.reduce(0, +) / 10_000
    // Standard error 0.0029.
    #expect(abs(mean - 0.5) < 0.0175)
  }

  @Test("shuffling keeps the elements and makes every order equally likely")
  func shuffles() {
    var generator = SeededGenerator(seed: 3)
    var orders: [[Int]: Int] = [:]
    for _ in 0..<6000 { orders[generator.shuffled([1, 2, 3]), default: 0] += 1 }
    #expect(orders.count == 6)
    #expect(orders.values.allSatisfy { (820...1180).contains($0) })
    let many = generator.shuffled(Array(0..<100))
    #expect(many.sorted() == Array(0..<100))
    #expect(generator.shuffled([Int]()).isEmpty)
  }

  @Test("each stream of a seed is its own, and the same every time")
  func streams() {
    func first(_ generator: SeededGenerator) -> UInt64 {
      var generator = generator
      return generator.next()
    }
    let numbers = [
      first(SeededGenerator(seed: 1)), first(SeededGenerator(seed: 1, stream: "a")),
      first(SeededGenerator(seed: 1, stream: "b")), first(SeededGenerator(seed: 2, stream: "a")),
      first(SeededGenerator(seed: 1, stream: "a", "b")),
      first(SeededGenerator(seed: 1, stream: "ab")),
    ]
    #expect(Set(numbers).count == numbers.count)
    #expect(numbers[1] == first(SeededGenerator(seed: 1, stream: "a")))
  }
}

@Suite("Allocation")
struct AllocationTests {
  @Test(
    "arms are drawn in proportion to their weights",
    arguments: [[1, 1], [2, 1], [1, 2, 3], [1, 0, 1]])
  func proportions(weights: [Int]) {
    let arms = weights.enumerated().map { Arm(id: "arm\($0.offset)", weight: $0.element) }
    var generator = SeededGenerator(seed: 11)
    var counts: [String: Int] = [:]
    for _ in 0..<12_000 { counts[allocate(arms, using: &generator)?.id ?? "none", default: 0] += 1 }
    let total = weights.reduce(0, +)
    for arm in arms {
      // Six standard deviations are at most 329.
      #expect(abs((counts[arm.id] ?? 0) - 12_000 * arm.weight / total) < 330)
    }
    #expect(counts["none"] == nil)
  }

  @Test("without arms there is nothing to draw")
  func nothing() {
    var generator = SeededGenerator(seed: 11)
    #expect(allocate([], using: &generator) == nil)
    #expect(allocate([Arm(id: "a", weight: 0)], using: &generator) == nil)
  }
}
