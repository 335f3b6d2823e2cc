import Foundation
import Statistics

/// The reference values of `Fixtures/reliability.json`, whose `origin` names packages and versions.
struct ReliabilityFixture: Decodable {
  struct Diary: Decodable {
    var person: [Int]
    var time: [Double]
    var keep: [Int]
    var items: [[Double]]
    var generalisability: [Double]
    var components: [Double]
    var componentsGaps: [Double]
    var twoLevel: [Double]
    var withinLoadings: [Double]
    var betweenLoadings: [Double]
    var betweenUniquenesses: [Double]

    func column(_ values: [Double], kept: Bool) -> [Double] {
      kept ? zip(values, keep).filter { $0.1 == 1 }.map(\.0) : values
    }
    func persons(kept: Bool) -> [Int] {
      kept ? zip(person, keep).filter { $0.1 == 1 }.map(\.0) : person
    }
  }
  /// Row after row.
  var items: [[Double?]]
  var alpha: [Double]
  var dropped: [Double]
  var itemRest: [Double]
  var omega: [Double]
  var loadings: [Double]
  var uniquenesses: [Double]
  var icc: [[Double]]
  var diary: Diary

  var scores: ItemScores {
    get throws {
      try ItemScores(items: (0..<5).map { item in items.map { $0[item] ?? .nan } })
    }
  }

  static func load() throws -> ReliabilityFixture {
    let file = Reference.folder.appending(path: "reliability.json")
    return try JSONDecoder().decode(ReliabilityFixture.self, from: Data(contentsOf: file))
  }
}
