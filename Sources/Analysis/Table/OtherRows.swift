import Foundation
import Statistics
import Storage

/// What functions of other rows need: who a row belongs to, and which row came before it.
struct OtherRows: Sendable {
  /// A code for the person of each row.
  let persons: [Int32]
  /// The row of the planned occasion of the same kind before and after each row's; nil where there is
  /// none, or none that is due.
  private let before, after: [Int?]
  /// When each person's first occasion of a kind began, or was to open, as seconds since 1970.
  private let events: [OccasionKey: Double]

  /// - Parameters:
  ///   - rows: Those of the table.
  ///   - days: The study day of each, which bounds the neighbours of prompts.
  ///   - all: Every occasion, of kinds that the table leaves out too.
  init(_ rows: [OccasionRow], days: [Int?], all: [OccasionRow], study: StudyOutline) {
    var people = Codes()
    var series = Codes()
    let prompts = Set(study.occasions.filter(\.isPrompt).map(\.id))
    persons = rows.map { people.code(of: $0.occasion.pseudonym) }
    let own = rows.map { series.code(of: "\($0.occasion.pseudonym) \($0.occasion.plan)") }
    let bounds = zip(rows, days).map { row, day in
      prompts.contains(row.occasion.plan) ? Double(day ?? 0) : 0
    }
    // An occasion of a participant is planned once, so that no time can be repeated.
    let timeline = try? PersonTimeline(
      persons: own, times: rows.map { Double($0.occasion.index) }, days: bounds)
    let places = rows.indices.map(Double.init)
    let none = [Double](repeating: .nan, count: rows.count)
    before = (timeline?.lag(places) ?? none).map { Int(exactly: $0) }
    after = (timeline?.lead(places) ?? none).map { Int(exactly: $0) }
    var events: [OccasionKey: Double] = [:]
    for row in all where row.occasion.index == 0 {
      events[row.key] = (row.begun ?? row.occasion.opens).timeIntervalSince1970
    }
    self.events = events
  }

  /// The row that a lag or lead takes its value from.
  func neighbour(of row: Int, _ kind: ColumnFunction.Kind) -> Int? {
    kind == .lead ? after[row] : before[row]
  }

  /// When an occasion of the row's participant began, or was to open; nil if there was none.
  func moment(of event: String, for row: OccasionRow) -> Date? {
    if event == ColumnFunction.enrolment { return row.enrolled }
    let key = OccasionKey(participant: row.occasion.pseudonym, plan: event, index: 0)
    return events[key].map(Date.init(timeIntervalSince1970:))
  }
}

/// Numbers texts in the order in which they come.
private struct Codes {
  private var known: [String: Int32] = [:]

  mutating func code(of text: String) -> Int32 {
    if let code = known[text] { return code }
    let code = Int32(known.count)
    known[text] = code
    return code
  }
}
