import Foundation
import Storage
import Tables

extension StudyExport {
  /// One row per item of every occasion that is over, with the reason where there is no answer.
  func responsesTable() throws -> Table {
    try responsesTable(itemRows(), places: itemPlaces())
  }

  /// Every item of every occasion that is over, in the order of occasions and of the study.
  func itemRows() -> [ItemRow] {
    let items = Dictionary(
      study.instruments.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let recorded = Dictionary(grouping: data.responses) { row in
      OccasionKey(participant: row.pseudonym, plan: row.plan, index: row.index)
    }
    var rows: [ItemRow] = []
    for occasion in data.occasions where occasion.occasion.state.isFinal {
      var left = recorded[occasion.key] ?? []
      for id in occasion.occasion.instruments {
        guard let instrument = items[id] else { continue }
        for item in instrument.items {
          let position = left.firstIndex {
            $0.response.instrument == id && $0.response.item == item.id
          }
          let response = position.map { left.remove(at: $0) }
          rows.append(
            ItemRow(occasion: occasion, instrument: id, item: item.id, answer: response))
        }
      }
      // Items of earlier versions of an instrument stay in every export.
      rows += left.map { response in
        ItemRow(
          occasion: occasion, instrument: response.response.instrument,
          item: response.response.item, answer: response)
      }
    }
    return rows
  }

  /// The place of each item in the order of its session, where one was drawn.
  private func itemPlaces() -> [OccasionKey: [String: Int]] {
    var places: [OccasionKey: [String: Int]] = [:]
    for row in data.asked {
      let key = OccasionKey(participant: row.pseudonym, plan: row.plan, index: row.index)
      for (place, item) in (row.instrument.itemOrder ?? []).enumerated() {
        places[key, default: [:]]["\(row.instrument.id).\(item)"] = place + 1
      }
    }
    return places
  }

  /// One item on one occasion.
  struct ItemRow {
    var occasion: OccasionRow
    var instrument: String
    var item: String
    var answer: ResponseRow?

    /// Why there is no answer; `nil` if there is one.
    var reason: Tables.MissingReason? {
      guard let response = answer?.response else {
        let state = occasion.occasion.state
        return state == .submitted ? .leftBlank : StudyExport.absence(of: occasion)
      }
      if let reason = StudyExport.reason(response.reason) { return reason }
      return response.answer == .none ? .leftBlank : nil
    }
  }

  private func responsesTable(
    _ rows: [ItemRow], places: [OccasionKey: [String: Int]]
  ) throws -> Table {
    func answered<Value>(_ row: ItemRow, _ value: (StoredAnswer) -> Value?) -> Value? {
      row.reason == nil ? row.answer.flatMap { value($0.response.answer) } : nil
    }
    var columns = keyColumns(rows.map(\.occasion))
    columns += [
      Column(
        "instrument", .text(rows.map(\.instrument)), label: "instrument",
        definition: "id of the instrument",
        codes: study.instruments.map { .init($0.id, $0.title) }),
      Column(
        "instrument_version", .text(rows.map { $0.answer?.instrumentVersion }),
        label: "instrument version", definition: "version that was answered"),
      Column("item", .text(rows.map(\.item)), label: "item", definition: "id of the item"),
      Column(
        "place", .integer(rows.map { places[$0.occasion.key]?["\($0.instrument).\($0.item)"] }),
        label: "place in a drawn order",
        definition: "place among the instrument's items in the order drawn for the session, from 1;"
          + " empty where items are asked in the order of the file"),
      Column(
        "value", .number(rows.map { row in answered(row) { $0.number } }), label: "answer, number",
        definition: "option number, slider position or number, as answered and not reversed",
        items: items(\.kind.isNumeric)),
      Column(
        "text", .text(rows.map { row in answered(row) { $0.text } }), label: "answer, text",
        definition: "text as answered", items: items { !$0.kind.isNumeric }),
      Column(
        "response_state", .text(rows.map { $0.reason?.rawValue ?? "answered" }),
        label: "response state", definition: "answered, or why there is no answer",
        codes: ColumnCodes.responseStates),
      Column(
        "check", .text(checks(of: rows)), label: "attention check",
        definition: "whether an attention check was answered as it asks; empty for other items",
        codes: ColumnCodes.checks),
      Self.instants(
        "answered_at", "time of the answer", "when the answer was received last",
        rows.map { $0.reason == nil ? $0.answer?.response.serverTime : nil }),
      Column(
        "changes", .integer(rows.map { $0.answer?.response.changes }), label: "changes",
        definition: "how often the answer was changed"),
    ]
    return try Table(
      name: "responses", title: "One row per item of every occasion that is over",
      columns: columns)
  }

  /// The outcome of each row's attention check; nil where it is none or has no answer.
  private func checks(of rows: [ItemRow]) -> [String?] {
    let checks = AttentionChecks(study)
    return rows.map { row in
      guard row.reason == nil, let response = row.answer?.response,
        let isPassed = checks.isPassed(response)
      else { return nil }
      return (isPassed ? ColumnCodes.passed : ColumnCodes.failed).text
    }
  }

  /// How many attention checks of an instrument were answered otherwise than they ask, on each
  /// occasion where one was answered.
  private func failedChecks() -> [String: [OccasionKey: Int]] {
    let checks = AttentionChecks(study)
    var failed: [String: [OccasionKey: Int]] = [:]
    for row in data.responses where row.response.reason == nil && row.response.answer != .none {
      let response = row.response
      guard let isPassed = checks.isPassed(response) else { continue }
      let key = OccasionKey(participant: row.pseudonym, plan: row.plan, index: row.index)
      failed[response.instrument, default: [:]][key, default: 0] +=
        isPassed ? 0 : 1
    }
    return failed
  }

  /// What participants read and could answer, for the codebook.
  private func items(_ isIncluded: (StudyOutline.Item) -> Bool) -> [Column.Item] {
    study.instruments.flatMap { instrument in
      instrument.items.filter(isIncluded).map { item in
        Column.Item(
          name: "\(instrument.id).\(item.id)", label: item.text,
          definition: "\(item.kind.rawValue) of \(instrument.id) \(instrument.version)",
          unit: item.unit,
          valueLabels: item.valueLabels, isReversed: item.isReversed, range: item.range)
      }
    }
  }

  /// One row per occasion that is over, one column per score.
  func scoresTable() throws -> Table {
    let rows = data.occasions.filter(\.occasion.state.isFinal)
    var byOccasion: [OccasionKey: [String: ScoreRecord]] = [:]
    for row in data.scores {
      let key = OccasionKey(participant: row.pseudonym, plan: row.plan, index: row.index)
      byOccasion[key, default: [:]]["\(row.score.instrument).\(row.score.name)"] = row.score
    }
    var columns = keyColumns(rows)
    columns.append(
      Column(
        "late", .truth(rows.map(\.isLate)), label: "late",
        definition: "submitted after the window and its grace; analyses leave these out"))
    let failed = failedChecks()
    for instrument in study.instruments {
      for score in instrument.scores {
        let name = "\(instrument.id).\(score.name)"
        let records = rows.map { byOccasion[$0.key]?[name] }
        columns.append(
          Column(
            name, .number(records.map { $0?.value }),
            label: StudyOutline.label(score, of: instrument),
            definition: Self.definition(score), valueLabels: score.valueLabels, range: score.range,
            missingReasons: zip(rows, records).map { row, record in
              guard record?.value == nil else { return nil }
              if let record { return Self.reason(record.absence) }
              return row.occasion.state == .submitted ? .notShown : Self.absence(of: row)
            }))
        columns.append(
          Column(
            name + "_answered", .integer(records.map { $0?.answered }),
            label: "items answered, \(StudyOutline.words(score.name))",
            definition: "how many items the score rests on"))
        if score.canBeProrated {
          columns.append(
            Column(
              name + "_prorated", .truth(records.map { $0?.isProrated }),
              label: "prorated, \(StudyOutline.words(score.name))",
              definition: "whether it is, or uses, a sum filled up from fewer than all answers"))
        }
      }
      if instrument.items.contains(where: { $0.expected != nil }) {
        let failed = failed[instrument.id] ?? [:]
        columns.append(
          Column(
            "\(instrument.id).checks_failed", .integer(rows.map { failed[$0.key] }),
            label: "failed attention checks (\(instrument.title))",
            definition: "how many attention checks were answered otherwise than they ask; empty"
              + " where none was answered"))
      }
    }
    return try Table(
      name: "scores", title: "One row per occasion that is over, one column per score",
      columns: columns)
  }

  private static func definition(_ score: StudyOutline.Score) -> String {
    guard let range = score.range else { return score.definition }
    func text(_ end: Double) -> String { NumberText.fixed(end, end == end.rounded() ? 0 : 2) }
    return "\(score.definition); \(text(range.lowerBound)) to \(text(range.upperBound))"
  }
}
