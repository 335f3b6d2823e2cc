/// Reads requests to a model that carry their history: logs of chat completions, and WildChat's corpus.
struct ChatRequestReader {
  /// What a line says.
  struct Request {
    /// The conversation's id, where there is one.
    var key: [UInt8]?
    /// When the request was made, or NaN.
    var time = Double.nan
    /// The messages, without those of the system and tools; an answer in pieces is several.
    var utterances: [Utterance] = []
    /// Whether it was sent with an answer or a tool's step in it, so that it goes on from an earlier one.
    var goesOn = false
    var texts: [UnsafeBufferPointer<UInt8>] = []
  }

  private var names = ModelNames()

  /// Reads a line of a log of chat completions: `messages`, and what came back where it is there.
  mutating func completion(_ document: JSONValue) -> Request? {
    let request = document["request"] ?? document["body"] ?? document
    guard let messages = request["messages"], messages.isArray else { return nil }
    let response = document["response"]?["body"] ?? document["response"] ?? document
    var result = Request()
    result.key = key(of: document) ?? key(of: request)
    let times = [
      document["created"], document["timestamp"], document["created_at"], response["created"],
    ]
    result.time = times.compactMap { $0.map { LogTime.seconds($0) } }.first { !$0.isNaN } ?? .nan
    let name = response["model"]?.utf8 ?? request["model"]?.utf8
    let model = name.flatMap { names.family(of: $0) }
    for message in messages.elements {
      if let role = message["role"]?.utf8, role == "assistant" || role == "tool" {
        result.goesOn = true
      }
      add(message, model, to: &result)
    }
    if let choice = response["choices"]?.elements.first(where: { _ in true }),
      let message = choice["message"]
    {
      add(message, model, to: &result)
    }
    stamp(&result)
    return result
  }

  /// Reads a line of WildChat: `conversation`, whose messages may have times of their own.
  mutating func wildChat(_ document: JSONValue) -> Request? {
    guard let messages = document["conversation"], messages.isArray else { return nil }
    var result = Request()
    for name in ["conversation_hash", "conversation_id"] as [StaticString] {
      if let key = document[name]?.utf8, !key.isEmpty { result.key = Array(key) }
    }
    result.time = document["timestamp"].map { LogTime.seconds($0) } ?? .nan
    let model = document["model"]?.utf8.flatMap { names.family(of: $0) }
    for message in messages.elements { add(message, model, to: &result) }
    // The corpus stamps answers only: a question is of the same request.
    for place in result.utterances.indices.dropLast()
    where result.utterances[place].speaker == .person && result.utterances[place].time.isNaN
      && result.utterances[place + 1].speaker == .assistant
    {
      result.utterances[place].time = result.utterances[place + 1].time
      result.utterances[place].endTime = result.utterances[place + 1].time
    }
    return result
  }

  private func key(of document: JSONValue) -> [UInt8]? {
    for name in ["conversation_id", "session_id", "thread_id", "chat_id"] as [StaticString] {
      if let id = (document[name] ?? document["metadata"]?[name])?.utf8, !id.isEmpty {
        return Array(id)
      }
    }
    return nil
  }

  /// Only the last question and its answer are of the request's time; what came before is missing one.
  private func stamp(_ request: inout Request) {
    guard let question = request.utterances.lastIndex(where: { $0.speaker == .person }) else {
      return
    }
    for place in question..<request.utterances.count where request.utterances[place].time.isNaN {
      request.utterances[place].time = request.time
      request.utterances[place].endTime = request.time
    }
  }

  private func add(_ value: JSONValue, _ model: ModelFamily?, to request: inout Request) {
    guard let speaker = value["role"]?.utf8.flatMap(Speaker.init(role:)) else { return }
    let first = request.texts.count
    if let content = value["content"] {
      if let text = content.utf8 { request.texts.append(text) }
      for part in content.elements {
        if let text = part["text"]?.utf8 { request.texts.append(text) }
      }
    }
    // A call of a tool says nothing that anybody sees.
    if speaker == .assistant, request.texts.count == first { return }
    let texts = request.texts[first...]
    let time = value["timestamp"].map { LogTime.seconds($0) } ?? .nan
    var utterance = Utterance(
      speaker, at: time, lengths: texts.reduce(TextLengths()) { $0 + TextLengths.count($1) },
      model: speaker == .assistant ? model : nil, texts: first..<request.texts.count)
    utterance.contentHash = ResentHistory.hash(speaker, texts)
    request.utterances.append(utterance)
  }
}
