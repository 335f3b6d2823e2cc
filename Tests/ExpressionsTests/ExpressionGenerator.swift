@testable import Expressions

/// Random syntax trees from a seed (SplitMix64), any shape the printer can meet.
struct ExpressionGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func below(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((z ^ (z >> 31)) % UInt64(bound))
  }

  mutating func tree(depth: Int) -> Node {
    Node(depth == 0 ? leaf() : form(depth: depth - 1), column: 1)
  }

  private mutating func form(depth: Int) -> Form {
    switch below(11) {
    case 0: return .negation(tree(depth: depth))
    case 1: return .not(tree(depth: depth))
    case 2, 3:
      let sign: [Arithmetic] = [.add, .subtract, .multiply, .divide]
      return .arithmetic(sign[below(4)], tree(depth: depth), tree(depth: depth))
    case 4:
      let sign: [Comparison] = [.equal, .unequal, .less, .lessOrEqual, .greater, .greaterOrEqual]
      return .comparison(sign[below(6)], tree(depth: depth), tree(depth: depth))
    case 5, 6:
      return .logic(below(2) == 0 ? .and : .or, tree(depth: depth), tree(depth: depth))
    case 7: return .membership(tree(depth: depth), list(depth: depth))
    case 8:
      return .choice(
        condition: tree(depth: depth), then: tree(depth: depth), otherwise: tree(depth: depth))
    case 9:
      let functions = ExpressionFunction.allCases
      return .call(functions[below(functions.count)], list(depth: depth))
    default: return leaf()
    }
  }

  private mutating func list(depth: Int) -> [Node] {
    (0...below(3)).map { _ in tree(depth: depth) }
  }

  private mutating func leaf() -> Form {
    let names = ["a", "n01", "needs-6.satisfaction", "b_2", "x.y.z", "mean", "count"]
    let texts = ["", "plain", "it's", "say \"so\"", "back\\slash", "line\nbreak\t", "naïve 日本 🌱"]
    let numbers = [0, 1, 4.25, 0.1, 1e-7, 1e15, 123_456_789_012_345, 1.7e308, 2.5e-308, 2.0 / 3]
    switch below(5) {
    case 0: return .number(numbers[below(numbers.count)])
    case 1: return .text(texts[below(texts.count)])
    case 2: return .truth(below(2) == 0)
    default: return .name(names[below(names.count)])
    }
  }
}
