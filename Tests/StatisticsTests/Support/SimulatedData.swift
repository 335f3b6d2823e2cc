import Statistics

/// SplitMix64 (Steele, Lea & Flood 2014): small, seeded, the same everywhere.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Uniform on the open interval from 0 to 1.
  mutating func uniform() -> Double { (Double(next() >> 11) + 0.5) / 9_007_199_254_740_992 }

  mutating func normal() -> Double { NormalDistribution().quantile(uniform()) }
}

/// Persons measured several times: y = 2 + 0.5 x + 0.3 arm·x + (1 + 0.4 x | person) + e.
struct SimulatedStudy {
  var y: [Double] = []
  var x: [Double] = []
  var z: [Double] = []
  var arm: [Int32] = []
  var person: [Int32] = []
  let persons: Int

  /// - Parameter drops: Whether a fifth of the rows is left out.
  init(persons: Int = 40, occasions: Int = 6, seed: UInt64 = 1, drops: Bool = true) {
    self.persons = persons
    var generator = SplitMix64(state: seed)
    for person in 0..<persons {
      let level = generator.normal()
      let slope = 0.4 * generator.normal() + 0.2 * level
      for occasion in 0..<occasions {
        let error = generator.normal()
        let extra = generator.normal()
        if drops, occasion > 1, generator.uniform() < 0.2 { continue }
        let time = Double(occasion)
        let treated = person % 2
        x.append(time)
        z.append(extra)
        arm.append(Int32(treated))
        self.person.append(Int32(person))
        y.append(2 + 0.5 * time + 0.3 * Double(treated) * time + level + slope * time + error)
      }
    }
  }

  func data(order: [Int]? = nil) throws -> ModelData {
    let order = order ?? Array(y.indices)
    return try ModelData([
      ("y", .numeric(order.map { y[$0] })),
      ("x", .numeric(order.map { x[$0] })),
      ("z", .numeric(order.map { z[$0] })),
      ("w", .numeric(order.map { 1 + x[$0] })),
      ("arm", .factor(levels: ["control", "active"], codes: order.map { arm[$0] })),
      // Persons are nested in sites and crossed with items.
      ("site", .numeric(order.map { Double(person[$0] % 4) })),
      ("item", .numeric(order.map { x[$0].truncatingRemainder(dividingBy: 3) })),
      (
        "person",
        .factor(levels: (0..<persons).map { "p\($0)" }, codes: order.map { person[$0] })
      ),
    ])
  }
}

/// Fits a formula given as text.
func fit(
  _ formula: String, _ data: ModelData, _ method: EstimationMethod = .reml
) throws -> LinearMixedModelFit {
  try LinearMixedModel(try ModelFormula.parse(formula), data: data).fit(method)
}
