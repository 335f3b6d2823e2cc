import Storage
import Tables

extension StudyExport {
  /// One row per occasion that is over, one column per item: what SPSS and Stata users expect.
  ///
  /// The same answers as in `responses`; options carry their labels, and what is missing its reason.
  func itemsTable() throws -> Table {
    let rows = data.occasions.filter(\.occasion.state.isFinal)
    var answers: [String: [OccasionKey: ItemRow]] = [:]
    for row in itemRows() {
      answers["\(row.instrument).\(row.item)", default: [:]][row.occasion.key] = row
    }
    var columns = keyColumns(rows)
    for instrument in study.instruments {
      for item in instrument.items {
        let name = "\(instrument.id).\(item.id)"
        let own = answers[name] ?? [:]
        columns.append(column(name, item, of: instrument, cells: rows.map { own[$0.key] }))
      }
    }
    return try Table(
      name: "items", title: "One row per occasion that is over, one column per item",
      columns: columns)
  }

  private func column(
    _ name: String, _ item: StudyOutline.Item, of instrument: StudyOutline.Instrument,
    cells: [ItemRow?]
  ) -> Column {
    let answers = cells.map { cell in
      cell.flatMap { $0.reason == nil ? $0.answer?.response.answer : nil }
    }
    let reversal = item.isReversed ? "; scores use minimum + maximum − answer" : ""
    return Column(
      name,
      item.kind.isNumeric
        ? .number(answers.map { $0?.number }) : .text(answers.map { $0?.text }),
      label: item.text,
      definition: "\(item.kind.rawValue) of \(instrument.id) \(instrument.version), as answered"
        + reversal,
      unit: item.unit, valueLabels: item.valueLabels, range: item.range,
      missingReasons: zip(cells, answers).map { cell, answer in
        if answer?.number != nil || answer?.text != nil { return nil }
        // An instrument that the occasion does not ask.
        guard let cell else { return .notShown }
        return cell.reason ?? .leftBlank
      })
  }
}
