internal import Definitions
internal import Instruments

extension ImportOutcome {
  /// Writes a form as our files and adds them; what our rules refuse is left out and listed.
  ///
  /// - Throws: where nothing is left, or where what is left still breaks a rule.
  mutating func add(
    _ draft: FormDraft, id: String, origin: String, date: String
  ) throws(ImportProblem) {
    var (form, notes) = FormAssembler.assemble(draft, id: id, origin: origin)
    var repairs = 0
    while true {
      guard !form.items.isEmpty else {
        let first = notes.first.map {
          "; of \(notes.count) left out the first is \($0.item): \($0.what): \($0.why)"
        }
        throw ImportProblem(
          .nothingToImport, "\(draft.name): found no question that can be read\(first ?? "")")
      }
      let (text, parts) = form.printed()
      let bytes = Array(text.utf8)
      var problems = Problems()
      let path = "\(id).yaml"
      if let instrument = Instrument.load(bytes, file: path, problems: &problems) {
        files.append(File(path: path, bytes: bytes))
        instruments.append(id)
        items += instrument.items.count
        scores += instrument.scores.count
        branching += instrument.items.count { $0.showIf != nil }
        notCarried += notes
        for language in form.otherLanguages {
          add(form, wordedIn: language, instrument, date: date)
        }
        return
      }
      repairs += 1
      // What hangs on scores that hang on others goes in one step at last.
      if repairs == Self.mostRepairs { form.leaveOutScores(notes: &notes) }
      guard repairs <= Self.mostRepairs + 2, form.leaveOut(problems, parts, notes: &notes) else {
        let first = problems.sorted.first { $0.severity == .error }
        throw ImportProblem(
          .unwritable,
          "\(draft.name): what comes out is refused: \(first?.description ?? "unknown")")
      }
      form.settleCalculations(notes: &notes)
    }
  }

  /// Loadings of a file in which parts are left out one after the other; forms in use need three.
  private static let mostRepairs = 8

  /// Writes the words of a form in another language, with the form's own where there are none.
  private mutating func add(
    _ form: AssembledForm, wordedIn language: String, _ instrument: Instrument, date: String
  ) {
    let (text, gaps, texts) = form.overlay(in: language, of: instrument, date: date)
    guard gaps.count * 2 <= texts else {
      notCarried.append(
        NotCarried(
          item: form.name, what: "translation \(language)",
          why: "more than half of the texts have none: \(gaps.count) of \(texts)"))
      return
    }
    let name = "\(form.id).\(language)"
    let path = "overlays/imported/\(name).yaml"
    let bytes = Array(text.utf8)
    var problems = Problems()
    let overlay = Overlay.load(
      bytes, file: path, instrument: { $0 == instrument.id ? instrument : nil },
      problems: &problems)
    guard overlay != nil else {
      let first = problems.sorted.first?.description ?? "unknown"
      notCarried.append(
        NotCarried(item: form.name, what: "translation \(language)", why: "it is refused: \(first)")
      )
      return
    }
    files.append(File(path: path, bytes: bytes))
    translations.append(name)
    for gap in gaps {
      notCarried.append(
        NotCarried(
          item: gap, what: "translation \(language)",
          why: "there is none, or it shows other answers: the words of the form itself stand"))
    }
  }
}

extension AssembledForm {
  /// Leaves out all scores.
  fileprivate mutating func leaveOutScores(notes: inout [NotCarried]) {
    for score in scores {
      notes.append(
        NotCarried(
          item: score.name, what: "calculation",
          why: "it hangs on calculations that cannot be carried over"))
    }
    scores = []
  }

  /// Leaves out the parts that the loader refuses.
  ///
  /// - Returns: whether each problem belongs to a part that could be left out.
  fileprivate mutating func leaveOut(
    _ problems: Problems, _ parts: [Int: FilePart], notes: inout [NotCarried]
  ) -> Bool {
    var refused: [FilePart: String] = [:]
    var neverShown: Set<FilePart> = []
    for problem in problems.sorted where problem.severity == .error {
      guard let part = parts[problem.place.line] else { return false }
      if problem.found == Instrument.unreachable { neverShown.insert(part) }
      refused[part] = refused[part] ?? "found \(problem.found), expected \(problem.expected)"
    }
    var lost: Set<Int> = []
    for (part, why) in refused {
      switch part {
      case .condition(let index):
        // The rows of a grid have their condition in common.
        let first = items[index]
        for row in items.indices[index...] {
          guard row == index || (items[row].stem != nil && items[row].stem == first.stem),
            items[row].condition == first.condition
          else { break }
          if neverShown.contains(part) {
            lost.insert(row)
            notes.append(
              NotCarried(
                item: items[row].name, what: "item",
                why: "it is never shown: no answers make its condition true"))
          } else {
            notes.append(NotCarried(item: items[row].name, what: "branching", why: why))
          }
          items[row].condition = nil
        }
      case .recode(let index):
        for row in items.indices[index...] {
          guard row == index || (items[row].stem != nil && items[row].stem == items[index].stem)
          else { break }
          items[row].recode = nil
        }
        notes.append(NotCarried(item: items[index].name, what: "missing codes", why: why))
      case .item(let index):
        lost.insert(index)
        notes.append(NotCarried(item: items[index].name, what: "item", why: why))
      case .score: break
      }
    }
    let lostScores = refused.compactMap { part, why -> Int? in
      guard case .score(let index) = part, scores.indices.contains(index) else { return nil }
      notes.append(NotCarried(item: scores[index].name, what: "calculation", why: why))
      return index
    }
    items = items.enumerated().filter { !lost.contains($0.offset) }.map(\.element)
    scores = scores.enumerated().filter { !lostScores.contains($0.offset) }.map(\.element)
    return !refused.isEmpty
  }
}
