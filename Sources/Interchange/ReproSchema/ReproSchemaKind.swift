/// The kinds of items by ReproSchema's input types.
enum ReproSchemaKind {
  /// The kind of an item; nil after listing why it has none here.
  static func of(
    inputType written: String, responses: JSONValue, options: [OptionDraft], name: String,
    _ form: inout FormDraft
  ) -> ItemDraft.Kind? {
    let type = written.lowercased()
    let least = responses[any: "minValue", "schema:minValue"].flatMap(number)
    let most = responses[any: "maxValue", "schema:maxValue"].flatMap(number)
    func chosen() -> ItemDraft.Kind {
      responses["multipleChoice"]?.truth == true ? .multiple(options) : .single(options)
    }
    func numbers(isWhole: Bool) -> ItemDraft.Kind {
      let unit = responses["unitOptions"]?.list.first?["prefLabel"]
      return .number(
        least: least, most: most, isWhole: isWhole,
        unit: unit.map { LanguageMaps(base: form.language).text($0) })
    }
    switch type {
    case "radio", "select", "checkbox", "dropdown":
      guard options.isEmpty else { return chosen() }
      // Some activities say the ends only.
      guard let least, let most, least == least.rounded(), most == most.rounded(), least < most,
        most - least <= 100
      else {
        form.leaveOut("item", of: name, because: "it has no options to choose from")
        return nil
      }
      return .likert(
        (Int(least)...Int(most)).map { OptionDraft(code: "\($0)", label: LocalText("")) })
    case "slider": return slider(least, most, options)
    case "number", "integer", "int", "xsd:int", "xsd:integer":
      let types = responses["valueType"]?.list.compactMap(\.text) ?? []
      let isWhole =
        type != "number" || types.contains { $0.hasSuffix("integer") || $0.hasSuffix("int") }
      return numbers(isWhole: isWhole)
    case "float", "decimal", "xsd:decimal", "xsd:float": return numbers(isWhole: false)
    case "year": return .number(least: least ?? 1900, most: most ?? 2100, isWhole: true, unit: nil)
    case "text", "multitext", "textarea":
      let longest = responses["maxLength"]?.number
      return .text(longest: longest.flatMap { Int(exactly: $0) })
    case "email", "pid", "participantid", "selectlanguage", "selectcountry", "selectstate":
      form.leaveOut(
        "input type \(written.prefix(40))", of: name, because: "it is typed as a text here")
      return options.isEmpty ? .text(longest: nil) : chosen()
    case "date": return .date
    case "time": return .time
    case "static", "static_readonly": return .instruction
    case _
    where type.hasPrefix("audio") || type.hasPrefix("video") || type.hasPrefix("document")
      || ["sign", "save", "buttonstart", "timerange", "imageupload", "drawing", "geolocation"]
        .contains(type):
      form.leaveOut("item", of: name, because: "'\(written.prefix(40))' has no kind of item here")
      return nil
    default:
      form.leaveOut(
        "input type", of: name,
        because: "'\(written.prefix(40))' is unknown: what its answers are decides")
      if !options.isEmpty { return chosen() }
      let types = responses["valueType"]?.list.compactMap(\.text) ?? []
      return types.contains { $0.hasSuffix("integer") || $0.hasSuffix("decimal") }
        ? numbers(isWhole: types.contains { $0.hasSuffix("integer") }) : .text(longest: nil)
    }
  }

  private static func number(_ value: JSONValue) -> Double? {
    value.number ?? value.text.flatMap { Double($0) }
  }

  /// From the smallest to the largest place; what has no numbers is 0 to 100.
  private static func slider(
    _ least: Double?, _ most: Double?, _ options: [OptionDraft]
  ) -> ItemDraft.Kind {
    let places = options.compactMap { option -> OptionDraft? in
      guard let value = OptionNumbers.wholeNumber(option.code) else { return nil }
      var label = option
      label.value = value
      return label
    }
    let values = places.map { Double($0.value) }
    return .slider(
      least: least ?? values.min() ?? 0, most: most ?? values.max() ?? 100, step: 1,
      labels: places.filter { !$0.label.isBlank })
  }
}
