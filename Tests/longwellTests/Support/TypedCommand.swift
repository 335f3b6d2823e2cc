import Foundation
import Testing

/// The built `longwell` as somebody meets it at a terminal, which can be looked at while it asks.
final class TypedCommand {
  let process = Process()
  /// What it has shown so far.
  private(set) var output = ""
  private let terminal: FileHandle

  /// Starts it on a terminal of its own, free to write cores of any size.
  init(_ arguments: [String], in folder: URL, errors: URL) throws {
    let terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    try #require(terminal >= 0)
    self.terminal = FileHandle(fileDescriptor: terminal, closeOnDealloc: true)
    // `unlockpt` and `ptsname`, which Swift does not see, by their numbers (ioctl_tty(2)).
    var lock: CInt = 0
    var number: CInt = 0
    try #require(ioctl(terminal, 0x4004_5431, &lock) == 0)
    try #require(ioctl(terminal, 0x8004_5430, &number) == 0)
    let side = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
    try #require(side >= 0)
    let typed = FileHandle(fileDescriptor: side, closeOnDealloc: true)
    try Data().write(to: errors)
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments =
      ["-c", "ulimit -c unlimited 2>/dev/null; exec \"$0\" \"$@\"", Command.binary.path] + arguments
    process.currentDirectoryURL = folder
    process.environment = Command.environment(folder)
    process.standardInput = typed
    process.standardOutput = typed
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    try typed.close()
  }

  /// Reads until it has shown a text, or has ended.
  func read(until text: String?) throws {
    while text.map({ !output.contains($0) }) ?? true {
      var waiting = pollfd(fd: terminal.fileDescriptor, events: Int16(POLLIN), revents: 0)
      // Far beyond what a busy machine takes.
      try #require(poll(&waiting, 1, 300_000) > 0, "\(output)")
      var bytes = [UInt8](repeating: 0, count: 4096)
      let count = Glibc.read(terminal.fileDescriptor, &bytes, bytes.count)
      // A terminal whose other side has closed fails.
      guard count > 0 else { break }
      output += String(decoding: bytes[..<count], as: UTF8.self)
    }
  }

  /// Types a line.
  func type(_ line: String) throws {
    try terminal.write(contentsOf: Data((line + "\n").utf8))
  }

  /// Whether this process may look into the memory of those that it starts.
  static let isMemoryOpen: Bool = {
    let scope = try? String(contentsOfFile: "/proc/sys/kernel/yama/ptrace_scope", encoding: .utf8)
    return access("/proc/self/mem", R_OK) == 0
      && (getuid() == 0 || (scope.flatMap { Int($0.prefix(1)) } ?? 0) < 2)
  }()

  /// How often a text is in the memory that the process can write to, which is what a core holds.
  func copies(of text: String) throws -> Int {
    let folder = "/proc/\(process.processIdentifier)"
    let memory = try #require(FileHandle(forReadingAtPath: "\(folder)/mem"))
    let regions = try String(contentsOfFile: "\(folder)/maps", encoding: .utf8)
    var found = 0
    for line in regions.split(separator: "\n") {
      let words = line.split(separator: " ")
      let ends = words[0].split(separator: "-").compactMap { UInt64($0, radix: 16) }
      guard ends.count == 2, words[1].hasPrefix("rw") else { continue }
      try memory.seek(toOffset: ends[0])
      // Some regions cannot be read, such as those of devices.
      guard let bytes = try? memory.read(upToCount: Int(ends[1] - ends[0])) else { continue }
      found += Self.count(Array(text.utf8), in: bytes)
    }
    return found
  }

  private static func count(_ text: [UInt8], in bytes: Data) -> Int {
    bytes.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return 0 }
      var count = 0
      var place = 0
      while bytes.count - place >= text.count,
        let hit = memchr(start + place, Int32(text[0]), bytes.count - place)
      {
        place = UnsafeRawPointer(hit) - start
        if bytes.count - place >= text.count, memcmp(start + place, text, text.count) == 0 {
          count += 1
        }
        place += 1
      }
      return count
    }
  }
}
