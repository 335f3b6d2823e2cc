import Statistics
import Storage

/// The answers to the items of a score, keyed as the score uses them, by occasion.
struct ItemAnswers {
  /// The rows of the table with an answer to any of the items.
  let rows: [Int]
  /// For each of them, an answer for each item; NaN where there is none.
  private let values: [[Double]]

  /// - Parameters:
  ///   - items: In the order of the columns.
  ///   - table: Its rows that were submitted in time count.
  init(
    of items: [String], in instrument: StudyOutline.Instrument, table: AnalysisTable,
    data: StudyRows
  ) {
    let known = Dictionary(
      instrument.items.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let positions = Dictionary(
      items.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var answers: [OccasionKey: [Double]] = [:]
    for row in data.responses
    where row.response.instrument == instrument.id && row.response.reason == nil && !row.isLate
      && row.sessionState == .submitted
    {
      guard let position = positions[row.response.item], let item = known[row.response.item],
        let number = row.response.answer.number
      else { continue }
      let key = OccasionKey(participant: row.pseudonym, plan: row.plan, index: row.index)
      var own = answers[key] ?? Array(repeating: .nan, count: items.count)
      own[position] = item.keyed(number)
      answers[key] = own
    }
    var rows: [Int] = []
    var values: [[Double]] = []
    for (position, row) in table.rows.enumerated() {
      let slot = table.slots[row.slot]
      let key = OccasionKey(participant: row.participant, plan: slot.plan, index: slot.index)
      guard let own = answers[key] else { continue }
      rows.append(position)
      values.append(own)
    }
    self.rows = rows
    self.values = values
  }

  /// The rows with an answer to every item, and these answers.
  var complete: [(row: Int, values: [Double])] {
    zip(rows, values).filter { !$0.1.contains(where: \.isNaN) }.map { (row: $0.0, values: $0.1) }
  }

  /// The answers of the rows for which this holds, item by item.
  func scores(
    where isWanted: (_ row: Int) -> Bool
  ) throws(ReliabilityError) -> ItemScores {
    let kept = rows.indices.filter { isWanted(rows[$0]) }
    let count = values.first?.count ?? 0
    return try ItemScores(items: (0..<count).map { item in kept.map { values[$0][item] } })
  }
}
