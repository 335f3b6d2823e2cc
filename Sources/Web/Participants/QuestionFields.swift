import Collection
import Instruments

/// Items as the template `question` reads them.
struct QuestionFields {
  let item: Item
  let texts: Texts
  /// What is in the field: what was typed, or the answer so far.
  let value: String

  /// The items of a page, with the stem of a grid before its first item.
  static func all(
    of page: SessionPage, session: SessionInProgress, texts: Texts, outcome: PageOutcome?,
    typed: [String: String]
  ) -> [[String: Any]] {
    let answers = session.answers[page.instrument.id] ?? [:]
    let carried = session.carried[page.instrument.id] ?? [:]
    return all(
      page.items, of: page.instrument, answers: answers, carried: carried, texts: texts,
      typed: typed
    ) { item in
      guard let outcome else { return nil }
      if outcome.refused.contains(item.id) { return texts.expected(item) }
      guard outcome.blank.contains(item.id) else { return nil }
      return texts(outcome.needed.contains(item.id) ? "question_needed" : "question_blank")
    }
  }

  /// Items of an instrument, in order.
  static func all(
    _ items: [Item], of instrument: Instrument, answers: [String: Answer],
    carried: [String: Answer] = [:], texts: Texts, typed: [String: String],
    problem: (Item) -> String?
  ) -> [[String: Any]] {
    var stem: String?
    return items.map { item in
      let question = QuestionFields(
        item: item, texts: texts,
        value: typed[item.id] ?? answers[item.id].map(AnswerText.of) ?? "")
      var fields = question.fields(
        prompt: instrument.text(of: item, answers: answers, carried: carried),
        problem: problem(item))
      let above = instrument.stem(of: item, answers: answers, carried: carried)
      if above != stem, let above { fields["stem"] = above }
      stem = above
      return fields
    }
  }

  private func fields(prompt: String, problem: String?) -> [String: Any] {
    var fields: [String: Any] = [
      "item": item.id, "prompt": prompt, "isNeeded": item.isNeeded, "isGroup": false,
      "isField": false, "isNotice": false, "isLong": false, "shape": "",
    ]
    fields["problem"] = problem
    switch item.kind {
    case .instruction, .computed:
      fields["isNotice"] = true
      return fields
    case .single(let scale): group(&fields, radios: scale.options, isScale: false)
    case .likert(let scale): group(&fields, radios: scale.options, isScale: true)
    case .multiple(let choices): boxes(&fields, choices)
    case .rank(let scale): ranks(&fields, scale.options)
    case .slider, .number, .text, .own, .date, .time: field(&fields)
    }
    return fields
  }
}
