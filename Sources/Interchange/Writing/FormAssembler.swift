/// Makes of a form what our file can say, and lists what it cannot.
struct FormAssembler {
  private let draft: FormDraft
  private(set) var notCarried: [NotCarried]
  /// What is listed already: texts of many options lose the same once.
  private var listed: Set<NotCarried>
  private var form: AssembledForm
  /// Our ids and what they stand for, by foreign name.
  private var ids: [String: String] = [:]
  private var symbols: [String: ForeignSymbol] = [:]
  private var known: Set<String> = []
  /// Our ids of the items that stand in the form so far.
  private var placed: Set<String> = []
  /// The trees of conditions and calculations that could be read, by source.
  private var trees: [ForeignSource: Result<ForeignNode, Untranslatable>] = [:]
  private var translations: [ForeignSource: Result<String, Untranslatable>] = [:]

  /// Assembles a form.
  ///
  /// - Parameters:
  ///   - id: the id of the instrument.
  ///   - origin: what the file says of where it comes from.
  static func assemble(
    _ draft: FormDraft, id: String, origin: String
  ) -> (form: AssembledForm, notCarried: [NotCarried]) {
    var assembler = FormAssembler(draft, id: id, origin: origin)
    assembler.assemble()
    return (assembler.form, assembler.notCarried)
  }

  private init(_ draft: FormDraft, id: String, origin: String) {
    self.draft = draft
    notCarried = draft.notCarried
    listed = Set(draft.notCarried)
    form = AssembledForm(
      id: id, name: draft.name, title: draft.title, instructions: draft.instructions,
      language: draft.language, otherLanguages: draft.otherLanguages, origin: origin, items: [],
      scores: [])
  }

  private mutating func leaveOut(_ what: String, of item: String, because why: String) {
    let loss = NotCarried(item: item, what: what, why: why)
    if listed.insert(loss).inserted { notCarried.append(loss) }
  }

  private mutating func assemble() {
    form.title = plain(form.title, of: draft.name)
    if form.title.isBlank { form.title = LocalText(draft.name) }
    form.instructions = form.instructions.map { plain($0, of: draft.name) }
    if form.instructions?.isBlank == true { form.instructions = nil }
    let items = namedItems()
    known = Set(symbols.keys)
    let computed = computedNames(items)
    for (item, id) in items {
      if case .calculation(let source) = item.kind {
        if computed.contains(item.name) {
          addComputed(item, id, source)
        } else {
          addScore(item, id, source)
        }
      } else {
        addItem(item, id)
      }
    }
    pipe()
    shareScales()
  }

  // MARK: Names and options

  /// The items that can stand in our file, with their ids; options numbered.
  private mutating func namedItems() -> [(ItemDraft, String)] {
    var names = NameTable()
    var items: [(ItemDraft, String)] = []
    for var item in draft.items {
      if let options = item.kind.options {
        guard !options.isEmpty else {
          leaveOut("item", of: item.name, because: "it has no options to choose from")
          continue
        }
        let (numbered, notes) = OptionNumbers.assign(
          options.map { option in
            var option = option
            option.label = plain(option.label, of: item.name)
            return option
          })
        for note in notes { leaveOut(note.what, of: item.name, because: note.why) }
        item.kind = item.kind.with(numbered)
        if numbered.count > options.count, case .multiple = item.kind {
          item.kind = .single(numbered)
        }
      }
      let id = names.name(for: item.name)
      if id != item.name {
        leaveOut(
          "name", of: item.name, because: "names here are letters, digits and _: it is \(id)")
      }
      guard ids[item.name] == nil else {
        leaveOut("name", of: item.name, because: "the name stands twice; this one is \(id)")
        items.append((item, id))
        continue
      }
      ids[item.name] = id
      symbols[item.name] = symbol(for: item.kind, id: id)
      items.append((item, id))
    }
    return items
  }

  private func symbol(for kind: ItemDraft.Kind, id: String) -> ForeignSymbol? {
    func codes(_ options: [OptionDraft]) -> [String: Int] {
      Dictionary(options.map { ($0.code, $0.value) }, uniquingKeysWith: { first, _ in first })
    }
    switch kind {
    case .single(let options), .likert(let options):
      return ForeignSymbol(id: id, kind: .choice(codes(options)))
    case .multiple(let options): return ForeignSymbol(id: id, kind: .choices(codes(options)))
    case .slider, .number, .calculation: return ForeignSymbol(id: id, kind: .number)
    case .text: return ForeignSymbol(id: id, kind: .text)
    case .date, .time, .rank: return ForeignSymbol(id: id, kind: .other)
    case .instruction: return nil
    }
  }

  // MARK: Expressions

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

  /// The calculations that conditions, texts and other calculations before scoring need.
  private mutating func computedNames(_ items: [(ItemDraft, String)]) -> Set<String> {
    var sources: [String: ForeignSource] = [:]
    var needed: Set<String> = []
    let style = draft.piping
    for (item, _) in items {
      if case .calculation(let source) = item.kind { sources[item.name] = source }
    }
    guard !sources.isEmpty else { return [] }
    let piped = PipedText(
      style: style, earlier: Dictionary(uniqueKeysWithValues: sources.keys.map { ($0, $0) }),
      known: [])
    for (item, _) in items {
      if let condition = item.condition { needed.formUnion(names(in: condition)) }
      if style != .none { needed.formUnion(PipedNames.of(piped.translate(item.text.base).text)) }
    }
    needed.formIntersection(sources.keys)
    var waiting = Array(needed)
    while let name = waiting.popLast() {
      guard let source = sources[name] else { continue }
      for other in names(in: source) where sources[other] != nil {
        if needed.insert(other).inserted { waiting.append(other) }
      }
    }
    return needed
  }

  private mutating func names(in source: ForeignSource) -> Set<String> {
    if case .all(let sources) = source {
      var all: Set<String> = []
      for source in sources { all.formUnion(names(in: source)) }
      return all
    }
    guard case .success(let node) = tree(source) else { return [] }
    return node.names
  }

  /// The condition in our language, of those parts that can be translated; the others are listed.
  private mutating func condition(_ source: ForeignSource, of item: String) -> String? {
    var conditions: [String] = []
    for part in parts(of: source) {
      switch translation(part) {
      case .success("false"): return "false"
      case .success(let condition):
        // A group's condition may hang on what is asked later; its questions' own still hold.
        if let later = names(in: part).filter({ isAskedLater($0) }).min() {
          leaveOut(
            "branching", of: item, because: "it hangs on \(later), which is not asked before")
          continue
        }
        if condition != "true", !conditions.contains(condition) { conditions.append(condition) }
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

  private func parts(of source: ForeignSource) -> [ForeignSource] {
    if case .all(let sources) = source { return sources.flatMap(parts) }
    return [source]
  }

  private mutating func translation(_ source: ForeignSource) -> Result<String, Untranslatable> {
    if let known = translations[source] { return known }
    let result: Result<String, Untranslatable>
    switch tree(source) {
    case .failure(let problem): result = .failure(problem)
    case .success(let node):
      var translator = ForeignTranslator(dialect: dialect(of: source), symbols: symbols)
      do throws(Untranslatable) {
        result = .success(try translator.condition(node))
      } catch {
        result = .failure(error)
      }
    }
    translations[source] = result
    return result
  }

  /// A foreign expression for a message.
  private func shown(_ source: ForeignSource) -> String {
    guard case .written(let text, _) = source else { return "a condition" }
    let line = text.split { $0.isWhitespace }.joined(separator: " ")
    return line.count > 120 ? line.prefix(120) + "…" : line
  }

  // MARK: Items

  private mutating func addItem(_ item: ItemDraft, _ id: String) {
    var text = plain(item.text, of: item.name)
    if text.isBlank {
      if item.kind == .instruction { return }
      text = LocalText(item.name)
      leaveOut("text", of: item.name, because: "it has none; its name stands for it")
    }
    let stem = item.stem.map { plain($0, of: item.name) }
    let showIf = item.condition.flatMap { condition($0, of: item.name) }
    guard showIf != "false" else {
      leaveOut(
        "item", of: item.name, because: "it is never shown: no answers make its condition true")
      return
    }
    placed.insert(id)
    form.items.append(
      AssembledForm.Item(
        id: id, name: item.name, text: text, stem: stem?.isBlank == true ? nil : stem,
        kind: tidy(item.kind, of: item.name), condition: showIf,
        required: item.kind == .instruction ? .soft : item.required,
        recode: recode(item)))
  }

  /// The numbers that scores use, where they differ from the options' own.
  private mutating func recode(_ item: ItemDraft) -> [Int: Double]? {
    let options: [OptionDraft]
    switch item.kind {
    case .single(let all), .likert(let all): options = all
    default: return nil
    }
    let keyed = options.filter { item.keys[$0.code] != nil }
    if !keyed.isEmpty {
      let keys = Dictionary(
        keyed.map { ($0.value, item.keys[$0.code] ?? 0) }, uniquingKeysWith: { first, _ in first })
      return keys.allSatisfy({ Double($0.key) == $0.value }) && keys.count == options.count
        ? nil : keys
    }
    guard let recode = OptionNumbers.recode(options) else { return nil }
    let left = options.filter { recode[$0.value] == nil }.map { String($0.value) }
    leaveOut(
      "missing codes", of: item.name,
      because: "\(left.joined(separator: ", ")) can be chosen and counts as no answer in scores")
    return recode
  }

  /// Ranges that our scales can have.
  private mutating func tidy(_ kind: ItemDraft.Kind, of name: String) -> ItemDraft.Kind {
    switch kind {
    case .number(let least, let most, let isWhole, let unit):
      var bounds = (least: least, most: most)
      let allowed = -1e12...1e12
      if let least, !allowed.contains(least) { bounds.least = nil }
      if let most, !allowed.contains(most) { bounds.most = nil }
      if let least = bounds.least, let most = bounds.most, least >= most {
        leaveOut("range", of: name, because: "its ends are equal or in the wrong order")
        bounds = (nil, nil)
      }
      let unit = unit.map { plain($0, of: name) }
      return .number(
        least: bounds.least, most: bounds.most, isWhole: isWhole,
        unit: unit?.isBlank == true ? nil : unit)
    case .slider(let least, let most, let step, let labels):
      guard least < most, abs(least) < 1e9, abs(most) < 1e9 else {
        leaveOut(
          "range", of: name, because: "its ends are equal or in the wrong order: it is 0 to 100")
        return .slider(least: 0, most: 100, step: 1, labels: [])
      }
      let steps = (most - least) / step
      let isEven = step > 0 && steps >= 1 && abs(steps - steps.rounded()) < 1e-6 && steps < 1e6
      if !isEven { leaveOut("step", of: name, because: "it does not divide the range") }
      var seen: Set<Int> = []
      let kept = labels.filter {
        (least...most).contains(Double($0.value)) && !$0.label.isBlank
          && seen.insert($0.value).inserted
      }
      return .slider(
        least: least, most: most,
        step: isEven ? step : most - least >= 1 ? wholeStep(least, most) : most - least,
        labels: kept.map { label in
          var label = label
          label.label = plain(label.label, of: name)
          return label
        }.filter { !$0.label.isBlank })
    case .text(let longest): return .text(longest: longest.map { min(max($0, 1), 100_000) })
    default: return kind
    }
  }

  private func wholeStep(_ least: Double, _ most: Double) -> Double {
    (most - least).rounded() == most - least ? 1 : most - least
  }

  private mutating func addComputed(_ item: ItemDraft, _ id: String, _ source: ForeignSource) {
    var text = plain(item.text, of: item.name)
    if text.isBlank { text = LocalText(item.name) }
    guard let formula = expression(of: item, source)?.1 else { return }
    let showIf = item.condition.flatMap { condition($0, of: item.name) }
    placed.insert(id)
    form.items.append(
      AssembledForm.Item(
        id: id, name: item.name, text: text, kind: item.kind, condition: showIf, formula: formula,
        required: .soft))
  }

  private mutating func addScore(_ item: ItemDraft, _ id: String, _ source: ForeignSource) {
    guard let formula = expression(of: item, source)?.0 else { return }
    if item.condition != nil {
      leaveOut(
        "branching", of: item.name, because: "scores here are not shown, and have no condition")
    }
    form.scores.append(
      ScoreDraft(
        id: id, name: item.name, label: plain(item.text, of: item.name).base, formula: formula))
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

  // MARK: Texts

  /// Each wording without formatting; lists once what that loses.
  private mutating func plain(_ text: LocalText, of item: String) -> LocalText {
    let results = [text.base] + text.others.values
    let read = results.map(PlainText.of)
    if read.contains(where: \.hadMedia) {
      leaveOut("media", of: item, because: "texts here have no pictures or sounds")
    }
    if read.contains(where: \.hadFormatting) {
      leaveOut("formatting", of: item, because: "texts here are plain")
    }
    return text.map { PlainText.of($0).text }
  }

  /// Puts earlier answers into texts in our way; a translation that shows others than the base is left.
  private mutating func pipe() {
    var earlier: [String: String] = [:]
    let known = Set(ids.keys)
    for index in form.items.indices {
      let piped = PipedText(style: draft.piping, earlier: earlier, known: known)
      form.items[index].text = pipe(form.items[index].text, piped, of: form.items[index].name)
      if let stem = form.items[index].stem {
        form.items[index].stem = pipe(stem, piped, of: form.items[index].name)
      }
      let item = form.items[index]
      if item.kind != .instruction, ids[item.name] == item.id { earlier[item.name] = item.id }
    }
    let none = PipedText(style: draft.piping, earlier: [:], known: known)
    form.title = pipe(form.title, none, of: draft.name)
    form.instructions = form.instructions.map { pipe($0, none, of: draft.name) }
  }

  private mutating func pipe(_ text: LocalText, _ piped: PipedText, of item: String) -> LocalText {
    let base = piped.translate(text.base)
    for name in Set(base.left).sorted() {
      leaveOut(
        "earlier answer in a text", of: item, because: "\(name) is not asked before, or not here")
    }
    return LocalText(base.text, text.others.mapValues { piped.translate($0).text })
  }

  /// Gives a name to each response scale that several items have.
  private mutating func shareScales() {
    var counts: [ItemDraft.Kind: Int] = [:]
    for item in form.items { counts[item.kind, default: 0] += 1 }
    var names: [ItemDraft.Kind: String] = [:]
    var taken = Set(form.items.map { $0.id.lowercased() })
    let lists = Dictionary(
      draft.items.compactMap { item in item.listName.map { (item.name, $0) } },
      uniquingKeysWith: { first, _ in first })
    for index in form.items.indices {
      let kind = form.items[index].kind
      switch kind {
      case .single, .likert, .multiple, .rank, .slider: break
      default: continue
      }
      guard counts[kind, default: 0] > 1 else { continue }
      if names[kind] == nil, names.count < 400 {
        var table = NameTable()
        let wanted = lists[form.items[index].name].map { table.name(for: $0) } ?? "scale"
        var name = wanted == "scale" ? "scale_1" : wanted
        var number = 1
        while !taken.insert(name.lowercased()).inserted {
          number += 1
          name = "\(wanted.prefix(50))_\(number)"
        }
        names[kind] = name
      }
      form.items[index].scale = names[kind]
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
}
