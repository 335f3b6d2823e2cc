import Expressions
package import Foundation
import LocalTime
package import Storage
import Studies
package import Tables

/// What a study's data look like outside its database: its tables and their codebook.
///
/// Rows are in the order of pseudonym, planned opening and file, columns in the order of the study, so
/// that equal data give equal bytes. No contact, no key and no integer id of the database appears.
package struct StudyExport: Sendable {
  let study: StudyOutline
  let data: StudyRows
  /// Whether arms are letters.
  private(set) var isBlinded = false

  /// An export of rows that were read already.
  package init(study: StudyOutline, data: StudyRows) {
    self.study = study
    self.data = data
  }

  /// Participants, their consents, occasions (missed ones included), the instruments of sessions with
  /// their wordings, responses (long), items (wide), scores (wide) and every scoring of them
  /// (long); where the study takes logs, exposures before occasions, conversations and days.
  package func tables() throws -> [Table] {
    [
      try participantsTable(), try consentsTable(), try occasionsTable(),
      try instrumentsTable(), try responsesTable(), try itemsTable(), try scoresTable(),
      try scoringsTable(),
    ] + (try logTables())
  }

  /// The same with letters for the arms, for people who must not know which is which.
  ///
  /// - Parameter labels: a letter for each arm, in an order that tells nothing.
  func blinded(by labels: [String: String]) -> StudyExport {
    var (study, data) = (study, data)
    study.arms = labels.values.sorted()
    for index in data.participants.indices {
      data.participants[index].arm = data.participants[index].arm.flatMap { labels[$0] }
    }
    for index in data.occasions.indices {
      data.occasions[index].arm = data.occasions[index].arm.flatMap { labels[$0] }
    }
    var export = StudyExport(study: study, data: data)
    export.isBlinded = true
    return export
  }

  /// Reads a database and writes each of its ``tables()`` into a folder, with `codebook.csv` and what
  /// ``ExportFormat`` says of each format.
  ///
  /// - Parameters:
  ///   - labels: letters for the arms, for people who must not know which is which; nil for the arms'
  ///     names.
  ///   - now: the moment that SPSS and Stata files say they were written.
  /// - Returns: the tables that were written, for their names and numbers of rows.
  /// - Throws: `StorageError` or ``AnalysisProblem``.
  package static func write(
    from database: ResearchDatabase, into folder: URL, blindedBy labels: [String: String]? = nil,
    formats: [ExportFormat] = [.csv], at now: Date
  ) async throws -> [Table] {
    let study = try await StudyOutline.load(from: database)
    let data = try await StudyRows.read(from: database)
    let export = StudyExport(study: study, data: data)
    let tables = try (labels.map(export.blinded) ?? export).tables()
    try ExportFolder(
      folder: ResultsFolder(folder), study: study, tables: tables,
      written: Int(now.timeIntervalSince1970)
    ).write(formats)
    return tables
  }

  /// The reason of `Storage` under the name that tables use for it.
  static func reason(_ reason: Storage.MissingReason?) -> Tables.MissingReason? {
    reason.flatMap { Tables.MissingReason(rawValue: $0.rawValue) }
  }

  /// Why a score has no value, as tables know it.
  static func reason(_ absence: Storage.ScoreAbsence?) -> Tables.MissingReason? {
    absence.flatMap { Tables.MissingReason(rawValue: $0.rawValue) }
  }

  // MARK: Columns that several tables begin with

  func keyColumns(_ rows: [OccasionRow]) -> [Column] {
    [
      Column(
        "participant", .text(rows.map(\.occasion.pseudonym)), label: "participant",
        definition: "pseudonym"),
      Column(
        "arm", .text(rows.map(\.arm)), label: "arm", definition: armDefinition, codes: armCodes,
        missingReasons: rows.map { $0.arm == nil ? .notApplicable : nil }),
      Column(
        "occasion", .text(rows.map(\.occasion.plan)), label: "occasion",
        definition: "id in the study file", codes: ColumnCodes.occasions(study)),
      Column(
        "repetition", .integer(rows.map(\.occasion.index)), label: "repetition",
        definition: "of a repeated occasion, from 0"),
    ]
  }

  private var armDefinition: String {
    isBlinded ? "as allocated; a letter stands for each arm" : "as allocated"
  }

  private var armCodes: [Column.Code] {
    isBlinded ? study.arms.map { .init($0, "") } : ColumnCodes.arms(study)
  }

  static func instants(
    _ name: String, _ label: String, _ definition: String, _ moments: [Date?],
    reasons: [Tables.MissingReason?]? = nil
  ) -> Column {
    Column(
      name, .instant(moments.map { $0?.utcMilliseconds }), label: label,
      definition: definition + "; UTC", missingReasons: reasons)
  }

  /// Whether each participant has earned what the study gives, by what has ended so far.
  private func incentiveColumns(_ rows: [ParticipantRow]) -> [Column] {
    guard !study.incentives.isEmpty else { return [] }
    let occasions = Dictionary(grouping: data.occasions.map(\.occasion), by: \.pseudonym)
    return study.incentives.enumerated().map { index, incentive in
      Column(
        "incentive_\(index + 1)",
        .truth(
          rows.map { row in
            let own = occasions[row.participant.pseudonym] ?? []
            return incentive.isEarned { Compliance(with: $0, in: own).share }
          }),
        label: "incentive \(index + 1)", definition: incentive.condition.source)
    }
  }

  private func participantsTable() throws -> Table {
    let rows = data.participants
    return try Table(
      name: "participants", title: "One row per participant",
      columns: [
        Column(
          "participant", .text(rows.map(\.participant.pseudonym)), label: "participant",
          definition: "pseudonym"),
        Column(
          "site", .text(rows.map(\.participant.site)), label: "site",
          definition: "site of enrolment"),
        Column(
          "language", .text(rows.map(\.participant.language)), label: "language",
          definition: "language of the wording read"),
        Column(
          "status", .text(rows.map(\.participant.status.rawValue)), label: "status",
          definition: "where the participant stands", codes: ColumnCodes.participantStates),
        Column(
          "arm", .text(rows.map(\.arm)), label: "arm", definition: armDefinition, codes: armCodes,
          missingReasons: rows.map { $0.arm == nil ? .notApplicable : nil }),
        Self.instants(
          "enrolled", "enrolment", "moment of enrolment", rows.map(\.participant.enrolled)),
        Self.instants(
          "allocated", "allocation", "moment of allocation", rows.map(\.allocated),
          reasons: rows.map { $0.allocated == nil ? .notApplicable : nil }),
        Self.instants(
          "ended", "end", "moment of withdrawal or erasure", rows.map(\.participant.ended),
          reasons: rows.map { $0.participant.ended == nil ? .notApplicable : nil }),
        Column(
          "zone", .text(rows.map(\.participant.zone)), label: "time zone",
          definition: "IANA name, as of now"),
        Column(
          "publication", .integer(rows.map(\.participant.publication)), label: "publication",
          definition: "number of the study version answered, from 1"),
      ] + incentiveColumns(rows))
  }
}
