/// ChatGPT's `export_manifest.json`, which lists the files that a large export is split into.
enum ExportManifest {
  /// The files of conversations that a manifest lists.
  static func shards(
    in bytes: any ByteSource, _ parser: JSONParser
  ) throws(LogProblem) -> Set<String> {
    let buffer = StreamBuffer(bytes)
    while try buffer.fill() {
      guard buffer.bytes.count <= mostBytes else { throw LogProblem(.noMemory) }
    }
    // Parsed where it is, which is overwritten: it names what people uploaded as well.
    return withExtendedLifetime(buffer) {
      guard let root = try? parser.parse(buffer.bytes) else { return [] }
      var names: Set<String> = []
      collect(root, &names, levels: 8)
      return names
    }
  }

  /// A list of a few hundred files is far smaller.
  private static let mostBytes = 4 << 20

  private static func collect(
    _ value: JSONValue, _ names: inout Set<String>, levels: Int
  ) {
    guard levels > 0 else { return }
    for element in value.elements { collect(element, &names, levels: levels - 1) }
    for member in value.members { collect(member.value, &names, levels: levels - 1) }
    guard let text = value.utf8, text.count < 512 else { return }
    let slash = text.lastIndex(of: UInt8(ascii: "/"))
    let name = text[(slash.map { $0 + 1 } ?? 0)...]
    if name.starts(with: "conversations".utf8), name.suffix(5).elementsEqual(".json".utf8) {
      names.insert(String(decoding: name, as: UTF8.self))
    }
  }
}
