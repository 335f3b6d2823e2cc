/// Reads the conversations of one kind of export. One file and type each source.
protocol ConversationReader {
  /// Puts the messages of a document into an empty tree.
  ///
  /// - Returns: why it is no conversation, or nil.
  mutating func read(_ document: JSONValue, into tree: inout ConversationTree) -> SkipReason?

  /// Hands over the visible text of a message, in one piece or several.
  func texts(of content: JSONValue, _ body: (UnsafeBufferPointer<UInt8>) -> Void)
}

/// Why an entry of an export is not counted.
package enum SkipReason: String, CaseIterable, Hashable, Sendable, Codable {
  /// A ChatGPT conversation without its tree.
  case noMapping = "no_mapping"
  /// It has no messages of the person or of the service.
  case noMessages = "no_messages"
  /// An entry that is no conversation of the source.
  case unrecognised
  /// Bytes that are no JSON.
  case malformed
  /// Nested more than eight thousand deep.
  case tooDeep = "too_deep"
  /// Text that is not UTF-8.
  case notUTF8 = "not_utf8"
  /// Larger than the limit.
  case oversized
  /// The same conversation again; the longer one counts.
  case duplicate
  /// A file that the export's manifest lists and the archive does not hold.
  case missingShard = "missing_shard"
  /// A row of another product of the same company.
  case otherProduct = "other_product"
  /// A file of a zip with conversations that are not the service's own: somebody gave it to the assistant.
  case otherFile = "other_file"
}
