import Definitions
import Expressions

/// Recoding names every option of its item, and does not stand beside reversal.
enum RecodeRule: InstrumentRule {
  static func check(_ draft: InstrumentDraft, problems: inout Problems) {
    for item in draft.items {
      guard let recode = item.recode, let read = item.item else { continue }
      if item.reverse?.value == true {
        problems.report(
          at: recode.place, found: "recode beside reverse", expected: "either of the two")
      }
      guard read.valueType == .number, let options = read.options else {
        problems.report(
          at: recode.place, found: "recode of an item without options",
          expected: "an item of the type single or likert")
        continue
      }
      let known = options.map(\.value)
      for value in recode.value.keys.sorted() where !known.contains(value) {
        problems.report(
          at: recode.place, found: "recode of \(value), which is no option",
          expected: "the numbers \(known.map(String.init).joined(separator: ", "))")
      }
    }
  }
}

/// A computed item uses items before it, so that there are no circles, and gives a number.
enum ComputedRule: InstrumentRule {
  static func check(_ draft: InstrumentDraft, problems: inout Problems) {
    guard draft.itemsAreKnown else { return }
    let types = draft.itemTypes
    var earlier = EarlierItems(of: draft)
    for item in draft.items {
      earlier.enter()
      defer { earlier.leave(item) }
      if let computed = item.computed {
        for name in computed.expression.names.sorted()
        where types[name] != nil && !earlier.names.contains(name) {
          problems.report(
            at: computed.node.place,
            found: "an item computed from \(quoted(name)), which is not asked before",
            expected: "earlier items")
        }
        computed.check(names: types, expecting: .number, problems: &problems)
      }
    }
  }
}

/// Texts show answers to earlier items only.
enum PipingRule: InstrumentRule {
  static func check(_ draft: InstrumentDraft, problems: inout Problems) {
    guard draft.itemsAreKnown else { return }
    let all = Set(draft.items.filter { $0.kind != .instruction }.map(\.id.value))
    let types = draft.itemTypes
    var earlier = EarlierItems(of: draft)
    for item in draft.items {
      earlier.enter()
      defer { earlier.leave(item) }
      for text in [item.text, item.stem].compactMap(\.self) {
        for name in Piping.names(in: text.value)
        where !earlier.names.contains(name) || types[name] == .truth {
          problems.report(
            at: text.place,
            found: all.contains(name)
              ? "{{\(name)}}, which is not asked before"
              : "{{…}} with the unknown name \(quoted(name))",
            expected: "the id of an earlier item between the braces",
            suggestion: nearestName(to: name, among: earlier.names.sorted()))
        }
      }
    }
  }
}
