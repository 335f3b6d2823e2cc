/// Which of a study's planned measurements a printed table shows: all of a few waves, some of a diary.
struct OccasionSeries: Hashable, Sendable {
  /// The positions shown, in order: of a long series its first, its last and some evenly between.
  let shown: [Int]
  /// The positions of each series that is not shown whole.
  let long: [[Int]]

  /// Eight weeks are read line by line; of more, a reader wants the beginning, the end and the way.
  private static let mostShown = 8
  /// Of a long series.
  private static let shownOfLong = 5

  init(_ slots: [OccasionSlot]) {
    var plans: [String] = []
    for slot in slots where !plans.contains(slot.plan) { plans.append(slot.plan) }
    let series = plans.map { plan in slots.indices.filter { slots[$0].plan == plan } }
    long = series.filter { $0.count > Self.mostShown }
    shown = series.flatMap { positions in
      guard positions.count > Self.mostShown else { return positions }
      let steps = Self.shownOfLong - 1
      return (0...steps).map { positions[$0 * (positions.count - 1) / steps] }
    }
  }
}
