import Analysis
import Definitions
import Foundation
import Rehearsal
import Studies

/// Reads what a power analysis needs from a study folder; no data, and no study that has begun.
enum PowerDoor {
  /// - Parameter effects: as typed, `week:arm[supportive]=0.1`.
  /// - Throws: ``CommandFailure`` with every mistake of the files, or of the effects.
  static func open(
    _ places: StudyPlaces, plan file: URL, _ effects: [String]
  ) throws -> PowerAnalysis {
    let folder = try places.loadFolder()
    let simulation = try SimulationDoor.loadPlan(places, folder: folder)
    var problems = Problems()
    let plan = AnalysisPlan.load(
      Array(try Data(contentsOf: file)), file: file.relativePath,
      checkedAgainst: StudyOutline(folder), problems: &problems)
    guard let plan, !problems.hasErrors else {
      throw CommandFailure(
        .problems,
        problems.sorted.map { TerminalText.safe($0.description) }.joined(separator: "\n"))
    }
    do throws(PowerProblem) {
      var stated: [StatedEffect] = []
      for text in effects { stated.append(try StatedEffect(text, models: plan.modelNames)) }
      return try PowerAnalysis(folder: folder, simulation: simulation, plan: plan, effects: stated)
    } catch { throw CommandFailure(.problems, TerminalText.safe(error.description)) }
  }
}
