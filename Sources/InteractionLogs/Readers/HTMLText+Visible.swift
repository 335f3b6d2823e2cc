extension HTMLText {
  /// What a reader of a piece of HTML sees, written over it in the parser's memory: each text is read once.
  ///
  /// Tags go, and the end of a paragraph or a line of a list is the end of a line. Entities become their
  /// characters. Code gets back quotes, as the other services write it. Nothing becomes longer: a fence
  /// and its line ends are no longer than the tag that they stand for.
  static func visible(in html: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var writer = Writer(memory: UnsafeMutableBufferPointer(mutating: html))
    var place = 0
    while place < html.count {
      switch html[place] {
      case UInt8(ascii: "<"):
        guard let close = html[place...].firstIndex(of: UInt8(ascii: ">")) else {
          return writer.text
        }
        writer.add(tag: UnsafeBufferPointer(rebasing: html[(place + 1)..<close]))
        place = close + 1
      case UInt8(ascii: "&"):
        if let (scalar, end) = entity(in: html, at: place) {
          for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { writer.add(byte) }
          place = end
        } else {
          writer.add(html[place])
          place += 1
        }
      default:
        writer.add(html[place])
        place += 1
      }
    }
    return writer.text
  }

  /// Writes behind the reading.
  private struct Writer {
    let memory: UnsafeMutableBufferPointer<UInt8>
    var end = 0
    var isInBlock = false
    /// Whether what comes next is on a line of its own.
    var breaksLine = false

    var text: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(rebasing: memory[..<end]) }

    mutating func add(_ byte: UInt8) {
      if breaksLine, end > 0, memory[end - 1] != UInt8(ascii: "\n"), byte != UInt8(ascii: "\n") {
        memory[end] = UInt8(ascii: "\n")
        end += 1
      }
      breaksLine = false
      memory[end] = byte
      end += 1
    }

    mutating func add(tag: UnsafeBufferPointer<UInt8>) {
      let isClosing = tag.first == UInt8(ascii: "/")
      let rest = UnsafeBufferPointer(rebasing: isClosing ? tag.dropFirst() : tag[...])
      let name = UnsafeBufferPointer(
        rebasing: rest.prefix { Characters.isASCIIWordPart($0) })
      switch name {
      case "pre":
        guard isClosing == isInBlock else { return }
        isInBlock.toggle()
        breaksLine = true
        for _ in 0..<3 { add(UInt8(ascii: "`")) }
        breaksLine = true
      case "code": if !isInBlock { add(UInt8(ascii: "`")) }
      case "p", "br", "li", "ul", "ol", "div", "tr", "hr", "h1", "h2", "h3", "h4", "h5", "h6",
        "table", "blockquote":
        breaksLine = true
      default: break
      }
    }
  }

  private static let names: [(name: StaticString, scalar: Unicode.Scalar)] = [
    ("amp", "&"), ("lt", "<"), ("gt", ">"), ("quot", "\""), ("apos", "'"), ("nbsp", "\u{A0}"),
  ]

  /// The character of the entity at a place, and where it ends; nil for what only looks like one.
  private static func entity(
    in html: UnsafeBufferPointer<UInt8>, at place: Int
  ) -> (scalar: Unicode.Scalar, end: Int)? {
    // The longest is &#x10FFFF; or, with leading zeros, not much longer.
    let head = html[(place + 1)..<min(html.count, place + 14)]
    guard let semicolon = head.firstIndex(of: UInt8(ascii: ";")) else { return nil }
    let name = UnsafeBufferPointer(rebasing: html[(place + 1)..<semicolon])
    for (known, scalar) in names where name == known { return (scalar, semicolon + 1) }
    guard name.first == UInt8(ascii: "#"), name.count > 1 else { return nil }
    let isHexadecimal = name[1] | 0x20 == UInt8(ascii: "x")
    let digits = String(decoding: name.dropFirst(isHexadecimal ? 2 : 1), as: UTF8.self)
    guard let number = UInt32(digits, radix: isHexadecimal ? 16 : 10), number > 0,
      let scalar = Unicode.Scalar(number)
    else { return nil }
    return (scalar, semicolon + 1)
  }
}
