package import Definitions
package import Foundation
package import Instruments

/// A study with everything it needs to run: its file, its instruments, its texts.
///
/// A value of this type is complete: every instrument that an occasion names and every text in every
/// language of the study is there and right.
package struct StudyFolder: Sendable {
  /// The folder, or nil for a study read from a database.
  package let url: URL?
  /// The study file.
  package let study: Study
  /// The instruments that occasions use, by id, in their own words.
  package let instruments: [String: Instrument]
  /// The overlays that participants read, by instrument, language and site.
  let overlays: [WordingKey: Overlay]
  /// The instruments in the words of each overlay, by its id.
  package let worded: [String: Instrument]
  /// The consent text by language.
  package let consentTexts: [String: StudyText]
  /// The text shown after a submission by language; empty when the study has none.
  package let feedbackTexts: [String: StudyText]
  /// What participants in distress are shown, by language; empty when the study has no safety.
  package let safetyTexts: [String: StudyText]
  /// The text of each incentive by language, in the order of the file.
  package let incentiveTexts: [[String: StudyText]]

  /// The study's own texts of messages by kind and language; none for kinds with standard texts.
  package let messageTexts: [MessageKind: [String: StudyText]]

  /// Reads a study folder.
  ///
  /// Instruments come from the folder's `instruments/` and from those that Longwell ships; a local one
  /// that bears a shipped one's name is a problem, as nobody could tell which was meant.
  ///
  /// A placeholder left in a consent text is a warning: a study can be rehearsed before its text is
  /// approved.
  ///
  /// - Parameter problems: takes everything that is wrong, in all files, at once.
  /// - Returns: the study, or nil when anything is wrong.
  package static func load(directory: URL, problems: inout Problems) -> StudyFolder? {
    let files = FolderFiles(directory: directory)
    var found = Problems()
    defer { problems.append(found) }
    let shelf = InstrumentShelf.inside(files, problems: &found)
    let overlays = OverlayShelf.inside(files, instruments: shelf, problems: &found)
    guard case .bytes(let bytes) = files.read("study.yaml", problems: &found) else { return nil }
    return assemble(
      bytes, file: files.displayed("study.yaml"), url: directory, shelf: shelf,
      overlays: overlays, problems: &found
    ) { path, problems in files.read(path, problems: &problems) }
  }

  /// Reads a study from the files that a database kept.
  ///
  /// - Parameter problems: takes what is wrong; places name the documents' ids.
  package static func load(
    documents: [StudyDocument], problems: inout Problems
  ) -> StudyFolder? {
    guard let file = documents.first(where: { $0.kind == .study }) else {
      problems.report(at: .whole("study"), found: "no study file", expected: "one study file")
      return nil
    }
    var found = Problems()
    defer { problems.append(found) }
    let shelf = InstrumentShelf.among(documents, problems: &found)
    let overlays = OverlayShelf.among(documents, instruments: shelf, problems: &found)
    let texts = documents.filter { $0.kind == .consent || $0.kind == .text }
    return assemble(
      file.bytes, file: file.id, url: nil, shelf: shelf, overlays: overlays, problems: &found
    ) { path, _ in
      texts.first { $0.id == path }.map { .bytes($0.bytes) } ?? .absent
    }
  }

  private static func assemble(
    _ bytes: [UInt8], file: String, url: URL?, shelf: InstrumentShelf,
    overlays: OverlayShelf, problems: inout Problems,
    reading read: (String, inout Problems) -> FolderFiles.Content
  ) -> StudyFolder? {
    guard let draft = StudyDraft.read(bytes, file: file, problems: &problems) else { return nil }
    let instruments = shelf.instruments(for: draft, problems: &problems)
    overlays.check(draft.sites.named, problems: &problems)
    let wordings = overlays.wordings(for: draft, instruments: instruments, problems: &problems)
    let scores = ScoreNames(of: draft, instruments: instruments)
    FeedbackDraft.check(draft.shownScores, scores: scores, problems: &problems)
    EnrolmentDraft.check(
      draft.eligible, of: draft.screening.flatMap { instruments[$0] }, problems: &problems)
    OccasionCondition.check(draft.conditions, scores: scores, problems: &problems)
    AllocationDraft.check(
      draft.measures, of: draft.measuring.compactMap { instruments[$0] }, scores: scores,
      problems: &problems)
    func texts(_ template: Located<TextTemplate>?) -> [String: StudyText] {
      guard let template else { return [:] }
      var texts: [String: StudyText] = [:]
      for language in draft.languages {
        let path = template.value.path(language: language)
        let content = read(path, &problems)
        texts[language] = StudyText.decoding(
          content, path: path, language: language, place: template.place, problems: &problems)
      }
      return texts
    }
    let consentTexts = texts(draft.consentText)
    let feedbackTexts = texts(draft.feedbackText)
    var messageTexts: [MessageKind: [String: StudyText]] = [:]
    for kind in MessageKind.allCases {
      guard let source = draft.messages[kind], case .file(let template) = source.value else {
        continue
      }
      messageTexts[kind] = texts(Located(template, at: source.place))
      for language in draft.languages {
        guard let text = messageTexts[kind]?[language] else { continue }
        let file = url.map { FolderFiles(directory: $0).displayed(text.path) } ?? text.path
        _ = MessageTemplate.read(text.text, of: kind, file: file, problems: &problems)
      }
    }
    let safetyTexts = texts(draft.safetyText)
    let incentiveTexts = draft.incentiveTexts.map { texts($0) }
    // A running study's texts were looked at when they were a folder's.
    for text in draft.languages.compactMap({ consentTexts[$0] }) where url != nil {
      for placeholder in text.placeholders(in: url) {
        problems.report(
          .warning, at: placeholder.place, found: "the placeholder \(quoted(placeholder.value))",
          expected: "the study's own words")
      }
    }
    guard !problems.hasErrors, let study = draft.study else { return nil }
    let worded = wordings.values.compactMap { overlay in
      instruments[overlay.instrument].map { (overlay.id, $0.worded(by: overlay)) }
    }
    return StudyFolder(
      url: url, study: study, instruments: instruments, overlays: wordings,
      worded: Dictionary(worded, uniquingKeysWith: { first, _ in first }),
      consentTexts: consentTexts, feedbackTexts: feedbackTexts, safetyTexts: safetyTexts,
      incentiveTexts: incentiveTexts, messageTexts: messageTexts)
  }

  /// The text of a kind of message in a language of the study; nil for kinds that are not sent.
  package func messageTemplate(_ kind: MessageKind, language: String) -> MessageTemplate? {
    switch study.messages[kind] {
    case .standard: return StandardMessages.template(kind, language: language)
    case .file:
      guard let text = messageTexts[kind]?[language] else { return nil }
      var problems = Problems()
      return MessageTemplate.read(text.text, of: kind, file: text.path, problems: &problems)
    case nil: return nil
    }
  }
}

extension StudyFolder {
  /// Every file that a running study needs: the study, its instruments in order of use, its texts by
  /// language.
  package var documents: [StudyDocument] {
    let study = StudyDocument(
      kind: .study, id: study.id, version: study.version, bytes: study.source)
    let instruments = self.study.instruments.compactMap { self.instruments[$0] }.map {
      StudyDocument(kind: .instrument, id: $0.id, version: $0.version, bytes: $0.source)
    }
    let consents = self.study.languages.compactMap { consentTexts[$0] }.map {
      StudyDocument(
        kind: .consent, id: $0.path, version: String(self.study.consent.version),
        bytes: Array($0.text.utf8))
    }
    let messages = MessageKind.allCases.compactMap { messageTexts[$0] }
    let others = ([feedbackTexts, safetyTexts] + incentiveTexts + messages).flatMap { texts in
      self.study.languages.compactMap { texts[$0] }
    }
    var seen: Set<String> = []
    let texts = others.filter { seen.insert($0.path).inserted }.map {
      StudyDocument(
        kind: .text, id: $0.path, version: self.study.version, bytes: Array($0.text.utf8))
    }
    let overlays = usedOverlays.map {
      StudyDocument(
        kind: .overlay, id: $0.id, version: $0.provenance.version, bytes: $0.source)
    }
    return [study] + instruments + overlays + consents + texts
  }

  /// Every overlay that somebody reads, by id.
  package var usedOverlays: [Overlay] {
    Dictionary(overlays.values.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
      .sorted { $0.key < $1.key }.map(\.value)
  }

  /// An instrument in the words that participants of a site read in a language; nil for one that the study
  /// does not use.
  package func instrument(_ id: String, language: String, site: String) -> Instrument? {
    overlay(id, language: language, site: site).flatMap { worded[$0.id] } ?? instruments[id]
  }

  /// The overlay that participants of a site read in a language; nil where they read the instrument's
  /// own words.
  package func overlay(_ id: String, language: String, site: String) -> Overlay? {
    overlays[WordingKey(instrument: id, language: language, site: site)]
  }

  /// The SHA-256, in hexadecimal digits, of the kinds, ids and hashes of all documents: the same for
  /// two folders exactly when a participant meets the same study in both.
  package var contentHash: String {
    let lines = documents.map { "\($0.kind.rawValue)\t\($0.id)\t\($0.hash)\n" }
    return hexadecimalHash(of: Array(lines.joined().utf8))
  }

  /// Whether a path written in a study file stays inside the folder, as far as its spelling tells.
  static func staysInside(_ path: String) -> Bool {
    !path.isEmpty && path.utf8.count <= 200 && !path.hasPrefix("/") && !path.hasPrefix("~")
      && !path.contains("\\")
      && !path.unicodeScalars.contains { $0.properties.generalCategory == .control }
      && path.split(separator: "/", omittingEmptySubsequences: false)
        .allSatisfy { !$0.isEmpty && $0 != ".." && $0 != "." }
  }
}

extension StudyText {
  /// The text of a file, or nil after a report at the place that named it.
  fileprivate static func decoding(
    _ content: FolderFiles.Content, path: String, language: String, place: Place,
    problems: inout Problems
  ) -> StudyText? {
    switch content {
    case .refused: return nil
    case .absent:
      problems.report(
        at: place, found: "no file \(quoted(path))", expected: "the text in \(language) there")
      return nil
    case .bytes(let bytes):
      guard let text = String(validating: bytes, as: UTF8.self) else {
        problems.report(
          at: .whole(path), found: "bytes that are no text", expected: "text in UTF-8")
        return nil
      }
      guard text.contains(where: { !$0.isWhitespace }) else {
        problems.report(at: .whole(path), found: "an empty text", expected: "a text to read")
        return nil
      }
      return StudyText(
        path: path, language: language, text: text, contentHash: hexadecimalHash(of: bytes))
    }
  }
}
