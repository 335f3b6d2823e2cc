import Foundation
import Testing

/// The reference values of `Fixtures/trends.json`, whose `origin` names packages and versions.
struct TrendFixtures: Decodable {
  struct Reference: Decodable {
    var s: Int
    var variance: Double
    var z: Double
    var p: Double
    var tau: Double
    var trend: String
    var slope: Double?
    var intercept: Double?
  }
  struct Pettitt: Decodable {
    var k: Double
    var place: Int
    var p: Double
  }
  struct Series: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    var values: [Double]
    var theil: [Double]
    var tests: [String: Reference]
    var pettitt: Pettitt
    var testDescription: String { name }
  }
  struct Seasonal: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    var values: [Double?]
    var period: Int
    var s: Int
    var variance: Double
    var z: Double
    var p: Double
    var tau: Double
    var slope: Double
    var intercept: Double
    var testDescription: String { name }
  }
  struct Regional: Decodable {
    var series: [[Double]]
    var s: Int
    var variance: Double
    var z: Double
    var p: Double
    var tau: Double
    var slope: Double
  }
  struct Segmentation: Decodable {
    struct Case: Decodable {
      var penalty: Double
      var ends: [Int]
    }
    var values: [Double]
    var cases: [Case]
  }
  var series: [Series]
  var seasonal: [Seasonal]
  var regional: Regional
  var segmentation: Segmentation

  static func load() throws -> TrendFixtures {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Fixtures/trends.json")
    return try JSONDecoder().decode(TrendFixtures.self, from: Data(contentsOf: file))
  }
}
