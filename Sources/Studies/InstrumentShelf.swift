import Definitions
import Instruments

/// The instruments that a study can choose from: those beside it, and those that Longwell ships.
struct InstrumentShelf {
  private var local: [String: Instrument] = [:]
  /// Names of local files that could not be read; a study that uses one needs no second problem.
  private var broken: Set<String> = []
  private var includesShipped = true

  /// The shelf of a study folder. Reports every problem of the local instruments.
  static func inside(_ files: FolderFiles, problems: inout Problems) -> InstrumentShelf {
    var shelf = InstrumentShelf()
    for path in files.definitions(in: "instruments") {
      let name = String(path.dropFirst("instruments/".count).dropLast(".yaml".count))
      guard case .bytes(let bytes) = files.read(path, problems: &problems) else {
        shelf.broken.insert(name)
        continue
      }
      shelf.add(bytes, name: name, file: files.displayed(path), problems: &problems)
    }
    return shelf
  }

  /// The shelf of a study kept in a database, which is complete without the shipped ones.
  static func among(
    _ documents: [StudyDocument], problems: inout Problems
  ) -> InstrumentShelf {
    var shelf = InstrumentShelf()
    shelf.includesShipped = false
    for document in documents where document.kind == .instrument {
      let instrument = Instrument.load(
        document.bytes, file: "\(document.id).yaml", problems: &problems)
      shelf.local[document.id] = instrument
      if instrument == nil { shelf.broken.insert(document.id) }
    }
    return shelf
  }

  private mutating func add(
    _ bytes: [UInt8], name: String, file: String, problems: inout Problems
  ) {
    guard let instrument = Instrument.load(bytes, file: file, problems: &problems) else {
      broken.insert(name)
      return
    }
    if ShippedInstruments.ids().contains(instrument.id) {
      problems.report(
        at: .whole(file), found: "an instrument with the name of one that Longwell ships",
        expected: "an id of its own, so that tables and reports cannot confuse the two",
        suggestion: "\(instrument.id)-local")
    }
    local[instrument.id] = instrument
  }

  /// The instruments that a study uses. Reports those that there are not, and those that do not speak
  /// a language of the study, where the study names them.
  func instruments(
    for draft: StudyDraft, problems: inout Problems
  ) -> [String: Instrument] {
    var chosen: [String: Instrument] = [:]
    var missing: Set<String> = []
    for name in draft.instruments where chosen[name.value] == nil {
      guard let instrument = instrument(name.value) else {
        if !broken.contains(name.value), missing.insert(name.value).inserted {
          problems.report(
            at: name.place, found: "the instrument \(quoted(name.value))",
            expected: "one that Longwell ships or the study's instruments/ holds",
            suggestion: nearestName(to: name.value, among: names))
        }
        continue
      }
      chosen[name.value] = instrument
      if instrument.items.contains(where: \.isDistress), !draft.declaresSafety {
        problems.report(
          at: name.place,
          found: "the instrument \(quoted(name.value)), which asks about distress",
          expected: "safety: in the study, saying what participants are shown and who is alerted")
      }
    }
    checkEarlier(chosen, named: draft, problems: &problems)
    return chosen
  }

  /// Reports instruments that use answers which the study does not ask for.
  private func checkEarlier(
    _ chosen: [String: Instrument], named draft: StudyDraft, problems: inout Problems
  ) {
    var seen: Set<String> = []
    for name in draft.instruments where seen.insert(name.value).inserted {
      for wanted in chosen[name.value]?.earlier ?? [] {
        let found = "the instrument \(quoted(name.value)), which uses \(wanted.name)"
        if let other = chosen[wanted.instrument] {
          guard let objection = Instrument.objection(to: wanted, of: other) else { continue }
          problems.report(
            at: name.place, found: "\(found), \(objection)",
            expected: "an item that is asked, with answers of that kind")
        } else if draft.namesAllInstruments, !isBroken(wanted.instrument) {
          problems.report(
            at: name.place, found: found,
            expected: "an occasion that asks \(wanted.instrument) before")
        }
      }
    }
  }

  /// Whether there is such an instrument beside the study that could not be read.
  func isBroken(_ id: String) -> Bool { broken.contains(id) }

  private var names: [String] {
    local.keys.sorted() + (includesShipped ? ShippedInstruments.ids() : [])
  }

  /// An instrument by its id.
  func instrument(_ id: String) -> Instrument? {
    local[id] ?? (includesShipped ? ShippedInstruments.instrument(id: id) : nil)
  }
}
