import Foundation
import Statistics

/// A small diary study by seed: persons, days, prompts with gaps, an arm, clock times.
struct SimulatedDiary {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// SplitMix64 (Steele, Lea & Flood 2014).
  mutating func bits() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  mutating func uniform() -> Double { (Double(bits() >> 11) + 0.5) / 9_007_199_254_740_992 }

  mutating func normal() -> Double {
    let radius = (-2 * log(uniform())).squareRoot()
    return radius * cos(2 * Double.pi * uniform())
  }

  /// Prompts run through, five a day; `beep` counts them within the day.
  struct Rows {
    var person: [Double] = []
    var day: [Double] = []
    var prompt: [Double] = []
    var clock: [Double] = []
    var x: [Double] = []
    var y: [Double] = []
    var arm: [String?] = []
    var weight: [Double] = []

    func data(order: [Int]? = nil) throws -> ModelData {
      let order = order ?? Array(person.indices)
      func numeric(_ values: [Double]) -> ModelData.Column {
        .numeric(order.map { values[$0] })
      }
      return try ModelData([
        ("person", numeric(person)), ("day", numeric(day)), ("prompt", numeric(prompt)),
        ("clock", numeric(clock)), ("x", numeric(x)), ("y", numeric(y)),
        ("weight", numeric(weight)),
        ("beep", numeric(prompt.map { $0.truncatingRemainder(dividingBy: 5) })),
        ("arm", .factor(text: order.map { arm[$0] }, levels: ["low", "high"])),
      ])
    }
  }

  /// - Parameter response: Share of prompts answered.
  mutating func rows(
    persons: Int = 12, prompts: Int = 10, autoregression: Double = 0.5, response: Double = 0.8
  ) -> Rows {
    var rows = Rows()
    for person in 0..<persons {
      let intercept = normal()
      let slope = 0.1 * normal()
      let innovation = (1 - autoregression * autoregression).squareRoot()
      var residual = normal()
      for prompt in 0..<prompts {
        if prompt > 0 { residual = autoregression * residual + innovation * normal() }
        guard uniform() < response else { continue }
        let x = normal()
        let arm = uniform() < 0.5 ? "low" : "high"
        let size = arm == "high" ? 1.5 : 1
        rows.person.append(Double(person))
        rows.day.append(Double(prompt / 5))
        rows.prompt.append(Double(prompt))
        rows.clock.append(Double(prompt) + 0.8 * uniform())
        rows.x.append(x)
        rows.y.append(3 + 0.3 * x + intercept + slope * Double(prompt) + size * residual)
        rows.arm.append(arm)
        rows.weight.append(0.5 + uniform())
      }
    }
    return rows
  }
}
