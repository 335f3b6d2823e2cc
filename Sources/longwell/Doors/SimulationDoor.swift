import Collection
import Definitions
import Foundation
import Identities
import Rehearsal
import Storage
import Studies

/// Starts a study of simulated people in a study folder.
enum SimulationDoor {
  /// Lets simulated people live through the study of a folder.
  ///
  /// An earlier simulation in the folder is replaced: its seed can make it again. Real people's data
  /// are never touched.
  ///
  /// - Returns: the study after its end, the plan that its people followed, and what else came of it.
  /// - Throws: ``CommandFailure``, or what the rooms below refuse.
  static func run(
    _ places: StudyPlaces, participants: Int, seed: UInt64, label: String
  ) async throws -> (desk: StudyDesk, plan: SimulationPlan, outcome: Simulation.Outcome) {
    let folder = try places.loadFolder()
    let plan = try loadPlan(places, folder: folder)
    try removeEarlierSimulation(places)
    try places.makeDataFolder()
    var record = SimulationRecord(participants: participants, seed: seed, isUnfinished: true)
    try record.write(places)
    let database = try ResearchDatabase.open(
      at: places.research, mode: .create(kind: .simulated), secrets: .seeded(seed))
    let key = SecretKey.forRehearsal(seed: seed)
    let desk = try await StudyDesk.open(
      database, publishing: folder, allocationSeed: key.seed(for: "allocation"), linkKey: key,
      now: plan.enrolment.from)
    let simulation = Simulation(desk: desk, plan: plan, people: participants, seed: seed)
    var bar = ProgressBar(label)
    let outcome = try await simulation.run { bar.show($0, of: $1) }
    try SimulatedUseFile.write(outcome.use, to: SimulatedUseFile.url(places))
    record.isUnfinished = false
    try record.write(places)
    return (desk, plan, outcome)
  }

  /// What the folder's simulation.yaml says of simulated people.
  ///
  /// - Throws: ``CommandFailure`` where there is none, or with its mistakes.
  static func loadPlan(
    _ places: StudyPlaces, folder: StudyFolder
  ) throws -> SimulationPlan {
    let url = places.folder.appending(path: "simulation.yaml")
    guard let bytes = try? Data(contentsOf: url) else {
      throw CommandFailure(
        .unreadable, "\(url.path): expected a file that says what simulated people are like")
    }
    var problems = Problems()
    guard
      let plan = SimulationPlan.load(
        Array(bytes), file: url.path, folder: folder, problems: &problems)
    else {
      throw CommandFailure(
        .problems,
        problems.sorted.map { TerminalText.safe($0.description) }.joined(separator: "\n"))
    }
    return plan
  }

  private static func removeEarlierSimulation(_ places: StudyPlaces) throws {
    guard places.hasResearch else { return try removeFiles(places) }
    let database = try places.openResearch()
    let kind = database.kind
    try database.close()
    guard kind == .simulated else {
      throw CommandFailure(
        .refused,
        """
        \(places.folder.path): this study has real people, nothing was changed; \
        simulate in another folder (longwell init)
        """)
    }
    try removeFiles(places)
  }

  private static func removeFiles(_ places: StudyPlaces) throws {
    let database = ["", "-wal", "-shm"].map { places.data.appending(path: "longwell.db\($0)") }
    for file in database + [SimulatedUseFile.url(places)] {
      if FileManager.default.fileExists(atPath: file.path) {
        try FileManager.default.removeItem(at: file)
      }
    }
  }
}
