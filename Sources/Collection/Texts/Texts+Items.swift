internal import Definitions
package import Instruments

extension Texts {
  /// What an item takes, as a sentence.
  package func expected(_ item: Item) -> String {
    switch item.kind {
    case .single, .likert: self("expected_choice")
    case .multiple: self("expected_list")
    case .rank: self("expected_rank")
    case .date: self("expected_date")
    case .time: self("expected_time")
    case .text(let limit), .own(let limit): self("expected_text", ["most": "\(limit.longest)"])
    case .slider(let scale): between("expected_number_range", scale.range)
    case .number(let range): expected(range)
    case .computed, .instruction: ""
    }
  }

  /// What an item takes where the answer is typed, options by their numbers, as a sentence.
  package func typed(_ item: Item) -> String {
    let numbers = (item.options ?? []).map { "\($0.value)" }.joined(separator: ", ")
    switch item.kind {
    case .single(let scale), .likert(let scale):
      return scale.isContiguous
        ? between("expected_whole_range", scale.range) : self("typed_choice", ["numbers": numbers])
    case .multiple(let choices):
      guard let exclusive = choices.exclusive else {
        return self("typed_list", ["numbers": numbers])
      }
      return self("typed_list_alone", ["numbers": numbers, "alone": "\(exclusive)"])
    case .rank: return self("typed_rank", ["numbers": numbers])
    case .slider(let scale):
      let least = scale.range.lowerBound
      if scale.step == 1, least == least.rounded() {
        return between("expected_whole_range", scale.range)
      }
      return between("typed_steps", scale.range)
        .replacing("{step}", with: numeral(scale.step))
    case .number, .date, .time, .text, .own, .computed, .instruction: return expected(item)
    }
  }

  private func between(_ name: String, _ range: ClosedRange<Double>) -> String {
    self(name, ["least": numeral(range.lowerBound), "most": numeral(range.upperBound)])
  }

  private func expected(_ range: NumberRange) -> String {
    let kind = range.isWhole ? "expected_whole" : "expected_number"
    let values: KeyValuePairs = [
      "least": range.least.map(numeral) ?? "", "most": range.most.map(numeral) ?? "",
    ]
    return switch (range.least, range.most) {
    case (nil, nil): self(kind)
    case (_?, nil): self(kind + "_from", values)
    case (nil, _?): self(kind + "_to", values)
    case (_?, _?): self(kind + "_range", values)
    }
  }
}
