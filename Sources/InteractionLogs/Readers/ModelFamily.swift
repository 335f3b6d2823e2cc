/// The family of the model that answered, from a closed list.
///
/// Names of models are not kept as they are: people name their own assistants, and some name them
/// after someone. What is in no known family is `other`.
package enum ModelFamily: String, CaseIterable, Hashable, Sendable, Codable {
  case gpt5 = "gpt-5"
  case gpt45 = "gpt-4.5"
  case gpt41 = "gpt-4.1"
  case gpt4o = "gpt-4o"
  case gpt4 = "gpt-4"
  case gpt35 = "gpt-3.5"
  case o1
  case o3
  case o4
  case claudeOpus = "claude-opus"
  case claudeSonnet = "claude-sonnet"
  case claudeHaiku = "claude-haiku"
  case claude
  case gemini
  case gemma
  case llama
  case mistral
  case qwen
  case deepSeek = "deepseek"
  case grok
  case command
  case phi
  case other

  /// The family of a model's name, which is compared where it is: no copy of it stays behind.
  init(name: UnsafeBufferPointer<UInt8>) {
    // The longest names of releases are shorter.
    let bytes = name.prefix(96)
    let bare = bytes.lastIndex(of: UInt8(ascii: "/")).map { bytes[($0 + 1)...] } ?? bytes
    self = Self.beginnings.first { Self.begins(bare, with: $0.0) }?.1 ?? .other
    guard self == .claude else { return }
    let ofClaude: [(StaticString, ModelFamily)] = [
      ("opus", .claudeOpus), ("sonnet", .claudeSonnet), ("haiku", .claudeHaiku),
    ]
    for (part, family) in ofClaude
    where bare.indices.contains(where: { Self.begins(bare[$0...], with: part) }) {
      self = family
    }
  }

  private static func begins(
    _ bytes: Slice<UnsafeBufferPointer<UInt8>>, with text: StaticString
  ) -> Bool {
    bytes.count >= text.utf8CodeUnitCount
      && zip(bytes, UnsafeBufferPointer(text)).allSatisfy { Characters.lowercased($0) == $1 }
  }

  /// The first that fits counts, so longer ones come first.
  private static let beginnings: [(StaticString, ModelFamily)] = [
    ("gpt-5", .gpt5), ("gpt-4.5", .gpt45), ("gpt-4-5", .gpt45), ("gpt-4.1", .gpt41),
    ("gpt-4-1-", .gpt4), ("gpt-4-1", .gpt41), ("gpt-4o", .gpt4o), ("chatgpt-4o", .gpt4o),
    ("gpt-4", .gpt4), ("gpt-3.5", .gpt35), ("text-davinci-002-render", .gpt35), ("o1", .o1),
    ("o3", .o3), ("o4", .o4), ("claude", .claude), ("gemini", .gemini), ("gemma", .gemma),
    ("llama", .llama), ("meta-llama", .llama), ("mistral", .mistral), ("mixtral", .mistral),
    ("qwen", .qwen), ("qwq", .qwen), ("deepseek", .deepSeek), ("grok", .grok),
    ("command", .command), ("phi", .phi),
  ]
}

/// Families by name, so that a name that comes again is not read again.
struct ModelNames {
  /// A hash of the last name, different in every process: names themselves are not kept.
  private var last: UInt64?
  private var family = ModelFamily.other

  mutating func family(of name: UnsafeBufferPointer<UInt8>) -> ModelFamily? {
    guard !name.isEmpty else { return nil }
    let hash = NameHash.of(name)
    if hash == last { return family }
    last = hash
    family = ModelFamily(name: name)
    return family
  }
}
