import Definitions
import Foundation
package import Instruments
package import Storage
package import Studies

/// One published version of a study, as read from the database.
///
/// It is large and never changes; each step of a study hands it on, so that it is one object.
package final class StudyVersion: Sendable {
  /// Its number, hash and date.
  package let publication: PublicationRecord
  /// The definitions, complete and checked.
  package let definitions: StudyFolder
  /// The hash of each instrument's scoring, with categories computed as the study says.
  package let scoringHashes: [String: String]

  /// The study file.
  package var study: Study { definitions.study }

  init(
    publication: PublicationRecord, definitions: StudyFolder, scoringHashes: [String: String]
  ) {
    self.publication = publication
    self.definitions = definitions
    self.scoringHashes = scoringHashes
  }

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

  /// An instrument in the words in which a session asks it.
  ///
  /// - Throws: ``CollectionError`` when the version has none of this name.
  func instrument(_ asked: SessionInstrument) throws -> Instrument {
    try asked.overlay.flatMap { definitions.worded[$0.id] } ?? instrument(asked.id)
  }

  /// How a session asks an instrument: in the participant's words, and in an order of the session's own
  /// where the instrument has blocks in random order.
  ///
  /// The order is drawn from `SeededGenerator(seed: 0, stream: "item order", session, instrument)`, the
  /// session's UUID in lower case, so that whoever has the data can draw it again.
  ///
  /// - Throws: ``CollectionError`` when the version has no instrument of this name.
  func asking(
    _ id: String, of participant: ParticipantRecord, session: UUID
  ) throws -> SessionInstrument {
    let worded =
      definitions.instrument(id, language: participant.language, site: participant.site)
    let instrument = try worded ?? self.instrument(id)
    // Most instruments have nothing to shuffle, and then no seed has to be hashed.
    lazy var generator = SeededGenerator(
      seed: 0, stream: "item order", session.uuidString.lowercased(), id)
    let overlay = definitions.overlay(id, language: participant.language, site: participant.site)
    return SessionInstrument(
      id: id, version: instrument.version, contentHash: instrument.contentHash,
      language: instrument.language,
      overlay: overlay.map {
        SessionOverlay(
          id: $0.id, version: $0.provenance.version, hash: $0.provenance.hash,
          isReviewed: $0.provenance.review != nil)
      },
      itemOrder: instrument.itemOrder { units in generator.shuffled(units) })
  }

  /// Whether categories and cut-offs are computed for wordings that are not the published ones.
  var cutoffs: CutoffUse { study.usesExploratoryCutoffs ? .exploratory : .publishedWording }

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
  convenience init(_ publication: PublicationRecord, in snapshot: ResearchSnapshot) throws {
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
    let cutoffs: CutoffUse =
      definitions.study.usesExploratoryCutoffs ? .exploratory : .publishedWording
    self.init(
      publication: publication, definitions: definitions,
      scoringHashes: definitions.instruments.mapValues { $0.scoringHash(cutoffs: cutoffs) })
  }
}
