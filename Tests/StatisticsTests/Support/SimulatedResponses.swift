import Statistics

/// Small data with persons, items, a covariate and one response for each family.
struct SimulatedResponses {
  var x: [Double] = []
  var person: [Int32] = []
  var item: [Int32] = []
  var binary: [Double] = []
  var count: [Double] = []
  var rating: [Int32] = []

  init(persons: Int = 12, items: Int = 6, seed: UInt64 = 1, spread: Double = 0.8) {
    var generator = SplitMix64(state: seed)
    let easiness = (0..<items).map { _ in 0.5 * generator.normal() }
    for person in 0..<persons {
      let level = spread * generator.normal()
      let slope = 0.4 * spread * generator.normal()
      for item in 0..<items {
        let x = generator.normal()
        let eta = 0.2 + level + (0.5 + slope) * x + easiness[item]
        let odds = Self.exponential(eta)
        self.x.append(x)
        self.person.append(Int32(person))
        self.item.append(Int32(item))
        binary.append(generator.uniform() < odds / (1 + odds) ? 1 : 0)
        count.append(Self.count(mean: odds, &generator))
        let draw = generator.uniform()
        let below = [-1.0, 0.5, 2.0].map { 1 / (1 + Self.exponential(eta - $0)) }
        rating.append(Int32(below.count { draw > $0 }))
      }
    }
  }

  private static func exponential(_ value: Double) -> Double {
    // Enough of the series for |value| < 20, by squaring.
    var term = 1.0
    var sum = 1.0
    for order in 1..<20 {
      term *= value / 64 / Double(order)
      sum += term
    }
    for _ in 0..<6 { sum *= sum }
    return sum
  }

  private static func count(mean: Double, _ generator: inout SplitMix64) -> Double {
    var product = generator.uniform()
    let bound = exponential(-mean)
    var count = 0.0
    while product > bound, count < 200 {
      product *= generator.uniform()
      count += 1
    }
    return count
  }

  /// The columns, rows in the order given.
  func data(order: [Int]? = nil) throws -> ModelData {
    let order = order ?? Array(x.indices)
    let persons = Int(person.max() ?? 0) + 1
    let items = Int(item.max() ?? 0) + 1
    return try ModelData([
      ("x", .numeric(order.map { x[$0] })),
      ("binary", .numeric(order.map { binary[$0] })),
      ("count", .numeric(order.map { count[$0] })),
      ("rating", .factor(levels: ["a", "b", "c", "d"], codes: order.map { rating[$0] })),
      ("person", .factor(levels: (0..<persons).map { "p\($0)" }, codes: order.map { person[$0] })),
      ("item", .factor(levels: (0..<items).map { "i\($0)" }, codes: order.map { item[$0] })),
    ])
  }
}
