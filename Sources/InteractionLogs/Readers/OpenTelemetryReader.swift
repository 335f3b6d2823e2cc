/// Reads spans of calls to models after OpenTelemetry's conventions for generative AI: the way in for
/// studies that run their own assistant. Texts are not recorded by default and are not read here.
///
/// Each call that ends with an answer is a question and its answer; calls that end with the call of a
/// tool are steps on the way, and those that failed are nothing. Without a conversation's id, which few
/// programs set, calls belong to no conversation that is known. Lines are those of the collector (`resourceSpans`) or single spans.
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
    guard let resources = document["resourceSpans"] ?? document["resource_spans"] else {
      return call(document).map { [$0] } ?? []
    }
    var calls: [Call] = []
    for resource in resources.elements {
      guard let scopes = resource["scopeSpans"] ?? resource["scope_spans"] else { continue }
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
    guard let attributes = span["attributes"], Self.isSpan(attributes), !Self.hasFailed(span) else {
      return nil
    }
    if let operation = Self.value("gen_ai.operation.name", of: attributes)?.utf8 {
      switch operation {
      case "chat", "text_completion", "generate_content": break
      default: return nil
      }
    }
    if let reasons = Self.value("gen_ai.response.finish_reasons", of: attributes) {
      let values = reasons["values"] ?? reasons
      for reason in values.elements {
        guard let text = reason.utf8 ?? (reason["stringValue"] ?? reason["string_value"])?.utf8
        else { continue }
        if text == "tool_calls" || text == "tool_call" || text == "tool_use" { return nil }
      }
    }
    let name =
      Self.value("gen_ai.response.model", of: attributes)?.utf8
      ?? Self.value("gen_ai.request.model", of: attributes)?.utf8
    return Call(
      key: Self.value("gen_ai.conversation.id", of: attributes)?.utf8.map(Array.init),
      start: Self.time(of: span, "startTimeUnixNano", "start_time_unix_nano", "start_time"),
      end: Self.time(of: span, "endTimeUnixNano", "end_time_unix_nano", "end_time"),
      model: name.flatMap { names.family(of: $0) })
  }

  private static func time(of span: JSONValue, _ names: StaticString...) -> Double {
    for name in names {
      if let value = span[name] { return LogTime.seconds(value) }
    }
    return .nan
  }

  /// Whether the call came to nothing: the status `ERROR` (2), as a number or by name.
  private static func hasFailed(_ span: JSONValue) -> Bool {
    guard let status = span["status"] else { return false }
    guard let code = status["code"] ?? status["status_code"] else { return false }
    if code.number == 2 { return true }
    return code.utf8.map { $0 == "STATUS_CODE_ERROR" || $0 == "ERROR" } ?? false
  }

  /// The value of an attribute: of a list of keys and values, or of an object.
  private static func value(_ name: StaticString, of attributes: JSONValue) -> JSONValue? {
    if attributes.isObject { return attributes[name] }
    for attribute in attributes.elements {
      guard let key = attribute["key"]?.utf8, key == name, let value = attribute["value"] else {
        continue
      }
      for name in ["stringValue", "string_value", "arrayValue", "array_value"] as [StaticString] {
        if let inner = value[name] { return inner }
      }
      return value
    }
    return nil
  }
}
