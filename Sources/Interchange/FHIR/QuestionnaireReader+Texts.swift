extension QuestionnaireReader {
  /// A text with its translations, which stand in the extension of the field beside it.
  ///
  /// - Parameter item: whose it is, for the list of what is left out.
  mutating func text(_ value: JSONValue, _ field: String, of item: String) -> LocalText {
    var text = LocalText(words(value, field, of: item))
    for found in value["_\(field)"]?["extension"]?.list ?? [] {
      let name = Self.name(of: found)
      guard name == "translation" else {
        if name != Self.calculated {
          form.leaveOut("extension \(name)", of: item, because: "texts here are plain")
        }
        continue
      }
      let parts = found["extension"]?.list ?? []
      let language = parts.first { $0["url"]?.text == "lang" }?[any: "valueCode", "valueString"]
      guard let content = parts.first(where: { $0["url"]?.text == "content" }) else { continue }
      guard let tag = language?.text.flatMap(LanguageTag.of) else {
        form.leaveOut(
          "translation \(language?.text?.prefix(40) ?? "")", of: item,
          because: "its language is no tag such as 'nl'")
        continue
      }
      let kind = content["valueMarkdown"] == nil ? "valueString" : "valueMarkdown"
      text.others[tag] = words(content, kind, of: item)
      languages.insert(tag)
    }
    return text
  }

  private static let calculated = "cqf-expression"

  /// The words of one language, with marks where earlier answers stand.
  private mutating func words(_ value: JSONValue, _ field: String, of item: String) -> String {
    let marks = PipingStyle.marks
    let plain = (value[field]?.text ?? "").filter { $0 != marks.opening && $0 != marks.closing }
    let calculated = (value["_\(field)"]?["extension"]?.list ?? [])
      .first { Self.name(of: $0) == Self.calculated }
    guard let calculated else { return plain }
    let expression = calculated["valueExpression"]?["expression"]?.text ?? ""
    if let piped = PipedExpression.read(expression) { return piped }
    form.leaveOut(
      "calculated text", of: item,
      because: "FHIRPath has no counterpart here: \(expression.prefix(120))")
    return plain
  }

  /// The end of an extension's address.
  static func name(of found: JSONValue) -> String {
    let url = found["url"]?.text ?? ""
    return String((url.split(separator: "/").last ?? "without an address").prefix(80))
  }
}
