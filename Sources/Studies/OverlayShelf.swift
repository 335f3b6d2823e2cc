import Definitions
import Instruments

/// The overlays that a study can choose from: those beside it, and those that Longwell ships.
struct OverlayShelf {
  /// By the names of their files below `overlays/`: `accra/needs-6.en`.
  private var local: [String: Overlay] = [:]
  /// Those that could not be read, which need no second problem.
  private var broken: Set<String> = []
  private var includesShipped = true

  /// The overlays of a study folder. Reports every problem of them.
  static func inside(
    _ files: FolderFiles, instruments: InstrumentShelf, problems: inout Problems
  ) -> OverlayShelf {
    var shelf = OverlayShelf()
    for community in files.folders(in: "overlays") {
      if SitesDraft.shipped.contains(community) {
        problems.report(
          at: .whole(files.displayed("overlays/\(community)")),
          found: "a community with the name of the one that Longwell ships",
          expected: "a name of its own, so that tables and reports cannot confuse the two")
      }
      for path in files.definitions(in: "overlays/\(community)") {
        let id = String(path.dropFirst("overlays/".count).dropLast(".yaml".count))
        guard case .bytes(let bytes) = files.read(path, problems: &problems) else {
          shelf.broken.insert(id)
          continue
        }
        shelf.add(
          bytes, id: id, file: files.displayed(path), instruments: instruments,
          problems: &problems)
      }
    }
    return shelf
  }

  /// The overlays of a study kept in a database, which is complete without the shipped ones.
  static func among(
    _ documents: [StudyDocument], instruments: InstrumentShelf, problems: inout Problems
  ) -> OverlayShelf {
    var shelf = OverlayShelf()
    shelf.includesShipped = false
    for document in documents where document.kind == .overlay {
      shelf.add(
        document.bytes, id: document.id, file: "\(document.id).yaml", instruments: instruments,
        problems: &problems)
    }
    return shelf
  }

  private mutating func add(
    _ bytes: [UInt8], id: String, file: String, instruments: InstrumentShelf,
    problems: inout Problems
  ) {
    // Of an instrument that could not be read, nothing can be said about the words.
    let instrument = id.split(separator: "/").last?.split(separator: ".").first.map(String.init)
    if let instrument, instruments.isBroken(instrument) {
      broken.insert(id)
      return
    }
    local[id] = Overlay.load(
      bytes, file: file, instrument: instruments.instrument, problems: &problems)
    if local[id] == nil { broken.insert(id) }
  }

  /// The words of one community, or nil if it has none.
  func overlay(_ instrument: String, language: String, community: String) -> Overlay? {
    let id = "\(community)/\(instrument).\(language)"
    return local[id] ?? (includesShipped ? ShippedInstruments.overlay(id: id) : nil)
  }

  /// Reports communities that have no overlay at all.
  func check(_ communities: [Located<String>], problems: inout Problems) {
    guard includesShipped else { return }
    let known =
      Set((Array(local.keys) + broken).compactMap { $0.split(separator: "/").first })
      .map(String.init) + SitesDraft.shipped
    for community in communities where !known.contains(community.value) {
      problems.report(
        at: community.place, found: "the overlays of \(quoted(community.value))",
        expected: "a folder overlays/\(community.value) with wordings",
        suggestion: nearestName(to: community.value, among: known.sorted()))
    }
  }

  /// The overlay that each wording needs, by instrument, language and site; nothing where the instrument's
  /// own words are read. Reports every wording that there is not, where the study names the instrument.
  func wordings(
    for draft: StudyDraft, instruments: [String: Instrument], problems: inout Problems
  ) -> [WordingKey: Overlay] {
    var chosen: [WordingKey: Overlay] = [:]
    var seen: Set<String> = []
    for name in draft.instruments where seen.insert(name.value).inserted {
      guard let instrument = instruments[name.value] else { continue }
      for language in draft.languages {
        var wordless: [String] = []
        for site in draft.sites.names {
          let communities = draft.sites.communitiesOfSites[site] ?? draft.sites.communities
          let ids = communities.map { "\($0)/\(instrument.id).\(language)" }
          let found = communities.compactMap {
            overlay(instrument.id, language: language, community: $0)
          }
          if let first = found.first {
            chosen[WordingKey(instrument: instrument.id, language: language, site: site)] = first
          } else if language != instrument.language, broken.isDisjoint(with: ids) {
            wordless.append(site)
          }
        }
        guard !wordless.isEmpty else { continue }
        let places =
          wordless.count < draft.sites.names.count
          ? " at \(wordless.joined(separator: " and "))" : ""
        problems.report(
          at: name.place,
          found: "the instrument \(quoted(name.value)), whose wording is in \(instrument.language)",
          expected: "a wording in \(language), a language of the study\(places): an overlay such as"
            + " overlays/own/\(instrument.id).\(language).yaml, and overlays: [own]")
      }
    }
    return chosen
  }
}

/// Who reads what in which language.
struct WordingKey: Hashable {
  let instrument: String
  let language: String
  let site: String
}
