import Storage
import Tables

extension StudyExport {
  /// One row per instrument of every session: which version, in whose words, in which order.
  func instrumentsTable() throws -> Table {
    let rows = data.asked
    func overlay<Value>(_ value: (SessionOverlay) -> Value) -> [Value?] {
      rows.map { $0.instrument.overlay.map(value) }
    }
    var columns = keys(rows.map { ($0.pseudonym, $0.plan, $0.index) })
    columns += [
      instrumentColumn(rows.map(\.instrument.id)),
      Column(
        "version", .text(rows.map(\.instrument.version)), label: "instrument version",
        definition: "version that was asked"),
      Column(
        "content_hash", .text(rows.map(\.instrument.contentHash)), label: "content hash",
        definition: "SHA-256 of all that the participant could see and scoring uses"),
      Column(
        "language", .text(rows.map(\.instrument.language)), label: "language",
        definition: "language of the wording read"),
      Column(
        "overlay", .text(overlay(\.id)), label: "overlay",
        definition: "whose words were read in place of the instrument's own; empty for these",
        codes: overlayCodes),
      Column(
        "overlay_version", .text(overlay(\.version)), label: "overlay version",
        definition: "version that the overlay's file states"),
      Column(
        "overlay_hash", .text(overlay(\.hash)), label: "overlay hash",
        definition: "SHA-256 of the overlay's file"),
      Column(
        "overlay_reviewed", .truth(overlay(\.isReviewed)), label: "overlay reviewed",
        definition: "whether somebody besides its author had reviewed the wording"),
      Column(
        "item_order", .text(rows.map { $0.instrument.itemOrder?.joined(separator: " ") }),
        label: "order of items",
        definition: "ids in the order drawn for the session; empty where the file's order holds"),
    ]
    return try Table(
      name: "instruments", title: "One row per instrument of every session that was begun",
      columns: columns)
  }

  /// One row per score of every scoring: what was computed under which version, current or not.
  func scoringsTable() throws -> Table {
    let rows = data.scorings
    var columns = keys(rows.map { ($0.pseudonym, $0.plan, $0.index) })
    columns += [
      instrumentColumn(rows.map(\.score.instrument)),
      Column(
        "version", .text(rows.map(\.score.version)), label: "instrument version",
        definition: "version under which it was computed first"),
      Column(
        "scoring_hash", .text(rows.map(\.score.scoringHash)), label: "scoring hash",
        definition:
          "SHA-256 of what makes a difference to scores: versions that score alike share it"),
      Column(
        "score", .text(rows.map(\.score.name)), label: "score",
        definition: "name of the score, or of the computed item"),
      Column(
        "value", .number(rows.map(\.score.value)), label: "value",
        definition: "see the score's column in scores",
        missingReasons: rows.map { Self.reason($0.score.absence) }),
      Column(
        "answered", .integer(rows.map(\.score.answered)), label: "items answered",
        definition: "how many items the score rests on"),
      Column(
        "prorated", .truth(rows.map(\.score.isProrated)), label: "prorated",
        definition: "whether it is filled up from fewer than all items"),
      Column(
        "current", .truth(rows.map(\.isCurrent)), label: "current",
        definition: "whether it is the one that analyses use"),
      Self.instants(
        "computed", "computation", "moment of computation", rows.map(\.score.computed)),
    ]
    return try Table(
      name: "scorings", title: "One row per score and scoring, those that were replaced included",
      columns: columns)
  }

  /// What each overlay is: two of one name are told apart by the version and the hash beside it.
  private var overlayCodes: [Column.Code] {
    Dictionary(grouping: study.wordings, by: \.id).sorted { $0.key < $1.key }.map { id, versions in
      .init(id, versions.map { "\($0.version): \($0.provenance)" }.joined(separator: "; "))
    }
  }

  private func instrumentColumn(_ ids: [String]) -> Column {
    Column(
      "instrument", .text(ids), label: "instrument", definition: "id of the instrument",
      codes: study.instruments.map { .init($0.id, $0.title) })
  }

  private func keys(_ rows: [(pseudonym: String, plan: String, index: Int)]) -> [Column] {
    [
      Column(
        "participant", .text(rows.map(\.pseudonym)), label: "participant",
        definition: "pseudonym"),
      Column(
        "occasion", .text(rows.map(\.plan)), label: "occasion",
        definition: "id in the study file", codes: ColumnCodes.occasions(study)),
      Column(
        "repetition", .integer(rows.map(\.index)), label: "repetition",
        definition: "of a repeated occasion, from 0"),
    ]
  }
}
