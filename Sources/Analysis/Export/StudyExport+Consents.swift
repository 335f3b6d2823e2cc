import Storage
import Tables

extension StudyExport {
  /// One row per decision of a participant about one part of the consent; the last one holds.
  func consentsTable() throws -> Table {
    let rows = data.consents
    return try Table(
      name: "consents", title: "One row per decision about a part of the consent, oldest first",
      columns: [
        Column(
          "participant", .text(rows.map(\.pseudonym)), label: "participant",
          definition: "pseudonym"),
        Column(
          "version", .integer(rows.map(\.consent.version)), label: "consent version",
          definition: "version of the consent text in the study file"),
        Column(
          "part", .text(rows.map(\.consent.part)), label: "part",
          definition: "id of the part in the study file; the last decision about a part holds",
          codes: ColumnCodes.consentParts(study)),
        Column(
          "required", .truth(rows.map(isRequired)), label: "required",
          definition: "whether nobody can take part without it"),
        Column(
          "agreed", .truth(rows.map(\.consent.isAgreed)), label: "agreed",
          definition: "whether the participant agreed"),
        Column(
          "language", .text(rows.map(\.consent.language)), label: "language",
          definition: "language in which the text was shown"),
        Self.instants(
          "decided", "decision", "moment of the decision", rows.map(\.consent.decided)),
        Column(
          "text_hash", .text(rows.map(\.consent.textHash)), label: "text hash",
          definition: "SHA-256 of the text as shown, in hexadecimal"),
      ])
  }

  /// `nil` for a part that no version of the study file has.
  private func isRequired(_ row: ConsentRow) -> Bool? {
    study.consentParts.first { $0.version == row.consent.version && $0.id == row.consent.part }?
      .isRequired
  }
}
