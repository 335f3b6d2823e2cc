/// Makes of a form what our file can say, and lists what it cannot.
struct FormAssembler {
  let draft: FormDraft
  var notCarried: [NotCarried]
  /// What is listed already: texts of many options lose the same once.
  private var listed: Set<NotCarried>
  var form: AssembledForm
  /// Our ids and what they stand for, by foreign name.
  var ids: [String: String] = [:]
  var symbols: [String: ForeignSymbol] = [:]
  var known: Set<String> = []
  /// Our ids of the items that stand in the form so far.
  var placed: Set<String> = []
  /// The trees of conditions and calculations that could be read, by source.
  var trees: [ForeignSource: Result<ForeignNode, Untranslatable>] = [:]
  var translations: [ForeignSource: Result<TranslatedCondition, Untranslatable>] = [:]

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
      id: id, name: draft.name, version: draft.version ?? "1.0.0", title: draft.title,
      instructions: draft.instructions, language: draft.language,
      otherLanguages: draft.otherLanguages, origin: origin, items: [], scores: [])
  }

  mutating func leaveOut(_ what: String, of item: String, because why: String) {
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
    let needed = neededCalculations(items)
    for (place, item) in ordered(items, calculations: needed).enumerated() {
      guard case .calculation(let source) = item.draft.kind else {
        addItem(item.draft, item.id)
        continue
      }
      add(item.draft, item.id, source, isNeeded: needed.contains(item.draft.name), place: place)
    }
    pipe()
    shareScales()
    form.settleCalculations(notes: &notCarried)
  }

}

/// An item with its name in our file.
struct NamedItem: Sendable {
  var draft: ItemDraft
  let id: String
}

// MARK: - Names, options, scales

extension FormAssembler {
  /// The items that can stand in our file, with their ids; options numbered.
  mutating func namedItems() -> [NamedItem] {
    var names = NameTable()
    var items: [NamedItem] = []
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
        items.append(NamedItem(draft: item, id: id))
        continue
      }
      ids[item.name] = id
      symbols[item.name] = symbol(for: item.kind, id: id)
      items.append(NamedItem(draft: item, id: id))
    }
    return items
  }

  func symbol(for kind: ItemDraft.Kind, id: String) -> ForeignSymbol? {
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

  /// Gives a name to each response scale that several items have.
  mutating func shareScales() {
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
