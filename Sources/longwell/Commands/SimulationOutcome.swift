import Collection
import Foundation
import Rehearsal
import Storage

/// What became of simulated people, and the truth that they followed.
struct SimulationOutcome: Encodable {
  struct Truth: Encodable {
    var score: String
    var start, perWeek: Double
    var addedPerWeek: [String: Double]

    enum CodingKeys: String, CodingKey {
      case score, start
      case perWeek = "per_week"
      case addedPerWeek = "added_per_week"
    }
  }

  var seed: UInt64
  var participants: Int
  var withdrawn: Int
  var arms: [String: Int]
  var occasions: [String: Int]
  var truth: [Truth]

  init(_ desk: StudyDesk, plan: SimulationPlan, seed: UInt64) async throws {
    let (people, rows) = try await desk.database.read { snapshot in
      (try snapshot.participantRows(), try snapshot.occasionRows())
    }
    self.seed = seed
    participants = people.count
    withdrawn = people.count { $0.participant.status == .withdrawn }
    arms = people.compactMap(\.arm).reduce(into: [:]) { $0[$1, default: 0] += 1 }
    occasions = rows.reduce(into: [:]) { $0[$1.occasion.state.rawValue, default: 0] += 1 }
    truth = plan.courses.map {
      Truth(
        score: $0.name, start: $0.start, perWeek: $0.slope,
        addedPerWeek: $0.slopeByArm)
    }
  }

  /// The same in words.
  var lines: [String] {
    let lines = [
      "\(participants) simulated people enrolled, \(withdrawn) withdrew; arms: "
        + counts(arms) + ".",
      "Occasions: " + counts(occasions) + ".",
      "",
      "The truth they followed, per week:",
    ]
    var table = TextTable(
      header: ["score", "start", "change", "added by arm"], leftColumns: [0, 3])
    for course in truth {
      let added = course.addedPerWeek.sorted { $0.key < $1.key }
        .map { "\(TerminalText.cell($0.key, width: 20)) \(signed($0.value))" }
      table.rows.append([
        TerminalText.cell(course.score, width: 48), "\(course.start)", signed(course.perWeek),
        added.joined(separator: ", "),
      ])
    }
    return lines + table.lines
  }

  private func counts(_ counts: [String: Int]) -> String {
    guard !counts.isEmpty else { return "none" }
    return counts.sorted { $0.key < $1.key }
      .map { "\(TerminalText.cell($0.key, width: 20)) \($0.value)" }.joined(separator: ", ")
  }

  private func signed(_ number: Double) -> String {
    (number < 0 ? "−" : "+") + "\(abs(number))"
  }
}
