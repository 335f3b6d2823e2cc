import Expressions

/// What expressions do with names: which constants they compare each one with, and whether they do
/// anything else with it.
struct NameUses {
  /// Every name that is used.
  private(set) var names: Set<String> = []
  /// How many steps it takes to evaluate all of them once.
  private(set) var steps = 0
  private var numbers: [String: Set<Double>] = [:]
  private var texts: [String: Set<String>] = [:]
  /// Names whose whole value counts, not only how it compares with constants.
  private var free: Set<String> = []

  init(_ expressions: [Expression]) {
    for expression in expressions {
      names.formUnion(expression.names)
      add(expression.root)
    }
  }

  private mutating func add(_ node: Node) {
    steps += 1
    switch node.form {
    case .name(let name): free.insert(name)
    case .comparison(_, let left, let right): addPair(left, right)
    case .membership(let subject, let list): for element in list { addPair(subject, element) }
    case .call(let function, let arguments) where [.answered, .missing, .count].contains(function):
      // Of a bare name it counts only whether there is an answer.
      for argument in arguments {
        if case .name = argument.form { steps += 1 } else { add(argument) }
      }
    default: for child in node.form.children { add(child) }
    }
  }

  private mutating func addPair(_ left: Node, _ right: Node) {
    for (name, other) in [(left.form, right), (right.form, left)] {
      guard case .name(let name) = name, let constant = other.constant else { continue }
      steps += 3
      switch constant {
      case .number(let number): numbers[name, default: []].insert(number)
      case .text(let text): texts[name, default: []].insert(text)
      case .truth, .missing: continue
      }
      return
    }
    add(left)
    add(right)
  }
}

extension Node {
  /// The value of a constant as it is written.
  fileprivate var constant: Value? {
    switch form {
    case .number(let number): .number(number)
    case .text(let text): .text(text)
    case .truth(let truth): .truth(truth)
    case .negation(let operand): operand.constant?.number.map { .number(-$0) }
    default: nil
    }
  }
}

extension NameUses {
  /// More answers to one question than are ever tried.
  private static let mostAnswers = 1000

  /// Answers to an item of which one stands for every answer; nil if there is no short list of them.
  func answers(to item: Item) -> [Answer]? {
    switch item.kind {
    case .single, .likert, .slider, .number: numbers(of: item)?.map { .number($0) }
    case .multiple(let choices): lists(of: item, choices)
    case .rank(let scale): rankings(of: item, scale)
    case .text, .own, .date, .time: texts(of: item.id, of: item).map { $0.map { .text($0) } }
    case .computed, .instruction: nil
    }
  }

  /// The same for an answer to another instrument, of which only the type is known.
  func answers(of type: ValueType, name: String) -> [Value]? {
    switch type {
    case .number:
      guard !free.contains(name) else { return nil }
      return between(numbers[name] ?? []) { [Self.middle($0, $1)] }.map { .number($0) }
    case .text: return texts(of: name, of: nil)?.map { .text($0) }
    case .truth: return nil
    }
  }

  // MARK: Numbers

  private func numbers(of item: Item) -> [Double]? {
    let cuts = numbers[item.id] ?? []
    switch item.kind {
    case .single(let scale), .likert(let scale):
      return distinct(scale.options.map { Double($0.value) }, by: cuts, of: item.id)
    case .slider(let scale):
      if let positions = scale.decimalPositions(atMost: Self.mostAnswers) {
        return distinct(positions, by: cuts, of: item.id)
      }
      guard !free.contains(item.id) else { return nil }
      let start = scale.range.lowerBound
      return between(cuts.union([start, scale.range.upperBound])) { low, _ in
        let steps = (((low ?? start) - start) / scale.step).rounded(.down)
        return [0.0, 1, 2].map { start + (steps + $0) * scale.step }
      }.filter(scale.contains)
    case .number(let range):
      guard !free.contains(item.id) else { return nil }
      let ends = [range.least, range.most].compactMap(\.self)
      return between(cuts.union(ends)) { low, high in
        guard range.isWhole else { return [Self.middle(low, high)] }
        return [low.map { $0.rounded(.down) + 1 } ?? high.map { $0.rounded(.up) - 1 } ?? 0]
      }.filter(range.contains)
    default: return nil
    }
  }

  /// One number for each way of lying among the cuts; all if more than that counts.
  private func distinct(_ all: [Double], by cuts: Set<Double>, of name: String) -> [Double] {
    guard !free.contains(name) else { return all }
    let cuts = cuts.sorted()
    var seen: Set<[Bool]> = []
    return all.filter { number in
      seen.insert(cuts.map { number < $0 } + cuts.map { number == $0 }).inserted
    }
  }

  /// The cuts, and what an inner function gives between neighbours and beyond the outermost ones.
  private func between(
    _ cuts: Set<Double>, _ inner: (_ low: Double?, _ high: Double?) -> [Double]
  ) -> [Double] {
    let cuts = cuts.sorted()
    var numbers = cuts
    for (low, high) in zip([nil] + cuts.map(Optional.some), cuts.map(Optional.some) + [nil]) {
      numbers += inner(low, high).filter { $0 > low ?? -.infinity && $0 < high ?? .infinity }
    }
    return numbers
  }

  /// A number between two others, or beyond one.
  private static func middle(_ low: Double?, _ high: Double?) -> Double {
    guard let low else { return high.map { $0 - 1 } ?? 0 }
    return high.map { low + ($0 - low) / 2 } ?? low + 1
  }

  // MARK: Lists

  /// Each set of the options that are named, with each number of others where the number counts.
  private func lists(of item: Item, _ choices: ChoiceSet) -> [Answer]? {
    let all = choices.options.map(\.value)
    let usesWhole = free.contains(item.id) || texts[item.id] != nil
    let named = all.filter { usesWhole || names.contains("\(item.id).has_\($0)") }
    let others = all.filter { !named.contains($0) && $0 != choices.exclusive }
    let counted = names.contains("\(item.id).chosen") ? others.count : min(others.count, 1)
    guard named.count <= 9, (1 << named.count) * (counted + 1) <= Self.mostAnswers else {
      return nil
    }
    var lists = (0..<(1 << named.count)).flatMap { set in
      let some = named.enumerated().filter { set >> $0.offset & 1 == 1 }.map(\.element)
      return (0...counted).map { (some + others.prefix($0)).sorted() }
    }
    if let exclusive = choices.exclusive { lists.append([exclusive]) }
    return lists.filter(choices.contains).map { .list($0) }
  }

  private func rankings(of item: Item, _ scale: ResponseScale) -> [Answer]? {
    // Of seven there are 5040.
    guard scale.options.count <= 6 else { return nil }
    var rankings: [[Int]] = [[]]
    for option in scale.options.map(\.value) {
      rankings = rankings.flatMap { ranking in
        (0...ranking.count).map { place in
          Array(ranking[..<place]) + [option] + ranking[place...]
        }
      }
    }
    return rankings.map { .list($0) }
  }

  // MARK: Texts

  /// The texts that a name is compared with, and another one.
  private func texts(of name: String, of item: Item?) -> [String]? {
    guard !free.contains(name) else { return nil }
    let compared = texts[name] ?? []
    let days = (0...compared.count).lazy.map { "2000-01-\($0 % 28 < 9 ? "0" : "")\($0 % 28 + 1)" }
    let times = (0...compared.count).lazy.map { "00:\($0 % 60 < 10 ? "0" : "")\($0 % 60)" }
    let words = (0...compared.count).lazy.map { String($0) }
    let other: String?
    switch item?.kind {
    case .date: other = days.first { !compared.contains($0) }
    case .time: other = times.first { !compared.contains($0) }
    default: other = words.first { !compared.contains($0) && item?.accepts(.text($0)) ?? true }
    }
    guard let other else { return nil }
    return compared.sorted().filter { item?.accepts(.text($0)) ?? true } + [other]
  }
}

extension SliderScale {
  /// Its positions as they are typed; nil if they are too many, or not decimal numbers.
  fileprivate func decimalPositions(atMost most: Int) -> [Double]? {
    let count = ((range.upperBound - range.lowerBound) / step).rounded()
    let size = 1e6
    let isDecimal = [range.lowerBound, step].allSatisfy {
      abs($0 * size - ($0 * size).rounded()) < 1e-6 && abs($0) < 1e9
    }
    guard count < Double(most), isDecimal else { return nil }
    let start = (range.lowerBound * size).rounded()
    let length = (step * size).rounded()
    // The quotient of two whole numbers is the number that its decimal digits are read as.
    return (0...Int(count)).map { (start + Double($0) * length) / size }
  }
}
