import Figures
import Storage

/// The map of everybody's planned occasions.
extension AnalysisResults {
  /// How many people a panel of the map shows at most: more rows are thinner than a line.
  static let mostMapped = 60

  /// Who answered what, arm by arm, the most faithful above; nil without anybody.
  func occasionMap() -> OccasionMap? {
    let order = data.slots.indices.sorted {
      (data.slots[$0].days, $0) < (data.slots[$1].days, $1)
    }
    let places = Dictionary(
      order.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let groups: [String?] = study.arms.isEmpty ? [nil] : study.arms.map(Optional.some)
    let panels = groups.compactMap { group -> OccasionMap.Panel? in
      var people: [String: [OccasionMap.State?]] = [:]
      for row in data.rows where group == nil || row.arm == group {
        guard let place = places[row.slot] else { continue }
        people[row.participant, default: Array(repeating: nil, count: order.count)][place] =
          Self.mapped(row.state)
      }
      guard !people.isEmpty else { return nil }
      // By how much was submitted, then by pseudonym, which is drawn at random.
      let sorted = people.sorted { first, second in
        let counts = [first, second].map { $0.value.count { $0 == .submitted } }
        return (-counts[0], first.key) < (-counts[1], second.key)
      }.map(\.value)
      let shown = min(sorted.count, Self.mostMapped)
      return OccasionMap.Panel(
        title: group ?? "everyone",
        rows: (0..<shown).map { sorted[$0 * sorted.count / shown] })
    }
    guard !panels.isEmpty, data.slots.count > 1 else { return nil }
    return OccasionMap(
      name: FigureName.compliance,
      description: "What became of \(data.slots.count) planned occasions of each person, by arm",
      occasions: order.map { data.slots[$0].label }, panels: panels)
  }

  /// Whether the map leaves people out.
  var mapsSample: Bool {
    Dictionary(grouping: data.rows, by: \.arm).values.contains { rows in
      Set(rows.map(\.participant)).count > Self.mostMapped
    }
  }

  private static func mapped(_ state: OccasionState) -> OccasionMap.State? {
    switch state {
    case .submitted: .submitted
    case .partial: .partial
    case .missed: .missed
    case .planned, .open, .cancelled, .skipped: nil
    }
  }
}
