package import Expressions

extension Item {
  /// The names that stand for its answer in expressions, with what each is.
  ///
  /// A choice of several, `c`, gives `c.has_3` for each option and `c.chosen`, how many were chosen, the
  /// exclusive one not counted. A ranking, `r`, gives `r.place_3`, 1 being first.
  package var names: [String: ValueType] {
    var names: [String: ValueType] = [id: valueType ?? .number]
    switch kind {
    case .multiple(let choices):
      names["\(id).chosen"] = .number
      for option in choices.options where option.value >= 0 {
        names["\(id).has_\(option.value)"] = .truth
      }
    case .rank(let scale):
      for option in scale.options where option.value >= 0 {
        names["\(id).place_\(option.value)"] = .number
      }
    case .instruction: return [:]
    default: break
    }
    return names
  }

  /// The values of its names for an answer on its response scale.
  func values(of answer: Answer) -> [String: Value] {
    var values: [String: Value] = [:]
    add(answer, to: &values)
    return values
  }

  /// Adds the values of its names for an answer on its response scale.
  func add(_ answer: Answer, to values: inout [String: Value]) {
    switch answer {
    case .number(let number): values[id] = .number(number)
    case .text(let text): values[id] = .text(text)
    }
    switch kind {
    case .multiple(let choices):
      let chosen = answer.list ?? []
      values["\(id).chosen"] = .number(Double(chosen.count { $0 != choices.exclusive }))
      for option in choices.options {
        values["\(id).has_\(option.value)"] = .truth(chosen.contains(option.value))
      }
    case .rank:
      for (place, option) in (answer.list ?? []).enumerated() {
        values["\(id).place_\(option)"] = .number(Double(place + 1))
      }
    default: break
    }
  }
}
