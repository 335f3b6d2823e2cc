/// A minimal check that XML is well-formed: tags nest, attributes are quoted, text holds no bare `<`
/// or `&`. Foundation's parser needs another library on Linux, for which this test is no reason.
enum XMLCheck {
  static func isWellFormed(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    var position = 0
    var open: [[UInt8]] = []
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "&") {
        guard isEntity(bytes, at: position) else { return false }
      }
      guard bytes[position] == UInt8(ascii: "<") else {
        guard bytes[position] >= 32 || [9, 10, 13].contains(bytes[position]) else { return false }
        position += 1
        continue
      }
      guard let tag = tag(bytes, at: position) else { return false }
      position = tag.end
      switch tag.kind {
      case .opening: open.append(tag.name)
      case .closing: guard open.popLast() == tag.name else { return false }
      case .empty: break
      }
    }
    return open.isEmpty
  }

  private enum Kind { case opening, closing, empty }

  private static func isEntity(_ bytes: [UInt8], at start: Int) -> Bool {
    ["&lt;", "&gt;", "&amp;", "&quot;", "&apos;", "&#"].contains {
      bytes[start...].starts(with: $0.utf8)
    }
  }

  private static func tag(
    _ bytes: [UInt8], at start: Int
  ) -> (name: [UInt8], kind: Kind, end: Int)? {
    var position = start + 1
    var quote: UInt8?
    while position < bytes.count {
      let byte = bytes[position]
      if let open = quote {
        if byte == open { quote = nil }
        if byte == UInt8(ascii: "<") { return nil }
      } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
        quote = byte
      } else if byte == UInt8(ascii: "<") {
        return nil
      } else if byte == UInt8(ascii: ">") {
        break
      }
      position += 1
    }
    guard position < bytes.count, position > start + 1 else { return nil }
    let isClosing = bytes[start + 1] == UInt8(ascii: "/")
    let isEmpty = bytes[position - 1] == UInt8(ascii: "/")
    let name = bytes[(start + (isClosing ? 2 : 1))..<position].prefix { byte in
      byte != UInt8(ascii: " ") && byte != UInt8(ascii: "/") && byte > 32
    }
    guard !name.isEmpty else { return nil }
    return (Array(name), isClosing ? .closing : isEmpty ? .empty : .opening, position + 1)
  }
}
