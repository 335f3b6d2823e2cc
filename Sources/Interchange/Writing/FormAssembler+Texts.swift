extension FormAssembler {
  /// Each wording without formatting; lists once what that loses.
  mutating func plain(_ text: LocalText, of item: String) -> LocalText {
    let results = [text.base] + text.others.values
    let read = results.map(PlainText.of)
    if read.contains(where: \.hadMedia) {
      leaveOut("media", of: item, because: "texts here have no pictures or sounds")
    }
    if read.contains(where: \.hadFormatting) {
      leaveOut("formatting", of: item, because: "texts here are plain")
    }
    if let language = text.borrowed {
      leaveOut(
        "text", of: item,
        because: "there is none in the form's own language: the words in \(language) stand for it")
    }
    return text.map { PlainText.of($0).text }
  }

  /// Puts earlier answers into texts in our way; a translation that shows others than the base is left.
  mutating func pipe() {
    var earlier: [String: String] = [:]
    let known = Set(ids.keys).union(draft.fields)
    let none = PipedText(style: draft.piping, earlier: [:], known: known)
    for index in form.items.indices {
      let piped = PipedText(style: draft.piping, earlier: earlier, known: known)
      let name = form.items[index].name
      form.items[index].text = pipe(form.items[index].text, piped, of: name)
      if let stem = form.items[index].stem {
        form.items[index].stem = pipe(stem, piped, of: name)
      }
      let kind = form.items[index].kind
      form.items[index].kind = kind.mapped { pipe($0, none, of: name) }
      let item = form.items[index]
      if item.kind != .instruction, ids[item.name] == item.id { earlier[item.name] = item.id }
    }
    form.title = pipe(form.title, none, of: draft.name)
    form.instructions = form.instructions.map { pipe($0, none, of: draft.name) }
  }

  private mutating func pipe(_ text: LocalText, _ piped: PipedText, of item: String) -> LocalText {
    let base = piped.translate(text.base)
    for reference in Set(base.left).sorted() {
      leaveOut(
        "earlier answer in a text", of: item,
        because: piped.earlier.isEmpty
          ? "\(reference.prefix(120)) is not asked before it, or the text is no question's"
          : "\(reference.prefix(120)) is not asked before, or not here")
    }
    for reference in Set(base.embedded).sorted() {
      leaveOut(
        "question in a text", of: item,
        because: "\(reference) stands as it is written: questions here stand by themselves")
    }
    if base.hadBraces {
      leaveOut("text", of: item, because: "'{{' means an earlier answer here: it is '{ {'")
    }
    var result = LocalText(base.text, text.others.mapValues { piped.translate($0).text })
    result.borrowed = text.borrowed
    return result
  }
}

extension ItemDraft.Kind {
  /// The kind with each text of it changed.
  func mapped(_ change: (LocalText) -> LocalText) -> ItemDraft.Kind {
    func changed(_ options: [OptionDraft]) -> [OptionDraft] {
      options.map { option in
        var option = option
        option.label = change(option.label)
        return option
      }
    }
    switch self {
    case .single, .likert, .multiple, .rank: return with(changed(options ?? []))
    case .slider(let least, let most, let step, let labels):
      return .slider(least: least, most: most, step: step, labels: changed(labels))
    case .number(let least, let most, let isWhole, let unit):
      return .number(least: least, most: most, isWhole: isWhole, unit: unit.map(change))
    case .text, .date, .time, .instruction, .calculation: return self
    }
  }
}
