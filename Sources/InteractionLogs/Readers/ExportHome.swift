/// Where in a zip a service's own files of conversations lie, by the names of all its files.
///
/// People give files to an assistant, and get them back in the same zip: among them conversations of
/// another service, or of somebody else. ChatGPT and Claude write `conversations.json`, or
/// `conversations-000.json` and so on, into one folder at the top, and give what was uploaded other
/// names there or folders below. So where there are files of such a name, the conversations are in those
/// of the folders nearest the top and in no other; what they hold, their structure still tells. Where there
/// are none, such as in Takeout's zips or after renaming, every file may hold them.
struct ExportHome {
  private var depth = Int.max
  private var folders: Set<String> = []

  /// Notes a file of the zip.
  mutating func note(_ path: String) {
    guard Self.isNamed(path) else { return }
    let folder = Self.folder(of: path)
    let depth = folder.count { $0 == "/" }
    if depth < self.depth { (self.depth, folders) = (depth, []) }
    if depth == self.depth { folders.insert(folder) }
  }

  /// Whether a file can be the service's.
  func mayHold(_ path: String) -> Bool {
    folders.isEmpty || Self.isNamed(path) && folders.contains(Self.folder(of: path))
  }

  /// Whether a file is called as the service's are, but lies elsewhere.
  func passesOver(_ path: String) -> Bool { Self.isNamed(path) && !mayHold(path) }

  private static func isNamed(_ path: String) -> Bool {
    guard let name = path.split(separator: "/").last?.lowercased() else { return false }
    guard name.hasPrefix("conversations"), name.hasSuffix(".json") else { return false }
    return name.dropFirst("conversations".count).dropLast(".json".count)
      .allSatisfy { $0.isNumber || "-_ ().".contains($0) }
  }

  /// The path up to its last slash, and with it.
  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }
}
