import Foundation
import Statistics
import Studies

/// Simulated growth: `y ~ time * arm + (time | id)`, generator xoshiro256** with a stated seed.
struct GrowthData {
  var y: [Double] = []
  var time: [Double] = []
  var arm: [Int32] = []
  var id: [Int32] = []
  var people: Int

  init(people: Int, occasions: Int, seed: UInt64) {
    self.people = people
    var generator = SeededGenerator(seed: seed)
    // The sum of twelve uniforms is near enough to normal for a speed test.
    func normal() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + generator.uniform() } }
    for person in 0..<people {
      let start = 3 + 0.8 * normal()
      let armOfPerson = Int32(person % 2)
      let slope = 0.05 + 0.03 * Double(armOfPerson) + 0.05 * normal()
      for occasion in 0..<occasions {
        y.append(start + slope * Double(occasion) + 0.6 * normal())
        time.append(Double(occasion))
        arm.append(armOfPerson)
        id.append(Int32(person))
      }
    }
  }

  /// The columns as the model engine takes them.
  func modelData() throws -> ModelData {
    try ModelData([
      ("y", .numeric(y)), ("time", .numeric(time)),
      ("arm", .factor(levels: ["control", "treated"], codes: arm)),
      ("id", .factor(levels: (0..<people).map(String.init), codes: id)),
    ])
  }

  /// The columns as a CSV file with the header y,time,arm,id.
  func csv() -> Data {
    var text = "y,time,arm,id\n"
    for row in y.indices {
      text += "\(y[row]),\(Int(time[row])),\(arm[row] == 0 ? "control" : "treated"),\(id[row])\n"
    }
    return Data(text.utf8)
  }
}
