/// Reads spans of calls to models after OpenTelemetry's conventions for generative AI: the way in for
/// studies that run their own assistant. Texts are not recorded by default and are not read here.
///
/// Each call that ends with an answer is a question and its answer; calls that end with the call of a
/// tool are steps on the way. Lines are those of the collector (`resourceSpans`) or single spans.
struct OpenTelemetryReader {
  /// A call: its conversation, and when it began and ended.
  struct Call {
    var key: [UInt8]?
    var start: Double
    var end: Double
    var model: ModelFamily?
  }

  private var names = ModelNames()

  /// Whether attributes are those of a call to a model.
  static func isSpan(_ attributes: JSONValue) -> Bool {
    value("gen_ai.operation.name", of: attributes) != nil
      || value("gen_ai.system", of: attributes) != nil
      || value("gen_ai.provider.name", of: attributes) != nil
  }

  /// The calls of a line.
  mutating func calls(of document: JSONValue) -> [Call] {
    guard let resources = document["resourceSpans"] else {
      return call(document).map { [$0] } ?? []
    }
    var calls: [Call] = []
    for resource in resources.elements {
      guard let scopes = resource["scopeSpans"] else { continue }
      for scope in scopes.elements {
        guard let spans = scope["spans"] else { continue }
        for span in spans.elements {
          if let call = call(span) { calls.append(call) }
        }
      }
    }
    return calls
  }

  private mutating func call(_ span: JSONValue) -> Call? {
    guard let attributes = span["attributes"], Self.isSpan(attributes) else { return nil }
    if let operation = Self.value("gen_ai.operation.name", of: attributes)?.utf8 {
      switch operation {
      case "chat", "text_completion", "generate_content": break
      default: return nil
      }
    }
    if let reasons = Self.value("gen_ai.response.finish_reasons", of: attributes) {
      let values = reasons["values"] ?? reasons
      for reason in values.elements {
        guard let text = reason.utf8 ?? reason["stringValue"]?.utf8 else { continue }
        if text == "tool_calls" || text == "tool_call" || text == "tool_use" { return nil }
      }
    }
    let name =
      Self.value("gen_ai.response.model", of: attributes)?.utf8
      ?? Self.value("gen_ai.request.model", of: attributes)?.utf8
    return Call(
      key: Self.value("gen_ai.conversation.id", of: attributes)?.utf8.map(Array.init),
      start: (span["startTimeUnixNano"] ?? span["start_time"]).map { LogTime.seconds($0) } ?? .nan,
      end: (span["endTimeUnixNano"] ?? span["end_time"]).map { LogTime.seconds($0) } ?? .nan,
      model: name.flatMap { names.family(of: $0) })
  }

  /// The value of an attribute: of a list of keys and values, or of an object.
  private static func value(_ name: StaticString, of attributes: JSONValue) -> JSONValue? {
    if attributes.isObject { return attributes[name] }
    for attribute in attributes.elements {
      guard let key = attribute["key"]?.utf8, key == name, let value = attribute["value"] else {
        continue
      }
      return value["stringValue"] ?? value["arrayValue"] ?? value
    }
    return nil
  }
}
