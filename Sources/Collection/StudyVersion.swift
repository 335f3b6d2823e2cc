import Definitions
package import Instruments
package import Storage
package import Studies

/// One published version of a study, as read from the database.
package struct StudyVersion: Sendable {
  /// Its number, hash and date.
  package let publication: PublicationRecord
  /// The definitions, complete and checked.
  package let definitions: StudyFolder

  /// The study file.
  package var study: Study { definitions.study }

  /// An instrument that an occasion uses.
  ///
  /// - Throws: ``CollectionError`` when the version has none of this name.
  package func instrument(_ id: String) throws -> Instrument {
    guard let instrument = definitions.instruments[id] else {
      throw CollectionError(
        .unknownInstrument, quoted(id),
        detail: didYouMean(id, among: definitions.instruments.keys.sorted()))
    }
    return instrument
  }

  /// The hash of the exact consent text in a language.
  func consentTextHash(language: String) throws -> String {
    guard let text = definitions.consentTexts[language] else {
      throw CollectionError(
        .unknownLanguage, quoted(language),
        detail: "it has \(study.languages.joined(separator: ", "))")
    }
    return text.contentHash
  }
}

extension StudyVersion {
  /// Every publication, oldest first.
  static func all(in snapshot: ResearchSnapshot) throws -> [StudyVersion] {
    try snapshot.publications().map { try StudyVersion($0, in: snapshot) }
  }

  /// Reads a publication from its exact bytes.
  init(_ publication: PublicationRecord, in snapshot: ResearchSnapshot) throws {
    let records = try snapshot.definitions(ofPublication: publication.number)
    let documents = records.compactMap { record in
      StudyDocument.Kind(rawValue: record.kind.rawValue).map {
        StudyDocument(kind: $0, id: record.id, version: record.version, bytes: record.bytes)
      }
    }
    var problems = Problems()
    guard let definitions = StudyFolder.load(documents: documents, problems: &problems) else {
      throw CollectionError(
        .unreadableStudy, "publication \(publication.number)",
        detail: problems.sorted.first?.description)
    }
    guard definitions.contentHash == publication.contentHash else {
      throw CollectionError(
        .unreadableStudy, "publication \(publication.number)",
        detail: "its definitions are not the ones that were published; run verify")
    }
    self.init(publication: publication, definitions: definitions)
  }
}
