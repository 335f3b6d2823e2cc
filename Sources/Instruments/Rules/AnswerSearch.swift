import Definitions
import Expressions

/// A search for answers that make a condition true.
///
/// The answers that are tried stand for all that could be given: of a number that conditions only compare
/// with constants, each constant and one number between neighbours; of a choice of several, each set of
/// the options that conditions name. An item that its own condition hides has no answer. Where no such list
/// is short enough, the condition is taken to be possible: what is called unreachable is so for certain.
struct AnswerSearch {
  /// The answers of one question to be tried, each as values of its names; being blank is not among them.
  private typealias Choices = [[String: Value]]

  private let draft: InstrumentDraft
  private let earlier: [String: ValueType]
  /// The positions of the items that a name belongs to.
  private let owners: [String: Int]
  private var doubted: Set<String> = []
  private var found: [Expression: Bool] = [:]
  /// How many steps of evaluation are left for all conditions of a file: some twenty conditions on three
  /// items of ten options each. Conditions beyond that are taken to be possible.
  private var budget = 500_000
  /// The most questions that are followed from condition to condition; forms have a few.
  private static let mostQuestions = 40

  init(_ draft: InstrumentDraft) {
    self.draft = draft
    earlier = Dictionary(
      draft.earlier.map { ($0.value.name, $0.value.type) }, uniquingKeysWith: { first, _ in first })
    var owners: [String: Int] = [:]
    for (index, item) in draft.items.enumerated() {
      for name in item.item?.names.keys.map(\.self) ?? [item.id.value] { owners[name] = index }
    }
    self.owners = owners
  }

  /// Takes an item to be shown always, as its condition is wrong and reported.
  mutating func doubt(_ item: ItemDraft) { doubted.insert(item.id.value) }

  /// Whether some answers make a condition true; assumed if there are too many to try.
  mutating func canBeTrue(_ condition: Expression) -> Bool {
    // The rows of a grid share one.
    if let found = found[condition] { return found }
    // Where too many conditions hang on each other, theirs are left out: then more seems possible.
    let canBe =
      answersExist(condition, followingConditions: true)
      ?? answersExist(condition, followingConditions: false) ?? true
    found[condition] = canBe
    return canBe
  }

  /// - Returns: nil if there are too many answers to try.
  private mutating func answersExist(
    _ condition: Expression, followingConditions: Bool
  ) -> Bool? {
    guard let (questions, steps) = questions(for: condition, followingConditions) else {
      return nil
    }
    var needed = steps + questions.count
    for question in questions {
      needed *= question.choices.count + (question.isPerhapsHidden ? 2 : 1)
      if needed > budget { return nil }
    }
    budget -= needed
    return Self.search(questions[...], [:], condition)
  }

  /// One question that a condition hangs on.
  private struct Question {
    var showIf: Expression?
    /// What computes it; nil for one that is answered.
    var computed: (name: String, expression: Expression)?
    var choices: Choices = []
    /// Whether a condition that is not followed may hide it, so that it has no value.
    var isPerhapsHidden = false
  }

  /// Tries the answers of the first question, each with all of the others.
  private static func search(
    _ questions: ArraySlice<Question>, _ values: [String: Value], _ condition: Expression
  ) -> Bool {
    guard let question = questions.first else {
      return condition.isTrue { values[$0] ?? .missing }
    }
    let rest = questions.dropFirst()
    if let showIf = question.showIf, !showIf.isTrue({ values[$0] ?? .missing }) {
      return search(rest, values, condition)
    }
    if let (name, expression) = question.computed {
      if question.isPerhapsHidden, search(rest, values, condition) { return true }
      var values = values
      values[name] = expression.evaluate { values[$0] ?? .missing }
      return search(rest, values, condition)
    }
    return search(rest, values, condition)
      || question.choices.contains { choice in
        search(rest, values.merging(choice) { $1 }, condition)
      }
  }

  /// What a condition hangs on, in the order in which it is asked, and how many steps it takes to evaluate
  /// all conditions once; nil if that cannot be tried out.
  private func questions(
    for condition: Expression, _ followingConditions: Bool
  ) -> (questions: [Question], steps: Int)? {
    var expressions = [condition]
    var positions: Set<Int> = []
    var carried: Set<String> = []
    var waiting = condition.names
    while let name = waiting.popFirst() {
      if earlier[name] != nil { carried.insert(name) }
      guard let position = owners[name], positions.insert(position).inserted else { continue }
      let item = draft.items[position]
      let showIf = followingConditions && !doubted.contains(item.id.value) ? item.showIf : nil
      let next = [showIf, item.computed].compactMap(\.?.expression)
      expressions += next
      for expression in next { waiting.formUnion(expression.names) }
      guard positions.count + carried.count <= Self.mostQuestions else { return nil }
    }
    let uses = NameUses(expressions)
    var questions: [Question] = []
    for name in carried.sorted() {
      guard let type = earlier[name], let answers = uses.answers(of: type, name: name) else {
        return nil
      }
      questions.append(Question(choices: answers.map { [name: $0] }))
    }
    for position in positions.sorted() {
      guard let item = draft.items[position].item else { return nil }
      let isFollowed = followingConditions && !doubted.contains(item.id)
      var question = Question(showIf: isFollowed ? item.showIf : nil)
      if case .computed(let expression) = item.kind {
        question.computed = (item.id, expression)
        question.isPerhapsHidden = item.showIf != nil && !isFollowed
      } else {
        guard let answers = uses.answers(to: item) else { return nil }
        question.choices = answers.map(item.values)
      }
      questions.append(question)
    }
    return (questions, uses.steps)
  }
}
