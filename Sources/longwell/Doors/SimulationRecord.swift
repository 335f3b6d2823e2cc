import Foundation

/// What a database of simulated people was made from: kept beside it, in `data/simulation.json`.
struct SimulationRecord: Codable {
  var participants: Int
  var seed: UInt64
  /// Whether the simulation has not come to its end.
  var isUnfinished = false

  /// The record of a study folder, if it holds a simulation.
  static func read(_ places: StudyPlaces) -> SimulationRecord? {
    guard let data = try? Data(contentsOf: url(places)) else { return nil }
    return try? JSONDecoder().decode(SimulationRecord.self, from: data)
  }

  /// Writes the record.
  func write(_ places: StudyPlaces) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    try encoder.encode(self).write(to: Self.url(places), options: .atomic)
  }

  static func url(_ places: StudyPlaces) -> URL { places.data.appending(path: "simulation.json") }
}
