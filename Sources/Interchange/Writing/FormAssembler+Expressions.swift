/// A condition in our language.
struct TranslatedCondition: Hashable {
  var source: String
  /// What has been changed on the way, as clauses.
  var notes: [String] = []
}

extension FormAssembler {
  private mutating func tree(_ source: ForeignSource) -> Result<ForeignNode, Untranslatable> {
    if let known = trees[source] { return known }
    let result: Result<ForeignNode, Untranslatable>
    switch source {
    case .tree(let node, _): result = .success(node)
    case .written(let text, let dialect):
      do throws(Untranslatable) {
        result = .success(try ForeignParser.parse(text, dialect: dialect, known: known))
      } catch {
        result = .failure(error)
      }
    case .all: result = .failure(Untranslatable("it has several parts"))
    }
    trees[source] = result
    return result
  }

  private func dialect(of source: ForeignSource) -> ForeignDialect {
    switch source {
    case .written(_, let dialect), .tree(_, let dialect): dialect
    case .all(let sources): sources.first.map(dialect(of:)) ?? .redcap
    }
  }

  /// The foreign names in a source.
  mutating func names(in source: ForeignSource) -> Set<String> {
    if case .all(let sources) = source {
      var all: Set<String> = []
      for source in sources { all.formUnion(names(in: source)) }
      return all
    }
    guard case .success(let node) = tree(source) else { return [] }
    return node.names
  }

  // MARK: Conditions

  /// The condition in our language, of those parts that can be translated; the others are listed.
  mutating func condition(_ source: ForeignSource, of item: String) -> String? {
    var conditions: [String] = []
    for part in parts(of: source) {
      switch translation(part) {
      case .success(let translated):
        guard translated.source != "false" else { return "false" }
        // A group's condition may hang on what is asked later; its questions' own still hold.
        if let later = names(in: part).filter({ isAskedLater($0) }).min() {
          leaveOut(
            "branching", of: item, because: "it hangs on \(later), which is not asked before")
          continue
        }
        for note in translated.notes {
          leaveOut("branching, in part", of: item, because: "\(note): \(shown(part))")
        }
        if translated.source != "true", !conditions.contains(translated.source) {
          conditions.append(translated.source)
        }
      case .failure(let problem):
        leaveOut("branching", of: item, because: "\(problem.why): \(shown(part))")
      }
    }
    return conditions.count > 1
      ? conditions.map { "(\($0))" }.joined(separator: " and ") : conditions.first
  }

  /// Whether a name is an item's that does not stand in the form yet.
  private func isAskedLater(_ name: String) -> Bool {
    guard let id = ids[name] else { return false }
    return !placed.contains(id)
  }

  /// The parts that are carried over or left out by themselves. Comparisons of one item that all come over
  /// are one, which says more briefly what has to be answered.
  private mutating func parts(of source: ForeignSource) -> [ForeignSource] {
    guard case .all(let sources) = source else { return [source] }
    let nodes = sources.compactMap { source -> ForeignNode? in
      if case .tree(let node, _) = source { node } else { nil }
    }
    if nodes.count == sources.count, let first = nodes.first {
      let joined = ForeignSource.tree(
        nodes.dropFirst().reduce(first) { .operation(.and, $0, $1) }, dialect(of: source))
      if case .success = translation(joined), !names(in: joined).contains(where: isAskedLater) {
        return [joined]
      }
    }
    var parts: [ForeignSource] = []
    for source in sources { parts += self.parts(of: source) }
    return parts
  }

  private mutating func translation(
    _ source: ForeignSource
  ) -> Result<TranslatedCondition, Untranslatable> {
    if let known = translations[source] { return known }
    let result: Result<TranslatedCondition, Untranslatable>
    switch tree(source) {
    case .failure(let problem): result = .failure(problem)
    case .success(let node):
      var translator = ForeignTranslator(dialect: dialect(of: source), symbols: symbols)
      do throws(Untranslatable) {
        let condition = try translator.condition(node)
        result = .success(TranslatedCondition(source: condition, notes: translator.notes))
      } catch {
        result = .failure(error)
      }
    }
    translations[source] = result
    return result
  }

  /// A foreign expression for a message.
  private func shown(_ source: ForeignSource) -> String {
    let text: String
    switch source {
    case .written(let written, _): text = written
    case .tree(let node, _): text = node.shown
    case .all: text = "a condition"
    }
    let line = text.split { $0.isWhitespace }.joined(separator: " ")
    return line.count > 120 ? line.prefix(120) + "…" : line
  }

  // MARK: Calculations

  /// Adds a calculation: as a computed item where it is needed before the answers are scored, else as a
  /// score.
  ///
  /// - Parameter place: where it stands among all items, which is the order of scores.
  mutating func add(
    _ item: ItemDraft, _ id: String, _ source: ForeignSource, isNeeded: Bool, place: Int
  ) {
    guard let (formula, calculation) = expression(of: item, source) else { return }
    let text = plain(item.text, of: item.name)
    let score = ScoreDraft(
      id: id, name: item.name, label: text.base, formula: formula, place: place,
      hadCondition: item.condition != nil)
    guard isNeeded else {
      form.addScore(score, notes: &notCarried)
      return
    }
    let showIf = item.condition.flatMap { condition($0, of: item.name) }
    placed.insert(id)
    form.items.append(
      AssembledForm.Item(
        id: id, name: item.name, text: text.isBlank ? LocalText(item.name) : text, kind: item.kind,
        condition: showIf, formula: calculation, score: score, required: .soft))
  }

  /// A calculation as a score's formula and as an expression; nil after listing why it is neither.
  private mutating func expression(
    of item: ItemDraft, _ source: ForeignSource
  ) -> (ScoreDraft.Formula, String)? {
    var translator = ForeignTranslator(dialect: dialect(of: source), symbols: symbols)
    do throws(Untranslatable) {
      let node = try tree(source).get()
      let formula = try translator.formula(node)
      let notes = translator.notes
      translator.mayLeaveOutRounding = true
      let calculation = try translator.calculation(node)
      for note in Set(notes).sorted() {
        leaveOut("calculation, in part", of: item.name, because: note)
      }
      return (formula, calculation)
    } catch {
      leaveOut("calculation", of: item.name, because: "\(error.why): \(shown(source))")
      return nil
    }
  }
}

extension ForeignNode {
  /// Every name in it.
  var names: Set<String> {
    switch self {
    case .number, .text, .truth: []
    case .reference(let reference): [reference.name]
    case .negation(let operand), .not(let operand): operand.names
    case .operation(_, let left, let right): left.names.union(right.names)
    case .choice(let condition, let then, let otherwise):
      condition.names.union(then.names).union(otherwise.names)
    case .call(_, let arguments): arguments.reduce(into: []) { $0.formUnion($1.names) }
    }
  }

  /// It as people read it, for messages about what was never written down.
  var shown: String {
    switch self {
    case .number(let number): ForeignTranslator.plain(number)
    case .text(let text): "'\(text)'"
    case .truth(let truth): "\(truth)"
    case .reference(let reference): reference.name
    case .negation(let operand): "-\(operand.shown)"
    case .not(let operand): "not \(operand.shown)"
    case .operation(let sign, let left, let right): "\(left.shown) \(sign.sign) \(right.shown)"
    case .choice(let condition, let then, let otherwise):
      "\(condition.shown) ? \(then.shown) : \(otherwise.shown)"
    case .call(let name, let arguments):
      "\(name)(\(arguments.map(\.shown).joined(separator: ", ")))"
    }
  }
}

extension ForeignOperator {
  /// As it is written most often.
  fileprivate var sign: String {
    switch self {
    case .or: "or"
    case .and: "and"
    case .equal: "="
    case .unequal: "!="
    case .less: "<"
    case .lessOrEqual: "<="
    case .greater: ">"
    case .greaterOrEqual: ">="
    case .isIn: "in"
    case .contains: "contains"
    case .range: ":"
    case .add: "+"
    case .subtract: "-"
    case .multiply: "*"
    case .divide: "/"
    case .remainder: "mod"
    case .power: "^"
    }
  }
}
